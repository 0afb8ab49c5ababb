"""What came of running tests: how many cases of each passed, and the figures that they recorded."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest


@dataclass(slots=True)
class Outcome:
    """Of one test in all its cases; `figures` are what `record_property` was given, in each case."""

    cases: set[str] = field(default_factory=set)
    failed: set[str] = field(default_factory=set)
    figures: defaultdict[str, list[object]] = field(default_factory=lambda: defaultdict(list))

    def __str__(self) -> str:
        return "; ".join((self._passed(), *(f"{name}: {_span(told)}" for name, told in self.figures.items())))

    def _passed(self) -> str:
        if not self.cases:
            return "not run"
        if self.failed:
            return f"**failed** ({len(self.failed)} of {len(self.cases)})"
        return "passed" if len(self.cases) == 1 else f"{len(self.cases)} cases passed"


def _span(told: Iterable[object]) -> str:
    """One figure for all cases, or from the least to the greatest."""
    numbers = sorted({one for one in told if isinstance(one, int | float)})
    if not numbers:
        return ", ".join(sorted({str(one) for one in told}))
    least, most = f"{numbers[0]:,}", f"{numbers[-1]:,}"
    return least if least == most else f"{least} to {most}"


class Outcomes:
    """A plugin of pytest that listens; by file and name of the test."""

    def __init__(self) -> None:
        self._found: defaultdict[tuple[str, str], Outcome] = defaultdict(Outcome)

    def of(self, file: str, test: str) -> Outcome:
        return self._found.get((file, test), Outcome())

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        file, _, case = report.nodeid.partition("::")
        outcome = self._found[file, case.partition("[")[0]]
        outcome.cases.add(case)
        if report.failed:
            outcome.failed.add(case)
        if report.when == "call":
            for name, told in report.user_properties:
                outcome.figures[name].append(told)
