"""An event loop whose time is not the machine's: nothing waits, the clock jumps to whatever comes next.

It is asyncio's own loop with another selector. What comes from outside (bytes on wires, threads of a store) arrives at
a millisecond; of what arrives in the same one, asyncio promises no order, so chance decides.
"""

import asyncio
import heapq
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Any, Final

STANDSTILL: Final = 20_000
"""Turns of the loop within one instant after which it is clear that somebody waits for themselves."""


class Standstill(Exception):
    """Nothing can happen any more, or nothing but the same."""


class VirtualLoop(asyncio.BaseEventLoop):
    """`trace` is what happened: when, where, and what."""

    def __init__(self, seed: str) -> None:
        super().__init__()
        self.random = Random(f"{seed}/loop")
        self.trace: list[tuple[float, str, object]] = []
        self._selector = self  # what BaseEventLoop asks for what came
        self._now = 1000.0
        self._turns = 0
        self._coming: list[tuple[float, int, Callable[[], object]]] = []
        self._order = count()

    def time(self) -> float:
        return self._now

    def arrive(self, seconds: float, action: Callable[[], object]) -> None:
        """Have something come from outside after so many seconds, to the millisecond."""
        heapq.heappush(self._coming, (round(self._now + seconds, 3), next(self._order), action))

    def note(self, where: str, what: object) -> None:
        self.trace.append((self._now, where, what))

    # What the base class calls.

    def select(self, timeout: float | None) -> list[Callable[[], object]]:
        self._turns += 1
        if timeout != 0:
            self._jump(timeout)
        elif self._turns > STANDSTILL:
            raise Standstill(f"{STANDSTILL} turns of the loop, and no time has passed")
        due = []
        while self._coming and self._coming[0][0] <= self._now:
            due.append(heapq.heappop(self._coming)[2])
        self.random.shuffle(due)
        return due

    def _jump(self, timeout: float | None) -> None:
        ends = [self._now + timeout] if timeout is not None else []
        ends += [self._coming[0][0]] if self._coming else []
        if not ends:
            raise Standstill("nothing is left to happen, and somebody waits")
        self._now, self._turns = max(self._now, min(ends)), 0

    def _process_events(self, due: list[Callable[[], object]]) -> None:
        for action in due:
            self.call_soon(action)

    def _write_to_self(self) -> None:
        """Nobody sleeps who would have to be woken up."""

    def call_exception_handler(self, context: dict[str, Any]) -> None:
        self.note("loop", f"FAULT {context}")
        raise context.get("exception") or Standstill(str(context))
