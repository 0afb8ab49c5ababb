"""What the links of this mode have in common: they are asyncio streams, and their sessions know nothing of that."""

from __future__ import annotations

import asyncio
from collections.abc import Callable

from hubbub.net.direct.stream import Stream


class StreamLink:
    """Keeps the half of `Link` that is the same for all; `readable` is set while what comes may be read."""

    direct = None  # nothing goes past the stream
    """Nobody writes past the stream: see `net/fanout.py`."""

    def __init__(self, way: Stream, port: int, *, secure: bool, fingerprint: str) -> None:
        self.address, self.port = way.address, port
        self.secure, self.fingerprint = secure, fingerprint
        self.framing: Callable[[bytes], bytes] | None = None
        self.readable = asyncio.Event()
        self.readable.set()

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        return "nobody speaks for others here"

    def pause(self) -> None:
        self.readable.clear()

    def resume(self) -> None:
        self.readable.set()
