"""labeled-response and batch: which answer belongs to which line.

https://ircv3.net/specs/extensions/labeled-response and https://ircv3.net/specs/extensions/batch
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.dialects.irc.registry import COMMANDS
from hubbub.dialects.irc.request import Request
from hubbub.hub.ports import StoreFailed
from hubbub.wire.line import Line
from tests.irc.lines import commands, only
from tests.scene import Person, Scene, quiet

CAPS = ("labeled-response", "batch", "message-tags", "draft/chathistory")


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", *CAPS, rooms=["#room"])


def answer(person: Person, *lines: str) -> list[Line]:
    person.hears()
    person.say(*lines)
    return person.reads()


def unwrapped(heard: list[Line], kind: str = "labeled-response") -> list[Line]:
    """What is inside a batch, whose frame is checked."""
    start, *inside, end = heard
    name = start.params[0][1:]
    assert start.params[:2] == (f"+{name}", kind)
    assert end.params == (f"-{name}",)
    assert "label" not in end.tags
    return inside


# One answer


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("PING token", "PONG"),
        ("NONSENSE", "421"),
        ("JOIN", "461"),
        ("USER a b c d", "462"),
        ("PRIVMSG nobody :hi", "401"),
        ("NICK 1", "432"),
        ("TOPIC #room", "331"),
        ("AWAY :lunch", "306"),
        ("MODE #room +m", "MODE"),
        ("TOPIC #room :x", "TOPIC"),
        ("NICK priya", "NICK"),
        ("PART #room", "PART"),
        ("CAP LIST", "CAP"),
        ("CHATHISTORY LATEST #nowhere * 1", "FAIL"),
    ],
)
def test_one_answer_carries_the_label(maya: Person, line: str, command: str) -> None:
    """ "the server MUST include the same tag and value in any response required from this message"."""
    (found,) = answer(maya, f"@label=abc {line}")
    assert found.command == command
    assert found.tags["label"] == "abc"


def test_other_tags_stand_beside_the_label(maya: Person) -> None:
    """A label takes no tag's place."""
    maya.say("CAP REQ echo-message")
    (echo,) = answer(maya, "@label=abc;+a=1 PRIVMSG #room :hi")
    assert set(echo.tags) == {"label", "msgid", "+a"}


@pytest.mark.parametrize("label", ["x", "a b;c\\d", "\u00e9\U0001f389", "x" * 64])
def test_a_label_is_opaque(maya: Person, label: str) -> None:
    """ "The tag value is chosen by the client and MUST be treated as an opaque identifier"."""
    raw = label.replace("\\", "\\\\").replace(";", "\\:").replace(" ", "\\s")
    assert answer(maya, f"@label={raw} PING x")[0].tags["label"] == label


def test_a_label_of_a_line_before_does_not_linger(maya: Person) -> None:
    """ "Servers MUST include the tag in exactly one logical message"."""
    assert [line.tags.get("label") for line in answer(maya, "@label=1 PING a", "PING b", "@label=2 PING c")] == [
        "1",
        None,
        "2",
    ]


def test_without_the_capability_a_label_is_a_tag_like_any_other(scene: Scene) -> None:
    """Only those who asked for labels get them."""
    leo = scene.enter("leo", "message-tags", "batch")
    assert leo.asks("@label=abc PING x", "@label=abc PONG x") == [":hub.example PONG hub.example x"]


def test_an_empty_label_is_none(maya: Person) -> None:
    """The tag "has a required value"."""
    assert answer(maya, "@label= PING x", "@label PING x")[0].tags == {}


# No answer


@pytest.mark.parametrize(
    "line",
    ["PONG x", "NOTICE nobody :hi", "PRIVMSG #room :hi", "JOIN #room", "MODE #room +n", "CAP END", "TAGMSG #room"],
)
def test_what_has_no_answer_is_acknowledged(maya: Person, line: str) -> None:
    """ "Servers MUST respond with a labeled ACK" to "a labeled command that normally produces no response"."""
    assert maya.asks(f"@label=abc {line}") == ["@label=abc :hub.example ACK"]


# Several answers


@pytest.mark.parametrize(
    "line", ["WHOIS maya", "JOIN #other", "WHO #room", "LUSERS", "HELP", "MODE #room", "NAMES #room"]
)
def test_several_answers_are_a_batch(maya: Person, line: str) -> None:
    """ "If a response consists of more than one message, a batch MUST be used to group them"."""
    heard = answer(maya, f"@label=abc {line}")
    assert heard[0].tags == {"label": "abc"}
    inside = unwrapped(heard)
    assert len(inside) > 1
    assert {found.tags["batch"] for found in inside} == {heard[0].params[0][1:]}
    assert not any("label" in found.tags for found in inside)


def test_a_batch_is_named_in_letters_and_digits(maya: Person) -> None:
    """ "Reference tag MUST contain only ASCII letters, numbers, and/or hyphen"."""
    names = [answer(maya, f"@label={number} LUSERS")[0].params[0][1:] for number in range(5)]
    assert all(re.fullmatch(r"[A-Za-z0-9-]+", name) for name in names)
    assert len(set(names)) == 5


def test_a_batch_that_is_the_whole_answer_carries_the_label(maya: Person) -> None:
    """ "The batch type MUST be one of: An existing type applicable to the entire response"."""
    maya.say("PRIVMSG #room :hi")
    heard = answer(maya, "@label=abc CHATHISTORY LATEST #room * 10")
    assert heard[0].tags == {"label": "abc"}
    assert commands_of(unwrapped(heard, "chathistory")) == ["PRIVMSG"]


def test_an_empty_batch_is_an_answer(maya: Person) -> None:
    """ "An empty batch is allowed": there is no history, and no ACK beside it."""
    heard = answer(maya, "@label=abc CHATHISTORY LATEST #room * 10")
    assert heard[0].tags == {"label": "abc"}
    assert unwrapped(heard, "chathistory") == []


def test_a_batch_within_a_batch_is_tagged_at_both_ends(maya: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "Start and end messages of one batch MAY refer to another [...] they both MUST have batch tag"."""

    async def history_and_more(request: Request, line: Line) -> None:
        request.batch("example.org/inner", (), [b":hub.example NOTE * INSIDE :within\r\n"])
        request.reply("400", "outside")

    monkeypatch.setitem(COMMANDS, "VERSION", replace(COMMANDS["VERSION"], run=history_and_more))
    heard = answer(maya, "@label=abc VERSION")
    start, note, end, other = unwrapped(heard)
    outer, inner = heard[0].params[0][1:], start.params[0][1:]
    assert (start.command, start.tags, end.command, end.tags) == ("BATCH", {"batch": outer}, "BATCH", {"batch": outer})
    assert note.tags == {"batch": inner}
    assert other.tags == {"batch": outer}


# Echoes


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE", "TAGMSG"])
def test_an_echo_carries_the_label_and_nobody_else_sees_it(scene: Scene, maya: Person, verb: str) -> None:
    """An acknowledgement of one's own message is the answer to it."""
    leo = scene.enter("leo", *CAPS, rooms=["#room"])
    maya.say("CAP REQ echo-message")
    text = " :hi" if verb != "TAGMSG" else ""
    for target in ("#room", "leo"):
        quiet(maya, leo)
        (echo,) = answer(maya, f"@label=abc;+a=1 {verb} {target}{text}")
        assert echo.tags["label"] == "abc"
        assert "label" not in only(leo.hears(), verb).tags


def test_several_echoes_are_a_batch(scene: Scene, maya: Person) -> None:
    """One line to three targets has three answers, one of them a refusal."""
    scene.enter("leo")
    maya.say("CAP REQ echo-message")
    inside = unwrapped(answer(maya, "@label=abc PRIVMSG #room,nobody,leo :hi"))
    assert sorted(line.command for line in inside) == ["401", "PRIVMSG", "PRIVMSG"]


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE", "TAGMSG"])
def test_what_one_says_to_oneself_is_labelled_as_an_echo_only(maya: Person, verb: str) -> None:
    """ "the server MUST NOT include the label tag, except for any acknowledgment sent with echo-message"."""
    text = " :hi" if verb != "TAGMSG" else ""
    ack = answer(maya, f"@label=1 {verb} maya{text}")
    assert [(line.command, line.tags.get("label")) for line in ack] == [(verb, None), ("ACK", "1")]
    maya.say("CAP REQ echo-message")
    echo = answer(maya, f"@label=2 {verb} maya{text}")
    assert [(line.command, line.tags.get("label")) for line in echo] == [(verb, None), (verb, "2")]


# While the store works


@pytest.fixture
def slow(build: Callable[..., Scene]) -> Scene:
    """A house whose commits take their time."""
    return build(slow=True)


def test_an_answer_waits_for_what_it_acknowledges(slow: Scene) -> None:
    """An ACK says that the message is stored, as an echo does."""
    maya = slow.enter("maya", *CAPS, rooms=["#room"])
    slow.slow.held = True
    assert maya.asks("@label=abc PRIVMSG #room :hi") == []
    slow.slow.land()
    slow.turn()
    assert maya.hears() == ["@label=abc :hub.example ACK"]


def test_labelled_talk_pipelines(slow: Scene) -> None:
    """Several lines are on their way at once, and each gets its own answer, in order."""
    maya = slow.enter("maya", *CAPS, "echo-message", rooms=["#room"])
    slow.slow.held = True
    maya.say(*[f"@label={number} PRIVMSG #room :{number}" for number in range(4)])
    while slow.slow.groups:
        slow.slow.land()
        slow.turn()
    assert [(line.tags["label"], line.params[1]) for line in maya.reads()] == [(str(n), str(n)) for n in range(4)]


@pytest.mark.parametrize("line", ["PRIVMSG #room :hi", "TOPIC #room :hi", "JOIN #other", "NICK priya", "PART #room"])
def test_a_failure_carries_the_label(line: str) -> None:
    """What could not be stored is answered once, and with FAIL."""
    slow = Scene(slow=True)  # a store that fails is reported as a fault, so the fixture would complain
    maya = slow.enter("maya", *CAPS, "echo-message", rooms=["#room"])
    slow.slow.held = True
    maya.say(f"@label=abc {line}")
    slow.slow.fail(StoreFailed("disk full"))
    slow.turn()
    (found,) = maya.reads()
    assert (found.command, found.params[1], found.tags) == ("FAIL", "NOT_STORED", {"label": "abc"})


def test_a_labelled_quit_leaves_nothing_behind(scene: Scene, maya: Person) -> None:
    """The connection hears ERROR, and its end."""
    assert "ERROR" in commands(maya.asks("@label=abc QUIT :bye"))
    assert maya.cable.closed


def test_registration_can_be_labelled(scene: Scene) -> None:
    """The welcome is the answer to whatever completed it."""
    tom = scene.connect()
    tom.say("CAP REQ :labeled-response batch", "NICK tom", "USER tom 0 * :Tom")
    heard = answer(tom, "@label=abc CAP END")
    assert heard[0].tags == {"label": "abc"}
    assert unwrapped(heard)[0].command == "001"


def test_those_who_know_no_batches_get_the_lines_as_they_are(scene: Scene) -> None:
    """ "If the batch capability was negotiated, the server MUST reply [...] using a batch": and else it does not."""
    leo = scene.enter("leo", "draft/chathistory", rooms=["#room"])
    leo.say("PRIVMSG #room :one", "PRIVMSG #room :two")
    assert commands(leo.asks("CHATHISTORY LATEST #room * 5")) == ["PRIVMSG", "PRIVMSG"]


def commands_of(lines: list[Line]) -> list[str]:
    return [line.command for line in lines]
