"""The kinds of connections that the schemes of listeners make."""

from collections.abc import Callable
from typing import NamedTuple

from hubbub.net.connection import Connection, Remote
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door


class Kind(NamedTuple):
    """`connect` makes a connection, `refuse` puts into words why somebody gets none."""

    connect: Callable[[Crowd, Door, Remote | None], Connection]
    refuse: Callable[[str], bytes]


def kind_of(door: Door) -> Kind:
    """WebSocket is loaded where it is wanted: its parser takes as long to load as the half of the house."""
    if door.endpoint.web:
        from hubbub.net.websocket import WebSocket, unavailable

        return Kind(WebSocket, unavailable)
    return Kind(Connection, door.refuse)
