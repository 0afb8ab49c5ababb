"""A long text goes out in as many lines as the others can read whole."""

from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.mirror import Mirror
from hubbub.client.reflect import reflect
from hubbub.client.splitting import room_for_text, split
from hubbub.wire.line import parse


@given(st.text(), st.integers(8, 60))
def test_nothing_is_lost_and_every_piece_fits(text: str, limit: int) -> None:
    """But for line breaks, and spaces where a line was broken, the pieces are the text."""
    pieces = list(split(text.replace("\ud800", ""), limit))
    assert all(len(piece.encode(errors="surrogatepass")) <= limit for piece in pieces)
    assert "".join(pieces).replace(" ", "") == "".join(text.replace("\0", "").splitlines()).replace(" ", "")


def test_a_line_is_broken_at_a_space() -> None:
    """Inside a word only when there is no space near the end."""
    assert list(split("the quick brown fox", 12)) == ["the quick", "brown fox"]
    assert list(split("a" * 20, 8)) == ["a" * 8, "a" * 8, "a" * 4]


def test_a_letter_keeps_its_accent() -> None:
    """The accent is a character of its own, and yet part of the letter."""
    assert list(split("abcde\u0301", 6)) == ["abcd", "e\u0301"]


def test_each_line_break_begins_a_message() -> None:
    """Empty lines say nothing."""
    assert list(split("one\r\n\r\ntwo\nthree", 100)) == ["one", "two", "three"]


def test_the_source_that_others_see_counts() -> None:
    """Known from our own JOIN; before that the longest one is assumed."""
    mirror = Mirror("leo")
    assumed = room_for_text(mirror, "PRIVMSG", "#general")
    reflect(mirror, parse(":leo!leo@village JOIN #general"))
    known = room_for_text(mirror, "PRIVMSG", "#general")
    assert known == 512 - len(":leo!leo@village PRIVMSG #general :\r\n")
    assert assumed < known
