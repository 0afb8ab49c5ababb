"""The page that says of each promise and each attack what shows it, and what came of that when it was last run."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from tests.reliability.claims import ROOT, Chapter, chapters
from tests.reliability.outcomes import Outcomes

PAGE: Final = ROOT / "docs" / "reliability.md"

SECTIONS: Final = (
    ("What is promised", "tests/promises/test_r[0-9][0-9]_*.py"),
    ("What is withstood", "tests/attacks/test_a[0-9][0-9]_*.py"),
    ("All of it together", "tests/simulator/test_*.py"),
)

_NOT_YET: Final = (
    ("R13", "`kill -9` of a node loses no echoed message; its people are back on another within seconds"),
    ("R14", "while nodes cannot hear each other, delivery goes on, later, and without a gap afterwards"),
    ("R15", "while the store cannot be reached, nothing is echoed that is not stored"),
    ("R16", "a node that was paused acknowledges nothing after another has taken its place"),
)

LONG_RUNS: Final = (
    (
        "soak",
        "an hour of talk, returns, history, search and files: nothing is lost or doubled, and nothing rises",
        "python -m bench.soak --keep",
    ),
    (
        "storm by cut",
        "5,000 are cut at once and come back at once: each has all that was missed, once",
        "python -m bench.storm --keep",
    ),
    (
        "storm by restart",
        "the same where the server starts anew",
        "python -m bench.storm --by restart --keep",
    ),
    (
        "beside",
        "100 talk beside 10,000 who idle as fast as without them",
        "python -m bench --load live --load beside --server hubbub --keep",
    ),
    (
        "simulator",
        "thousands of stories in which everything goes wrong that can",
        "python -m tests.simulator --seeds 5000 --keep",
    ),
    (
        "fuzz",
        "bytes that nobody thought of, led by what they reach in each parser: none breaks one",
        'make fuzz ARGS="--keep"',
    ),
)

_OPENING: Final = """\
# Reliability

What hubbub promises to those who talk, and what it withstands. Each line is a test before it is a claim: its name, what
it says of itself, and what came of it when it was last run. `python -m tests.reliability` runs them all and writes this
page; nothing here is written by hand. What is not promised is in [SECURITY.md](../SECURITY.md), how fast it is in
[performance.md](performance.md)."""


def render(outcomes: Outcomes, about: Mapping[str, str], kept: Mapping[str, Mapping[str, object]]) -> str:
    """The whole page; `about` is what to name beside the figures, `kept` are figures of long runs by their names."""
    parts = [_OPENING, "Last run: " + "; ".join(f"{name} {what}" for name, what in about.items()) + "."]
    for title, pattern in SECTIONS:
        parts += [f"## {title}", *(part for chapter in chapters(pattern) for part in _chapter(chapter, outcomes))]
    parts += ["## Not yet: several nodes", _table(("promise", "what it will be"), _NOT_YET)]
    parts += ["## Long runs", "By hand, where somebody has the time.", _long_runs(kept)]
    return "\n\n".join(parts) + "\n"


def _chapter(chapter: Chapter, outcomes: Outcomes) -> Iterable[str]:
    yield f"### {chapter.title}"
    yield f"[`{chapter.file}`](../{chapter.file})"
    rows = [(f"`{one.test}`", one.says, str(outcomes.of(chapter.file, one.test))) for one in chapter.claims]
    yield _table(("test", "what it says", "last run"), rows)


def _long_runs(kept: Mapping[str, Mapping[str, object]]) -> str:
    rows = [(claim, f"`{command}`", _kept(kept.get(name))) for name, claim, command in LONG_RUNS]
    return _table(("claim", "how", "last run"), rows)


def _kept(run: Mapping[str, object] | None) -> str:
    if run is None:
        return "not run"
    figures = run["figures"]
    assert isinstance(figures, dict)
    told = "; ".join(f"{name}: {_figure(figure)}" for name, figure in figures.items())
    return f"{told} ({run['date']}, commit {run['commit']}, {run['machine']})"


def _figure(figure: object) -> str:
    return f"{figure:,}" if isinstance(figure, int | float) else str(figure)


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)
