"""Lines go out as frames, one to a line, the same for every receiver."""

import pytest
from websockets.frames import Opcode

from hubbub.net.frames import REASON_MAX, as_binary, as_text, close_frame
from tests.frames import frames


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 500, 65535, 65536, 70000])
def test_a_line_of_any_length_is_one_message(size: int) -> None:
    """The line end is not part of it."""
    (frame,) = frames(as_text(b"x" * size + b"\r\n"))
    assert (frame.opcode, frame.fin, bytes(frame.data)) == (Opcode.TEXT, True, b"x" * size)


def test_several_lines_are_several_messages() -> None:
    assert [bytes(frame.data) for frame in frames(as_binary(b"one\r\ntwo\r\nthree\r\n"))] == [b"one", b"two", b"three"]
    assert {frame.opcode for frame in frames(as_binary(b"one\r\ntwo\r\n"))} == {Opcode.BINARY}


def test_nothing_is_no_message() -> None:
    assert as_text(b"") == as_binary(b"") == b""


def test_a_long_reason_is_cut_between_characters() -> None:
    (frame,) = frames(close_frame(1000, "é" * 100))
    assert frame.opcode is Opcode.CLOSE
    assert bytes(frame.data[2:]).decode() == "é" * (REASON_MAX // 2)
