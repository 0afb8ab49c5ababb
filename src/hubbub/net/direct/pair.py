"""One or two ways to the same end, as one link: what is written takes a way that stands, what comes may take any.

A way that is silent for too long is cut, also if the network says nothing: each end sends an empty line in between.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final, Protocol

from hubbub.net.direct.handshake import Met
from hubbub.net.direct.link import StreamLink
from hubbub.net.direct.stream import Stream

BEAT_S: Final = 4.0
"""Between two signs of life on each way."""

SILENCE_S: Final = 12.0
"""After which a way is cut: two signs of life may be lost."""

UNSENT_MAX: Final = 1024 * 1024
"""Bytes that may wait for a reader who does not read; what they miss is in our log."""

_LEAVE_S: Final = 1.0
"""How far apart the ends of two ways can be of somebody who leaves."""

_WAITING_MAX: Final = 16 * 1024
"""Bytes that are read from somebody whom we have not accepted yet: then we stop to read."""


class Peer(Protocol):
    """Whoever hears what comes."""

    def receive(self, data: bytes) -> None:
        """Whole lines."""

    def shaken(self) -> None:
        """One of two ways broke: what was on it may be lost."""

    def lost(self, reason: str) -> None:
        """None is left; called once, and nothing after it."""


class Pair(StreamLink):
    """Keeps `Link` for a session. `run` is its one task; until `begin`, what comes waits."""

    def __init__(self, met: Met) -> None:
        super().__init__(met.ways[0], met.port, secure=True, fingerprint=met.fingerprint)
        self.met = met
        self.changed: Callable[[str], None] = lambda words: None
        """Told in words when one of two ways is gone."""
        self._ways = list(met.ways)
        self._peer: Peer | None = None
        self._early: list[bytes] = []
        self._reason = ""

    @property
    def stands(self) -> bool:
        return bool(self._ways) and not self._reason

    def begin(self, peer: Peer) -> None:
        """From now on `peer` hears what comes, and first what has come."""
        self._peer = peer
        early, self._early = self._early, []
        self.readable.set()
        for data in early:
            peer.receive(data)

    # What a session asks

    def write(self, data: bytes) -> None:
        if not self.stands:
            return
        way = self._ways[0]
        way.writer.write(data)
        if way.writer.transport.get_write_buffer_size() > UNSENT_MAX:
            self._cut(way, "it stopped reading")

    def close(self, reason: str) -> None:
        self._reason = self._reason or reason
        self.readable.set()  # to see the end
        for way in self._ways:
            way.close()

    # Its task

    async def run(self) -> None:
        """Hear all ways until none is left."""
        beating = asyncio.ensure_future(self._beat())
        try:
            await asyncio.gather(*(self._hear(way) for way in self.met.ways))
        finally:
            beating.cancel()
            for way in self.met.ways:
                way.abort()
            if self._peer is not None:
                self._peer.lost(self._reason or "the connection is gone")

    async def _hear(self, way: Stream) -> None:
        why = "it broke"
        try:
            while data := await self._read(way):
                self._take(data)
            why = "the other end closed it"
        except TimeoutError:
            why = f"nothing was heard on it for {SILENCE_S:g} s"
        except asyncio.LimitOverrunError:
            why = "it brought a line without an end"
        except OSError as error:
            why = error.strerror or why
        self._cut(way, why)

    async def _read(self, way: Stream) -> bytes:
        """The next line; b"" at the end. What is cut off in the middle of a line was not said."""
        await self.readable.wait()
        if self._reason:
            return b""
        async with asyncio.timeout(SILENCE_S):
            try:
                return await way.reader.readuntil(b"\n")
            except asyncio.IncompleteReadError:
                return b""

    def _take(self, data: bytes) -> None:
        if data == b"\n":
            return
        if self._peer is not None:
            self._peer.receive(data)
            return
        self._early.append(data)
        if sum(map(len, self._early)) > _WAITING_MAX:
            self.readable.clear()

    def _cut(self, way: Stream, why: str) -> None:
        if way not in self._ways:
            return
        self._ways.remove(way)
        way.abort()
        if not self._ways:
            self._reason = self._reason or f"the connection is gone: {why}"
            return
        direction = "to" if way is self.met.ways[0] else "from"
        words = f"the way {direction} {self.met.name} is cut ({why}); going on over the other one"
        asyncio.get_running_loop().call_later(_LEAVE_S, self._tell, words)
        if self._peer is not None:
            self._peer.shaken()

    def _tell(self, words: str) -> None:
        """Who leaves cuts both ways, one after the other."""
        if self.stands:
            self.changed(words)

    async def _beat(self) -> None:
        while True:
            await asyncio.sleep(BEAT_S)
            for way in self._ways:
                way.writer.write(b"\n")
