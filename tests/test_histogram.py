"""A histogram counts what was how large; a value on a bound belongs to those below."""

from __future__ import annotations

from math import inf

from hubbub.histogram import Histogram


def test_each_bound_counts_all_that_is_at_most_that() -> None:
    counted = Histogram((1, 10))
    for value in (0.5, 1, 2, 10, 11):
        counted.add(value)
    assert counted.cumulative() == [(1, 2), (10, 4), (inf, 5)]
    assert counted.total == 24.5
