"""What hubbub is to reach, each goal against what one run measured.

Ratios are taken within a round, where both sides met the same machine, and then their median.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from statistics import median
from typing import Final, NamedTuple

Figures = Mapping[str, float]

DISTURBED: Final = 0.1
"""Of a core that others may use before a figure is in doubt."""


class Point(NamedTuple):
    """One figure of one server under one load. The server "limit" is whichever limit was cheaper."""

    load: str
    server: str
    figure: str


@dataclass(frozen=True, slots=True)
class Rounds:
    """What was measured, by (round, load, server)."""

    figures: Mapping[tuple[int, str, str], Figures]

    def numbers(self) -> list[int]:
        return sorted({number for number, _, _ in self.figures})

    def value(self, number: int, point: Point) -> float | None:
        """The figure in that round, or None."""
        if point.server == "limit":
            both = [self.value(number, point._replace(server=name)) for name in ("limit-each", "limit-turn")]
            return min((value for value in both if value is not None), default=None)
        return self.figures.get((number, point.load, point.server), {}).get(point.figure)

    def disturbed(self, loads: str) -> bool:
        """Whether others used the machine in most rounds of a load, or of all that a pattern matches."""
        trials = {key: figures for key, figures in self.figures.items() if fnmatch(key[1], loads)}
        loud = {number for (number, _, _), found in trials.items() if found.get("others_busy", 0.0) > DISTURBED}
        return 2 * len(loud) > len({number for number, _, _ in trials})


Measure = Callable[[Rounds, int], float | None]
"""What a goal is about, in one round; None where something of it was not measured."""


@dataclass(frozen=True, slots=True)
class Goal:
    """`bound` is the most that `measure` may be, or with `at_least` the least; None for a row that only tells."""

    load: str
    asks: str
    measure: Measure
    bound: float | None
    at_least: bool = False
    text: Callable[[float], str] = "{:.2f} x".format

    def is_met(self, value: float) -> bool:
        """Whether it is reached."""
        if self.bound is None:
            return True
        return value >= self.bound if self.at_least else value <= self.bound


def judged(rounds: Rounds) -> Iterator[tuple[str, str, str, str]]:
    """A row for each goal: the load, the goal, the median with its spread, and the verdict."""
    for goal in GOALS:
        values = [v for number in rounds.numbers() if (v := goal.measure(rounds, number)) is not None]
        doubt = ", in doubt: others used the machine" if values and rounds.disturbed(goal.load) else ""
        yield goal.load, goal.asks, _spread(goal, values), _verdict(goal, values) + doubt


def _spread(goal: Goal, values: list[float]) -> str:
    if not values:
        return "-"
    ends = f" ({goal.text(min(values))} to {goal.text(max(values))})" if len(values) > 1 else ""
    return goal.text(median(values)) + ends


def _verdict(goal: Goal, values: list[float]) -> str:
    if not values:
        return "not run here"
    if goal.bound is None:
        return "for comparison"
    return "met" if goal.is_met(median(values)) else "**not met**"


def of(point: Point) -> Measure:
    """The figure itself."""
    return lambda rounds, number: rounds.value(number, point)


def ratio(above: Point, below: Point) -> Measure:
    """How many times as much the first is."""

    def measure(rounds: Rounds, number: int) -> float | None:
        one, other = rounds.value(number, above), rounds.value(number, below)
        return one / other if one is not None and other else None

    return measure


def lead(first: Point, second: Point) -> Measure:
    """How much more the first is."""

    def measure(rounds: Rounds, number: int) -> float | None:
        one, other = rounds.value(number, first), rounds.value(number, second)
        return one - other if one is not None and other is not None else None

    return measure


def drift(base: Point, *others: Point) -> Measure:
    """The greatest departure from the base, up or down, as a share of it."""

    def measure(rounds: Rounds, number: int) -> float | None:
        start = rounds.value(number, base)
        values = [value for point in others if (value := rounds.value(number, point)) is not None]
        if not start or len(values) < len(others):
            return None
        return max((value / start - 1 for value in values), key=abs)

    return measure


def _cpu(load: str, server: str = "hubbub") -> Point:
    return Point(load, server, "cpu_per_million")


def _rate(load: str, server: str = "hubbub") -> Point:
    return Point(load, server, "deliveries_per_s")


def _p99(load: str, server: str = "hubbub") -> Point:
    return Point(load, server, "p99_ms")


def _against(load: str, peer: str, least: float) -> Goal:
    asks = f"deliveries/s at least {least:g} x {peer}'s"
    return Goal(load, asks, ratio(_rate(load), _rate(load, peer)), least, at_least=True)


def _dearer(load: str, plain: str, most: float, what: str) -> Goal:
    return Goal(load, f"CPU per delivery at most {most:g} x {what}", ratio(_cpu(load), _cpu(plain)), most)


def _flat(load: str, asks: str, measure: Measure, bound: float | None) -> Goal:
    return _Flat(load, asks, measure, bound, text="{:+.0%}".format)


class _Flat(Goal):
    """Within the bound on both sides."""

    __slots__ = ()

    def is_met(self, value: float) -> bool:
        return self.bound is None or abs(value) <= self.bound


_MEMBERS: Final = ("members-100", "members-10000")
_STORED: Final = ("stored-1m", "stored-10m")
_MS: Final = "{:.1f} ms".format

GOALS: Final = (
    Goal("one", "CPU per delivery at most 1.15 x the limit's", ratio(_cpu("one"), _cpu("one", "limit")), 1.15),
    Goal("one", "CPU per delivery at most 0.9 x inspircd's", ratio(_cpu("one"), _cpu("one", "inspircd")), 0.9),
    _against("many", "inspircd", 1.5),
    _against("many", "ngircd", 1.5),
    _against("many", "ergo", 15),
    _against("rooms", "inspircd", 1),
    _against("rooms", "ergo", 4),
    *(
        Goal(
            load, "p99 at most 2 ms above inspircd's", lead(_p99(load), _p99(load, "inspircd")), 2,
            text="{:+.1f} ms".format,
        )
        for load in ("paced-20", "paced-100")
    ),
    Goal(
        "enter", "connect, register and join: at most 60 us of CPU", of(Point("enter", "hubbub", "enter_cpu_us")), 60,
        text="{:.0f} us".format,
    ),
    Goal(
        "storm-1000", "CPU at most 1.5 x inspircd's",
        ratio(Point("storm-1000", "hubbub", "join_cpu_us"), Point("storm-1000", "inspircd", "join_cpu_us")), 1.5,
    ),
    Goal(
        "idle", "at most 4 KiB per connection", of(Point("idle", "hubbub", "kib_per_person")), 4,
        text="{:.1f} KiB".format,
    ),
    Goal("beside", "p99 beside 10,000 who idle at most 1.2 x without them", ratio(_p99("beside"), _p99("live")), 1.2),
    Goal(
        "start", "answers within 300 ms of exec, with 1,000 rooms and a million messages",
        of(Point("start", "hubbub", "start_ms")), 300, text="{:.0f} ms".format,
    ),
    _dearer("mixed", "alike", 1.3, "that of clients of one kind"),
    _dearer("tls", "many", 2, "plain TCP"),
    _dearer("tls-one", "one", 2, "plain TCP"),
    _dearer("websocket", "many", 1.5, "plain TCP"),
    _flat(
        "members-*", "CPU per delivery at 100 and 10,000 members within 15 % of that at 1,000",
        drift(_cpu("one"), *map(_cpu, _MEMBERS)), 0.15,
    ),
    _flat(
        "members-*", "the same of the limit: what the kernel alone makes of more sockets",
        drift(_cpu("one", "limit"), *(_cpu(load, "limit") for load in _MEMBERS)), None,
    ),
    _flat(
        "stored-*", "CPU per delivery after 1 and 10 million messages within 15 % of that after 10,000",
        drift(_cpu("stored-10k"), *map(_cpu, _STORED)), 0.15,
    ),
    Goal(
        "stalled", "CPU per delivery beside 10 who stopped reading, against none", ratio(_cpu("stalled"), _cpu("many")),
        None,
    ),
    Goal("many", "on the disk (FULL) against in memory: CPU", ratio(_cpu("many"), _cpu("many", "hubbub-memory")), None),
    Goal(
        "rooms", "on the disk (FULL) against in memory: CPU", ratio(_cpu("rooms"), _cpu("rooms", "hubbub-memory")), None
    ),
    Goal(
        "read", "the latest page of 10 million, p99", of(Point("read", "hubbub", "page, the latest / p99")), None,
        text=_MS,
    ),
    Goal(
        "read", "search a word of the first 1,000 in 10 million, p99",
        of(Point("read", "hubbub", "search, a word of the first 1,000 / p99")), None, text=_MS,
    ),
    Goal(
        "reconnect", "log in, join, and read 100 messages: CPU", of(Point("reconnect", "hubbub", "back_cpu_us")), None,
        text="{:.0f} us".format,
    ),
)  # fmt: skip
