"""Everyone who is connected, and the sweep that notices each second who is late, silent or does not let go."""

import asyncio
import time
from collections import Counter
from collections.abc import Callable
from math import ceil
from typing import TYPE_CHECKING, Final

from hubbub.histogram import Histogram
from hubbub.net.door import Terms
from hubbub.net.limits import Gate

if TYPE_CHECKING:
    from hubbub.net.connection import Connection

SWEEP_SECONDS: Final = 1.0
"""Within which each is looked at once."""

GOODBYE_SECONDS: Final = 0.25
"""What clients have to hang up by themselves when we leave: most do so at once."""

SLICE: Final = 500
"""Connections that are looked at in one turn of the loop. Ten thousand at once would hold up everybody who talks, for
2 ms in each second, and for far longer where all of them are to be asked whether they are still there."""

MOST_COUNTED: Final = 2.0
"""Seconds that one sweep may add to anybody's silence. A machine that was asleep, or a process that was stopped, did
not listen meanwhile: its clients are not to blame."""


class Crowd:
    """The open connections. `now` counts the seconds in which we listened; it is as fine as the sweep."""

    def __init__(self, terms: Terms, gate: Gate, clock: Callable[[], float] = time.monotonic) -> None:
        self.terms, self.gate = terms, gate
        self.now = 0.0
        self.leaving = False
        """Whether nobody comes any more, and all who are here go."""
        self.lagging = 0
        """How many were closed since they did not read what waited for them."""
        self.lateness: Final = Histogram((0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5))
        """Seconds that looks came after their time, since the loop had other things to do."""
        self.elsewhere: Counter[str] = Counter()
        """Connections that somebody else looks after, by the scheme of their listener."""
        self._clock, self._read = clock, clock()
        self._connections: set[Connection] = set()
        self._round: list[Connection] = []  # who has not been looked at yet in this second
        self._pause = SWEEP_SECONDS  # between two slices of it
        self._due = 0.0  # when the next look is, by the loop's clock
        self._timer: asyncio.TimerHandle | None = None
        self._alone: asyncio.Future[None] | None = None

    def __len__(self) -> int:
        return len(self._connections)

    def __contains__(self, connection: "Connection") -> bool:
        return connection in self._connections

    def doors(self) -> list[str]:
        """The scheme of each one's listener, also of those who are looked after elsewhere."""
        return [*(connection.door for connection in self._connections), *self.elsewhere.elements()]

    def add(self, connection: "Connection") -> None:
        self._connections.add(connection)

    def remove(self, connection: "Connection") -> None:
        self._connections.discard(connection)
        if not self._connections and self._alone is not None and not self._alone.done():
            self._alone.set_result(None)

    def instant(self) -> float:
        """`now`, to the point: deadlines that start here do not come early."""
        return self.now + min(self._clock() - self._read, MOST_COUNTED)

    def watch(self) -> None:
        """Sweep from here on."""
        if self._timer is None:
            loop = asyncio.get_running_loop()
            self._due = loop.time() + self._pause
            self._timer = loop.call_later(self._pause, self._beat)

    def sweep(self) -> None:
        """Look at the next of them: at all, where they are no more than a slice."""
        read = self._clock()
        self.now += min(read - self._read, MOST_COUNTED)
        self._read = read
        self.gate.tick(self.now)
        if not self._round:
            self._round = list(self._connections)
            self._pause = SWEEP_SECONDS / max(1, ceil(len(self._round) / SLICE))
        self._round, share = self._round[:-SLICE], self._round[-SLICE:]
        for connection in share:
            if connection in self._connections:  # still
                connection.sweep(self.now)

    async def end(self, reason: str, seconds: float) -> None:
        """Close everyone, and wait until they are gone; who still is there after `seconds` is cut off."""
        for connection in tuple(self._connections):
            connection.close(reason)
        if not await self._empty(min(seconds, GOODBYE_SECONDS)):
            for connection in tuple(self._connections):
                connection.let_go()
        if not await self._empty(seconds):
            for connection in tuple(self._connections):
                connection.cut(reason)
            await self._empty(SWEEP_SECONDS)
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    async def _empty(self, seconds: float) -> bool:
        if not self._connections:
            return True
        self._alone = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait([self._alone], timeout=seconds)
        return bool(done)

    def _beat(self) -> None:
        self._timer = None
        self.lateness.add(asyncio.get_running_loop().time() - self._due)
        self.watch()
        self.sweep()
