"""Tags on lines: client-only tags, TAGMSG, sizes, msgid, server-time, account-tag.

https://ircv3.net/specs/extensions/message-tags, https://ircv3.net/specs/extensions/message-ids,
https://ircv3.net/specs/extensions/server-time and https://ircv3.net/specs/extensions/account-tag
"""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.hub.ports import Account
from hubbub.wire.line import escape_tag
from tests.irc.lines import commands, every, only
from tests.scene import Person, Scene, quiet

SERVER_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", "message-tags", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", "message-tags", rooms=["#room"])
    quiet(maya)
    return person


# Client-only tags


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_client_only_tags_are_relayed(maya: Person, leo: Person, verb: str) -> None:
    """ "Client-only tags MUST be relayed on PRIVMSG, NOTICE and TAGMSG messages"."""
    maya.say(f"@+example.org/foo=bar;+seen {verb} #room :hi")
    tags = only(leo.hears(), verb).tags
    assert tags["+example.org/foo"] == "bar"
    assert tags["+seen"] == ""


def test_other_tags_are_not(maya: Person, leo: Person) -> None:
    """ "Tags without the client-only prefix MUST be removed by the server before being relayed"."""
    maya.say("@account=admin;msgid=1;time=2000-01-01T00:00:00.000Z;batch=1;label=x;foo=bar PRIVMSG #room :hi")
    tags = only(leo.hears(), "PRIVMSG").tags
    assert set(tags) == {"msgid"}
    assert tags["msgid"] != "1"


def test_the_last_of_two_same_tags_counts(maya: Person, leo: Person) -> None:
    """ "more than one occurrence of a tag key name SHOULD disregard all but the final occurrence"."""
    maya.say("@+a=1;+a=2 PRIVMSG #room :hi")
    assert only(leo.hears(), "PRIVMSG").tags["+a"] == "2"


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200))
def test_a_value_arrives_as_it_was_meant(value: str) -> None:
    """The server may unescape values and escape them again: what they mean stays."""
    scene = Scene()
    maya, leo = (scene.enter(nick, "message-tags") for nick in ("maya", "leo"))
    maya.say(f"@+value={escape_tag(value)} PRIVMSG leo :hi")
    assert only(leo.hears(), "PRIVMSG").tags["+value"] == value


@pytest.mark.parametrize("key", ["+", "+/", "+é", "+a.b/c.d", "+a/b/c", "+_", "+a:b", "+@"])
def test_no_key_is_a_reason_to_refuse_a_line(maya: Person, leo: Person, key: str) -> None:
    """ "MUST NOT perform any validation that would reject the message if an invalid tag key name is used"."""
    maya.say(f"@{key}=1 PRIVMSG #room :hi")
    assert only(leo.hears(), "PRIVMSG").tags[key] == "1"


def test_who_did_not_negotiate_tags_neither_sends_nor_hears_them(scene: Scene, maya: Person) -> None:
    """ "This capability enables the use of client-only tags and the TAGMSG command"."""
    sam = scene.enter("sam", rooms=["#room"])
    quiet(maya)
    sam.say("@+a=1 PRIVMSG #room :hi")
    assert set(only(maya.hears(), "PRIVMSG").tags) == {"msgid"}
    maya.say("@+a=1 PRIVMSG #room :hi")
    assert sam.hears() == [":maya!maya@192.0.2.7 PRIVMSG #room :hi"]


def test_tags_of_the_server_come_first(scene: Scene, leo: Person) -> None:
    """ "Any server-sent tags attached to messages MUST be included before client-only tags"."""
    scene.accounts.save("priya", Account("priya", "secret", 0), new=True)
    priya = scene.connect()
    priya.say("PASS priya:secret", "CAP REQ message-tags", "NICK priya", "USER p 0 * :P", "CAP END", "JOIN #room")
    leo.say("CAP REQ :server-time account-tag")
    leo.hears()
    priya.say("@+a=1;+b=2 PRIVMSG #room :hi")
    keys = [tag.partition("=")[0] for tag in leo.hears()[0].partition(" ")[0][1:].split(";")]
    assert keys == ["time", "msgid", "account", "+a", "+b"]


# TAGMSG


def test_a_tagmsg_reaches_those_who_know_tags(scene: Scene, maya: Person, leo: Person) -> None:
    """ "Servers MUST NOT deliver TAGMSG to clients that haven't negotiated the message tags capability"."""
    sam = scene.enter("sam", rooms=["#room"])
    quiet(maya, leo)
    assert maya.asks("@+typing=active TAGMSG #room") == []
    heard = only(leo.hears(), "TAGMSG")
    assert (heard.source, heard.params, heard.tags["+typing"]) == ("maya!maya@192.0.2.7", ("#room",), "active")
    assert sam.hears() == []


def test_a_tagmsg_to_a_person_is_for_them(scene: Scene, maya: Person, leo: Person) -> None:
    """ "This message MUST be delivered to targets in the same way as PRIVMSG and NOTICE messages"."""
    sam = scene.enter("sam", "message-tags", rooms=["#room"])
    quiet(maya, leo)
    maya.say("@+typing=active TAGMSG leo", "@+typing=done TAGMSG @#room")
    assert [line.params for line in every(leo.hears(), "TAGMSG")] == [("leo",)]
    assert sam.hears() == []


def test_a_tagmsg_honours_the_rules_of_the_room(scene: Scene, maya: Person) -> None:
    """ "honouring channel membership, modes, echo-message, STATUSMSG prefixes, etc"."""
    tom = scene.enter("tom", "message-tags")
    assert commands(tom.asks("@+a=1 TAGMSG #room")) == ["404"]
    assert commands(tom.asks("@+a=1 TAGMSG #nowhere")) == ["403"]
    assert commands(tom.asks("@+a=1 TAGMSG nobody")) == ["401"]
    assert commands(tom.asks("TAGMSG")) == ["461"]


def test_a_tagmsg_is_not_kept(maya: Person, leo: Person) -> None:
    """Typing is news for a moment and no part of what was said."""
    maya.say("CAP REQ :draft/chathistory draft/event-playback", "@+typing=active TAGMSG #room")
    assert "TAGMSG" not in commands(maya.asks("CHATHISTORY LATEST #room * 10"))


# Size


def test_tag_data_of_4094_bytes_is_relayed(maya: Person, leo: Person) -> None:
    """ "Clients MUST NOT send messages with tag data exceeding 4094 bytes": just as many are fine."""
    value = "a" * (4094 - len("foo=bar;+baz="))
    maya.say(f"@foo=bar;+baz={value} TAGMSG #room")
    assert only(leo.hears(), "TAGMSG").tags["+baz"] == value


@pytest.mark.parametrize("line", ["TAGMSG #room", "PRIVMSG #room :hi", f"PRIVMSG #room :{'b' * 400}"])
def test_more_tag_data_is_refused(maya: Person, leo: Person, line: str) -> None:
    """ "Servers MUST reply with the ERR_INPUTTOOLONG [...] MUST NOT truncate tags and MUST always reject lines"."""
    assert commands(maya.asks(f"@+baz={'a' * (4095 - len('+baz='))} {line}")) == ["417"]
    assert leo.hears() == []


def test_tags_do_not_take_the_room_of_the_text(maya: Person, leo: Person) -> None:
    """ "The size limit for the rest of the message remains unchanged at 512 bytes"."""
    text = "b" * 460
    maya.say(f"@+baz={'a' * 4000} PRIVMSG #room :{text}")
    assert only(leo.hears(), "PRIVMSG").params[1] == text
    assert commands(maya.asks(f"@+a=1 PRIVMSG #room :{'b' * 500}")) == ["417"]


# msgid


def test_a_message_has_one_id_for_all(scene: Scene, maya: Person, leo: Person) -> None:
    """Reactions and replies point at it, so sender, readers and history know it under one name."""
    maya.say("CAP REQ :echo-message draft/chathistory")
    sam = scene.enter("sam", "message-tags", rooms=["#room"])
    quiet(maya, leo)
    maya.say("PRIVMSG #room :hi")
    ids = {only(person.hears(), "PRIVMSG").tags["msgid"] for person in (maya, leo, sam)}
    assert len(ids) == 1
    history = maya.asks("CHATHISTORY LATEST #room * 1")
    assert only(history, "PRIVMSG").tags["msgid"] in ids


def test_no_two_messages_share_an_id(maya: Person, leo: Person) -> None:
    """ "any other message transmitted on the entire network at any time MUST NOT share the same value"."""
    maya.say("PRIVMSG #room,leo :same", "PRIVMSG #room :same", "@+a TAGMSG #room", "TOPIC #room :x", "AWAY :x", "AWAY")
    ids = [line.tags["msgid"] for line in leo.reads()]
    assert len(ids) == len(set(ids)) == 5


def test_an_id_can_stand_as_a_parameter(maya: Person, leo: Person) -> None:
    """ "message IDs MUST NOT start with a colon and MUST NOT contain any of SPACE, CR, LF"."""
    maya.say(*[f"PRIVMSG #room :{number}" for number in range(20)], "@+typing TAGMSG #room")
    heard = leo.reads()
    assert len(heard) == 21
    assert all(re.fullmatch(r"[A-Za-z0-9_-]+", line.tags["msgid"]) for line in heard)


# server-time


def test_lines_of_people_carry_their_time(scene: Scene, maya: Person) -> None:
    """ "<value> ::= YYYY-MM-DDThh:mm:ss.sssZ", in UTC with a precision of one millisecond."""
    sam = scene.enter("sam", "server-time", rooms=["#room"])
    scene.clock.wall = 1_790_000_000_042
    maya.say("PRIVMSG #room :hi", "TOPIC #room :x", "NICK priya", "PART #room")
    heard = sam.reads()
    assert [line.command for line in heard] == ["PRIVMSG", "TOPIC", "NICK", "PART"]
    assert heard[0].tags == {"time": "2026-09-21T14:13:20.042Z"}
    assert all(SERVER_TIME.fullmatch(line.tags["time"]) for line in heard)


def test_all_see_the_same_time(scene: Scene, maya: Person, leo: Person) -> None:
    """The time is that of the message, not of its delivery."""
    maya.say("CAP REQ :server-time echo-message draft/chathistory")
    leo.say("CAP REQ server-time")
    quiet(maya, leo)
    maya.say("PRIVMSG #room :hi")
    scene.pass_time(60)
    times = {only(person.hears(), "PRIVMSG").tags["time"] for person in (maya, leo)}
    times.add(only(maya.asks("CHATHISTORY LATEST #room * 1"), "PRIVMSG").tags["time"])
    assert len(times) == 1


def test_the_welcome_tells_the_time(scene: Scene) -> None:
    """Its first line does: who is cut off before they hear anything else knows since when they missed something."""
    scene.clock.wall = 1_790_000_000_042
    maya, tom = scene.connect(), scene.connect()
    heard = maya.asks("CAP REQ server-time", "NICK maya", "USER maya 0 * :Maya", "CAP END")
    assert only(heard, "001").tags == {"time": "2026-09-21T14:13:20.042Z"}
    assert only(tom.asks("NICK tom", "USER tom 0 * :Tom"), "001").tags == {}


def test_times_in_a_room_rise_even_when_the_clock_does_not(scene: Scene, maya: Person) -> None:
    """Paging by time alone is exact, since no two messages of a room share one."""
    sam = scene.enter("sam", "server-time", rooms=["#room"])
    maya.say("PRIVMSG #room :one", "PRIVMSG #room :two")
    scene.clock.wall -= 3_600_000
    maya.say("PRIVMSG #room :three")
    times = [line.tags["time"] for line in sam.reads()]
    assert times == sorted(set(times))


# account-tag


@pytest.mark.parametrize("name", ["Priya", "pri\\ya"])
def test_what_account_holders_do_carries_their_account(scene: Scene, name: str) -> None:
    """ "The tag MUST be added by the ircd to all commands sent by a user (e.g. PRIVMSG, MODE, [...])"."""
    scene.accounts.save(name.lower(), Account(name, "secret", 0), new=True)
    priya = scene.connect()
    priya.say(f"PASS {name}:secret", "NICK p", "USER p 0 * :Priya", "JOIN #room")
    sam = scene.enter("sam", "account-tag", rooms=["#room"])
    priya.say("PRIVMSG #room :hi", "NOTICE sam :hi", "TOPIC #room :x", "MODE #room +v sam", "NICK q", "KICK #room sam")
    assert {line.tags["account"] for line in sam.reads()} == {name}


def test_guests_carry_no_account(scene: Scene, maya: Person) -> None:
    """ "If the user is not identified to any services account, the tag MUST NOT be sent"."""
    sam = scene.enter("sam", "account-tag", rooms=["#room"])
    maya.say("PRIVMSG #room :hi")
    assert only(sam.hears(), "PRIVMSG").tags == {}
