"""Nothing that a stranger writes steers the terminal."""

import unicodedata

import pyte
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.clean import clean


@pytest.mark.parametrize(
    ("received", "drawn"),
    [
        ("plain words, 100 %", "plain words, 100 %"),
        ("\x02bold\x02 \x1ditalic\x1d \x1funder\x1f \x1estruck\x1e \x11mono\x11 \x16rev\x0f", None),
        ("\x0304,12red on blue\x03 and \x0399x", "red on blue and x"),
        ("\x033 apples", " apples"),
        ("\x04ff0000red", "red"),
        ("\x1b[31mred\x1b[0m \x1b[2J\x1b[1;1Hgone", "red gone"),
        ("\x1b]0;title\x07text", "]0;titletext"),
        ("\x9b31mc1", "31mc1"),
        ("tab\there\r\nand there", "tab here and there"),
        ("a\u202egnp.exe", "agnp.exe"),
        ("zero\u200bwidth\ufeff\u2060\u00ad", "zerowidth"),
        ("\u2066isolated\u2069", "isolated"),
        ("tags\U000e0041\U000e007f", "tags"),
        ("日本語, русский, عربى, é, e\u0301", "日本語, русский, عربى, é, e\u0301"),
        ("❤️ 👍🏽", "❤️ 👍🏽"),
        ("\ud800broken", "broken"),
        ("e" + "\u0301" * 50 + "!", "e" + "\u0301" * 4 + "!"),
        ("", ""),
    ],
)
def test_only_text_is_left(received: str, drawn: str | None) -> None:
    """Colours and bold go, words in any script stay."""
    assert clean(received) == (drawn if drawn is not None else "bold italic under struck mono rev")


@given(st.text())
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    """Cleaning twice is cleaning once: nothing dangerous can be put together from the pieces that stay."""
    assert clean(clean(text)) == clean(text)


@given(st.text())
def test_nothing_that_controls_or_hides_is_left(text: str) -> None:
    """No control character, no line break, nothing that changes the direction, nothing that UTF-8 cannot carry."""
    kept = clean(text)
    assert not [char for char in kept if unicodedata.category(char) in {"Cc", "Cs", "Zl", "Zp"}]
    assert not [char for char in kept if unicodedata.bidirectional(char) in {"LRE", "RLE", "LRO", "RLO", "PDF"}]
    kept.encode()


@given(st.lists(st.sampled_from(["\x1b", "[", "]", "31", ";", "m", "H", "\x9b", "\x07", "\\", "P", "q", "?", "x"])))
def test_a_terminal_shows_just_these_cells(pieces: list[str]) -> None:
    """A terminal emulator writes the cleaned text from left to right, as if it were a typewriter."""
    kept = clean("".join(pieces))[:80]
    screen = pyte.Screen(80, 2)
    pyte.Stream(screen).feed(kept)
    assert screen.display[0] == kept.ljust(80)
