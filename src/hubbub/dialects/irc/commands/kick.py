"""KICK: out of a room, by its operators. https://modern.ircdocs.horse/#kick-message"""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from hubbub.dialects.irc.registry import Kind, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Kicked
from hubbub.hub.refusals import Refused, Why
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook


@command(
    "KICK", 2, kind=Kind.CHANGE, usage="<channel> <nick>{,<nick>} [<reason>]", help="Put somebody out of a channel."
)
async def kick(request: Request, line: Line) -> None:
    channels = line.params[0].split(",")
    nicks = [nick for nick in line.params[1].split(",") if nick]
    reason = line.params[2] if len(line.params) > 2 else ""
    for index, (nick, channel) in enumerate(zip(nicks, cycle(channels), strict=False)):
        try:
            if index >= request.hub.rules.targets:
                raise Refused(Why.TOO_MANY_TARGETS, nick)
            await _kick(request, channel, nick, reason or request.user.nick)
        except Refused as refused:
            request.refuse(refused)


async def _kick(request: Request, channel: str, nick: str, reason: str) -> None:
    await request.server.settled(request.hub.fold(channel))
    await request.server.commit(request.hub.kick(request.user, channel, nick, reason), request)


@renderer(Kicked)
def render_kicked(event: Kicked, look: IrcLook) -> str:
    return f":{event.who.mask} KICK {event.channel} {event.nick} :{event.text}"
