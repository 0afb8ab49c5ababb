"""What operators of the server do: OPER, KILL, WALLOPS, REHASH. https://modern.ircdocs.horse/#operator-messages"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.registry import Kind, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub.events import Announced, Killed, Promoted
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, demand
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

_LOGIN: Final = "oper:{}"
"""How wrong guesses at an operator's password are counted: no account has a colon in its name."""


@command("OPER", 2, kind=Kind.CHANGE, usage="<name> <password>", help="Become an operator of the server.")
async def oper(request: Request, line: Line) -> None:
    """A name that is not there and a password that is wrong are one answer, after the same work."""
    name, password = line.params[0], line.params[1]
    irc, address = request.irc, request.session.link.address
    if not irc.settings.operators:
        request.error(n.ERR_NOOPERHOST)
        return
    operator = irc.settings.operators.get(name)
    secret = operator.secret if operator is not None else None
    if not await irc.logins.fits(secret, password, address, _LOGIN.format(name)) or operator is None:
        raise Refused(Why.LOGIN_FAILED)
    event = request.hub.promote(request.user, name, operator.role, reads=operator.reads)
    await request.server.commit(event, request)
    request.error(n.RPL_YOUREOPER)


@command("KILL", 1, kind=Kind.CHANGE, usage="<nick> [<reason>]", help="For operators: disconnect somebody.")
async def kill(request: Request, line: Line) -> None:
    reason = "".join(line.params[1:2]) or "No reason was given"
    event = request.hub.kill(request.user, line.params[0], reason)
    await request.server.commit(event, None)
    other = request.hub.users.get(request.hub.fold(event.nick))
    if other is not None:
        parting = f"Killed ({request.user.nick} ({event.text}))"
        await request.server.expel(other, f"Closing Link: {request.irc.name} ({parting})", parting)


@command("WALLOPS", 1, kind=Kind.CHANGE, usage="<text>", help="For operators: tell all who hear such notices (+w).")
async def wallops(request: Request, line: Line) -> None:
    event = request.hub.announce(request.user, line.params[0])
    if not event.text:
        request.error(n.ERR_NEEDMOREPARAMS, "WALLOPS")
        return
    await request.server.commit(event, request)


@command("REHASH", kind=Kind.CHANGE, help="For operators: read the configuration again.")
async def rehash(request: Request, line: Line) -> None:
    demand(request.user, Right.REHASH)
    problem = request.irc.rehash()
    if problem:
        request.fail("CANNOT_REHASH", f"Nothing was changed: {problem}")
    else:
        request.reply(n.RPL_REHASHING, "hubbub.toml", "The configuration was read again")


@renderer(Promoted)
def render_promoted(event: Promoted, look: IrcLook) -> str:
    return f":{event.who.mask} MODE {event.who.nick} :{'+' if event.role else '-'}o"


@renderer(Killed)
def render_killed(event: Killed, look: IrcLook) -> str:
    return f":{event.who.mask} KILL {event.nick} :{event.text}"


@renderer(Announced)
def render_announced(event: Announced, look: IrcLook) -> str:
    return f":{event.who.mask} WALLOPS :{event.text}"
