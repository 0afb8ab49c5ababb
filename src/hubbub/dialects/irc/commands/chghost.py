"""CHGHOST: another host or user name, told as such or as somebody leaving and coming back.

https://ircv3.net/specs/extensions/chghost
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import RENDERERS, Kind, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import HostChanged, Instead
from hubbub.wire import numerics as n
from hubbub.wire.line import Line
from hubbub.wire.masks import validate_hostname

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

CHGHOST: Final = capability("chghost", "https://ircv3.net/specs/extensions/chghost", shows=True)

_HOST_MAX: Final = 63
"""As for servers: it stands in front of all that somebody says. https://modern.ircdocs.horse/#servers"""


@command("CHGHOST", 2, kind=Kind.CHANGE, usage="<nick> <host>", help="For operators: show another host for somebody.")
async def chghost(request: Request, line: Line) -> None:
    nick, host = line.params[0], line.params[1]
    event = request.hub.change_host(request.user, nick, host)
    if not validate_hostname(host) or len(host) > _HOST_MAX:
        request.fail("INVALID_HOST", host, f"Expected a host name with a dot, of up to {_HOST_MAX} characters")
        return
    await request.server.commit(event, request)
    changed = request.hub.users.get(request.hub.fold(nick))
    for device in request.devices(changed) if changed is not None else ():
        if CHGHOST not in device.session.caps:
            device.reply(n.RPL_VISIBLEHOST, host, "is now the host that others see")


@renderer(HostChanged)
def render_host(event: HostChanged, look: IrcLook) -> str:
    return f":{event.old} CHGHOST {event.username} {event.host}" if look.has(CHGHOST) else ""


@renderer(Instead)
def render_instead(event: Instead, look: IrcLook) -> str:
    """What those read who do not know CHGHOST."""
    return "" if look.has(CHGHOST) else RENDERERS[type(event.event)](event.event, look)
