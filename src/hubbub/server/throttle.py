"""How often something may go wrong: guesses at passwords, counted by who is asked for and by who asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

_KEPT: Final = 10_000
"""Names that are counted; whoever makes us forget the first has failed ten thousand times under others since."""


class Throttle:
    """`attempts` may fail under one name within `window` seconds from the first; 0 attempts are no limit."""

    def __init__(self) -> None:
        self._failures: dict[str, tuple[float, int]] = {}  # since when and how many, oldest first

    def wait(self, names: Iterable[str], now: float, attempts: int, window: float) -> float:
        """Seconds until somebody may try under all these names; 0.0 for now."""
        found = [self._failures.get(name, (now, 0)) for name in names]
        return max([0.0, *(since + window - now for since, count in found if 0 < attempts <= count)])

    def failed(self, names: Iterable[str], now: float, window: float) -> None:
        for name in names:
            since, count = self._failures.get(name, (now, 0))
            if since + window <= now:
                since, count = now, 0
            if not count:
                self._failures.pop(name, None)  # to stand last
            self._failures[name] = since, count + 1
        self._make_room()

    def forgive(self, names: Iterable[str]) -> None:
        """One that was counted has not failed."""
        for name in names:
            since, count = self._failures.get(name, (0.0, 0))
            if count:
                self._failures[name] = since, count - 1

    def _make_room(self) -> None:
        while len(self._failures) > _KEPT:
            del self._failures[next(iter(self._failures))]
