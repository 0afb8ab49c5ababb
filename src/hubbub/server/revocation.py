"""Revocation: whoever was let in by something that has been taken back is gone within a second, whoever took it back.

A new password, a device or a certificate less, an account deleted: all raise the accounts' revision, also when the
command line does it beside the running server. One look a second is a point read; people are only looked at when the
revision has risen, and just after they came, since what let them in may have gone while it was checked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Any, Final

from hubbub.hub.account import Account, mark
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import drive
from hubbub.hub.user import User
from hubbub.server.logins import Logins
from hubbub.server.session import Session

SECONDS: Final = 0.5
"""Between two looks: revoked access ends within a second, the look itself and the farewell included."""

_FAREWELL: Final = "You were logged out: the password you came with is no longer valid"


class Revocation:
    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._server = logins.server
        self._revision = -1

    def watch(self) -> None:
        """Look now, and from now on for as long as the server runs."""
        drive(self._look(), self._again)

    def _again(self, _: None, error: BaseException | None) -> None:
        if isinstance(error, Exception) and not isinstance(error, StoreFailed):
            self._server.report(error, None)
        self._server.later(SECONDS, self.watch)

    async def _look(self) -> None:
        revision = await self._server.accounts.revision()
        risen, fresh = revision != self._revision, list(self._logins.fresh)
        await self._check(list(self._server.sessions) if risen else fresh)
        if risen:
            await self._check_staying()
        self._logins.fresh.difference_update(fresh)
        self._revision = revision  # only now: what could not be looked at is looked at again

    async def _check(self, sessions: Iterable[Session[Any]]) -> None:
        groups: defaultdict[str, list[Session[Any]]] = defaultdict(list)
        for session in sessions:
            if session.login is not None:
                groups[session.login.account].append(session)
        for name, group in groups.items():
            account = await self._find(name)
            for session in group:
                if not _stands(session, account):
                    session.close(_FAREWELL)

    async def _check_staying(self) -> None:
        """Nobody stays present for an account that is gone."""
        for user in [user for user in self._server.hub.users.values() if user.stays]:
            if await self._find(user.account) is None:
                await self._end(user)

    async def _end(self, user: User) -> None:
        server = self._server
        await server.commit(server.hub.stay(user, False), None)
        if not user.sessions and not user.leaving:
            user.leaving = True
            server.submit(server.hub.quit(user, "Account deleted"), None)

    async def _find(self, name: str) -> Account | None:
        return await self._server.accounts.find(self._server.hub.fold(name))


def _stands(session: Session[Any], account: Account | None) -> bool:
    return session.login is None or (account is not None and mark(session.login.proof) in account.marks)
