"""Puts what a run measured into docs/performance.md, between its marks, and the plots beside it."""

import re
from collections.abc import Mapping
from pathlib import Path

from bench.plots import draw
from bench.report import Report
from bench.trouble import Broken


def write(report: Report, docs: Path) -> None:
    """Replaces what stands between `<!-- NAME: measured -->` and `<!-- NAME: end -->`; raises Broken without marks."""
    replace(docs, {"goals": report.goals(), "tables": report.tables(), "machine": report.about()})
    draw(report, docs / "performance")


def replace(docs: Path, contents: Mapping[str, str]) -> None:
    """The same for contents by name; raises Broken without marks."""
    page = docs / "performance.md"
    text = page.read_text()
    for name, content in contents.items():
        text = _replaced(text, name, content, page)
    page.write_text(text)
    print(f"written to {page}")


def _replaced(text: str, name: str, content: str, page: Path) -> str:
    start, end = f"<!-- {name}: measured, not written by hand -->", f"<!-- {name}: end -->"
    pattern = re.compile(f"{re.escape(start)}.*?{re.escape(end)}", re.DOTALL)
    if not pattern.search(text):
        raise Broken(f"expected {start} and {end} in {page}")
    return pattern.sub(lambda _: f"{start}\n\n{content}\n\n{end}", text)
