"""The kinds of connections that the schemes of listeners make."""

from collections.abc import Callable
from typing import NamedTuple

from hubbub.net.connection import Connection, Remote
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.unavailable import unavailable


class Kind(NamedTuple):
    """`connect` makes a connection, `refuse` puts into words why somebody gets none."""

    connect: Callable[[Crowd, Door, Remote | None], Connection]
    refuse: Callable[[str], bytes]


def kind_of(door: Door) -> Kind:
    """WebSocket and HTTP are loaded where they are wanted: a parser takes as long to load as the half of the house."""
    if door.endpoint.web:
        from hubbub.net.websocket import WebSocket

        return Kind(WebSocket, unavailable)
    if door.endpoint.shares_files:
        from hubbub.net.http import Http

        return Kind(Http, unavailable)
    return Kind(Connection, door.refuse)
