"""The pace of delivery: where writing takes long, what is told waits a little for what is being stored just now.

While a group is stored the next one gathers, so those who talk at once fall into two halves that are told in turn, and
all who hear them are written to twice. Waiting for the other half spares one of the two: where twenty talk to a
thousand, half of the server's work.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

WORTH_IT: Final = 0.001
"""Seconds of writing below which nothing waits: a commit takes about as long."""

_FADES: Final = 0.8
"""How much of a long delivery is remembered at the next one: short ones come between them, an answer to a PING say."""


class Pace:
    """`tell` writes out what is to be told, `seconds` is a clock that never goes back."""

    def __init__(
        self,
        tell: Callable[[], None],
        seconds: Callable[[], float],
        later: Callable[[float, Callable[[], None]], Any],
    ) -> None:
        self._tell, self._seconds, self._later = tell, seconds, later
        self._took = 0.0
        self._awaited: object | None = None

    def turn_ends(self, group: object | None) -> None:
        """Tell, or wait until `group`, which is being stored, is to be told, too; but for one group alone, and no
        longer than telling takes: so nothing is later than if it stood behind another delivery."""
        if group is None or self._took < WORTH_IT or self._awaited not in (None, group):
            self._tell_now()
        elif self._awaited is None:
            self._awaited = group
            self._later(self._took, self._tell_at_last)

    def _tell_at_last(self) -> None:
        if self._awaited is not None:
            self._tell_now()

    def _tell_now(self) -> None:
        self._awaited = None
        started = self._seconds()
        self._tell()
        self._took = max(self._seconds() - started, self._took * _FADES)
