"""One payload to many connections: a loop in C over their sockets, which is half of what makes delivery fast.

A transport's `write` costs 1 to 2.5 us more than the system call itself. So what is to be written is offered to the
kernel directly, and the transport gets what the kernel did not take: it waits, counts, and finds out what is wrong
with a broken connection.
"""

from collections.abc import Collection, Sequence
from itertools import repeat
from socket import SocketType

from hubbub.net.connection import Connection, detours


class Way:
    """The way to some connections. Who keeps it spares looking at each of them for each payload: where they do not fit
    into the processor's cache beside the kernel, that is 0.3 us for each."""

    __slots__ = ("_indirect", "_links", "_seen", "_sockets")

    def __init__(self, links: Sequence[Connection]) -> None:
        self._links = links
        self._explore()

    def write(self, data: bytes, without: Collection[Connection] = ()) -> None:
        """Write `data` to all of them but those, as `Connection.write` would to each."""
        if self._seen != detours.count:
            self._explore()
        for link in self._indirect:
            if link not in without:
                link.write(data)
        excepted = {link.direct for link in without}
        for kind, sockets in self._sockets.items():
            self._offer(data, kind, [s for s in sockets if s not in excepted] if excepted else sockets)

    def _explore(self) -> None:
        self._seen = detours.count
        self._indirect = [link for link in self._links if link.direct is None]
        self._sockets: dict[type[SocketType], list[SocketType]] = {}
        for link in self._links:
            if link.direct is not None:
                self._sockets.setdefault(type(link.direct), []).append(link.direct)

    def _offer(self, data: bytes, kind: type[SocketType], sockets: list[SocketType]) -> None:
        """To sockets of one kind: plain ones, or those of TLS, whose `send` encrypts."""
        ahead, written = iter(sockets), list[int]()
        while len(written) < len(sockets):
            try:
                written.extend(map(kind.send, ahead, repeat(data)))
            except OSError:  # would block, or is broken: its transport takes it from here
                written.append(0)
        if written.count(len(data)) < len(written):
            self._follow_up(data, dict(zip(sockets, written, strict=True)))

    def _follow_up(self, data: bytes, written: dict[SocketType, int]) -> None:
        for link in self._links:
            taken = written.get(link.direct, len(data)) if link.direct is not None else len(data)
            if taken < len(data):
                link.follow_up(data[taken:])
