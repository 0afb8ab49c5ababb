"""INVITE: asking somebody in. https://modern.ircdocs.horse/#invite-message"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from msgspec.structs import replace

from hubbub.dialects.irc.registry import Kind, capability, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Invited
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

INVITE_NOTIFY: Final = capability("invite-notify", "https://ircv3.net/specs/extensions/invite-notify", shows=True)


@command(
    "INVITE", kind=Kind.CHANGE, usage="[<nick> <channel>]", help="Ask somebody in, or list where you are asked in."
)
async def invite(request: Request, line: Line) -> None:
    await request.server.caught_up()
    if not line.params:
        for channel in request.user.invitations.values():
            request.reply(n.RPL_INVITELIST, channel.name)
        request.error(n.RPL_ENDOFINVITELIST)
        return
    if len(line.params) < 2:
        request.error(n.ERR_NEEDMOREPARAMS, "INVITE")
        return
    event = request.hub.invite(request.user, line.params[0], line.params[1])
    request.reply(n.RPL_INVITING, event.nick, event.channel)
    other = request.hub.user(event.nick)
    if other.away:
        request.reply(n.RPL_AWAY, other.nick, other.away)
    await request.server.commit(event, None)
    request.server.submit(replace(event, openly=True), None)


@renderer(Invited)
def render_invited(event: Invited, look: IrcLook) -> str:
    if event.openly and not look.has(INVITE_NOTIFY):
        return ""
    return f":{event.who.mask} INVITE {event.nick} {event.channel}"
