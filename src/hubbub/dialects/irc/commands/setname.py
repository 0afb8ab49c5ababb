"""SETNAME: another real name; and who one is, told at the start.

https://ircv3.net/specs/extensions/setname and https://github.com/ircv3/ircv3-specifications/pull/603
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.fit import fitting
from hubbub.dialects.irc.registry import Kind, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import RealnameChanged
from hubbub.hub.refusals import Refused, Why
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

SETNAME: Final = capability("setname", "https://ircv3.net/specs/extensions/setname", shows=True)

WHOAMI: Final = capability("draft/whoami", "https://github.com/ircv3/ircv3-specifications/pull/603")


@command("SETNAME", 1, kind=Kind.CHANGE, usage="<real name>", help="Change the real name that WHOIS shows.")
async def setname(request: Request, line: Line) -> None:
    event = request.hub.change_realname(request.user, line.params[0])
    try:
        await request.server.commit(event, request)
    except Refused as refused:
        if refused.why is not Why.NOT_STORED:
            raise
        request.fail("CANNOT_CHANGE_REALNAME", "The server could not store that; try again")


def tell_self(request: Request) -> None:
    """Their mask and real name, for clients that ask to know them from the start."""
    if WHOAMI in request.session.caps:
        me = request.user
        request.unit([fitting(Line("SETNAME", (me.realname,), me.who.mask))])


@renderer(RealnameChanged)
def render_realname(event: RealnameChanged, look: IrcLook) -> str:
    return f":{event.who.mask} SETNAME :{event.text}" if look.has(SETNAME) else ""
