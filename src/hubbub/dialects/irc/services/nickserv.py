"""NickServ: accounts in words. What it is asked is done as REGISTER, VERIFY and AUTHENTICATE would do it."""

from __future__ import annotations

from typing import Final

from hubbub.dialects.irc.login import choose_to_stay, log_in, log_out, settle_in
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.services.front import Order, Service
from hubbub.hub.account import Account, Login
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User
from hubbub.server.logins import ALWAYS_ON
from hubbub.server.registrar import Wish

NICKSERV: Final = Service(
    "NickServ", "NickServ keeps accounts: a nick of your own, and what was said to you in private."
)
NICKSERV.commands("NS", "NICKSERV")


# To have an account


@NICKSERV.verb(
    "REGISTER",
    usage="<password> [<email>]",
    help="Make an account that is called like your nick; with a key or a certificate, no password is needed.",
)
async def register(order: Order) -> None:
    user, session = order.request.user, order.request.session
    if not order.words and not session.link.fingerprint:
        order.say_usage()
        return
    if session.login is not None:
        raise Refused(Why.LOGGED_IN, session.account)
    key = "" if order.words else session.link.fingerprint
    wish = Wish(user.nick, order.word(0), order.word(1), session.link.address, user, key)
    answer = await order.request.irc.registrar.register(wish)
    if isinstance(answer, Login):
        order.say(f"Your account {answer.account} is made; from now on nobody else may be called so")
        await log_in(order.request, answer)
    else:
        order.say(answer)


@NICKSERV.verb("VERIFY", 2, usage="<account> <code>", help="Finish making an account with the code you were given.")
async def verify(order: Order) -> None:
    address = order.request.session.link.address
    login = await order.request.irc.registrar.verify(order.word(0), order.word(1), address)
    order.say(f"Your account {login.account} is made")
    await log_in(order.request, login)


@NICKSERV.verb("IDENTIFY", 1, usage="[<account>] <password>", help="Log in, to the account called like you or another.")
async def identify(order: Order) -> None:
    name = order.word(0) if len(order.words) > 1 else order.request.user.nick
    address = order.request.session.link.address
    await log_in(order.request, await order.request.irc.logins.by_password(name, order.words[-1], address))
    await settle_in(order.request)
    order.say(f"You are logged in as {order.request.user.account}")


@NICKSERV.verb("LOGOUT", help="Log out, and go on as a guest.")
async def logout(order: Order) -> None:
    await log_out(order.request)
    order.say("You are logged out")


@NICKSERV.verb("INFO", usage="[<account>]", help="Tell about your account; of others, whether there is one.")
async def info(order: Order) -> None:
    account = await _asked_for(order)
    order.say(f"{account.name} is an account, made {iso_time(account.created)}")
    if account.name == order.request.session.account:
        stays = order.request.irc.logins.rules.stays(account)
        order.say(f"When your last device goes, you {'stay' if stays else 'leave'} (SET {ALWAYS_ON} on|off)")
        _list(order, account)


async def _asked_for(order: Order) -> Account:
    name = order.word(0) or order.request.session.account or order.request.user.nick
    account = await order.request.irc.logins.find(name)
    if account is None:
        raise Refused(Why.NO_SUCH_ACCOUNT, name)
    return account


@NICKSERV.verb(
    "SET", 2, usage=f"password <new password>|{ALWAYS_ON} on|off", help="Change your password, or how you are present."
)
async def set_(order: Order) -> None:
    setting = order.word(0).lower()
    if setting == "password":
        await _set_password(order)
    elif setting == ALWAYS_ON and order.word(1).lower() in _SWITCH:
        await _set_always_on(order, _SWITCH[order.word(1).lower()])
    else:
        order.say(f"Expected SET password <new password>, or SET {ALWAYS_ON} on or off")


_SWITCH: Final = {"on": True, "true": True, "off": False, "false": False}


async def _set_password(order: Order) -> None:
    """The device that asks goes on; those that came by the old password have to come again."""
    login = await order.request.irc.registrar.set_password(_mine(order), order.word(1))
    order.request.irc.logins.admit(order.request.session, login)
    order.say("Your password is changed; devices that came by the old one are logged out")


async def _set_always_on(order: Order, on: bool) -> None:
    account = await choose_to_stay(order.request, _mine(order), "true" if on else "false")
    if order.request.irc.logins.rules.stays(account) != on:
        order.say("That is kept, but the operators of this server let nobody stay without a device")
    else:
        order.say("You stay when your last device goes" if on else "You leave when your last device goes")


# What else opens it


@NICKSERV.verb(
    "APP", usage="[ADD|DEL <device>]", help="List, make or take back passwords for single devices; DEL logs it out."
)
async def app(order: Order) -> None:
    registrar, name = order.request.irc.registrar, _mine(order)
    match order.word(0).upper(), order.word(1):
        case "ADD", label if label:
            word = await registrar.add_device(name, label)
            order.say(f"{label} logs in as {name} with this password, which is shown only now: {word}")
        case "DEL", label if label:
            await registrar.remove(name, label)
            order.say(f"The password of {label} is taken back")
        case _:
            _list(order, await registrar.account(name))


@NICKSERV.verb("CERT", usage="[ADD [<fingerprint>]|DEL <fingerprint>]", help="List, add or remove your certificates.")
async def cert(order: Order) -> None:
    registrar, name = order.request.irc.registrar, _mine(order)
    match order.word(0).upper(), order.word(1) or order.request.session.link.fingerprint:
        case "ADD", fingerprint:
            kept = await registrar.add_certificate(name, fingerprint)
            order.say(f"Whoever connects with this certificate may log in as {name} by SASL EXTERNAL: {kept}")
        case "DEL", fingerprint if order.word(1):
            await registrar.remove(name, fingerprint)
            order.say("That certificate opens your account no longer")
        case _:
            _list(order, await registrar.account(name))


def _list(order: Order, account: Account) -> None:
    for known in account.apps:
        order.say(f"Device {known.label}, last here {iso_time(known.used)}" if known.used else f"Device {known.label}")
    for fingerprint in account.certs:
        order.say(f"Certificate {fingerprint}")
    if not account.apps and not account.certs:
        order.say("Your account is opened by its password alone")


# Its nick


@NICKSERV.verb("GHOST", usage="[<nick>]", help="Disconnect whoever wears your account's nick without right.")
async def ghost(order: Order) -> None:
    nick = order.word(0) or _mine(order)
    _banish(order, _wearer(order, nick))
    order.say(f"{nick} is free")


@NICKSERV.verb("REGAIN", usage="[<nick>]", help="Take your account's nick back from whoever wears it, and wear it.")
async def regain(order: Order) -> None:
    request, nick = order.request, order.word(0) or _mine(order)
    if request.hub.fold(nick) in request.hub.users:
        wearer = _wearer(order, nick)
        if wearer is not request.user:
            _banish(order, wearer)
            await request.server.caught_up()
    event = request.hub.rename(request.user, nick)
    if event is not None:
        await request.server.commit(event, request)


def _wearer(order: Order, nick: str) -> User:
    """Whoever wears the nick, if it is theirs who ask: the name of their account, or they are here twice."""
    fold = order.request.hub.fold
    wearer = order.request.hub.user(nick)
    if fold(_mine(order)) not in (fold(nick), fold(wearer.account)):
        raise Refused(Why.NICK_OWNED, nick)
    return wearer


def _banish(order: Order, wearer: User) -> None:
    if wearer is order.request.user:
        return
    by = order.request.user.nick
    for session in [session for session in order.request.server.sessions if session.user is wearer]:
        session.close(f"{by} took this nick back")


@NICKSERV.verb("DROP", 1, usage="<password>", help="Delete your account for good; nobody gets its name again.")
async def drop(order: Order) -> None:
    name, request = _mine(order), order.request
    request.hub.check_alone(request.user)
    await request.irc.logins.by_password(name, order.word(0), request.session.link.address)
    await request.irc.registrar.close(name)
    request.session.login = None  # it rested on what is gone
    await log_out(request)
    order.say(f"The account {name} is deleted; what it said stays")


def _mine(order: Order) -> str:
    """The account of whoever gives the order."""
    if order.request.session.login is None:
        raise Refused(Why.NOT_LOGGED_IN)
    return order.request.session.account
