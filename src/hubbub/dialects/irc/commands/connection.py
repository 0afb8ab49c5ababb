"""Coming and going: PASS, USER, the welcome, PING, PONG, QUIT. https://modern.ircdocs.horse/#connection-messages"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import isupport
from hubbub.dialects.irc.commands.rooms import introduce
from hubbub.dialects.irc.commands.server import send_lusers, send_motd
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import Kind, Who, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub import modes
from hubbub.hub.events import Entry, Joined, Place, Quit
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook

_USERNAME: Final = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789._-[]{}^`|\\")


@command("PASS", 1, who=Who.NEWCOMER, usage="<password>", help="Give the server's password, or account:password.")
async def password(request: Request, line: Line) -> None:
    request.session.password = line.params[0]


@command("USER", 4, who=Who.NEWCOMER, usage="<username> 0 * <realname>", help="Say who you are when you connect.")
async def user(request: Request, line: Line) -> None:
    session, rules = request.session, request.hub.rules
    if not line.params[0] or not line.params[3]:
        request.error(n.ERR_NEEDMOREPARAMS, "USER")
        return
    session.username = "".join(c for c in line.params[0] if c in _USERNAME)[: rules.user_length] or "user"
    session.realname = line.params[3][: rules.realname_length]
    await register(request)


@command("PING", usage="<token>", help="Ask for a PONG with the same token, behind all that is on its way to you.")
async def ping(request: Request, line: Line) -> None:
    if not line.params or not line.params[0]:
        request.error(n.ERR_NOORIGIN)
        return
    request.send(Line("PONG", (request.irc.name, line.params[0]), request.irc.name))


@command("PONG", who=Who.ANYONE, kind=Kind.TALK, usage="<token>", help="Answer a PING of the server.")
async def pong(request: Request, line: Line) -> None:
    """Having been heard is all that it is for."""


@command("QUIT", who=Who.ANYONE, kind=Kind.CHANGE, usage="[<reason>]", help="Leave the server.")
async def quit_(request: Request, line: Line) -> None:
    """ "servers SHOULD prepend <reason> with the ASCII string "Quit: " [...] even if <reason> is empty"."""
    request.session.close("Quit: " + "".join(line.params[:1]))


@command(
    "ERROR", who=Who.ANYONE, kind=Kind.TALK, usage="<text>", help="Only servers say this; from a client it is nothing."
)
async def error(request: Request, line: Line) -> None:
    """Clients have nothing to report here: https://modern.ircdocs.horse/#error-message"""


@renderer(Quit)
def render_quit(event: Quit, look: IrcLook) -> str:
    return f":{event.who.mask} QUIT :{event.text}"


async def register(request: Request) -> None:
    """Welcome whoever has said all that is needed; called whenever a newcomer has said something more."""
    session, hub = request.session, request.hub
    if session.negotiating or not session.nick or not session.username or session.user is not None:
        return
    if not await _admitted(request):
        session.close("Wrong or missing password")
        return
    present = hub.present(session.account, session.nick)
    if present is not None and present.leaving:
        await request.server.caught_up()
        present = hub.present(session.account, session.nick)
    if present is not None:
        _sit_down(request, present)
    elif _come_in(request):
        _welcome(request)


def _sit_down(request: Request, present: User) -> None:
    """One more device of somebody who is here: it is told where they are, and nobody else hears of it."""
    session = request.session
    session.user, session.password = present, ""
    request.hub.attach(present, session)
    if present.away == NOT_CONNECTED:
        request.server.submit(request.hub.away(present, ""), None)
    _welcome(request)
    for member in present.memberships.values():
        event = Joined(present.who, (), member.channel.name, present.realname)
        place = Place("", 0, request.server.clock.now(), "")
        request.unit([session.look.render(Entry(event, place))])
        introduce(request, member.channel)


def _come_in(request: Request) -> bool:
    """Somebody new is here, if nobody else has taken their nick meanwhile."""
    session, hub = request.session, request.hub
    try:
        key = hub.check_nick(session.nick)
    except Refused as refused:
        session.nick = ""
        request.refuse(refused)
        return False
    newcomer = User(session.nick, key, session.username, _host(session.link.address), session.realname)
    newcomer.account, newcomer.secure = session.account, session.link.secure
    newcomer.identity = hub.fold(session.account) or f"~{secrets.token_urlsafe(9)}"
    newcomer.signed_on = newcomer.last_spoke = request.server.clock.now()
    newcomer.sign()
    hub.enter(newcomer)
    session.user, session.password = newcomer, ""
    hub.attach(newcomer, session)
    return True


def _host(address: str) -> str:
    """ "<host> CANNOT start with a colon": ::1 is written 0::1. https://modern.ircdocs.horse/#rplwhoisuser-311"""
    return f"0{address}" if address.startswith(":") else address


async def _admitted(request: Request) -> bool:
    """Whether the password that was given opens the house; `account:password` opens it for that account."""
    session, needed = request.session, request.irc.settings.password
    given = session.password
    name, colon, secret = given.partition(":")
    if colon:
        account = await request.server.accounts.find(request.hub.fold(name))
        fits = await request.irc.verify(account.secret if account is not None else None, secret)
        if account is not None and fits:
            session.account = account.name
            return True
    if not needed or (given and await request.irc.verify(needed, given)):
        return True
    request.refuse(Refused(Why.LOGIN_FAILED))
    return False


def _welcome(request: Request) -> None:
    irc, me = request.irc, request.user
    request.reply(n.RPL_WELCOME, f"Welcome to {irc.network}, {me.nick}")
    request.reply(n.RPL_YOURHOST, f"Your host is {irc.name}, running hubbub {irc.version}")
    request.reply(n.RPL_CREATED, f"This server was started {iso_time(request.server.started)}")
    letters = "".join(sorted(modes.CHANNEL_MODES))
    taking = "".join(sorted(m.letter for m in modes.CHANNEL_MODES.values() if m.kind is not modes.Kind.FLAG))
    request.reply(n.RPL_MYINFO, irc.name, f"hubbub-{irc.version}", "".join(sorted(modes.USER_MODES)), letters, taking)
    for tokens in isupport.lines(irc):
        request.reply(n.RPL_ISUPPORT, *tokens, "are supported by this server")
    send_lusers(request)
    send_motd(request)
    if me.account:
        request.reply(n.RPL_LOGGEDIN, me.who.mask, me.account, f"You are logged in as {me.account}")
