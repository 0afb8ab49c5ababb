"""Coming into a room, and what follows where that made one."""

from __future__ import annotations

from hubbub.hub.events import Entry, Joined
from hubbub.hub.user import User
from hubbub.server.origin import Origin
from hubbub.server.server import Server


async def enter(server: Server, user: User, event: Joined, origin: Origin) -> Entry:
    """Who made the room has it, where the house is set so, before anybody else is in it. Raises `Refused`."""
    entry = await server.commit(event, origin)
    founding = server.hub.founding(user, event.channel) if event.status else None
    if founding is not None:
        server.submit(founding, None)
    return entry
