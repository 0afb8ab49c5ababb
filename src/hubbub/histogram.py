"""How often something was how large: counts between bounds, for what may happen thousands of times a second."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from itertools import accumulate
from math import inf


class Histogram:
    """`bounds` rise; what lies on one counts to those below. Written by one thread, and read by any."""

    __slots__ = ("_bounds", "_counts", "total")

    def __init__(self, bounds: Sequence[float]) -> None:
        self._bounds = tuple(bounds)
        self._counts = [0] * (len(self._bounds) + 1)
        self.total = 0.0
        """Of all values together."""

    def add(self, value: float) -> None:
        self._counts[bisect_left(self._bounds, value)] += 1
        self.total += value

    def cumulative(self) -> list[tuple[float, int]]:
        """Each bound, and how many values were at most that; `inf` at the end has them all."""
        return list(zip((*self._bounds, inf), accumulate(self._counts), strict=True))
