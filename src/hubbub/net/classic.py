"""classic://: the first tutorial's programs come in by its handshake, and stand in a room of the server's.

What happens between the main listener and contact is `hubbub.net.direct.classic`'s. docs/doors.md
"""

from __future__ import annotations

import asyncio
import socket
from functools import partial

from hubbub.config.endpoint import Endpoint
from hubbub.net.crowd import Crowd
from hubbub.net.direct.classic import Place, TwoPlain, answer, turn_away
from hubbub.net.direct.greeter import Greeter
from hubbub.net.direct.stream import Stream
from hubbub.net.inheritance import Inheritance
from hubbub.net.ports import Accept
from hubbub.net.sockets import bound, open_sockets


class Classics:
    """The listeners, and everyone who came in by them. One per server, within one event loop.

    `name` is what callers are told once they stand in contact.
    """

    def __init__(self, crowd: Crowd, name: str, inherited: Inheritance | None = None) -> None:
        self._crowd, self._name, self._inherited = crowd, name, inherited
        self._sockets: list[socket.socket] = []
        self._greeters: list[Greeter] = []
        self._talks: set[asyncio.Task[None]] = set()

    async def open(self, endpoint: Endpoint, accept: Accept) -> list[Endpoint]:
        """Listen; answers where, with the ports that the system chose. Raises `sockets.CannotListen`."""
        found = []
        for listener in open_sockets(endpoint, self._inherited):
            self._sockets.append(listener)
            found.append(bound(endpoint, listener))
            place = Place(found[-1].host, found[-1].port)
            self._greeters.append(Greeter(listener, partial(self._take, accept, place), turn_away))
            await self._greeters[-1].open()
        return found

    def heirlooms(self) -> list[socket.socket]:
        """The listening sockets, for a successor: they stay when we shut."""
        return [listener.dup() for listener in self._sockets]

    async def shut(self) -> None:
        """Greet nobody more. Who is in contact stays so."""
        for greeter in self._greeters:
            await greeter.close()

    async def close(self, seconds: float) -> None:
        """Wait until everybody has taken their last words in; who still is there after `seconds` is cut off."""
        if self._talks:
            await asyncio.wait(self._talks, timeout=seconds)
        for talk in self._talks:
            talk.cancel()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _take(self, accept: Accept, place: Place, caller: Stream) -> None:
        gate = self._crowd.gate
        refusal = gate.enter(caller.address)
        if refusal:
            turn_away(caller, refusal)
            caller.close()
            return
        try:
            two = await answer(caller, place)
        except BaseException:
            gate.leave(caller.address)
            raise
        two.sendq_bytes = self._crowd.terms.sendq_bytes
        talk = asyncio.get_running_loop().create_task(self._talk(accept, two))
        self._talks.add(talk)
        talk.add_done_callback(self._talks.discard)

    async def _talk(self, accept: Accept, two: TwoPlain) -> None:
        self._crowd.elsewhere["classic"] += 1
        try:
            two.confirm(self._name)
            await two.run(accept(two))
        finally:
            self._crowd.elsewhere["classic"] -= 1
            self._crowd.gate.leave(two.address)
