"""The one path of everything that happens: decide -> append -> apply -> deliver."""

from hubbub.hub.ports import Link
from hubbub.server.origin import Origin
from hubbub.server.server import Server
from hubbub.server.session import Session

__all__ = ["Link", "Origin", "Server", "Session"]
