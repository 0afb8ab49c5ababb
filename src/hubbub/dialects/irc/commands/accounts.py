"""REGISTER and VERIFY make accounts; ACCOUNT tells who logs in and out.

https://ircv3.net/specs/extensions/account-registration and https://ircv3.net/specs/extensions/account-notify
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.dialects.irc.commands.connection import register
from hubbub.dialects.irc.login import log_in
from hubbub.dialects.irc.registry import Kind, Who, capability, command, renderer
from hubbub.dialects.irc.replies import middle
from hubbub.dialects.irc.request import Request
from hubbub.hub.account import Login
from hubbub.hub.events import LoggedIn, LoggedOut
from hubbub.hub.refusals import Refused, Why
from hubbub.server.registrar import Wish
from hubbub.wire.line import Line

if TYPE_CHECKING:
    from hubbub.dialects.irc.look import IrcLook
    from hubbub.dialects.irc.session import IrcSession

ACCOUNT_NOTIFY: Final = capability("account-notify", "https://ircv3.net/specs/extensions/account-notify", shows=True)


def _terms(session: IrcSession) -> str | None:
    """What REGISTER asks for; not offered where operators make the accounts."""
    rules = session.irc.logins.rules
    if rules.registration == "closed":
        return None
    keys = ["before-connect"] if _early(session) else []
    keys += ["email-required"] if rules.email_required else []
    return ",".join([*keys, "custom-account-name"])


def _early(session: IrcSession) -> bool:
    """ "if they allow REGISTER before connection registration, this [must not] bypass [...] a server password"."""
    return session.irc.logins.rules.before_connect and not session.irc.settings.password


REGISTRATION: Final = capability(
    "draft/account-registration", "https://ircv3.net/specs/extensions/account-registration", offer=_terms
)


@command(
    "REGISTER",
    3,
    who=Who.ANYONE,
    kind=Kind.CHANGE,
    usage="<account>|* <email>|* <password>",
    help="Make an account; * is one that is called like your nick.",
)
async def register_account(request: Request, line: Line) -> None:
    asked, email, password = line.params[:3]
    name = request.session.shown_nick if asked == "*" else asked
    if not _may(request, name):
        return
    if request.session.shown_nick == "*":
        request.fail("NEED_NICK", "*", "Send NICK first")
        return
    wish = Wish(name, password, "" if email == "*" else email, request.session.link.address, request.session.user)
    answer = await request.irc.registrar.register(wish)
    if isinstance(answer, Login):
        await _succeed(request, answer)
    else:
        request.send(Line("REGISTER", ("VERIFICATION_REQUIRED", name, answer), request.irc.name))


@command(
    "VERIFY",
    2,
    who=Who.ANYONE,
    kind=Kind.CHANGE,
    usage="<account> <code>",
    help="Finish making an account with the code that you were given.",
)
async def verify(request: Request, line: Line) -> None:
    name, code = line.params[:2]
    if _may(request, name):
        try:
            login = await request.irc.registrar.verify(name, code, request.session.link.address)
        except Refused as refused:
            _put_off(name, refused)
            raise
        await _succeed(request, login)


def _put_off(name: str, refused: Refused) -> None:
    """ "FAIL VERIFY TEMPORARILY_UNAVAILABLE <account> <message>"."""
    if refused.why is Why.LOGIN_LATER:
        raise Refused(Why.REGISTRATION_LATER, name, *refused.about) from None


def _may(request: Request, name: str) -> bool:
    """Whether they may have an account made now."""
    session = request.session
    if session.user is None and not _early(session):
        request.fail("COMPLETE_CONNECTION_REQUIRED", name, "Finish connecting before you make an account")
    elif session.login is not None:
        request.fail("ALREADY_AUTHENTICATED", session.account, "You are logged in already")
    else:
        return True
    return False


async def _succeed(request: Request, login: Login) -> None:
    """ "Afterward, the client is assumed to be authenticated to the <account> as if it used SASL"."""
    sentence = f"Your account {login.account} is made"
    request.send(Line(request.command, ("SUCCESS", middle(login.account), sentence), request.irc.name))
    await log_in(request, login)
    await register(request)


@renderer(LoggedIn)
def render_logged_in(event: LoggedIn, look: IrcLook) -> str:
    return f":{event.who.mask} ACCOUNT {event.account}" if look.has(ACCOUNT_NOTIFY) else ""


@renderer(LoggedOut)
def render_logged_out(event: LoggedOut, look: IrcLook) -> str:
    return f":{event.who.mask} ACCOUNT *" if look.has(ACCOUNT_NOTIFY) else ""
