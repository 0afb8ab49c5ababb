"""Arrival: how somebody comes to be here, once a dialect knows what they are called and who they say they are."""

from __future__ import annotations

import secrets
from itertools import count
from typing import Any, Final

from hubbub.hub.cloak import plain_host
from hubbub.hub.rights import ROLES
from hubbub.hub.server_bans import ServerBan, Stranger
from hubbub.hub.user import User
from hubbub.server.logins import ROLE, Logins
from hubbub.server.origin import Origin
from hubbub.server.session import Session

_RUN: Final = secrets.token_urlsafe(9)
_GUESTS: Final = count(1)


def guest_identity() -> str:
    """A name for somebody without an account that nobody else ever had: this run's own word, and a number."""
    return f"~{_RUN}.{next(_GUESTS)}"


def ban_on(session: Session[Any], nick: str, username: str) -> ServerBan | None:
    """The ban from the server that keeps this connection out, if it comes in under these names, or is in already."""
    hub, user = session.server.hub, session.user
    if not hub.bans:
        return None
    stranger = hub.stranger(user) if user is not None else _stranger(session, nick, username)
    return hub.bans.against(stranger, session.server.clock.now())


def _stranger(session: Session[Any], nick: str, username: str) -> Stranger:
    address = plain_host(session.link.address)
    hosts = dict.fromkeys((session.server.hub.rules.host_of(session.link.address), address))
    return Stranger(tuple(f"{nick}!{username}@{host}" for host in hosts), address, session.account)


async def somebody_here(session: Session[Any], nick: str) -> User | None:
    """Whom this connection is one more device of, if anybody; who is just leaving is waited for.

    So is all else that is on its way: what the device is told of their rooms stands behind that, and has to know of it.
    """
    server = session.server
    present = server.hub.present(session.account, nick)
    while present is not None and (present.leaving or server.behind):
        await server.caught_up()
        present = server.hub.present(session.account, nick)
    return present


def come_in(session: Session[Any], nick: str, username: str, realname: str) -> User:
    """Somebody new is here. Raises `Refused` where they cannot be called so."""
    server, hub, link = session.server, session.server.hub, session.link
    user = User(nick, hub.check_nick(nick), username, hub.rules.host_of(link.address), realname)
    user.account, user.address, user.secure = session.account, plain_host(link.address), link.secure
    user.identity = hub.fold(session.account) or guest_identity()
    user.signed_on = user.last_spoke = server.clock.now()
    user.sign()
    hub.enter(user)
    sit_down(session, user)
    seen = hub.sighting(user)
    if seen is not None:
        server.submit(seen, None)
    return user


def sit_down(session: Session[Any], user: User) -> None:
    """From now on this connection is one of theirs."""
    session.user = user
    session.server.hub.attach(user, session)
    session.server.newcomers.discard(session)


async def settle_in(logins: Logins, session: Session[Any], origin: Origin) -> bool:
    """They have the role that their account was granted, and stay without a device if it says so.

    Whether they have become an operator by it.
    """
    user, server = session.user, session.server
    account = await logins.find(session.account) if user is not None and session.login is not None else None
    if user is None or account is None:
        return False
    if logins.rules.stays(account) and not user.stays:
        await server.commit(server.hub.stay(user, True), None)
    if account.options.get(ROLE) not in ROLES or user.role:
        return False
    await server.commit(server.hub.promote(user, account.name, account.options[ROLE]), origin)
    return True
