"""Retention: what was said longer ago than a room keeps it, or the house where the room says nothing, is forgotten.

A little at a time, so that commits go on between; what holds of a room (its modes, its owner) is kept elsewhere.
"""

from __future__ import annotations

from typing import Final

from hubbub.hub.events import AUDIT
from hubbub.hub.modes import SYMBOLS
from hubbub.hub.promise import Promise, drive
from hubbub.hub.settings import RETENTION
from hubbub.server.server import Server

SECONDS: Final = 600.0
"""Between two sweeps: days are counted, not minutes."""

SLICE: Final = 500
"""Entries at a time: some ten milliseconds, for which a commit may have to wait."""

REST_SECONDS: Final = 0.05
"""Between two slices; 10,000 entries a second is more than any house says."""

_DAY_MS: Final = 86_400_000


class Retention:
    """`days` is for rooms that say nothing, and for private talk; 0 keeps everything."""

    def __init__(self, server: Server, days: int) -> None:
        self._server = server
        self.days = days

    def watch(self) -> None:
        """Sweep now, and from now on for as long as the server runs."""
        drive(self._sweep(), self._again)

    def _again(self, _: None, error: BaseException | None) -> None:
        if self._server.stopping:
            return
        if isinstance(error, Exception):
            self._server.report(error, None)
        self._server.later(SECONDS, self.watch)

    async def _sweep(self) -> None:
        now, store = self._server.clock.now(), self._server.store
        times, otherwise = self._times(now), _time(now, self.days)
        if not otherwise and not any(times.values()):
            return
        for log in await store.outdated(times, otherwise):
            while await store.forget(log, times.get(log, otherwise), SLICE) == SLICE:
                await self._rest()

    def _times(self, now: int) -> dict[str, int]:
        """Before which each log of a room with a time of its own is forgotten. What operators did is kept."""
        times = {AUDIT: 0}
        for key, channel in self._server.hub.channels.items():
            days = channel.settings.get(RETENTION, "")
            if days:
                times |= {symbol + key: _time(now, int(days)) for symbol in ("", *SYMBOLS)}
        return times

    def _rest(self) -> Promise[None]:
        promise: Promise[None] = Promise()
        self._server.later(REST_SECONDS, lambda: promise.keep(None))
        return promise


def _time(now: int, days: int) -> int:
    """The time (ms) that is so many days back, 0 for none: nothing is from before that."""
    return max(now - days * _DAY_MS, 0) if days else 0
