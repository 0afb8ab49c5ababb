"""AWAY: not here just now. https://modern.ircdocs.horse/#away-message

A device that connects by itself says so before it is registered, or with `*`: https://ircv3.net/specs/extensions/pre-away
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import Kind, Who, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import WentAway
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

AWAY_NOTIFY: Final = capability("away-notify", "https://ircv3.net/specs/extensions/away-notify", shows=True)
PRE_AWAY: Final = capability("draft/pre-away", "https://ircv3.net/specs/extensions/pre-away")

_ABSENT: Final = "*"
""" "indicating that the user is not present for an unspecified reason"; others read `NOT_CONNECTED`."""


@command(
    "AWAY",
    who=Who.ANYONE,
    kind=Kind.CHANGE,
    usage="[<reason>]",
    help="Say that you are away; without a reason, that you are back.",
)
async def away(request: Request, line: Line) -> None:
    session, text = request.session, "".join(line.params[:1])
    if session.user is None and PRE_AWAY not in session.caps:
        request.error(n.ERR_NOTREGISTERED)
        return
    session.absent = text == _ABSENT and PRE_AWAY in session.caps
    if session.user is None:
        session.away = NOT_CONNECTED if session.absent else text
    else:
        await _change(request, _reason(request, text))
    request.error(n.RPL_NOWAWAY if text else n.RPL_UNAWAY)


def _reason(request: Request, text: str) -> str:
    """Who sits in front of another device is here; and what somebody said themselves is not taken back by a device."""
    user = request.user
    if not request.session.absent:
        return text
    return user.away or (NOT_CONNECTED if all(device.absent for device in user.sessions) else "")


async def _change(request: Request, text: str) -> None:
    event = request.hub.away(request.user, text)
    if event.text != request.user.away:
        await request.server.commit(event, request)


@renderer(WentAway)
def render_away(event: WentAway, look: IrcLook) -> str:
    if not look.has(AWAY_NOTIFY):
        return ""
    return f":{event.who.mask} AWAY" + (f" :{event.text}" if event.text else "")
