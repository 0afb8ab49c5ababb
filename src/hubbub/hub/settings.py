"""What the owner of a room can set beside its modes: one table, with what each setting takes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from hubbub.hub.deeds import FILTER
from hubbub.hub.patterns import Pattern, Unreadable

RETENTION: Final = "retention"

FILTERS_MAX: Final = 20
"""Patterns of one room: every message of those without a rank is looked through for each."""


@dataclass(frozen=True, slots=True)
class Setting:
    """`read` gives the value as it is kept, "" for what holds without it, or raises ValueError: what it expected."""

    name: str
    meaning: str
    read: Callable[[str], str]


def _days(text: str) -> str:
    if text.lower() in ("", "off", "forever"):
        return ""
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 36_500):
        raise ValueError("expected a number of days, or off to keep everything")
    return str(int(text))


def _patterns(text: str) -> str:
    lines = list(dict.fromkeys(line for line in text.splitlines() if line))
    if len(lines) > FILTERS_MAX:
        raise ValueError(f"expected at most {FILTERS_MAX} patterns; take one off first")
    for line in lines:
        try:
            Pattern(line).check()
        except Unreadable as why:
            raise ValueError(str(why)) from None
    return "\n".join(lines)


SETTINGS: Final = {
    setting.name: setting
    for setting in (
        Setting(RETENTION, "days after which what was said is forgotten", _days),
        Setting(FILTER, "patterns of what nobody without a rank may say, one to a line", _patterns),
    )
}
