"""The one path of everything that happens: decide -> append -> apply -> deliver."""

from hubbub.server.origin import Origin
from hubbub.server.server import Server
from hubbub.server.session import Link, Session

__all__ = ["Link", "Origin", "Server", "Session"]
