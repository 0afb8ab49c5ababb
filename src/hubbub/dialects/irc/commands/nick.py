"""NICK: the name one goes by. https://modern.ircdocs.horse/#nick-message"""

from __future__ import annotations

from typing import TYPE_CHECKING

from hubbub.dialects.irc.commands.connection import register
from hubbub.dialects.irc.registry import Kind, Who, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Renamed
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook


@command("NICK", who=Who.ANYONE, kind=Kind.CHANGE, usage="<nick>", help="Choose or change your nick.")
async def nick(request: Request, line: Line) -> None:
    if not line.params or not line.params[0]:
        request.error(n.ERR_NONICKNAMEGIVEN)
        return
    wanted, session = line.params[0], request.session
    if session.user is None:
        request.hub.check_legal(wanted)
        session.nick = wanted  # whether it is free shows at the end: whoever wears it may be another device of theirs
        await register(request)
        return
    request.hub.check_legal(wanted)
    await request.irc.logins.check_nick(wanted, session.user.account)
    event = request.hub.rename(session.user, wanted)
    if event is not None:
        await request.server.commit(event, request)


@renderer(Renamed)
def render_renamed(event: Renamed, look: IrcLook) -> str:
    return f":{event.who.mask} NICK :{event.nick}"
