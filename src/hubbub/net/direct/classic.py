"""The first tutorial's handshake: numbers of ports in plain text, and a connection in each direction.

A caller reads a port from the main listener, which then hangs up; connects there, and sends a port of its own; is
connected back to there. No encryption, no names, no framing. docs/direct.md
"""

from __future__ import annotations

import asyncio
import re
from dataclasses import dataclass
from typing import Final, Protocol

from hubbub import logs
from hubbub.net.connection import SENDQ_EXCEEDED
from hubbub.net.direct.doors import OPEN_S, Door, reach
from hubbub.net.direct.link import StreamLink
from hubbub.net.direct.meeting import REACH_S
from hubbub.net.direct.stream import NoContact, Stream

_LOG: Final = logs.logger("direct")

_READ_MAX: Final = 4096
_UNSENT_MAX: Final = 256 * 1024
"""Bytes that may wait for a reader who does not read, where a server does not say otherwise."""

_LINGER_S: Final = 5.0
"""What a closed connection has to take its last words in."""

_PORT: Final = re.compile(rb"\s*(\d{1,5})(?!\d)\s*")

_PORT_MIN: Final = 1024
"""Systems give programs none below it: behind those stand services, to which nobody is to be heard through us."""

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
    """Keeps `Link`: what is written goes the first way, what comes may come on any.

    `oneway` says why there is one; `early` is what came behind the number of a port, which was no more of it.
    """

    def __init__(self, ways: list[Stream], oneway: str = "", early: bytes = b"") -> None:
        super().__init__(ways[0], 0, secure=False, fingerprint="")
        self.ways, self.oneway = ways, oneway
        self.sendq_bytes = _UNSENT_MAX
        self._early, self._reason = early, ""

    def confirm(self, name: str) -> None:
        """The message by which the other end sees that it stands."""
        self.write(f"{name}: connection established\n".encode())

    def write(self, data: bytes) -> None:
        if self._reason:
            return
        self.ways[0].writer.write(data)
        if self.ways[0].writer.transport.get_write_buffer_size() > self.sendq_bytes:
            self._reason = SENDQ_EXCEEDED
            self._abort()

    def close(self, reason: str) -> None:
        self._reason = self._reason or reason
        self.readable.set()  # to see the end
        for way in self.ways:
            way.close()
        asyncio.get_running_loop().call_later(_LINGER_S, self._abort)

    async def run(self, peer: Peer) -> None:
        """Hear both until one ends: the tutorial's programs close both or die."""
        if self._early:
            peer.receive(self._early)
        hearing = [asyncio.ensure_future(self._hear(way, peer)) for way in self.ways]
        try:
            await asyncio.wait(hearing, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in hearing:
                task.cancel()
            await asyncio.gather(*hearing, return_exceptions=True)
            self.close("Connection closed")
            peer.lost(self._reason)

    async def _hear(self, way: Stream, peer: Peer) -> None:
        try:
            while data := await way.reader.read(_READ_MAX):
                peer.receive(data)
                await self.readable.wait()
        except OSError:
            return
        except Exception:
            _LOG.exception("fault", address=self.address)

    def _abort(self) -> None:
        self.readable.set()
        for way in self.ways:
            way.abort()


def turn_away(caller: Stream, why: str) -> None:
    """In words for people: their programs expect a number, and end."""
    caller.writer.write(f"{why}\n".encode())


async def answer(main: Stream, place: Place) -> TwoPlain:
    """Take a caller of our main listener. Raises `NoContact`, `CannotListen`."""
    async with Door(place.host, main.address, None) as door:
        main.writer.write(b"%d\n" % door.port)
        main.close()
        own = await door.visitor()
    try:
        return await _connect_back(own, await _first(own), place)
    except BaseException as error:
        if isinstance(error, NoContact):
            turn_away(own, str(error))
        own.close()
        raise


async def _connect_back(own: Stream, said: bytes, place: Place) -> TwoPlain:
    """The way on which we speak; where there is none, the caller's has to do for both."""
    try:
        port, said = _port(own, said)
        back = await reach(own.address, port, None, place.source, REACH_S)
    except NoContact as error:
        return TwoPlain([own], str(error), said)
    return TwoPlain([back, own], early=said)


async def call(host: str, port: int, place: Place) -> TwoPlain:
    """Call as the tutorial's user does. Raises `NoContact`."""
    main = await reach(host, port, None, place.source, REACH_S)
    try:
        their, _ = _port(main, await _first(main))
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


async def _first(stream: Stream) -> bytes:
    """What one read brings. Raises `NoContact`."""
    try:
        async with asyncio.timeout(OPEN_S):
            data = await stream.reader.read(_READ_MAX)
    except TimeoutError:
        raise NoContact(f"{stream.name} named no port within {OPEN_S:g} s") from None
    except OSError as error:
        raise NoContact(f"the connection to {stream.name} broke ({error.strerror or error})") from None
    if not data:
        raise NoContact(f"{stream.name} hung up")
    return data


def _port(stream: Stream, data: bytes) -> tuple[int, bytes]:
    """The number of a port, and what stands behind it. Raises `NoContact`."""
    found = _PORT.match(data)
    if found is None or not _PORT_MIN <= int(found[1]) < 65536:
        raise NoContact(f"{stream.name}: expected the number of a port above {_PORT_MIN - 1}, got {data[:16]!r}")
    return int(found[1]), data[found.end() :]
