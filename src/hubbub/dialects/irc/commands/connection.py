"""Coming and going: PASS, USER, the welcome, PING, PONG, QUIT. https://modern.ircdocs.horse/#connection-messages"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.banned import turn_away
from hubbub.dialects.irc.commands import metadata
from hubbub.dialects.irc.commands.backlog import send_backlog
from hubbub.dialects.irc.commands.direct import expect, tell_news, tell_waiting
from hubbub.dialects.irc.commands.invitations import admit, come_by
from hubbub.dialects.irc.commands.rooms import introduce
from hubbub.dialects.irc.commands.server import census, lusers_lines, motd_lines
from hubbub.dialects.irc.commands.setname import tell_self
from hubbub.dialects.irc.commands.support import all_tokens, send_isupport, wants_batch
from hubbub.dialects.irc.letter import NICK
from hubbub.dialects.irc.login import log_in, settle_in
from hubbub.dialects.irc.look import SERVER_TIME, iso_time
from hubbub.dialects.irc.registry import Kind, Who, command, renderer
from hubbub.dialects.irc.request import Request
from hubbub.hub import modes
from hubbub.hub.events import Entry, Joined, Place, Quit
from hubbub.hub.invites import read_code
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from hubbub.server.arrival import ban_on, come_in, sit_down, somebody_here
from hubbub.wire import numerics as n
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc
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
    session.username = "".join(filter(_USERNAME.__contains__, line.params[0]))[: rules.user_length] or "user"
    session.realname = line.params[3][: rules.realname_length]
    await register(request)


@command(
    "PING",
    who=Who.ANYONE,
    usage="<token>",
    help="Ask for a PONG with the same token, behind all that is on its way to you.",
)
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
    session = request.session
    if session.negotiating or not session.nick or not session.username or session.user is not None:
        return
    if session.sasl is not None:
        session.sasl = None
        request.error(n.ERR_SASLABORTED)
    if not await _admitted(request):
        session.close("Wrong or missing password")
        return
    if session.login is None and not request.irc.logins.rules.guests and not _invited(request):
        _account_required(request)
        return
    if turn_away(request, ban_on(session, session.nick, session.username)) or not await _free(request):
        return
    await expect(request)
    present = await somebody_here(session, session.nick)
    if present is not None:
        _sit_down(request, present)
        for member in list(present.memberships.values()):
            await send_backlog([request], member.channel, None)
    elif _come_in(request):
        _welcome(request)
    await settle_in(request)


def _sit_down(request: Request, present: User) -> None:
    """One more device of somebody who is here: it is told where they are, and nobody else hears of it."""
    session = request.session
    session.password = ""
    sit_down(session, present)
    admit(session)
    _welcome(request)
    tell_waiting(request)
    for member in present.memberships.values():
        event = Joined(present.who, (), member.channel.name, present.realname)
        place = Place("", 0, request.server.clock.now(), "")
        request.unit([session.plain.render(Entry(event, place))])
        introduce(request, member.channel)
    tell_news(request)
    if session.away and not session.absent:
        request.server.submit(request.hub.away(present, session.away), None)
    elif present.away == NOT_CONNECTED and not session.absent:
        request.server.submit(request.hub.away(present, ""), None)


def _come_in(request: Request) -> bool:
    """Somebody new is here, if nobody else has taken their nick meanwhile."""
    session, hub = request.session, request.hub
    try:
        newcomer = come_in(session, session.nick, session.username, session.realname)
    except Refused as refused:
        session.nick = ""
        request.refuse(refused)
        return False
    session.password = ""
    admit(session)
    if session.away:
        request.server.submit(hub.away(newcomer, session.away), None)
    return True


async def _admitted(request: Request) -> bool:
    """Whether they may come in: logged in, by SASL or by PASS, by an invite, or with the house's own password."""
    session, needed = request.session, request.irc.settings.password
    trouble = await _shown(request)
    if session.login is not None or not needed or _invited(request) or await _opens(request, needed):
        return True
    request.refuse(trouble)
    return False


async def _shown(request: Request) -> Refused:
    """PASS may be account:password, or an invite's code; why it let nobody in, if it did not."""
    session, needed, given = request.session, request.irc.settings.password, request.session.password
    name, colon, secret = given.partition(":")
    try:
        if session.login is None and colon:
            await log_in(request, await request.irc.logins.by_password(name, secret, session.link.address))
        elif not session.invites and _is_invite(request, given):
            await come_by(request, given)
    except Refused as refused:
        if not needed:  # not a word of the house's either: they had better know that nobody took them for who they are
            session.password = ""
            sentence = f"{'You are not logged in: ' if colon else ''}{replies.words(refused)}"
            request.send(Line("NOTICE", (session.shown_nick, sentence), request.irc.name))
        return refused
    return Refused(Why.LOGIN_FAILED)


def _is_invite(request: Request, given: str) -> bool:
    """Where there is a password, what looks like a code may be that: then only one that is known counts."""
    code = read_code(given)
    return bool(code) and (not request.irc.settings.password or request.hub.invites.find(code) is not None)


def _invited(request: Request) -> bool:
    """Whether an invite has opened the house to them."""
    return any(invite.house for invite in request.session.invites)


async def _opens(request: Request, needed: str) -> bool:
    """Whether what was given is the house's password; guesses are counted."""
    given, address = request.session.password, request.session.link.address
    try:
        return bool(given) and await request.irc.logins.fits(needed, given, address)
    except Refused:
        return False


def _account_required(request: Request) -> None:
    """The connection stays for now: they may still log in, or make an account."""
    sentence = "Only people with an account are let in here: log in by SASL, or make one with REGISTER"
    request.send(Line("FAIL", ("*", "ACCOUNT_REQUIRED", sentence), request.irc.name))


async def _free(request: Request) -> bool:
    """Whether the nick is nobody else's by right; who wears it is another question."""
    session = request.session
    try:
        await request.irc.logins.check_nick(session.nick, session.account)
    except Refused as refused:
        request.refuse(refused)
        session.nick = ""
        return False
    return True


def _greeting(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    letters = "".join(sorted(modes.CHANNEL_MODES))
    taking = "".join(sorted(m.letter for m in modes.CHANNEL_MODES.values() if m.kind is not modes.Kind.FLAG))
    yield n.RPL_WELCOME, (f"Welcome to {irc.network}, {NICK}",)
    yield n.RPL_YOURHOST, (f"Your host is {irc.name}, running hubbub {irc.version}",)
    yield n.RPL_CREATED, (f"This server was started {iso_time(irc.server.started)}",)
    yield n.RPL_MYINFO, (irc.name, f"hubbub-{irc.version}", "".join(sorted(modes.USER_MODES)), letters, taking)


def _welcome(request: Request) -> None:
    """In two letters, since everybody comes at once when a server has been restarted."""
    if wants_batch(request):
        request.letter(_greeting, tag=_now(request))
        send_isupport(request)
    else:
        request.letter(_opening, tag=_now(request))
    tell_self(request)
    metadata.welcome(request)
    request.letter(_closing, census(request))


def _now(request: Request) -> str:
    """The time as a tag, for those who read it: cut off before they hear anything else, they know what they missed."""
    return f"time={iso_time(request.server.clock.now())}" if SERVER_TIME in request.session.caps else ""


def _opening(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    yield from _greeting(irc)
    yield from all_tokens(irc)


def _closing(irc: Irc) -> Iterator[tuple[str, Sequence[str]]]:
    yield from lusers_lines(irc)
    yield from motd_lines(irc)
