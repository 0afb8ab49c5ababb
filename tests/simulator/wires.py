"""Wires: two transports back to back, with delays, bytes cut anywhere, readers that stall, breaks and silence.

They keep what asyncio promises of transports, in the order it promises: bytes stay in order, `connection_lost` comes
once and last, a full buffer pauses its writer. https://docs.python.org/3/library/asyncio-protocol.html
"""

from __future__ import annotations

import asyncio
from functools import partial
from random import Random
from typing import Any, Final

from tests.simulator.loop import VirtualLoop

KERNEL: Final = 16 * 1024
"""Bytes that systems take from a writer before its reader has them."""


class _Vouched:
    """What a transport shows of TLS."""

    def getpeercert(self, binary_form: bool) -> None:
        return None


class End(asyncio.Transport):
    """One end. `heard` is all that came out of it, `written` all that went in.

    It is `silent` where nothing comes through any more, and `stalled` while nobody reads.
    """

    peer: End

    def __init__(self, loop: VirtualLoop, name: str, random: Random, remote: tuple[str, int]) -> None:
        super().__init__()
        self.name, self.heard, self.written, self.stalled = name, bytearray(), bytearray(), False
        self._loop, self._random, self._remote = loop, random, remote
        self._protocol: asyncio.BaseProtocol | None = None
        self._waiting, self._line = bytearray(), bytearray()  # with us, and under way to the peer
        self._limit = 64 * 1024
        self._full = self._paused = self._ending = self._ended = self._finished = self._moving = False
        self.silent = self._past_end = False

    # What happens to a wire.

    def break_off(self) -> None:
        """The connection is reset: both ends learn of it, each in its time, and what was under way is gone."""
        for end in (self, self.peer):
            end._line.clear()
            end.silent = True
            self._loop.arrive(end._pause(), partial(end._lose, ConnectionResetError(104, "reset by peer")))

    def fall_silent(self) -> None:
        """Nothing comes through any more, and nobody is told."""
        self.silent = self.peer.silent = True

    def stall(self, stalled: bool) -> None:
        """Whoever is at this end stops reading, or goes on."""
        self.stalled = stalled
        self.peer._move()

    # What asyncio asks of a transport.

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        return {"peername": self._remote, "ssl_object": _Vouched()}.get(name, default)

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol

    def get_protocol(self) -> asyncio.BaseProtocol:
        assert self._protocol is not None
        return self._protocol

    def is_closing(self) -> bool:
        return self._ending

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        self._limit = high if high is not None else self._limit

    def get_write_buffer_size(self) -> int:
        return len(self._waiting)

    def pause_reading(self) -> None:
        self._paused = True

    def resume_reading(self) -> None:
        self._paused = False
        self.peer._move()

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if not self._ending and not self._finished:
            self._waiting += data
            self.written += data
            self._move()
            self._press()

    def can_write_eof(self) -> bool:
        return True

    def write_eof(self) -> None:
        self._finished = True
        self._move()

    def close(self) -> None:
        if not self._ending:
            self._ending = self._finished = True
            self._move()

    def abort(self) -> None:
        if not self._ended:
            self._waiting.clear()
            self._ending = True
            self._loop.call_soon(self._lose, None)
            if self._random.random() < 0.5:
                self._line.clear()
            self._reset_peer()

    # How bytes move.

    def _pause(self) -> float:
        """Mostly a few ms, so that much falls into the same turn; at times far longer."""
        return self._random.choice((0.0, 0.001, 0.001, 0.002, 0.005, 0.02, 0.3))

    def _move(self) -> None:
        """What waits goes under way as far as there is room, and the next piece of that will arrive."""
        room = KERNEL - len(self._line)
        self._line += self._waiting[:room]
        del self._waiting[:room]
        self._press()
        if self._ending and not self._waiting:
            self._loop.call_soon(self._lose, None)
        if not self._moving and not self.silent and (self._line or self._finished) and self.peer._reads:
            self._moving = True
            self._loop.arrive(self._pause(), self._arrive)

    def _arrive(self) -> None:
        self._moving = False
        if self.silent or not self.peer._reads:
            return
        size = len(self._line)
        if size > 1 and self._random.random() < 0.2:
            size = self._random.randrange(1, size)
        piece = bytes(self._line[:size])
        del self._line[:size]
        if piece:
            self.peer._hear(piece)
            self._move()
        elif self._finished and not self._waiting:
            self.peer._hear_end()

    @property
    def _reads(self) -> bool:
        return not (self.stalled or self._paused or self._ended)

    def _hear(self, data: bytes) -> None:
        if self._ending:  # nobody reads here any more: whoever writes is told
            self._reset_peer()
            return
        self.heard += data
        self._loop.note(self.name, data)
        assert isinstance(self._protocol, asyncio.Protocol)
        self._protocol.data_received(data)

    def _hear_end(self) -> None:
        if self._ending or self._past_end:
            return
        self._past_end = True
        self._loop.note(self.name, "end of input")
        assert isinstance(self._protocol, asyncio.Protocol)
        if not self._protocol.eof_received():
            self.close()

    def _reset_peer(self) -> None:
        if not self.silent:
            self._loop.arrive(self._pause(), lambda: self.peer._lose(ConnectionResetError(104, "reset by peer")))

    def _press(self) -> None:
        """Tell the writer when too much waits, and when it does no longer."""
        full = len(self._waiting) > self._limit
        if full != self._full and not self._ended and self._protocol is not None:
            self._full = full
            (self._protocol.pause_writing if full else self._protocol.resume_writing)()

    def _lose(self, error: Exception | None) -> None:
        if not self._ended:
            self._ended = self._ending = True
            self._waiting.clear()
            self._loop.note(self.name, f"lost: {error}")
            assert self._protocol is not None
            self._protocol.connection_lost(error)


class Silence(asyncio.Protocol):
    """Sits at an end whose process has died."""


def wire(
    loop: VirtualLoop, name: str, random: Random, client: asyncio.BaseProtocol, server: asyncio.BaseProtocol, port: int
) -> tuple[End, End]:
    """The client's end and the server's, both connected now."""
    here = End(loop, name, random, ("192.0.2.1", 6667))
    there = End(loop, f"{name}<", random, (f"192.0.2.{port % 250 + 2}", port))
    here.peer, there.peer = there, here
    here.set_protocol(client)
    there.set_protocol(server)
    server.connection_made(there)
    client.connection_made(here)
    return here, there
