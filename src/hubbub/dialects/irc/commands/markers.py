"""MARKREAD: up to where somebody has read. https://ircv3.net/specs/extensions/read-marker"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.look import iso_time, ms_of
from hubbub.dialects.irc.registry import Kind, capability, command, renderer
from hubbub.dialects.irc.replies import middle
from hubbub.dialects.irc.request import Request
from hubbub.hub.channel import Channel
from hubbub.hub.events import MarkedRead, reading_of
from hubbub.hub.markers import buffer, mark_read
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

READ_MARKER: Final = capability("draft/read-marker", "https://ircv3.net/specs/extensions/read-marker", shows=True)

_TIMESTAMP: Final = re.compile(r"timestamp=(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?Z)", re.ASCII)


@command(
    "MARKREAD",
    kind=Kind.CHANGE,
    usage="<target> [timestamp=<time>]",
    help="Show up to where you have read a conversation, or say so.",
)
async def markread(request: Request, line: Line) -> None:
    if not line.params or not line.params[0]:
        request.fail("NEED_MORE_PARAMS", "Expected a channel or a nick, and the time of the last message you read")
    elif len(line.params) == 1:
        await request.server.caught_up()
        _tell(request, line.params[0])
    else:
        await _mark(request, line.params[0], line.params[1])


async def _mark(request: Request, target: str, word: str) -> None:
    at = _time(word)
    if at is None:
        request.fail("INVALID_PARAMS", word or "*", "Expected a time as in timestamp=2026-01-31T09:30:00.000Z")
        return
    await request.server.settled(reading_of(request.user.identity))
    event = mark_read(request.hub, request.user, target, at, request.server.clock.now())
    if event is not None:
        await request.server.commit(event, request)
    if event is None or READ_MARKER not in request.session.caps:
        _tell(request, target)


def _time(word: str) -> int | None:
    """In ms; None where it is no time."""
    found = _TIMESTAMP.fullmatch(word)
    try:
        return ms_of(found[1]) if found else None
    except ValueError:
        return None


def _tell(request: Request, target: str) -> None:
    log, name = buffer(request.hub, request.user, target)
    shown = _shown(request.hub.markers.at(request.user.identity, log))
    request.send(Line("MARKREAD", (middle(name), shown), request.irc.name))


def send_marker(request: Request, channel: Channel) -> None:
    """ "after the server sends a server JOIN command [...] MUST send a MARKREAD command for that channel"."""
    if READ_MARKER in request.session.caps:
        _tell(request, channel.name)


@renderer(MarkedRead)
def render_marked_read(event: MarkedRead, look: IrcLook) -> str:
    return f":{event.who.mask} MARKREAD {event.target} {_shown(event.at)}" if look.has(READ_MARKER) else ""


def _shown(at: int) -> str:
    return f"timestamp={iso_time(at)}" if at else "*"
