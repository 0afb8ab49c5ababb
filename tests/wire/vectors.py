"""The examples that IRC software shares, kept in parser-tests/ as they are. https://github.com/ircdocs/parser-tests"""

from pathlib import Path
from typing import Any

import yaml

_FOLDER = Path(__file__).parent / "parser-tests"


def vectors(name: str) -> list[dict[str, Any]]:
    """The examples of one file, such as "msg-split"."""
    tests: list[dict[str, Any]] = yaml.safe_load((_FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))["tests"]
    return tests
