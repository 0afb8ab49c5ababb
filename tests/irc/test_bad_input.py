"""Whatever comes in: nothing of ours goes wrong, and what goes out are lines that anybody can read.

https://modern.ircdocs.horse/#message-format and https://ircv3.net/specs/extensions/utf8-only
"""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.dialects.irc.registry import CAPABILITIES, COMMANDS
from hubbub.wire.line import TAGS_MAX, parse, serialise
from tests.irc.lines import commands, only, params, tag_free
from tests.scene import Person, Scene, quiet

# What a line is made of, so that random bytes often mean something.
_MEANT = [
    *("#room", "@#room", "#other", "maya", "leo", "sam", "nobody", "*", "0", ",", "%tcuihsnfdlaor,42", "o", "sesame"),
    *("LS", "302", "REQ", "END", "LATEST", "BETWEEN", "TARGETS", "AROUND", "msgid=x", "10", "-1", "C>0", "!*", "GET"),
    *("timestamp=2026-09-21T14:13:20.000Z", "+beIklimnstC-ohv", "-k", "+ov", "+b", "*!*@*", "NONSENSE"),
    *("batch", "labeled-response", "echo-message", "-batch", "message-tags", "\x01PING\x01"),
]
_WORDS = st.sampled_from([word.encode() for word in (*COMMANDS, *_MEANT)])
_ODD = st.sampled_from(
    [b"", b":", b" ", b"::", b"\0", b"\r", b"\xff", b"\xc3", b"@", b"=", b";", b"\\", b"\x01", b"\t"]
)
_TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=200).map(str.encode)
_TAGS = st.sampled_from([b"", b"@label=1 ", b"@+a=1;+b ", b"@label=\xff ", b"@;= ", b"@label=x;+c=\\\\ :src "])
_PARAM = _WORDS | _ODD | _TEXT | st.binary(max_size=20)
_LINE = st.builds(
    lambda tags, command, middles, colon, last: tags + b" ".join([command, *middles, colon + last]),
    _TAGS,
    _WORDS,
    st.lists(_PARAM, max_size=4),
    st.sampled_from([b"", b":"]),
    _PARAM,
)
_STREAM = st.lists(_LINE | st.binary(max_size=60), max_size=12).map(b"\r\n".join)


def check(person: Person) -> None:
    """All that somebody was sent are lines as the specifications want them."""
    data = bytes(person.cable.data)
    assert data.endswith(b"\r\n") or not data
    for line in person.hears():
        parsed = parse(line)
        assert parse(serialise(parsed)) == parsed
        assert not set(line) & set("\r\n\0")
        assert tag_free(line) <= 512
        assert len(line.encode()) + len("\r\n") - tag_free(line) <= TAGS_MAX


def pieces(data: bytes, cuts: list[int]) -> list[bytes]:
    """The bytes as a network may cut them."""
    ends = sorted({cut % (len(data) + 1) for cut in cuts})
    return [data[start:end] for start, end in zip([0, *ends], [*ends, len(data)], strict=True)]


@settings(max_examples=150)
@given(st.lists(st.tuples(st.integers(0, 2), _STREAM), max_size=6), st.lists(st.integers(0, 2000), max_size=3))
def test_whatever_is_sent_nothing_goes_wrong(said: list[tuple[int, bytes]], cuts: list[int]) -> None:
    """Any bytes from a newcomer, a guest and somebody with all capabilities, cut anywhere, do no harm."""
    scene = Scene()
    everything = scene.enter("maya", *CAPABILITIES, rooms=["#room", "#other"])
    people = [scene.connect(), scene.enter("leo", rooms=["#room"]), everything]
    watcher = scene.enter("sam", *(set(CAPABILITIES) - {"labeled-response", "batch"}), rooms=["#room"])
    for index, data in said:
        for piece in pieces(data + b"\r\n", cuts):
            people[index].send(piece)
    for person in (*people, watcher):
        check(person)
    assert scene.faults == []


@settings(max_examples=60)
@given(st.binary(max_size=3000))
def test_binary_is_answered_and_survived(data: bytes) -> None:
    """Who sends a picture to a chat server is told that it is none of the lines known here."""
    scene = Scene()
    maya = scene.enter("maya", rooms=["#room"])
    maya.send(data + b"\r\nPING still-here\r\n")
    check_data = bytes(maya.cable.data)
    assert maya.cable.closed or b"PONG" in check_data
    check(maya)
    assert scene.faults == []


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize(
    "arguments", ["", " :", " : ", " , ,", " ::x", " \u00e9 \u00e9 \u00e9 \u00e9 \u00e9", " *" * 20, " #room :"]
)
def test_no_command_minds_odd_parameters(scene: Scene, name: str, arguments: str) -> None:
    """Too few, too many, empty or odd: each command has an answer or none, and goes on."""
    for person in (scene.connect(), scene.enter("maya", "batch", "labeled-response", "draft/chathistory")):
        person.say(f"{name}{arguments}", f"@label=x {name}{arguments}")
        check(person)


@pytest.mark.parametrize("name", [name for name, row in COMMANDS.items() if row.arity])
def test_each_command_says_that_it_needs_more(scene: Scene, name: str) -> None:
    """ "Returned when a client command cannot be parsed because not enough parameters were supplied"."""
    person = scene.connect() if COMMANDS[name].who.name == "NEWCOMER" else scene.enter("maya")
    for arity in range(COMMANDS[name].arity):
        assert params(person.asks(f"{name}{' x' * arity}"), "461")[1] == name


def test_an_unknown_command_is_named(scene: Scene) -> None:
    """ "Sent to a registered client to indicate that the command they sent isn't known by the server"."""
    maya = scene.enter("maya")
    assert params(maya.asks("nonsense a b"), "421")[1] == "NONSENSE"
    assert params(maya.asks("123"), "421")[1] == "123"
    assert params(maya.asks("jo\u0131n #room"), "421")[1] == "jo\u0131n"


def test_half_a_line_waits_for_its_other_half(scene: Scene) -> None:
    """ "Only parse and process a message once you encounter the \\r\\n at the end of it"."""
    maya = scene.enter("maya")
    for piece in (b"PI", b"NG ", b"one", b"\r"):
        maya.send(piece)
        assert maya.hears() == []
    maya.send(b"\nPING two\nPING thr")
    assert [line.params[1] for line in maya.reads()] == ["one", "two"]


def test_empty_lines_are_nothing(scene: Scene) -> None:
    """ "If you encounter an empty message, silently ignore it"."""
    maya = scene.enter("maya")
    maya.send(b"\r\n\n\r\r\n   \r\n")
    assert set(commands(maya.hears())) <= {"FAIL"}


@pytest.mark.parametrize("line", [":", ":maya", "@a=b", "@a", "PING a\0b", "PING a\rb", "@a=b :maya"])
def test_what_is_no_line_is_answered(scene: Scene, line: str) -> None:
    """Its sender learns what was expected and what came."""
    heard = params(scene.enter("maya").asks(line), "FAIL")
    assert heard[:2] == ("*", "BAD_LINE")
    assert "expected" in heard[2]


def test_a_source_that_a_client_claims_is_ignored(scene: Scene) -> None:
    """ "Clients MUST NOT include a source when sending a message": whoever does so is still themselves."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    quiet(maya)
    leo.say(":maya!maya@192.0.2.7 PRIVMSG #room :I am not maya")
    assert only(maya.hears(), "PRIVMSG").source == "leo!leo@192.0.2.7"


def test_http_verbs_are_harmless_for_those_who_are_in(scene: Scene) -> None:
    """A person may mistype."""
    maya = scene.enter("maya")
    assert commands(maya.asks("GET well soon")) == ["421"]
    assert not maya.cable.closed


# Too long


@pytest.mark.parametrize("length", [511, 512, 1000, 8702, 8703, 9000, 100_000])
def test_a_line_that_is_too_long_is_refused_and_the_next_is_heard(scene: Scene, length: int) -> None:
    """ "Send an error numeric back, preferably ERR_INPUTTOOLONG", and nothing of it is done."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    quiet(maya)
    start = b"PRIVMSG #room :"
    leo.send(start + b"x" * (length - len(start)) + b"\r\nPING next\r\n")
    assert commands(leo.hears()) == ["417", "PONG"]
    assert maya.hears() == []


def test_a_line_of_512_bytes_is_heard(scene: Scene) -> None:
    """ "limit messages to 512 bytes in length, including the trailing CR-LF characters"."""
    assert commands(scene.enter("maya").asks("PING " + "x" * 505)) == ["PONG"]


def test_behind_tags_as_much_fits_as_without(scene: Scene) -> None:
    """ "The size limit for the rest of the message remains unchanged at 512 bytes"."""
    maya = scene.enter("maya", "message-tags")
    assert commands(maya.asks("@+a=1 PING " + "x" * 505)) == ["PONG"]
    assert commands(maya.asks("@+a=1 PING " + "x" * 506)) == ["417"]


def test_an_endless_line_is_refused_once(scene: Scene) -> None:
    """However long it goes on, it is one line, and it is not kept."""
    maya = scene.enter("maya")
    for _ in range(50):
        maya.send(b"x" * 1000)
    assert commands(maya.hears()) == ["417"]
    assert commands(maya.asks("", "PING next")) == ["PONG"]


# Not UTF-8


@pytest.mark.parametrize("text", [b"\xff", b"caf\xe9", b"\xed\xa0\x80", b"\xc0\xaf", b"\xf4\x90\x80\x80"])
def test_what_is_not_utf8_is_not_relayed(scene: Scene, text: bytes) -> None:
    """ "the client's message was rejected because it contained invalid UTF-8 data"."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    quiet(maya)
    leo.send(b"PRIVMSG #room :" + text + b"\r\n")
    assert params(leo.hears(), "FAIL")[:2] == ("PRIVMSG", "INVALID_UTF8")
    assert maya.hears() == []


def test_a_label_finds_its_way_through_bad_utf8(scene: Scene) -> None:
    """ "This message SHOULD also be given a label, if one was provided by the client"."""
    maya = scene.enter("maya", "labeled-response", "batch")
    maya.send(b"@label=abc PRIVMSG #room :\xff\r\n")
    assert only(maya.hears(), "FAIL").tags == {"label": "abc"}


def test_bytes_that_are_neither_line_nor_text_are_answered(scene: Scene) -> None:
    """What cannot even be read in part belongs to no command."""
    maya = scene.enter("maya")
    maya.send(b":\xff\r\n")
    assert params(maya.hears(), "FAIL")[:2] == ("*", "INVALID_UTF8")


def test_a_real_name_that_is_not_utf8_lets_nobody_in(scene: Scene) -> None:
    """ "Servers publishing this token MUST NOT relay content (such as [...] realnames) containing non-UTF-8 data"."""
    tom = scene.connect()
    tom.send(b"NICK tom\r\nUSER tom 0 * :Fran\xe7ois\r\n")
    assert params(tom.hears(), "FAIL")[:2] == ("USER", "INVALID_UTF8")
    assert scene.hub.users == {}
