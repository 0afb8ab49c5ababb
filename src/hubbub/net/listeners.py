"""The listeners of a server, and everyone who came in by them."""

import asyncio
import socket
import time
from collections.abc import Callable
from typing import Final

from hubbub.config.endpoint import Endpoint
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door, Terms
from hubbub.net.inheritance import Inheritance
from hubbub.net.limits import Gate
from hubbub.net.schemes import kind_of
from hubbub.net.sockets import BACKLOG, bound, inode_of, keep_alive, let_go, open_sockets
from hubbub.net.vestibule import Vestibule

__all__ = ["Door", "Listeners", "Terms"]

_Entrance = asyncio.Server | Vestibule


class Listeners:
    """Opens doors, and ends all that came of them. One per server, within one event loop."""

    def __init__(
        self,
        terms: Terms | None = None,
        gate: Gate | None = None,
        clock: Callable[[], float] = time.monotonic,
        inherited: Inheritance | None = None,
    ) -> None:
        self.crowd: Final = Crowd(terms or Terms(), gate or Gate(), clock)
        self._inherited = inherited or Inheritance()
        self._entrances: list[_Entrance] = []
        self._sockets: list[socket.socket] = []
        self._files: list[tuple[Endpoint, int]] = []

    async def open(self, door: Door) -> list[Endpoint]:
        """Listen; answers where, with the ports that the system chose. Raises `sockets.CannotListen`."""
        ours = not self._inherited.offers(socket.AF_UNIX, door.endpoint.path)
        listeners = open_sockets(door.endpoint, self._inherited)
        endpoints = [bound(door.endpoint, listener) for listener in listeners]
        if door.endpoint.path and ours:
            self._files.append((door.endpoint, inode_of(door.endpoint)))
        for listener in listeners:
            if door.endpoint.leads_to_a_room:
                keep_alive(listener)
            self._entrances.append(await self._entrance(listener, door))
        self._sockets += listeners
        self.crowd.watch()
        return endpoints

    def adopt(self, terms: Terms, gate: Gate) -> None:
        """New terms, for a reload: the limits of `gate` from here on, `sendq_bytes` for who comes next."""
        self.crowd.terms = terms
        self.crowd.gate.adopt(gate)

    def heirlooms(self) -> list[socket.socket]:
        """The listening sockets, for a successor: they stay when we shut, and so do the files of unix sockets."""
        self._files.clear()
        return [listener.dup() for listener in self._sockets]

    def shut(self) -> None:
        """Accept nobody more. Who is inside stays."""
        self.crowd.leaving = True
        for entrance in self._entrances:
            entrance.close()
        for endpoint, inode in self._files:
            let_go(endpoint, inode)
        self._files.clear()

    async def close(self, reason: str, seconds: float = 5.0) -> None:
        """Shut, and close every connection: who has not taken its last words in after `seconds` is cut off."""
        self.shut()
        for entrance in self._entrances:
            if isinstance(entrance, Vestibule):
                await entrance.wait_closed()
        self._entrances.clear()
        await self.crowd.end(reason, seconds)

    async def _entrance(self, listener: socket.socket, door: Door) -> _Entrance:
        if door.proxy or door.certificates is not None:
            return Vestibule(listener, door, self.crowd)
        # The loop accepts in C: 15 us a connection where a Python accept takes 21.
        loop = asyncio.get_running_loop()
        create = loop.create_unix_server if door.endpoint.path else loop.create_server
        connect = kind_of(door).connect
        return await create(lambda: connect(self.crowd, door, None), sock=listener, backlog=BACKLOG)
