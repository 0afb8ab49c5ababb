"""Seating: who belongs to an end stays present in its room, with a device or without."""

from __future__ import annotations

from typing import Final

from hubbub.hub.account import Account
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from hubbub.server import Server

USERNAME: Final = "end"
HOST: Final = "direct"
"""What stands behind everybody's nick: the same for all, so that a line that fits for one fits for all."""


async def seat(server: Server, nick: str, account: Account, room: str) -> User:
    """Somebody who stays present in a room from now on, and is not connected yet."""
    hub = server.hub
    await server.accounts.save(hub.fold(nick), account, new=True)
    user = User(nick, hub.check_nick(nick), USERNAME, HOST, nick)
    user.account, user.identity = account.name, hub.fold(account.name)
    user.signed_on = user.last_spoke = server.clock.now()
    user.away = NOT_CONNECTED
    user.sign()
    hub.enter(user)
    await server.commit(hub.stay(user, True), None)
    joined = hub.join(user, room)
    if joined is not None:
        await server.commit(joined, None)
    return user


async def seat_owner(server: Server, nick: str, account: Account, room: str) -> User:
    """Whoever sits at this end: where they were, or the founder of the room."""
    hub = server.hub
    user = hub.users.get(hub.fold(nick)) or await seat(server, nick, account, room)
    if hub.channels[hub.fold(room)].owner != user.identity:
        await server.commit(hub.register_room(user, room), None)
    return user
