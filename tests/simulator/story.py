"""One seed, one story: told from beginning to end, and judged."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Final

from tests.simulator.chance import chance
from tests.simulator.loop import VirtualLoop
from tests.simulator.model import problems
from tests.simulator.town import Town

ALL: Final = 1_000_000

SQLITE_EVERY: Final = 10
"""One story in so many is on SQLite's own store, which takes somewhat longer."""


@dataclass(frozen=True, slots=True)
class Told:
    """How a story went: what was wrong in it, in words, and all that happened."""

    seed: int
    steps: int
    problems: list[str]
    trace: list[tuple[float, str, object]]

    @property
    def digest(self) -> str:
        """The same where the same has happened."""
        return hashlib.sha256(repr(self.trace).encode()).hexdigest()


def tell(seed: int, steps: int = ALL, *, sqlite: bool | None = None) -> Told:
    """Tell the story of a seed, up to so many things that people do in it."""
    name = str(seed)
    with chance(name):
        loop = VirtualLoop(name)
        town = Town(loop, name, steps, seed % SQLITE_EVERY == 0 if sqlite is None else sqlite)
        try:
            found = loop.run_until_complete(town.tell(lambda town: list(problems(town))))
        except Exception as error:
            found = [f"it never ended: {_first(error)!r}"]
        finally:
            town.close()
            loop.close()
    return Told(seed, town.done, found, loop.trace)


def _first(error: BaseException) -> BaseException:
    return _first(error.exceptions[0]) if isinstance(error, BaseExceptionGroup) else error
