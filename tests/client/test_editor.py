"""One line of typing, as a terminal sends it and as it is drawn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.client.editor import KEYS, Editor, cells

LEFT, RIGHT, UP, DOWN, HOME, END, DELETE = "\x1b[D", "\x1b[C", "\x1b[A", "\x1b[B", "\x1b[H", "\x1b[F", "\x1b[3~"
CTRL_A, CTRL_D, CTRL_E, CTRL_K, CTRL_U, CTRL_W, BACKSPACE = "\x01", "\x04", "\x05", "\x0b", "\x15", "\x17", "\x7f"


def typed(*keys: str) -> Editor:
    editor = Editor()
    for key in keys:
        editor.feed(key.encode())
    return editor


@pytest.mark.parametrize(
    ("keys", "text", "cursor"),
    [
        (["hello"], "hello", 5),
        (["hello", LEFT, LEFT, BACKSPACE], "helo", 2),
        (["hello", HOME, DELETE, "J"], "Jello", 1),
        (["hello", CTRL_A, RIGHT, CTRL_K], "h", 1),
        (["hello", LEFT, CTRL_U], "o", 0),
        (["hello", HOME, END, "!"], "hello!", 6),
        (["hello", CTRL_A, CTRL_E, "!"], "hello!", 6),
        (["two words", CTRL_W], "two ", 4),
        (["two words  ", CTRL_W, CTRL_W, CTRL_W], "", 0),
        (["two words", "\x1b[1;5D", "\x1b[1;5D", "\x1b[1;5C", "s"], "twos words", 4),
        (["two words", "\x1bb", "x"], "two xwords", 5),
        (["two words", HOME, "\x1bf", "\x1bf"], "two words", 9),
        (["ab", LEFT, CTRL_D], "a", 1),
        (["日本", LEFT, "語"], "日語本", 2),
        ([BACKSPACE, DELETE, LEFT, RIGHT, CTRL_W, CTRL_U, CTRL_K, UP, DOWN], "", 0),
        (["a\x00\x1b[99z\x1b[200~b\u202e\t"], "ab", 2),
        (["می\u200cخواهم"], "می\u200cخواهم", 8),
    ],
)
def test_keys_do_what_they_do_everywhere(keys: list[str], text: str, cursor: int) -> None:
    """As in readline; keys that have no meaning here have no effect."""
    editor = typed(*keys)
    assert (editor.text, editor.cursor) == (text, cursor)


def test_enter_finishes_a_line() -> None:
    """A paste may finish several at once, and begin one."""
    editor = Editor()
    assert editor.feed(b"one\rtwo\nthr") == ["one", "two"]
    assert editor.feed(b"ee\r") == ["three"]
    assert editor.text == ""


def test_lines_typed_before_are_called_back() -> None:
    """Up and down, and the line that was just being typed is not lost; the same line twice is kept once."""
    editor = typed("one\r", "two\r", "two\r", "   \r", "draft")
    for key, text in ((UP, "two"), (UP, "one"), (UP, "one"), (DOWN, "two"), (DOWN, "draft"), (DOWN, "draft")):
        editor.feed(key.encode())
        assert editor.text == text


def test_ctrl_d_ends_only_an_empty_line() -> None:
    """Otherwise it deletes."""
    assert not typed("a", CTRL_D).ended
    assert typed(CTRL_D).ended


def test_a_key_may_come_in_pieces() -> None:
    """So may a character."""
    editor = typed("ac")
    for byte in LEFT.encode() + "é".encode():
        editor.feed(bytes([byte]))
    assert editor.text == "aéc"


@given(st.lists(st.one_of(st.sampled_from(sorted(KEYS)), st.text(max_size=5))), st.integers(8, 40))
def test_the_cursor_is_always_in_the_text_and_on_the_screen(keys: list[str], width: int) -> None:
    """Whatever is typed, what is drawn fits into the line, and the cursor is on it."""
    editor = typed(*(key.encode(errors="ignore").decode() for key in keys))
    text, column = editor.view("#ab> ", width)
    assert 0 <= editor.cursor <= len(editor.text)
    assert cells("#ab> ") <= column < width
    assert cells(text) < width
    assert text.startswith("#ab> ")


def test_a_long_line_moves_under_its_window() -> None:
    """The place of the cursor is shown, not the beginning of the line."""
    editor = typed("0123456789")
    assert editor.view("> ", 8) == ("> 56789", 7)
    assert typed("0123456789", HOME).view("> ", 8) == ("> 01234", 2)


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("日本", 4), ("e\u0301", 1), ("👍", 2), ("", 0)])
def test_cells_are_counted_as_terminals_do(text: str, width: int) -> None:
    """Wide characters take two, accents none."""
    assert cells(text) == width
