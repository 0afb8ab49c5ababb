"""The first tutorial's handshake: numbers of ports in plain text, and a connection in each direction.

A caller reads a port from the main listener, which then hangs up; connects there, and sends a port of its own; is
connected back to there. No encryption, no names, no framing. docs/direct.md
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Protocol

from hubbub import logs
from hubbub.config.endpoint import Endpoint
from hubbub.net.direct.doors import OPEN_S, Door, reach
from hubbub.net.direct.link import StreamLink
from hubbub.net.direct.meeting import CALLERS_MAX, REACH_S
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.sockets import CannotListen, open_sockets

_LOG: Final = logs.logger("direct")

_READ_MAX: Final = 4096
_UNSENT_MAX: Final = 256 * 1024
"""Bytes that may wait for a reader who does not read."""

_PORT: Final = re.compile(rb"\s*(\d{1,5})\s*")

FRIENDS_MAX: Final = 16
"""In contact at a time: nobody here shows who they are, so it is the number that bounds them."""


class Peer(Protocol):
    def receive(self, data: bytes) -> None: ...
    def lost(self, reason: str) -> None: ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where we listen and call from."""

    host: str
    port: int

    @property
    def source(self) -> tuple[str, int] | None:
        return None if self.host in {"0.0.0.0", "::"} else (self.host, 0)  # noqa: S104 - compared, not bound


class TwoPlain(StreamLink):
    """Keeps `Link`: what is written goes the first way, what comes may come on any. `oneway` says why there is one."""

    def __init__(self, ways: list[Stream], oneway: str = "") -> None:
        super().__init__(ways[0], 0, secure=False, fingerprint="")
        self.ways, self.oneway = ways, oneway
        self._reason = ""

    def write(self, data: bytes) -> None:
        if self.ways[0].writer.transport.get_write_buffer_size() > _UNSENT_MAX:
            self.close("it stopped reading")
        elif not self._reason:
            self.ways[0].writer.write(data)

    def close(self, reason: str) -> None:
        self._reason = self._reason or reason
        for way in self.ways:
            way.close()

    async def run(self, peer: Peer) -> None:
        """Hear both until one ends: the tutorial's programs close both or die."""
        hearing = [asyncio.ensure_future(self._hear(way, peer)) for way in self.ways]
        try:
            await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)
            self.close("hung up")
            peer.lost(self._reason)

    async def _hear(self, way: Stream, peer: Peer) -> None:
        try:
            while data := await way.reader.read(_READ_MAX):
                peer.receive(data)
                await self.readable.wait()
        except OSError:
            return


class ClassicListener:
    """Greets callers; `welcome` is told when contact stands."""

    def __init__(self, place: Place, welcome: Callable[[TwoPlain], None]) -> None:
        """Raises `CannotListen`."""
        self._welcome = welcome
        self._listener = open_sockets(Endpoint("direct", place.host, place.port))[0]
        self.place = Place(place.host, self._listener.getsockname()[1])
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._greet, sock=self._listener)

    async def close(self) -> None:
        if self._server is not None:
            self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("peername") is None or len(self._calls) >= CALLERS_MAX:
            writer.transport.abort()
            return
        task = asyncio.get_running_loop().create_task(self._take(Stream(reader, writer)))
        self._calls.add(task)
        task.add_done_callback(self._calls.discard)

    async def _take(self, main: Stream) -> None:
        try:
            async with Door(self.place.host, main.address, None) as door:
                main.writer.write(b"%d\n" % door.port)
                main.close()
                own = await door.visitor()
            self._welcome(await self._connect_back(own))
        except (NoContact, CannotListen) as error:
            _LOG.info("no contact", address=main.address, why=str(error))

    async def _connect_back(self, own: Stream) -> TwoPlain:
        try:
            port = await _port(own)
            back = await reach(own.address, port, None, self.place.source, REACH_S)
        except NoContact as error:
            return TwoPlain([own], str(error))
        return TwoPlain([back, own])


async def call(host: str, port: int, place: Place) -> TwoPlain:
    """Call as the tutorial's user does. Raises `NoContact`."""
    main = await reach(host, port, None, place.source, REACH_S)
    try:
        their = await _port(main)
    finally:
        main.close()
    async with Door(place.host, main.address, None) as door:
        own = await reach(main.address, their, None, place.source, REACH_S)
        own.writer.write(b"%d\n" % door.port)
        try:
            back = await door.visitor(REACH_S)
        except NoContact as error:
            return TwoPlain([own], str(error))
    return TwoPlain([own, back])


async def _port(stream: Stream) -> int:
    """A number of a port: a line, or what one read brings. Raises `NoContact`."""
    try:
        async with asyncio.timeout(OPEN_S):
            data = await stream.reader.read(16)
    except TimeoutError:
        raise NoContact(f"{stream.name} named no port within {OPEN_S:g} s") from None
    except OSError as error:
        raise NoContact(f"the connection to {stream.name} broke ({error.strerror or error})") from None
    found = _PORT.match(data)
    if found is None or not 0 < int(found[1]) < 65536:
        raise NoContact(f"{stream.name}: expected the number of a port, got {data[:16]!r}")
    return int(found[1])
