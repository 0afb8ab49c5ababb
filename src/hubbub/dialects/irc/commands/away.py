"""AWAY: not here just now. https://modern.ircdocs.horse/#away-message"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import Kind, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import WentAway
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

AWAY_NOTIFY: Final = capability("away-notify", "https://ircv3.net/specs/extensions/away-notify", shows=True)


@command(
    "AWAY", kind=Kind.CHANGE, usage="[<reason>]", help="Say that you are away; without a reason, that you are back."
)
async def away(request: Request, line: Line) -> None:
    text = line.params[0] if line.params else ""
    event = request.hub.away(request.user, text)
    if event.text != request.user.away:
        await request.server.commit(event, request)
    request.error(n.RPL_NOWAWAY if text else n.RPL_UNAWAY)


@renderer(WentAway)
def render_away(event: WentAway, look: IrcLook) -> str:
    if not look.has(AWAY_NOTIFY):
        return ""
    return f":{event.who.mask} AWAY" + (f" :{event.text}" if event.text else "")
