"""Listening sockets, TCP and unix; where one cannot be had, a sentence says why and what to do."""

import errno
import os
import socket
import stat
from contextlib import suppress
from pathlib import Path
from typing import Final

from msgspec.structs import replace

from hubbub.config.endpoint import Endpoint
from hubbub.net.inheritance import Inheritance

BACKLOG: Final = 4096
"""Connections that may wait to be accepted: after a restart everyone comes back within the same second."""

_KEEP_ALIVE: Final = {"TCP_KEEPIDLE": 90, "TCP_KEEPINTVL": 15, "TCP_KEEPCNT": 4}
"""Seconds of silence before the kernel asks, between its questions, and how many of them may stay without an answer."""

_REASONS: Final = {
    errno.EADDRINUSE: "the port is taken, maybe by another hubbub; stop that program, or choose another port",
    errno.EACCES: "this user may not use it; choose a port above 1023",
    errno.EADDRNOTAVAIL: "this machine has no such address; choose one of its own, or 0.0.0.0 for all",
    errno.EAFNOSUPPORT: "this machine has no IPv6; choose an IPv4 address",
}


class CannotListen(Exception):
    """A listener that cannot be opened. The text names its URL and says what to do."""

    def __init__(self, endpoint: Endpoint, why: str) -> None:
        super().__init__(f"cannot listen on {endpoint.url}: {why}")


def open_sockets(endpoint: Endpoint, inherited: Inheritance | None = None) -> list[socket.socket]:
    """Bound and listening, non-blocking; several where a name has several addresses. Raises CannotListen.

    Those that were `inherited` are taken where they fit; with port 0, there is no telling.
    """
    inherited = inherited or Inheritance()
    if endpoint.path:
        return [inherited.claim(socket.AF_UNIX, endpoint.path) or _unix(endpoint)]
    opened: list[socket.socket] = []
    try:
        for family, address in _addresses(endpoint):
            opened.append(inherited.claim(family, address) or _tcp(family, address))
    except OSError as error:
        for listener in opened:
            listener.close()
        why = _REASONS.get(error.errno or 0) or error.strerror or str(error)
        raise CannotListen(endpoint, why) from None
    return opened


def try_out(endpoint: Endpoint) -> None:
    """Listen for a moment, where that leaves nothing behind. Raises CannotListen."""
    if not endpoint.path:
        for listener in open_sockets(endpoint):
            listener.close()


def keep_alive(listener: socket.socket) -> None:
    """Let the kernel find out who has vanished, of those that cannot be asked: what is accepted inherits this."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEP_ALIVE.items():
        if hasattr(socket, name):  # not on every system; those have times of their own
            listener.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)


def bound(endpoint: Endpoint, listener: socket.socket) -> Endpoint:
    """The endpoint as it turned out: with the port that the system chose."""
    if endpoint.path:
        return endpoint
    host, port = listener.getsockname()[:2]
    return replace(endpoint, host=host, port=port)


def let_go(endpoint: Endpoint, inode: int) -> None:
    """Remove a unix socket's file, unless somebody else has put another there."""
    with suppress(OSError):
        if endpoint.path and Path(endpoint.path).stat().st_ino == inode:
            Path(endpoint.path).unlink()


def inode_of(endpoint: Endpoint) -> int:
    return Path(endpoint.path).stat().st_ino if endpoint.path else 0


def _addresses(endpoint: Endpoint) -> list[tuple[int, tuple[object, ...]]]:
    try:
        found = socket.getaddrinfo(endpoint.host, endpoint.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    except (socket.gaierror, UnicodeError):  # the latter where it cannot be a name at all
        raise CannotListen(endpoint, f"no address is known for '{endpoint.host}'; choose an address") from None
    return list(dict.fromkeys((family, address) for family, _, _, _, address in found))


def _tcp(family: int, address: tuple[object, ...]) -> socket.socket:
    # asyncio sets TCP_NODELAY on what is accepted only where the protocol is said, and not left at 0.
    listener = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        # A restart must not wait for the old connections' TIME-WAIT; on Windows the option would mean stealing.
        if os.name == "posix":
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        if family == socket.AF_INET6:
            # So that 0.0.0.0 and [::] can stand side by side, and no IPv4 address comes dressed as IPv6.
            listener.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 1)
        listener.bind(address)
        return _listening(listener)
    except OSError:
        listener.close()
        raise


def _unix(endpoint: Endpoint) -> socket.socket:
    _clear(endpoint)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)  # the file is 0660 from its first moment
    try:
        listener.bind(endpoint.path)
        return _listening(listener)
    except OSError as error:
        listener.close()
        raise CannotListen(endpoint, f"{error.strerror or error}; choose another path") from None
    finally:
        os.umask(before)


def _listening(listener: socket.socket) -> socket.socket:
    listener.listen(BACKLOG)
    listener.setblocking(False)
    return listener


def _clear(endpoint: Endpoint) -> None:
    """Remove what a crashed server left; nothing that is alive, or no socket at all."""
    file = Path(endpoint.path)
    with suppress(FileNotFoundError):
        if not stat.S_ISSOCK(file.stat().st_mode):
            raise CannotListen(endpoint, "a file that is no socket stands there; choose another path")
        if _answers(endpoint.path):
            raise CannotListen(endpoint, "another server answers there; stop it, or choose another path")
        file.unlink()


def _answers(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.setblocking(False)
        try:
            probe.connect(path)
        except BlockingIOError:
            return True  # so busy that its backlog is full
        except OSError:
            return False
    return True
