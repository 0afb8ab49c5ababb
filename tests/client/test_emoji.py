"""Emoji by the names that people know."""

from hubbub.client.emoji import USUAL, find


def test_known_names_come_first() -> None:
    """What people type elsewhere, then what Unicode calls them; each once."""
    assert find("thumbs", 2) == [("👍", "thumbsup"), ("👎", "thumbsdown")]
    assert find("tad", 1) == [("🎉", "tada")]
    assert ("🦀", "crab") in find("crab", 5)
    assert find("no such thing", 5) == []


def test_the_usual_ones_are_few() -> None:
    """As many as fit on a line."""
    assert len(USUAL) == len(set(USUAL)) == 8
