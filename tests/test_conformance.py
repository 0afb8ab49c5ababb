"""docs/conformance.md says what the server says."""

import re
from pathlib import Path

from hubbub.dialects.irc.dialect import Irc
from hubbub.dialects.irc.registry import CAPABILITIES

TEXT = (Path(__file__).parents[1] / "docs" / "conformance.md").read_text(encoding="utf-8")


def test_every_capability_stands_in_the_table_and_no_other() -> None:
    """In alphabetical order, so that it is found."""
    assert Irc is not None  # importing the dialect fills the registry
    table = TEXT.partition("## Capabilities")[2].partition("\n## ")[0]
    named = re.findall(r"^\| `([^`]+)` \|", table, re.MULTILINE)
    assert named == sorted(CAPABILITIES)


def test_every_capability_is_linked_to_its_specification() -> None:
    """The one that its module names."""
    missing = [name for name, row in CAPABILITIES.items() if row.url.partition("#")[0] not in TEXT]
    assert not missing
