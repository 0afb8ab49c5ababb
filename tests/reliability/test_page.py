"""docs/reliability.md: claims that are tests, with what came of them."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bench.kept import keep, read
from tests.reliability.claims import chapters
from tests.reliability.outcomes import Outcome, Outcomes
from tests.reliability.page import LONG_RUNS, PAGE, SECTIONS, render

CHAPTERS = [chapter for _, pattern in SECTIONS for chapter in chapters(pattern)]
ROW = re.compile(r"^\| `(test_\w+)` \| (.+) \| (.+) \|$", re.MULTILINE)
ABOUT = {"on": "2026-11-20"}


def outcomes(*reports: tuple[str, str, str, dict[str, object]]) -> Outcomes:
    """As pytest would tell of them: node, when, outcome, figures."""
    found = Outcomes()
    for node, when, outcome, figures in reports:
        found.pytest_runtest_logreport(
            pytest.TestReport._from_json(
                {
                    "nodeid": node,
                    "location": (node, 1, node),
                    "keywords": {},
                    "outcome": outcome,
                    "longrepr": None,
                    "when": when,
                    "user_properties": list(figures.items()),
                }
            )
        )
    return found


def test_each_row_of_the_page_names_a_test_that_exists() -> None:
    """Whoever renames a test or takes it away runs `python -m tests.reliability` again."""
    rows = ROW.findall(PAGE.read_text(encoding="utf-8"))
    assert {test for test, _, _ in rows} <= {claim.test for chapter in CHAPTERS for claim in chapter.claims}
    assert len(rows) > 100


@pytest.mark.parametrize("number", [f"r{n:02}" for n in range(1, 13)] + [f"a{n:02}" for n in range(1, 15)])
def test_each_promise_and_each_attack_is_on_the_page(number: str) -> None:
    """With tests that passed."""
    _, _, after = PAGE.read_text(encoding="utf-8").partition(f"/test_{number}_")
    assert [told for _, _, told in ROW.findall(after.partition("\n###")[0]) if "passed" in told]


def test_every_test_says_what_it_claims() -> None:
    """A row without words would be none."""
    assert [claim for chapter in CHAPTERS for claim in chapter.claims if not claim.says] == []


def test_claims_are_first_paragraphs() -> None:
    """Joined where they are longer than a line; what follows is for those who read the test."""
    (simulator,) = chapters("tests/simulator/test_simulator.py")
    assert simulator.title.startswith("Stories in which everything goes wrong")
    assert "\n" not in "".join(claim.says for claim in simulator.claims)
    (claim,) = (claim for claim in simulator.claims if claim.test.startswith("test_what_was_promised"))
    assert claim.says.endswith("nobody did what they might not.")


def test_cases_of_one_test_are_one_row() -> None:
    """With each figure from its least to its greatest."""
    node = "tests/promises/test_r01_durable.py::test_x"
    found = outcomes(
        (f"{node}[a]", "setup", "passed", {}),
        (f"{node}[a]", "call", "passed", {"kills": 12, "echoed": 1804}),
        (f"{node}[a]", "teardown", "passed", {"kills": 12, "echoed": 1804}),
        (f"{node}[b]", "call", "passed", {"kills": 12, "echoed": 900}),
    )
    told = str(found.of("tests/promises/test_r01_durable.py", "test_x"))
    assert told == "2 cases passed; kills: 12; echoed: 900 to 1,804"


def test_a_failure_is_on_the_page() -> None:
    """Also one before or after the test itself."""
    node = "tests/a.py::test_x"
    found = outcomes((f"{node}[a]", "call", "passed", {}), (f"{node}[a]", "teardown", "failed", {}))
    assert str(found.of("tests/a.py", "test_x")) == "**failed** (1 of 1)"


def test_what_has_not_run_says_so() -> None:
    """Tests and long runs alike."""
    page = render(Outcomes(), ABOUT, {})
    assert str(Outcome()) == "not run"
    assert page.count("| not run |") == sum(len(chapter.claims) for chapter in CHAPTERS) + len(LONG_RUNS)


def test_a_long_run_keeps_what_it_found(tmp_path: Path) -> None:
    """Until the next of its name; those of other names stay."""
    file = tmp_path / "long-runs.json"
    keep("soak", {"messages lost": 1}, file)
    keep("storm by cut", {"people": 5000}, file)
    keep("soak", {"messages lost": 0}, file)
    page = render(Outcomes(), ABOUT, read(file))
    assert "| messages lost: 0 (20" in page
    assert "| people: 5,000 (20" in page
    assert "messages lost: 1" not in page
