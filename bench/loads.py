"""The loads: who sits where, who talks, and how fast."""

from dataclasses import dataclass, replace
from typing import Literal

Kind = Literal["saturated", "paced", "idle"]


@dataclass(frozen=True, slots=True)
class Load:
    """People in rooms of equal size, some of whom talk.

    `talkers` counts per room. `window` is how many messages a talker has in flight; with a `rate` (messages per second,
    all talkers together) nobody waits for anybody. `seconds` is how long it is measured. With `caps` people ask for one
    of so many sets of capabilities in turn, as clients of many kinds would.
    """

    name: str
    title: str
    kind: Kind
    people: int
    rooms: int = 1
    talkers: int = 0
    window: int = 1
    rate: float = 0.0
    seconds: float = 5.0
    caps: int = 0

    def quick(self) -> "Load":
        """The same load, shorter and (where nobody talks) smaller: for a look, not for a figure to keep."""
        share = 5 if self.kind == "idle" else 1
        return replace(self, people=self.people // share, rooms=self.rooms // share, seconds=self.seconds / 2.5)

    def options(self) -> list[str]:
        """What the load generator is told."""
        names = ("people", "rooms", "talkers", "window", "rate", "seconds", "caps")
        return [f"{name}={getattr(self, name)}" for name in names]


LOADS = (
    Load("one", "1 of 1,000 talks, saturated", "saturated", people=1000, talkers=1),
    Load("many", "20 of 1,000 talk, saturated", "saturated", people=1000, talkers=20, window=2),
    Load("alike", "20 of 2,000 talk, all of one kind", "saturated", people=2000, talkers=20, window=2),
    Load("mixed", "20 of 2,000 talk, of eight kinds", "saturated", people=2000, talkers=20, window=2, caps=8),
    Load("rooms", "500 talk in 50 rooms of 10, saturated", "saturated", people=500, rooms=50, talkers=10, window=2),
    Load("paced", "20 messages a second to 1,000", "paced", people=1000, talkers=20, rate=20, seconds=20),
    Load(
        "paced-rooms", "5,000 messages a second in 50 rooms of 10", "paced", 500, 50, talkers=10, rate=5000, seconds=10
    ),
    Load("idle", "all come in and join rooms of 100", "idle", people=10000, rooms=100),
)
