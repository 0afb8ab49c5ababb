"""Messages of several lines. https://ircv3.net/specs/extensions/multiline and client-batch"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.events import TALK
from hubbub.hub.ports import Window
from hubbub.wire.line import parse
from tests.irc.lines import commands, every, only, params
from tests.scene import Person, Scene, quiet

ALL = ("batch", "draft/multiline", "echo-message", "labeled-response", "message-tags", "server-time")
POEM = ("@batch=1 PRIVMSG #room :hello", "@batch=1 PRIVMSG #room :", "@batch=1 PRIVMSG #room :how is ")
WINDOW = Window(100, verbs=TALK)
GOES_ON = "@batch=1;draft/multiline-concat PRIVMSG #room :everyone?"


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", *ALL, rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", *ALL, rooms=["#room"])
    quiet(maya)
    return person


def sends(person: Person, *lines: str, target: str = "#room", tags: str = "") -> list[str]:
    """A batch with these lines in it; what is answered."""
    return person.asks(f"{tags}BATCH +1 draft/multiline {target}", *lines, "BATCH -1")


# The capability


def test_the_limits_are_told(scene: Scene) -> None:
    """ "The capability MUST be advertised by servers with a REQUIRED value"."""
    heard = scene.connect().asks("CAP LS 302")
    words = " ".join(line.params[-1] for line in every(heard, "CAP")).split()
    assert "draft/multiline=max-bytes=16384,max-lines=64" in words


# Relaying


def test_who_knows_batches_gets_one(maya: Person, leo: Person) -> None:
    """The lines come as they were sent, inside a batch that carries the message's tags."""
    sends(maya, *POEM, GOES_ON, tags="@+mood=merry ")
    start, *inside, end = leo.reads()
    reference = start.params[0].removeprefix("+")
    assert (start.source, start.params) == ("maya!maya@192.0.2.7", (f"+{reference}", "draft/multiline", "#room"))
    assert start.tags["+mood"] == "merry"
    assert start.tags.keys() == {"time", "msgid", "+mood"}
    assert [line.params for line in inside] == [
        ("#room", "hello"),
        ("#room", ""),
        ("#room", "how is "),
        ("#room", "everyone?"),
    ]
    assert [line.tags for line in inside] == [{"batch": reference}] * 3 + [
        {"batch": reference, "draft/multiline-concat": ""}
    ]
    assert (end.command, end.params) == ("BATCH", (f"-{reference}",))


def test_others_get_the_lines(scene: Scene, maya: Person) -> None:
    """ "MUST NOT send blank lines", "MUST only include a message ID on the first", other tags stand on each."""
    sam = scene.enter("sam", "message-tags", "server-time", rooms=["#room"])
    tom = scene.enter("tom", rooms=["#room"])
    quiet(sam)
    sends(maya, *POEM, GOES_ON, tags="@+mood=merry ")
    heard = sam.reads()
    assert [line.params[1] for line in heard] == ["hello", "how is ", "everyone?"]
    assert [line.tags.keys() for line in heard] == [{"time", "msgid", "+mood"}] + [{"time", "+mood"}] * 2
    assert tom.hears() == [
        ":maya!maya@192.0.2.7 PRIVMSG #room :hello",
        ":maya!maya@192.0.2.7 PRIVMSG #room :how is ",
        ":maya!maya@192.0.2.7 PRIVMSG #room :everyone?",
    ]


def test_without_batch_there_are_no_batches(scene: Scene, maya: Person) -> None:
    """ "the batch capability [...] MUST be negotiated to use multiline messages"."""
    sam = scene.enter("sam", "draft/multiline", rooms=["#room"])
    sends(maya, *POEM)
    assert commands(sam.hears()) == ["PRIVMSG", "PRIVMSG"]
    sam.say("CAP REQ :batch")
    sam.hears()
    sends(maya, *POEM)
    assert commands(sam.hears()) == ["BATCH", "PRIVMSG", "PRIVMSG", "PRIVMSG", "BATCH"]


def test_the_label_stands_on_the_opening_of_the_echo(maya: Person) -> None:
    """ "Servers MUST only include the label tag on the opening BATCH command"."""
    start, *inside, end = map(parse, sends(maya, *POEM, tags="@label=x "))
    assert start.tags["label"] == "x"
    assert all("label" not in line.tags for line in (*inside, end))


def test_without_an_echo_the_label_is_acknowledged(scene: Scene, maya: Person) -> None:
    """Behind the closing line, when all is said."""
    sam = scene.enter("sam", "batch", "draft/multiline", "labeled-response", rooms=["#room"])
    assert sam.asks("@label=x BATCH +1 draft/multiline #room") == []
    assert sam.asks("@batch=1 PRIVMSG #room :a", "@batch=1 PRIVMSG #room :b") == []
    assert only(sam.asks("BATCH -1"), "ACK").tags == {"label": "x"}


def test_a_single_line_is_a_plain_message(maya: Person, leo: Person) -> None:
    """There is nothing to put together."""
    sends(maya, "@batch=1 NOTICE #room :hello")
    assert only(leo.hears(), "NOTICE").params == ("#room", "hello")


def test_notices_may_have_lines(maya: Person, leo: Person) -> None:
    """ "This example is also valid if every instance of PRIVMSG is replaced with NOTICE"."""
    sends(maya, "@batch=1 NOTICE #room :a", "@batch=1 notice #ROOM :b")
    assert commands(leo.hears()) == ["BATCH", "NOTICE", "NOTICE", "BATCH"]


def test_a_person_may_be_the_target(maya: Person, leo: Person) -> None:
    """Who is away is shown to be, behind the same label."""
    leo.say("AWAY :lunch")
    leo.hears()
    heard = sends(maya, "@batch=1 PRIVMSG leo :a", "@batch=1 PRIVMSG leo :b", target="leo", tags="@label=x ")
    assert params(heard, "301") == ("maya", "leo", "lunch")
    outer = only(heard[:1], "BATCH")
    assert outer.tags == {"label": "x"}
    assert outer.params[1] == "labeled-response"
    inner = [line for line in every(heard, "BATCH") if "batch" in line.tags]
    assert [line.params[0][:1] for line in inner] == ["+", "-"]
    assert commands(leo.hears()) == ["BATCH", "PRIVMSG", "PRIVMSG", "BATCH"]


def test_it_is_one_message(scene: Scene, maya: Person, leo: Person) -> None:
    """One entry of the log, which history plays back in a batch within its own."""
    maya.say("CAP REQ draft/chathistory")
    sends(maya, *POEM, GOES_ON)
    assert len(scene.memory.page("#room", WINDOW).result()) == 1
    start, first, *inside, last, end = map(parse, maya.asks("CHATHISTORY LATEST #room * 10"))
    assert (start.params[1], first.params[1]) == ("chathistory", "draft/multiline")
    assert first.tags["batch"] == last.tags["batch"] == start.params[0][1:] == end.params[0][1:]
    assert {line.tags["batch"] for line in inside} == {first.params[0][1:]}
    assert "draft/multiline-concat" in inside[-1].tags


def test_history_gives_the_lines_to_those_who_know_no_better(scene: Scene, maya: Person) -> None:
    """Each line is a line of the page."""
    sends(maya, *POEM)
    sam = scene.enter("sam", "batch", "draft/chathistory", "message-tags", rooms=["#room"])
    start, *inside, _ = map(parse, sam.asks("CHATHISTORY LATEST #room * 10"))
    assert [line.params[1] for line in inside] == ["hello", "how is "]
    assert {line.tags["batch"] for line in inside} == {start.params[0][1:]}
    assert ["msgid" in line.tags for line in inside] == [True, False]


def test_two_messages_of_a_page_have_names_of_their_own(maya: Person) -> None:
    """ "Client MAY delay processing messages of inner batches to the end of outermost batch"."""
    maya.say("CAP REQ draft/chathistory")
    sends(maya, *POEM)
    sends(maya, *POEM)
    opened = [line.params[0] for line in every(maya.asks("CHATHISTORY LATEST #room * 10"), "BATCH")]
    assert len(set(opened)) == len(opened) == 6


def test_a_resend_is_stored_once(scene: Scene, maya: Person) -> None:
    """A long label is a nonce here, too."""
    ids = set()
    for _ in range(2):
        heard = sends(maya, *POEM, tags="@label=0123456789abcdef ")
        ids.add(only(heard[:1], "BATCH").tags["msgid"])
    assert len(ids) == 1
    assert len(scene.memory.page("#room", WINDOW).result()) == 1


def test_the_rules_of_the_room_hold(scene: Scene, maya: Person) -> None:
    """Whoever may not speak is told so under the label, once."""
    tom = scene.enter("tom", "batch", "draft/multiline", "labeled-response")
    heard = sends(tom, *POEM, tags="@label=x ")
    assert commands(heard) == ["404"]
    assert parse(heard[0]).tags == {"label": "x"}
    assert sends(tom, "@batch=1 NOTICE #room :a", "@batch=1 NOTICE #room :b") == []


@pytest.mark.parametrize("text", ["\x01VERSION\x01", "\x01ACTION waves\x01"])
def test_ctcp_is_a_line_by_itself(maya: Person, leo: Person, text: str) -> None:
    """In a line further down it would pass by rules that look at how a message begins."""
    heard = sends(maya, "@batch=1 PRIVMSG #room :a", f"@batch=1 PRIVMSG #room :{text}")
    assert params(heard, "FAIL")[:2] == ("BATCH", "MULTILINE_INVALID")
    assert leo.hears() == []
    sends(maya, f"@batch=1 PRIVMSG #room :{text}")
    assert commands(leo.hears()) == ["PRIVMSG"]


# Errors


INVALID = {
    "another target": ("@batch=1 PRIVMSG #other :a", ("MULTILINE_INVALID_TARGET", "#room", "#other")),
    "another verb": ("@batch=1 NOTICE #room :a", ("MULTILINE_INVALID",)),
    "another batch": ("@batch=2 PRIVMSG #room :a", ("MULTILINE_INVALID",)),
    "another command": ("@batch=1 TAGMSG #room", ("MULTILINE_INVALID",)),
    "no text": ("@batch=1 PRIVMSG #room", ("MULTILINE_INVALID",)),
    "no target": ("@batch=1 PRIVMSG", ("MULTILINE_INVALID",)),
    "a blank line that goes on": ("@batch=1;draft/multiline-concat PRIVMSG #room :", ("MULTILINE_INVALID",)),
}


@pytest.mark.parametrize(("line", "answer"), INVALID.values(), ids=INVALID)
def test_what_is_not_in_order_refuses_the_batch(maya: Person, leo: Person, line: str, answer: tuple[str, ...]) -> None:
    """ "all past and future messages in this batch will be ignored", and the answer comes once."""
    maya.say("BATCH +1 draft/multiline #room", "@batch=1 PRIVMSG #room :hello")
    assert params(maya.asks(line), "FAIL")[1:-1] == answer
    assert maya.asks("@batch=1 PRIVMSG #room :more", "BATCH -1") == []
    assert leo.hears() == []
    sends(maya, *POEM)
    assert commands(leo.hears())[:1] == ["BATCH"]


def test_a_message_of_blank_lines_is_none(maya: Person, leo: Person) -> None:
    """ "Clients MUST NOT send messages consisting entirely of blank lines"."""
    for lines in ((), ("@batch=1 PRIVMSG #room :", "@batch=1 PRIVMSG #room :")):
        assert params(sends(maya, *lines), "FAIL")[1] == "MULTILINE_INVALID"
    assert leo.hears() == []


def test_there_is_an_end_to_lines(build: Callable[..., Scene]) -> None:
    """ "MULTILINE_MAX_LINES <limit>": "All lines contribute towards the max-lines limit"."""
    maya = build(settings=Settings(multiline_lines=3)).enter("maya", *ALL, rooms=["#room"])
    assert "FAIL" not in commands(sends(maya, *POEM))
    assert params(sends(maya, *POEM, GOES_ON), "FAIL")[1:3] == ("MULTILINE_MAX_LINES", "3")


def test_there_is_an_end_to_bytes(build: Callable[..., Scene]) -> None:
    """ "Each line feed used to join line messages contributes one byte towards the max-bytes limit"."""
    maya = build(settings=Settings(multiline_bytes=6)).enter("maya", *ALL, rooms=["#room"])
    for lines in (("aaa", "bb"), ("äää",), ("aaaaaa",)):
        assert "FAIL" not in commands(sends(maya, *(f"@batch=1 PRIVMSG #room :{line}" for line in lines)))
    for lines in (("aaa", "bbb"), ("ääää",)):
        heard = sends(maya, *(f"@batch=1 PRIVMSG #room :{line}" for line in lines))
        assert params(heard, "FAIL")[1:3] == ("MULTILINE_MAX_BYTES", "6")


def test_a_line_that_would_be_cut_is_refused(maya: Person, leo: Person) -> None:
    """Those who read single lines read 512 bytes of them."""
    heard = sends(maya, "@batch=1 PRIVMSG #room :a", f"@batch=1 PRIVMSG #room :{'b' * 480}")
    assert params(heard, "FAIL")[1] == "MULTILINE_INVALID"
    assert leo.hears() == []


def test_the_answer_carries_the_label(maya: Person) -> None:
    """What is wrong with a batch answers its opening."""
    fail = only(sends(maya, tags="@label=x "), "FAIL")
    assert fail.tags == {"label": "x"}


@pytest.mark.parametrize("reference", ["+a_b", "+", "+a.b", "-ä", "*x", f"+{'a' * 65}"])
def test_a_name_of_other_characters_is_refused(maya: Person, reference: str) -> None:
    """ "INVALID_REFTAG <reference-tag>: the provided reference tag contains disallowed characters"."""
    assert params(maya.asks(f"BATCH {reference} draft/multiline #room"), "FAIL")[:2] == ("BATCH", "INVALID_REFTAG")


def test_an_unknown_kind_of_batch_is_ignored(maya: Person, leo: Person) -> None:
    """ "UNKNOWN_TYPE <reference-tag> <type>", and its lines are not said."""
    assert params(maya.asks("BATCH +1 netsplit #room"), "FAIL")[1:4] == ("UNKNOWN_TYPE", "1", "netsplit")
    assert maya.asks("@batch=1 PRIVMSG #room :hello", "BATCH -1") == []
    assert leo.hears() == []


def test_who_did_not_negotiate_it_sends_no_batches(scene: Scene, leo: Person) -> None:
    """ "Clients SHOULD NOT send BATCH [...] unless they negotiated a capability that allows them to do so"."""
    sam = scene.enter("sam", "message-tags", rooms=["#room"])
    leo.hears()
    assert params(sends(sam, *POEM), "FAIL")[1] == "UNKNOWN_TYPE"
    assert leo.hears() == []


def test_a_batch_has_a_target(maya: Person) -> None:
    """A multiline batch has one additional parameter."""
    assert params(maya.asks("BATCH +1 draft/multiline"), "FAIL")[1] == "MULTILINE_INVALID"


def test_no_batch_stands_in_another(maya: Person, leo: Person) -> None:
    """ "Clients MUST NOT send nested batches"."""
    maya.say("BATCH +1 draft/multiline #room")
    assert params(maya.asks("@batch=1 BATCH +2 draft/multiline #room"), "FAIL")[1] == "MULTILINE_INVALID"
    heard = maya.asks("BATCH +2 draft/multiline #room", "@batch=2 PRIVMSG #room :a", "BATCH -2")
    assert [line.params[1] for line in every(heard, "FAIL")] == ["MULTILINE_INVALID"] * 2
    assert leo.hears() == []


def test_only_what_is_open_can_be_closed(maya: Person, leo: Person) -> None:
    """A wrong end drops the batch that is open."""
    assert params(maya.asks("BATCH -1"), "FAIL")[1] == "MULTILINE_INVALID"
    maya.say("BATCH +1 draft/multiline #room", *POEM)
    assert params(maya.asks("BATCH -2"), "FAIL")[1] == "MULTILINE_INVALID"
    assert params(maya.asks("BATCH -1"), "FAIL")[1] == "MULTILINE_INVALID"
    assert leo.hears() == []


def test_whoever_says_something_else_has_given_the_batch_up(maya: Person, leo: Person) -> None:
    """ "MUST NOT send any messages that are not part of the batch": that line is not lost, the batch is."""
    maya.say("BATCH +1 draft/multiline #room", *POEM)
    heard = maya.asks("PRIVMSG #room :never mind", "BATCH -1")
    assert params(heard, "FAIL")[1] == "MULTILINE_INVALID"
    assert [line.params[1] for line in leo.reads()] == ["never mind"]


def test_a_sign_of_life_is_no_part_of_a_batch(maya: Person, leo: Person) -> None:
    """The server asked for the PONG itself."""
    maya.say("BATCH +1 draft/multiline #room", POEM[0], "PONG x")
    assert only(maya.asks("PING y"), "PONG").params[-1] == "y"
    maya.say(POEM[2], "BATCH -1")
    assert commands(leo.hears())[:1] == ["BATCH"]


def test_a_batch_does_not_stay_open_for_ever(scene: Scene, maya: Person, leo: Person) -> None:
    """ "TIMEOUT <reference-tag>: the batch was left open for too long"."""
    maya.say("BATCH +1 draft/multiline #room", POEM[0])
    scene.pass_time(121)
    assert params(maya.asks(POEM[2]), "FAIL")[:3] == ("BATCH", "TIMEOUT", "1")
    maya.say("BATCH -1", "BATCH +1 draft/multiline #room", POEM[0])
    scene.pass_time(121)
    assert params(maya.asks("BATCH -1"), "FAIL")[1] == "TIMEOUT"
    assert leo.hears() == []


def test_who_goes_leaves_nothing_half_said(maya: Person, leo: Person) -> None:
    """A batch that was not closed was not sent."""
    maya.say("BATCH +1 draft/multiline #room", *POEM, "QUIT")
    assert commands(leo.hears()) == ["QUIT"]
