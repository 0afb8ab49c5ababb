"""What hubbub.wire.framing promises: the same lines however the bytes arrive, and no memory for endless ones."""

import tracemalloc
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.framing import TOO_LONG, LineReader, TooLong

_STREAM = st.lists(st.sampled_from([b"a", b"bc", b"\r", b"\n", b"\r\n", b"\0", b"\xff", b"123456789"])).map(b"".join)


def _feed_in_pieces(reader: LineReader, data: bytes, cuts: list[int]) -> list[bytes | TooLong]:
    edges = [0, *sorted(cuts), len(data)]
    pieces = [data[start:end] for start, end in pairwise(edges)]
    return [line for piece in pieces for line in reader.feed(piece)]


@given(_STREAM, st.lists(st.integers(0, 60)), st.integers(1, 12))
def test_lines_do_not_depend_on_how_bytes_arrive(data: bytes, cuts: list[int], limit: int) -> None:
    """Any chunking of a stream, and any limit, gives the lines that the whole stream gives."""
    cuts = [min(cut, len(data)) for cut in cuts]
    assert _feed_in_pieces(LineReader(limit), data, cuts) == LineReader(limit).feed(data)


@given(_STREAM)
def test_short_lines_all_arrive(data: bytes) -> None:
    """Below the limit, lines are what stands between LFs, without CRs at their end and without empty ones."""
    *ended, _ = data.split(b"\n")
    stripped = [piece.rstrip(b"\r") for piece in ended]
    assert LineReader().feed(data) == [line for line in stripped if line]


def test_a_line_waits_for_its_end() -> None:
    """Half a line is nothing yet."""
    reader = LineReader()
    assert reader.feed(b"NICK ma") == []
    assert reader.feed(b"ya\r") == []
    assert reader.feed(b"\nUSER maya") == [b"NICK maya"]


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\r\n"])
def test_every_common_line_end_is_understood(end: bytes) -> None:
    """CR LF, a single LF and doubled CRs all end a line."""
    assert LineReader().feed(b"NICK leo" + end + b"JOIN #room" + end) == [b"NICK leo", b"JOIN #room"]


def test_empty_lines_are_dropped() -> None:
    """A person who presses return is told nothing."""
    assert LineReader().feed(b"\r\n\n\r\r\nPING tom\r\n\r\n") == [b"PING tom"]


def test_the_limit_counts_the_line_end() -> None:
    """A line of exactly the limit is read, one byte more is not."""
    assert LineReader(10).feed(b"12345678\r\n123456789\r\n123456789\n") == [b"12345678", TOO_LONG, b"123456789"]


def test_a_line_too_long_is_known_before_its_end() -> None:
    """The peer can be told at once, and once, and the line after is read."""
    reader = LineReader(10)
    assert reader.feed(b"1234567890") == [TOO_LONG]
    assert reader.feed(b"1234567890" * 5) == []
    assert reader.feed(b"the end\r\nPING tom\r\n") == [b"PING tom"]


def test_the_limit_leaves_room_for_all_tags_and_a_whole_line() -> None:
    """Without a limit of one's own, 8191 bytes of tags and 512 of line are read."""
    assert LineReader().feed(b"x" * 8701 + b"\r\n") == [b"x" * 8701]
    assert LineReader().feed(b"x" * 8702 + b"\r\n") == [TOO_LONG]


def test_an_endless_line_takes_no_memory() -> None:
    """64 MB without a line end leave less behind than one line may hold."""
    reader, data = LineReader(), b"x" * 65536
    tracemalloc.start()
    try:
        found = [line for _ in range(1024) for line in reader.feed(data)]
        held, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert found == [TOO_LONG]
    assert held < 8703
    assert peak < 4 * len(data)
