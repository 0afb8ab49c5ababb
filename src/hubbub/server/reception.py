"""The reception: who comes with an invite's code, at whichever door, is let in here, and guesses are counted."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from hashlib import sha256
from typing import Final

from hubbub.hub.events import Who, inviting_by
from hubbub.hub.hub import Hub
from hubbub.hub.invites import ALPHABET, Invite, Terms, code_length, read_code
from hubbub.hub.refusals import Refused
from hubbub.hub.user import User
from hubbub.server.logins import Logins

KEY_MIN: Final = 16
"""Characters of a guest's own key: by a shorter one, others might be taken for them."""


class Reception:
    """What is asked here raises `Refused`. Wrong codes count as logins that failed do, and together with them."""

    def __init__(self, logins: Logins) -> None:
        self._logins = logins
        self._server = logins.server

    def new_code(self, terms: Terms) -> str:
        """As long as it must be for how long it lasts."""
        return new_code(terms, guarded=self._logins.rules.attempts > 0)

    def look(self, text: str, address: str, guest: str = "") -> Invite:
        """The invite that somebody at `address` means, if it holds."""
        self._logins.check_patience(address)
        try:
            return self._server.hub.known_invite(read_code(text), guest, self._server.clock.now())
        except Refused:
            self._logins.failed(address)
            raise

    async def use(self, text: str, who: Who, key: str, address: str) -> Invite:
        """Let them in, and count it; by the same `key`, or logged in to the same account, they are counted once."""
        code = read_code(text)
        await self._server.settled(inviting_by(code))
        guest = _mark(code, who, key)
        invite = self.look(text, address, guest)
        event = self._server.hub.use_invite(who, code, guest, self._server.clock.now())
        if event is not None:
            await self._server.commit(event, None)
        return invite


def open_rooms(user: User, hub: Hub, invites: Iterable[Invite]) -> None:
    """The rooms of these invites are open to them from now on, unless others make one of that name."""
    user.admitted |= {(hub.fold(invite.room), invite.since) for invite in invites if invite.room}


def new_code(terms: Terms, *, guarded: bool) -> str:
    """A code that nobody guesses in its time; `guarded` says that guesses are counted. No word, so that it is told
    from the name of a host: that costs it a sixth of a bit.
    """
    code = ""
    while not any(character.isdigit() for character in code):
        code = "".join(secrets.choice(ALPHABET) for _ in range(code_length(terms, guarded=guarded)))
    return code


def _mark(code: str, who: Who, key: str) -> str:
    """What is remembered of a guest: from it nobody learns the key, with which others could come in their place."""
    if not who.account and len(key) < KEY_MIN:
        return ""
    return sha256(f"{code} {who.account and 'account'} {who.account or key}".encode()).hexdigest()[:20]
