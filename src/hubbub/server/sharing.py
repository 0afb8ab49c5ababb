"""Who comes by HTTP to share a file, to read one or to take one back: logged in here, and asked what they may."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right
from hubbub.hub.server_bans import Stranger
from hubbub.hub.sharing import Visitor
from hubbub.server.logins import ROLE, Logins


@dataclass(frozen=True, slots=True)
class Sharer:
    """The account that shares, and the room it shares with, by its folded name; "" for none."""

    account: str
    room: str


class Sharers:
    """What is asked here raises `Refused`; `address` is where somebody asks from."""

    def __init__(self, logins: Logins) -> None:
        self._logins: Final = logins
        self._hub: Final = logins.server.hub

    async def share(self, name: str, password: str, address: str, room: str) -> Sharer:
        account, visitor = await self._enter(name, password, address)
        return Sharer(account, self._hub.check_sharing(visitor, room))

    async def read(self, name: str, password: str, address: str, owner: str, room: str) -> None:
        _, visitor = await self._enter(name, password, address)
        self._hub.check_file(visitor, Right.READ_FILE, owner, room)

    async def remove(self, asker: tuple[str, str, str], file: str, owner: str, room: str) -> None:
        """`asker` is a name, a password and an address. What is not one's own is kept in the audit log first."""
        _, visitor = await self._enter(*asker)
        event = self._hub.remove_file(visitor, file, owner, room)
        if event is not None:
            await self._logins.server.commit(event, None)

    async def _enter(self, name: str, password: str, address: str) -> tuple[str, Visitor]:
        login = await self._logins.by_password(name, password, address)
        if self._is_banned(login.account, address):
            raise Refused(Why.NOT_PERMITTED, "You are banned from this server")
        account = await self._logins.find(login.account)
        role = account.options.get(ROLE, "") if account is not None else ""
        return login.account, self._hub.visitor(login.account, role)

    def _is_banned(self, account: str, address: str) -> bool:
        host = self._hub.rules.host_of(address)
        masks = tuple(dict.fromkeys((f"{account}!*@{host}", f"{account}!*@{address}")))
        return self._hub.bans.against(Stranger(masks, address, account), self._logins.server.clock.now()) is not None
