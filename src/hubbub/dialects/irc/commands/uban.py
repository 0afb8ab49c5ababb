"""UBAN: keeping somebody from the whole server, by mask, account, address or network."""

from __future__ import annotations

import re
from collections.abc import Callable, Coroutine
from typing import Any, Final, TypeAlias

from hubbub.dialects.irc.banned import end, farewell
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import Kind, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import ServerBanChanged
from hubbub.hub.promise import Promise
from hubbub.hub.rights import Right, demand
from hubbub.hub.server_bans import ServerBan, Stranger
from hubbub.wire.line import Line

_Run: TypeAlias = Callable[[Request, tuple[str, ...]], Coroutine[Promise[Any], None, None]]

_DURATION: Final = re.compile(r"(?:(\d{1,4})w)?(?:(\d{1,5})d)?(?:(\d{1,5})h)?(?:(\d{1,6})m)?(?:(\d{1,7})s)?")
_UNITS: Final = (604_800, 86_400, 3_600, 60, 1)


@command(
    "UBAN",
    1,
    kind=Kind.CHANGE,
    usage="ADD <mask, account, address or network> [<duration>] [<reason>] | DEL <mask> | LIST",
    help="For operators: ban somebody from the server, for a time such as 2h, 7d or 1w12h, or for good.",
)
async def uban(request: Request, line: Line) -> None:
    run, needed = _SUBCOMMANDS.get(line.params[0].upper(), (None, 0))
    if run is None:
        request.fail("INVALID_PARAMS", line.params[0], "Expected ADD, DEL or LIST after UBAN")
    elif len(line.params) <= needed:
        request.fail("INVALID_PARAMS", line.params[0], "Say who is meant: an address, a network, an account, a mask")
    else:
        await run(request, line.params[1:])


async def _add(request: Request, params: tuple[str, ...]) -> None:
    mask, *words = " ".join(params).split(" ")
    lasts = seconds(words[0]) if words else 0
    now, reason = request.server.clock.now(), " ".join(words[1:] if lasts else words)
    until = now + lasts * 1000 if lasts else 0
    event = request.hub.ban(request.user, mask, reason, now, until)
    await request.server.commit(event, request)
    banned = request.hub.banned_people(event.mask)
    ban = ServerBan(event.mask, request.user.nick, reason, now, until)
    for user in banned:
        await request.server.expel(user, farewell(ban), "Banned from the server")
    _close_devices(request, ban)
    request.notice(f"{event.mask} is banned {end(ban)}; {len(banned)} disconnected")


def _close_devices(request: Request, ban: ServerBan) -> None:
    """Connections from a banned network whose user is elsewhere with another device, or who are not in yet."""
    for session in tuple(request.server.sessions):
        place = Stranger((), session.link.address, "")
        if session.user is not request.user and request.hub.bans.fits(ban.mask, place):
            session.close(farewell(ban), "Banned from the server")


async def _del(request: Request, params: tuple[str, ...]) -> None:
    event = request.hub.unban(request.user, params[0], request.server.clock.now())
    await request.server.commit(event, request)
    request.notice(f"{event.mask} is not banned any more")


async def _list(request: Request, params: tuple[str, ...]) -> None:
    demand(request.user, Right.SEE_BANS)
    bans = request.hub.bans.holding(request.server.clock.now())
    for ban in bans:
        request.notice(f"{ban.mask} {end(ban)}, by {ban.setter} at {iso_time(ban.at)}: {ban.text or '-'}")
    request.notice(f"{len(bans)} bans")


_SUBCOMMANDS: Final[dict[str, tuple[_Run, int]]] = {"ADD": (_add, 1), "DEL": (_del, 1), "LIST": (_list, 0)}
"""What each does, and how many parameters it needs."""


def seconds(word: str) -> int:
    """`1w12h` as seconds; 0 for what is no duration."""
    found = _DURATION.fullmatch(word.lower())
    return sum(int(count or 0) * unit for count, unit in zip(found.groups(), _UNITS, strict=True)) if found else 0


@renderer(ServerBanChanged)
def render_server_ban(event: ServerBanChanged, look: object) -> str:
    """Those who are meant are told when they are closed."""
    return ""
