"""Listening sockets that outlive a process: taken from who started us, and handed on to who comes after us.

Whoever connects meanwhile waits in the kernel's queue and is not refused. The form is that of
https://www.freedesktop.org/software/systemd/man/latest/sd_listen_fds.html, so a service manager may start it, too.
"""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping, Sequence
from typing import Any, Final, NoReturn

FIRST: Final = 3
"""The descriptor that they begin at."""


class Inheritance:
    """What was handed to us, each to be claimed once by where it stands."""

    def __init__(self, listeners: Sequence[socket.socket] = ()) -> None:
        self._unclaimed: dict[Any, socket.socket] = {_place(one): one for one in listeners}

    def claim(self, family: int, address: object) -> socket.socket | None:
        """The one that listens there already: a TCP address as `getaddrinfo` has it, or the path of a unix socket."""
        return self._unclaimed.pop((family, address), None)

    def offers(self, family: int, address: object) -> bool:
        return (family, address) in self._unclaimed

    def forsake(self) -> list[str]:
        """Close those that nobody has claimed; where they stood."""
        left = [str(address) for _, address in self._unclaimed]
        for listener in self._unclaimed.values():
            listener.close()
        self._unclaimed.clear()
        return left


def received(environment: MutableMapping[str, str] = os.environ) -> list[socket.socket]:
    """The listening sockets that are meant for this process; to be asked once, since children must not take them."""
    meant = environment.pop("LISTEN_PID", "") == str(os.getpid())
    count = int(environment.pop("LISTEN_FDS", "0"))
    environment.pop("LISTEN_FDNAMES", None)
    if not meant:
        return []
    found = [socket.socket(fileno=descriptor) for descriptor in range(FIRST, FIRST + count)]
    for one in found:
        one.set_inheritable(False)
        one.setblocking(False)
    return [one for one in found if one.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN)]


def hand_on(listeners: Sequence[socket.socket], command: Sequence[str]) -> NoReturn:
    """Become `command`, which receives them. The process stays, and with it who watches over it; all else is closed."""
    import fcntl

    end = FIRST + len(listeners)
    apart = [fcntl.fcntl(one, fcntl.F_DUPFD_CLOEXEC, end) for one in listeners]  # or one would be put upon another
    for number, descriptor in enumerate(apart):
        os.dup2(descriptor, FIRST + number)
    os.environ.update(LISTEN_PID=str(os.getpid()), LISTEN_FDS=str(len(listeners)))
    os.execv(command[0], [*command])  # noqa: S606 - no shell is wanted


def _place(listener: socket.socket) -> tuple[int, Any]:
    return listener.family, listener.getsockname()
