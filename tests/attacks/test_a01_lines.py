"""CR, LF, NUL, bad UTF-8 and lines that are too long, from any door: nobody is sent a line that we did not write.

https://modern.ircdocs.horse/#message-format
"""

from __future__ import annotations

import pytest
from websockets.sync.client import connect

from tests.attacks.house import HTTP, PLAIN, House

REFUSED = {
    b"PRIVMSG #den :a\rQUIT :b": "FAIL",
    b"PRIVMSG #den :a\0QUIT :b": "FAIL",
    b"\0": "FAIL",
    b"PRIVMSG\r#den\r:a": "FAIL",
    b"PRIVMSG #den :\xff\xfe": "FAIL",
    b"PRIVMSG #den :caf\xe9": "FAIL",
    b"PRIVMSG #den :\xed\xa0\x80": "FAIL",  # half of a pair of surrogates
    b"PRIVMSG #den :\xc0\x8d\xc0\x8a": "FAIL",  # CR LF, longer than it need be
    b"PRIVMSG #den :\xf4\x90\x80\x80": "FAIL",  # beyond the last character
    b"@+x=\xff PRIVMSG #den :a": "FAIL",
    b"@\r PRIVMSG #den :a": "FAIL",
    b"PRIVMSG #den :" + b"x" * 498: "417",
    b"PRIVMSG #den :" + b"x" * 20_000: "417",
    b"@+x=" + b"y" * 4_092 + b" PRIVMSG #den :a": "417",
    b"@+x=" + b"y" * 20_000 + b" PRIVMSG #den :a": "417",
    b"@" * 9_000: "417",
    b":" + b"s" * 600 + b" PRIVMSG #den :a": "417",
}
"""A line, and with what it is answered."""

ESCAPED = ("a\r\nQUIT :b", "a\rb", "a\nb", "\r\n:hub.example 001 leo :x")


def test_a_line_that_is_none_is_refused_and_the_next_is_heard(house: House) -> None:
    """Neither half of it reaches anybody; the sender is told why and stays.

    Seen to fail where `parse` lets CR and NUL pass, and where lines may have any length.
    """
    maya = house.come("maya-a01", "message-tags", room="#den")
    leo = house.come("leo-a01", "message-tags", room="#den")
    maya.hears()
    for line, answer in REFUSED.items():
        leo.send(line + b"\r\n")
        assert [heard.command for heard in leo.hears()] == [answer], line
    leo.asks("PRIVMSG #den :still here")
    assert [(line.command, line.params) for line in maya.hears()] == [("PRIVMSG", ("#den", "still here"))]


@pytest.mark.parametrize("end", [b"\r\n", b"\n", b"\r\r\n"])
def test_every_common_line_end_ends_one_line(house: House, end: bytes) -> None:
    """And nothing else does: not the breaks of Unicode, and not a form feed.

    Seen to fail where lines are cut by `str.splitlines`.
    """
    maya = house.come("maya-ends", room="#ends")
    leo = house.come("leo-ends", room="#ends")
    maya.hears()
    text = "a\u2028b\u2029c\x0bd\x0ce\x85f\x1cg"
    leo.send(f"PRIVMSG #ends :{text}".encode() + end)
    leo.hears()
    assert [line.params for line in maya.hears()] == [("#ends", text)]


@pytest.mark.parametrize("text", ESCAPED)
def test_what_is_escaped_stays_escaped(house: House, text: str) -> None:
    """A tag may mean a line break; whoever is told of it gets it as it was sent, now and from history.

    Seen to fail where `escape_tag` forgets CR or LF.
    """
    raw = text.replace("\r", "\\r").replace("\n", "\\n").replace(" ", "\\s")
    caps = ("message-tags", "draft/chathistory", "batch", "echo-message")
    room = f"#tags-{ESCAPED.index(text)}"
    maya, leo = house.come("maya-tags", *caps, room=room), house.come("leo-tags", *caps, room=room)
    maya.hears()
    leo.asks(f"@+note={raw} PRIVMSG {room} :x")
    told = [line for line in maya.hears() if line.command == "PRIVMSG"]
    told += [line for line in maya.asks(f"CHATHISTORY LATEST {room} * 10") if line.command == "PRIVMSG"]
    assert [line.tags["+note"] for line in told] == [text, text]


def test_a_web_socket_message_is_one_line_at_most(house: House) -> None:
    """What a page puts behind a line break never becomes a line of its own to anybody else.

    Seen to fail where a message's CR is let through to the parser's caller.
    """
    maya = house.come("maya-ws", room="#ws")
    with connect(house.urls[HTTP].replace("http", "ws") + "/ws") as page:
        for text in ("NICK leo-ws", "USER leo 0 * :Leo", "JOIN #ws"):
            page.send(text)
        page.send("PRIVMSG #ws :a\rPRIVMSG #ws :b")
        page.send("PRIVMSG #ws :a\0b")
        page.send("PRIVMSG #ws :c")
        page.send("PING end")
        while "PONG" not in (heard := str(page.recv())):
            assert "\n" not in heard
    assert [line.params[1] for line in maya.hears() if line.command == "PRIVMSG"] == ["c"]


def test_what_is_typed_at_the_plain_door_is_one_line_of_irc(house: House) -> None:
    """Control characters of a terminal are left out of what others are told.

    Seen to fail where `seats` take text as it comes.
    """
    maya = house.come("maya-plain", room="#square")
    door = house.knock(PLAIN)
    door.send(b"leo-plain\r\nhi\rPRIVMSG #square :b\0\x1b[2Jthere\xff\r\n")
    said = maya.waits_for("PRIVMSG").params[1]
    assert said.isprintable()
    assert said.startswith("hi")
