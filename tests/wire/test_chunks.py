"""Texts from programs that send no line ends, as readers of tutorials write them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.chunks import TEXT_MAX, ChunkReader
from hubbub.wire.framing import TOO_LONG, TooLong


def texts(*reads: bytes, apart: float = 0.0) -> list[str | TooLong]:
    """What is made of these reads, `apart` seconds from each other."""
    reader = ChunkReader()
    return [text for number, data in enumerate(reads) for text in reader.feed(data, number * apart)] + reader.rest()


@pytest.mark.parametrize(
    ("reads", "wanted"),
    [
        ([b"maya: hello"], ["maya: hello"]),
        ([b"maya: hello", b"maya: anybody?"], ["maya: hello", "maya: anybody?"]),
        ([b"one\ntwo\r\n\r\nthree"], ["one", "two", "three"]),
        ([b"caf\xc3", b"\xa9!"], ["café!"]),
        ([b"one\n\xf0\x9f", b"\x91", b"\x8d"], ["one", "👍"]),
        ([b"caf\xe9"], ["caf\ufffd"]),
        ([b"\xff\xfe nonsense \xc0\xaf"], ["\ufffd\ufffd nonsense \ufffd\ufffd"]),
        ([b"\x1b[31mred\x1b[0m \x07\x00bell"], ["red bell"]),
        ([b"", b"\n", b"\r\n"], []),
    ],
)
def test_a_text_is_a_line_or_what_one_read_brought(reads: list[bytes], wanted: list[str]) -> None:
    """Characters stay whole, bytes that are none are shown as replaced, and nothing steers a terminal."""
    assert texts(*reads) == wanted


def test_a_text_that_is_too_long_is_told_once() -> None:
    """A megabyte without a line end is one text, however many reads it takes, and what comes later is another."""
    reader = ChunkReader()
    told = [text for _ in range(16) for text in reader.feed(b"x" * 65536, 5.0)]
    assert told == [TOO_LONG]
    assert reader.feed(b"the rest of it\nand a line", 5.5) == ["and a line"]
    assert texts(b"x" * 5000, b"rest", apart=0.5) == [TOO_LONG]
    assert texts(b"x" * 5000, b"hello", apart=1.5) == [TOO_LONG, "hello"]
    assert texts(b"x" * 5000 + b"\nhello", b"there") == [TOO_LONG, "hello", "there"]


@given(st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), min_size=1, max_size=50), st.data())
def test_no_cut_tears_a_character(text: str, data: st.DataObject) -> None:
    """However a text is cut into reads, its words are the same."""
    raw = text.encode()
    cut = data.draw(st.integers(0, len(raw)))
    assert "".join(map(str, texts(raw[:cut], raw[cut:]))) == text


@given(st.lists(st.binary(max_size=6000), max_size=5))
def test_whatever_comes_can_be_written(reads: list[bytes]) -> None:
    """Every text is one line of UTF-8, not too long, and little is kept behind."""
    for text in texts(*reads):
        if not isinstance(text, TooLong):
            text.encode()
            assert len(text) <= TEXT_MAX
            assert not set(text) & set("\r\n\0\x01\x1b")
