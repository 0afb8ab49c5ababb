"""Tables of a run: medians with their spread, and the sentences that a reader must know before believing them."""

from pathlib import Path

from bench.loads import LOADS
from bench.report import Report, Trial, spread

ONE = next(load for load in LOADS if load.name == "one")
SERVERS = (("hubbub", "1.0", "all"), ("limit-turn", "c", "nothing"))
CALM = {"deliveries_per_s": 1000.0, "server_busy": 0.9, "load_busy": 0.3, "others_busy": 0.0, "start_ms": 100.0}


def report(*trials: Trial) -> Report:
    return Report({"cpu": "fast"}, SERVERS, (ONE,), trials)


def test_a_cell_is_the_median_with_least_and_greatest() -> None:
    assert spread("{:.0f}".format, [3, 1, 2]) == "2 (1 to 3)"
    assert spread("{:.0f}".format, [3]) == "3"
    assert spread("{:.0f}".format, []) == "-"


def test_the_limit_is_compared_within_its_round() -> None:
    """Twice the limit in either round, whatever the machine did meanwhile."""
    trials = []
    for number, slowness in ((1, 1.0), (2, 3.0)):
        trials += [
            Trial(number, "one", name, {**CALM, "cpu_per_million": cost * slowness})
            for name, cost in (("hubbub", 8.0), ("limit-turn", 4.0))
        ]
    assert (
        "| hubbub | 1,000 (1,000 to 1,000) | 16.00 (8.00 to 24.00) | 2.00 (2.00 to 2.00) |" in report(*trials).tables()
    )


def test_a_table_says_when_the_load_was_the_bottleneck() -> None:
    busy = {**CALM, "cpu_per_million": 1.0, "server_busy": 0.5, "load_busy": 0.99}
    assert "The load was busier than the server" in report(Trial(1, "one", "hubbub", busy)).tables()


def test_a_table_says_when_others_disturbed() -> None:
    loud = {**CALM, "cpu_per_million": 1.0, "others_busy": 0.4}
    assert "Other programs used the machine" in report(Trial(1, "one", "hubbub", loud)).tables()


def test_a_load_that_had_fewer_rounds_says_so() -> None:
    """As where a run was stopped, or only some loads were measured again."""
    other = next(load for load in LOADS if load.name == "many")
    trials = [Trial(1, "one", "hubbub", CALM), Trial(1, "many", "hubbub", CALM), Trial(2, "many", "hubbub", CALM)]
    text = Report({"cpu": "fast"}, SERVERS, (ONE, other), trials).tables()
    assert f"### one: {ONE.title} (1 of 2 rounds)\n" in text
    assert f"### many: {other.title}\n" in text


def test_what_failed_is_told() -> None:
    text = report(Trial(1, "one", "hubbub", error="u000001 heard message 2 where 1 was due")).tables()
    assert "- round 1, one, hubbub: u000001 heard message 2 where 1 was due" in text


def test_a_run_can_be_read_again(tmp_path: Path) -> None:
    """So that one that was stopped can go on."""
    saved = report(Trial(1, "one", "hubbub", CALM))
    assert Report.read(tmp_path) is None
    saved.save(tmp_path)
    again = Report.read(tmp_path)
    assert again is not None
    assert (again.machine, tuple(again.loads), tuple(again.trials)) == (saved.machine, (ONE,), saved.trials)
