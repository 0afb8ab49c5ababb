"""The doorkeeper: who may come in at the doors that lead into a room, and under which name."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hubbub.dialects.seats.names import candidates
from hubbub.dialects.seats.words import TurnedAway
from hubbub.hub.account import Login
from hubbub.hub.events import Who
from hubbub.hub.invites import Invite, read_code
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.server_bans import ServerBan
from hubbub.server import Server
from hubbub.server.arrival import ban_on, come_in, settle_in, sit_down, somebody_here
from hubbub.server.logins import Logins
from hubbub.server.reception import Reception, open_rooms
from hubbub.server.registrar import Registrar

if TYPE_CHECKING:
    from hubbub.dialects.seats.seat import Seat

Note: TypeAlias = Callable[..., None]
"""Tells the operator: what happened in a few words, and of whom."""

Take: TypeAlias = "Callable[[str], Coroutine[Promise[Any], None, None]]"
"""Takes a name. Raises `Refused` where they cannot have it."""

_OTHERS_NAME: Final = {Why.NICK_TAKEN, Why.NICK_OWNED, Why.NICK_OF_SERVICE}


@dataclass(frozen=True, slots=True)
class Terms:
    """What an operator says of these doors. `password` is what the house asks for, "" for an open one."""

    password: str = ""
    backlog: int = 20
    """Messages that people are shown of a room they enter."""


class Doorkeeper:
    def __init__(self, server: Server, registrar: Registrar, terms: Terms, note: Note) -> None:
        self.server: Final = server
        self.registrar: Final = registrar
        self.terms = terms
        self.reception: Final = Reception(registrar.logins)
        self._note = note

    @property
    def logins(self) -> Logins:
        return self.registrar.logins

    async def admit(self, seat: Seat, nick: str) -> None:
        """Let them in under this nick. Raises `Refused` where they cannot have it, `TurnedAway` where not at all."""
        seat.server.hub.check_legal(nick)
        self._check_terms(seat)
        self.check_ban(seat, nick)
        await self.logins.check_nick(nick, seat.account)
        present = await somebody_here(seat, nick)
        if present is not None:
            sit_down(seat, present)
        else:
            come_in(seat, nick, seat.username, nick)
        seat.called = nick
        open_rooms(seat.me, self.server.hub, seat.invites)
        await settle_in(self.logins, seat, seat)
        self._note("came in", nick=nick, door=seat.door, connections=len(self.server.sessions))

    async def as_near(self, wanted: str, take: Take) -> str:
        """Have them take a name as near to `wanted` as can be had; that name."""
        for nick in candidates(wanted, self.server.hub.rules):
            try:
                await take(nick)
            except Refused as refused:
                if refused.why not in _OTHERS_NAME:
                    raise
            else:
                return nick
        raise AssertionError("there is no end of names")

    async def come_by(self, seat: Seat, code: str) -> Invite:
        """An invite lets them in, and into its room whenever they go there. Raises `Refused`."""
        host = self.server.hub.rules.host_of(seat.link.address)
        who = seat.user.who if seat.user is not None else Who(f"*!{seat.username}@{host}", seat.account)
        invite = await self.reception.use(code, who, "", seat.link.address)
        seat.invites += (invite,)
        if seat.user is not None:
            open_rooms(seat.user, self.server.hub, seat.invites)
        return invite

    async def lets_guest(self, name: str) -> bool:
        """Whether somebody may be called so who shows nothing."""
        return self.logins.rules.guests and await self._is_nobodys(name)

    async def lets_invited(self, name: str, code: str, address: str) -> bool:
        """Whether somebody may be called so who shows the code of an invite, where it was no password."""
        if not read_code(code) or not await self._is_nobodys(name) or not self.reception.look(code, address).house:
            return False
        self.logins.forgive(address)
        return True

    async def by_password(self, name: str, password: str, address: str) -> Login:
        return await self.logins.by_password(name, password, address)

    async def by_certificate(self, fingerprint: str, name: str = "") -> Login:
        return await self.logins.by_certificate(fingerprint, name)

    def check_ban(self, seat: Seat, nick: str) -> None:
        ban = ban_on(seat, nick, seat.username)
        if ban is not None:
            raise TurnedAway(_farewell(ban))

    async def check_password(self, seat: Seat, given: str) -> None:
        """The house's own. Raises `Refused`; guesses are counted with the logins."""
        if not await self.logins.fits(self.terms.password, given, seat.link.address):
            raise Refused(Why.LOGIN_FAILED)

    def left(self, seat: Seat) -> None:
        self._note("left", nick=seat.called, door=seat.door, connections=len(self.server.sessions))

    async def _is_nobodys(self, name: str) -> bool:
        try:
            await self.logins.check_nick(name, "")
        except Refused as refused:
            if refused.why is not Why.NICK_OWNED:
                raise
            return False
        return True

    def _check_terms(self, seat: Seat) -> None:
        if seat.login is not None or seat.invited:
            return
        if not self.logins.rules.guests:
            raise TurnedAway("Only people with an account or an invite are let in, and cannot show it at this door")
        if self.terms.password and not seat.knows_password:
            raise TurnedAway("This server has a password, which cannot be given at this door")


def _farewell(ban: ServerBan) -> str:
    until = f" until {datetime.fromtimestamp(ban.until / 1000, UTC):%Y-%m-%d %H:%M} UTC" if ban.until else ""
    return f"You are banned from this server{until}" + (f": {ban.text}" if ban.text else "")
