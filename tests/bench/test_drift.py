"""What stays as it is is called flat, and what grows is not, however much it scatters."""

from __future__ import annotations

import random

import pytest

from bench.drift import drift

MINUTES = [60.0 * minute for minute in range(60)]


def test_a_line_has_its_slope_and_no_error() -> None:
    found = drift(MINUTES, [100 + minute / 2 for minute in range(60)])
    assert found.slope == pytest.approx(30)
    assert found.over == pytest.approx(29.5)
    assert found.error == pytest.approx(0, abs=1e-9)
    assert found.verdict == "rises"


@pytest.mark.parametrize(("growth", "verdict"), [(0.0, "flat"), (1.0, "rises"), (-1.0, "falls")])
def test_noise_is_no_drift_and_hides_none(growth: float, verdict: str) -> None:
    chance = random.Random(7)
    found = drift(MINUTES, [100 + growth * minute + chance.uniform(-10, 10) for minute in range(60)])
    assert found.verdict == verdict


def test_a_small_change_is_flat_however_sure() -> None:
    """Two kilobytes an hour of a hundred thousand are what an allocator does."""
    assert drift(MINUTES, [100_000 + minute / 30 for minute in range(60)]).verdict == "flat"
