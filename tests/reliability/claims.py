"""What tests claim, read from their files without running them: the first lines of their docstrings."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).parent.parent.parent


@dataclass(frozen=True, slots=True)
class Claim:
    """A test, and the first paragraph of what it says of itself."""

    test: str
    says: str


@dataclass(frozen=True, slots=True)
class Chapter:
    """A file of tests by its path in the repository; `title` is its first sentence."""

    file: str
    title: str
    claims: tuple[Claim, ...]


def chapters(pattern: str) -> list[Chapter]:
    """Those whose path in the repository fits, in the order of their names."""
    return [_chapter(path) for path in sorted(ROOT.glob(pattern))]


def _chapter(path: Path) -> Chapter:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return Chapter(path.relative_to(ROOT).as_posix(), _paragraph(tree), tuple(_claims(tree)))


def _claims(tree: ast.Module) -> Iterator[Claim]:
    """Those within an `if`, too: some need a system that not all have."""
    found = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]
    for node in sorted(found, key=lambda node: node.lineno):
        if node.name.startswith("test_"):
            yield Claim(node.name, _paragraph(node))


def _paragraph(node: ast.Module | ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    return re.sub(r"\s+", " ", (ast.get_docstring(node) or "").partition("\n\n")[0]).strip()
