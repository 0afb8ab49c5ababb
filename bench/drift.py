"""Whether something stays as it is: the slope of its samples over time, and how sure that is.

Least squares with the standard error of the slope. Samples of a process depend on one another, so the true error is
larger: what is called flat here is flat, and what is called a drift deserves a longer run.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt
from statistics import fmean
from typing import Final

_SMALL: Final = 0.02
"""Of the mean, in an hour: however sure, nobody would notice it within a day."""


@dataclass(frozen=True, slots=True)
class Drift:
    """`mean` in the samples' unit, `slope` and its `error` in that unit per hour, `over` what it makes of the run."""

    mean: float
    slope: float
    error: float
    over: float

    @property
    def verdict(self) -> str:
        if abs(self.slope) <= 2 * self.error or abs(self.slope) <= _SMALL * abs(self.mean):
            return "flat"
        return "rises" if self.slope > 0 else "falls"


def drift(seconds: Sequence[float], values: Sequence[float]) -> Drift:
    """Of three samples or more, not all taken at once."""
    middle, mean = fmean(seconds), fmean(values)
    spread = sum((at - middle) ** 2 for at in seconds)
    slope = sum((at - middle) * (value - mean) for at, value in zip(seconds, values, strict=True)) / spread
    rest = sum((value - mean - slope * (at - middle)) ** 2 for at, value in zip(seconds, values, strict=True))
    error = sqrt(rest / (len(values) - 2) / spread)
    return Drift(mean, slope * 3600, error * 3600, slope * (max(seconds) - min(seconds)))
