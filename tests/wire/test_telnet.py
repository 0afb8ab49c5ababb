"""Telnet's commands among what is typed."""

import pytest

from hubbub.wire.telnet import Telnet

IAC, WILL, WONT, DO, DONT, ECHO = b"\xff", b"\xfb", b"\xfc", b"\xfd", b"\xfe", b"\x01"
SB, SE = IAC + b"\xfa", b"\xf0"


@pytest.mark.parametrize(
    ("sent", "typed", "answer"),
    [
        (b"hello\r\n", b"hello\r\n", b""),
        (IAC + WILL + ECHO + b"hello", b"hello", IAC + DONT + ECHO),
        (b"hel" + IAC + DO + ECHO + b"lo", b"hello", IAC + WONT + ECHO),
        (IAC + WONT + ECHO + IAC + DONT + ECHO + b"hello", b"hello", b""),
        (IAC + b"\xfa\x18\x00xterm" + IAC + b"\xf0hello", b"hello", b""),
        (IAC + b"\xf4" + IAC + DO + b"\x06", b"", IAC + WONT + b"\x06"),
    ],
)
@pytest.mark.parametrize("whole", [True, False])
def test_commands_are_taken_out_and_questions_refused(sent: bytes, typed: bytes, answer: bytes, whole: bool) -> None:
    """The last row is Ctrl-C in telnet, which shows nothing more until its question is answered."""
    telnet = Telnet()
    reads = [sent] if whole else [sent[at : at + 1] for at in range(len(sent))]
    heard = [telnet.feed(read) for read in reads]
    assert b"".join(got for got, _ in heard) == typed
    assert b"".join(answered for _, answered in heard) == answer


@pytest.mark.parametrize(
    ("sent", "typed", "answer"),
    [
        (b"a" + SB + b"\x1f\x00" + IAC + IAC + b"\x00\x18" + IAC + SE + b"b", b"ab", b""),
        (b"a" + SB + b"\x1f" + IAC + IAC + SE + b"\r\n" + IAC + SE + b"b", b"ab", b""),
        (b"a" + SB + b"\x18\x00" + IAC + DO + ECHO + b"b", b"ab", IAC + WONT + ECHO),
        (b"a" + SB + b"x" * 600 + IAC + SE + b"b", b"a" + b"x" * 88 + b"b", b""),
        (b"a" + IAC + IAC + b"b", b"ab", b""),
    ],
    ids=["a byte that is doubled", "a doubled one before what looks like the end", "broken off", "too long", "no text"],
)
@pytest.mark.parametrize("size", [1, 2, 3, 1000])
def test_a_subnegotiation_ends_where_it_says(sent: bytes, typed: bytes, answer: bytes, size: int) -> None:
    """Wherever the network cuts it, there alone; another command breaks it off, and so does its being too long."""
    telnet = Telnet()
    heard = [telnet.feed(sent[at : at + size]) for at in range(0, len(sent), size)]
    assert b"".join(got for got, _ in heard) == typed
    assert b"".join(answered for _, answered in heard) == answer


def test_a_subnegotiation_that_never_ends_is_not_kept() -> None:
    """Whoever sends a megabyte of it takes up no memory, and is heard again."""
    telnet = Telnet()
    taken = b"".join(telnet.feed(part)[0] for part in (SB, b"x" * 500, b"x" * 500, b"y"))
    assert taken == b"x" * 488 + b"y"
