"""The goal table: what was measured against what was promised."""

from bench.goals import GOALS, Point, Rounds, drift, judged, lead, ratio
from bench.loads import LOADS

FAST = {"cpu_per_million": 4.0, "deliveries_per_s": 200.0, "p99_ms": 5.0}
SLOW = {"cpu_per_million": 8.0, "deliveries_per_s": 100.0, "p99_ms": 9.0}

OURS = Point("one", "hubbub", "cpu_per_million")
THEIRS = Point("one", "inspircd", "cpu_per_million")


def row(rounds: Rounds, load: str, words: str) -> tuple[str, str]:
    """What was measured, and the verdict, of the goal of that load whose text has these words."""
    return next((got, verdict) for name, asks, got, verdict in judged(rounds) if name == load and words in asks)


def test_a_ratio_is_taken_within_a_round() -> None:
    """The machine drifts between rounds: the second was twice as slow for both, and the ratio is the same."""
    measured = {(1, "one", "hubbub"): FAST, (1, "one", "inspircd"): FAST}
    measured |= {(2, "one", "hubbub"): SLOW, (2, "one", "inspircd"): SLOW}
    rounds = Rounds(measured)
    assert [ratio(OURS, THEIRS)(rounds, number) for number in rounds.numbers()] == [1.0, 1.0]
    assert row(rounds, "one", "inspircd") == ("1.00 x (1.00 x to 1.00 x)", "**not met**")


def test_a_round_that_lacks_one_side_says_nothing() -> None:
    """Half a comparison is none, and a goal that nothing was measured for is neither met nor missed."""
    rounds = Rounds({(1, "one", "hubbub"): FAST})
    assert ratio(OURS, THEIRS)(rounds, 1) is None
    assert lead(OURS, THEIRS)(rounds, 1) is None
    assert row(rounds, "one", "inspircd") == ("-", "not run here")


def test_the_limit_is_whichever_limit_was_cheaper() -> None:
    rounds = Rounds({(1, "one", "limit-each"): SLOW, (1, "one", "limit-turn"): FAST, (1, "one", "hubbub"): SLOW})
    assert row(rounds, "one", "the limit's") == ("2.00 x", "**not met**")


def test_a_least_bound_is_met_from_above() -> None:
    rounds = Rounds({(1, "many", "hubbub"): FAST, (1, "many", "inspircd"): SLOW})
    assert row(rounds, "many", "inspircd") == ("2.00 x", "met")


def test_latency_may_be_so_much_more_and_no_more() -> None:
    rounds = Rounds({(1, "paced-20", "hubbub"): SLOW, (1, "paced-20", "inspircd"): FAST})
    assert row(rounds, "paced-20", "p99") == ("+4.0 ms", "**not met**")


def test_growth_is_the_greatest_departure_on_either_side() -> None:
    """A tenth more and a fifth less: the fifth counts."""
    sizes = [Point(load, "hubbub", "cpu_per_million") for load in ("small", "middle", "big")]
    costs = {"small": 10.0, "middle": 11.0, "big": 8.0}
    rounds = Rounds({(1, load, "hubbub"): {"cpu_per_million": cost} for load, cost in costs.items()})
    departure = drift(*sizes)(rounds, 1)
    assert departure is not None
    assert round(departure, 6) == -0.2
    growth = next(goal for goal in GOALS if goal.load == "stored-*")
    assert [growth.is_met(value) for value in (-0.2, -0.1, 0.1, 0.2)] == [False, True, True, False]


def test_a_verdict_is_in_doubt_where_others_used_the_machine() -> None:
    """Where they did in most rounds, under any of the loads that the goal looks at."""
    loud = {**FAST, "others_busy": 0.3}
    quiet_once = Rounds({(number, "stored-10k", "hubbub"): figures for number, figures in ((1, FAST), (2, loud))})
    assert not quiet_once.disturbed("stored-*")
    measured = {(1, load, "hubbub"): FAST for load in ("stored-10k", "stored-1m")}
    rounds = Rounds({**measured, (1, "stored-10m", "hubbub"): loud})
    assert rounds.disturbed("stored-*")
    assert not rounds.disturbed("one")
    assert row(rounds, "stored-*", "million") == ("+0%", "met, in doubt: others used the machine")


def test_every_goal_has_a_load_of_its_name() -> None:
    names = {load.name for load in LOADS} | {"members-*", "stored-*"}
    assert {goal.load for goal in GOALS} <= names
