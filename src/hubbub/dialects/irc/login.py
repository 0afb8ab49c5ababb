"""Who a session is logged in as: what is told when that changes, whichever way it came about.

https://ircv3.net/specs/extensions/sasl-3.1#numerics-used-by-this-extension
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from hubbub.dialects.irc.banned import turn_away
from hubbub.dialects.irc.request import Request
from hubbub.hub.account import Account, Login
from hubbub.hub.refusals import Refused, Why
from hubbub.server import arrival
from hubbub.server.arrival import guest_identity
from hubbub.server.logins import ALWAYS_ON
from hubbub.wire import numerics as n

if TYPE_CHECKING:
    from hubbub.dialects.irc.session import IrcSession


def mask(session: IrcSession) -> str:
    """`nick!user@host`, with a * for what a newcomer has not said yet."""
    if session.user is not None:
        return session.user.who.mask
    return f"{session.nick or '*'}!{session.username or '*'}@{session.server.hub.rules.host_of(session.link.address)}"


async def log_in(request: Request, login: Login) -> None:
    """They have shown whose account it is. Raises `Refused` where other devices of theirs stand in the way."""
    session = request.session
    event = request.hub.log_in(session.user, login.account) if session.user is not None else None
    request.irc.logins.admit(session, login)
    request.reply(n.RPL_LOGGEDIN, mask(session), login.account, f"You are now logged in as {login.account}")
    if event is not None:
        await request.server.commit(event, request)
        await give_nick_back(request)
        turn_away(request, arrival.ban_on(session, request.user.nick, request.user.username))


async def settle_in(request: Request) -> None:
    """From now on they have the role that their account was granted, and stay without a device if it says so."""
    if await arrival.settle_in(request.irc.logins, request.session, request):
        request.error(n.RPL_YOUREOPER)


async def choose_to_stay(request: Request, name: str, choice: str) -> Account:
    """Keep what the owner of an account chose, "" for what the house does, and act on it; the account as it is then."""
    account = await request.irc.registrar.set_option(name, ALWAYS_ON, choice)
    stays = request.irc.logins.rules.stays(account)
    if stays != request.user.stays:
        await request.server.commit(request.hub.stay(request.user, stays), None)
    return account


async def log_out(request: Request) -> None:
    """They go on as a guest, where guests are let in. Raises `Refused` where they are one, or not alone."""
    session = request.session
    await request.server.commit(request.hub.log_out(request.user, guest_identity()), request)
    session.login = None
    request.reply(n.RPL_LOGGEDOUT, mask(session), "You are now logged out")
    if request.irc.logins.rules.guests:
        await give_nick_back(request)
    else:
        session.close("You logged out, and only people with an account are let in here")


async def give_nick_back(request: Request) -> None:
    """Whoever wears the name of an account that is not theirs any more is renamed."""
    user = request.user
    try:
        await request.irc.logins.check_nick(user.nick, user.account)
    except Refused as refused:
        if refused.why is Why.NICK_OWNED:
            event = request.hub.rename(user, _spare_nick(request))
            if event is not None:
                await request.server.commit(event, request)


def _spare_nick(request: Request) -> str:
    while True:
        nick = f"Guest{secrets.randbelow(1_000_000)}"
        if request.hub.fold(nick) not in request.hub.users:
            return nick
