"""Figures with a budget each, as rows of a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Figure:
    """A row of the table: `most` is the budget, None for what is only told."""

    what: str
    value: float
    unit: str
    most: float | None = None

    def row(self) -> str:
        budget = "" if self.most is None else f"{self.most:g} {self.unit}"
        verdict = "" if self.most is None else "met" if self.value <= self.most else "**not met**"
        value = f"{self.value:.0f}" if self.value >= 100 else f"{self.value:.3g}"
        return f"| {self.what} | {value} {self.unit} | {budget} | {verdict} |"


def table(figures: Sequence[Figure]) -> str:
    return "\n".join(["| | measured | budget | |", "| --- | --- | --- | --- |", *(figure.row() for figure in figures)])
