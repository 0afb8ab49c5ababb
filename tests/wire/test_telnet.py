"""Telnet's commands among what is typed."""

import pytest

from hubbub.wire.telnet import Telnet

IAC, WILL, WONT, DO, DONT, ECHO = b"\xff", b"\xfb", b"\xfc", b"\xfd", b"\xfe", b"\x01"


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


def test_a_subnegotiation_that_never_ends_is_not_kept() -> None:
    """Whoever sends a megabyte of it takes up no memory."""
    telnet = Telnet()
    taken = b"".join(telnet.feed(part)[0] for part in (IAC + b"\xfa", b"x" * 1000, b"y"))
    assert taken.endswith(b"xy")
