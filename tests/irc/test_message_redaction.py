"""REDACT: taking messages back. https://ircv3.net/specs/extensions/message-redaction"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, only, params, without_tags
from tests.scene import Person, Scene, quiet

CAPS = ("batch", "draft/message-redaction", "echo-message", "labeled-response", "message-tags")


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs the room."""
    return scene.enter("maya", *CAPS, rooms=["#Room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", *CAPS, rooms=["#Room"])
    quiet(maya)
    return person


def said(person: Person, text: str, target: str = "#room") -> str:
    """The id of what they say."""
    return only(person.asks(f"PRIVMSG {target} :{text}"), "PRIVMSG").tags["msgid"]


def test_everybody_hears_what_was_taken_back(maya: Person, leo: Person) -> None:
    """ "SHOULD forward this REDACT, with an appropriate prefix [...] in the same way as PRIVMSG messages"."""
    msgid = said(leo, "oops")
    maya.hears()
    assert without_tags(leo.asks(f"REDACT #room {msgid}")) == [f":leo!leo@192.0.2.7 REDACT #Room {msgid}"]
    assert without_tags(maya.hears()) == [f":leo!leo@192.0.2.7 REDACT #Room {msgid}"]


def test_the_reason_goes_with_it(maya: Person, leo: Person) -> None:
    """ "As the last parameter, it MAY contain spaces"."""
    msgid = said(leo, "oops")
    quiet(maya)
    leo.say(f"REDACT #room {msgid} :wrong channel")
    assert params(maya.hears(), "REDACT") == ("#Room", msgid, "wrong channel")


def test_the_label_stands_on_the_echo(maya: Person) -> None:
    """As on that of any other change."""
    msgid = said(maya, "oops")
    assert only(maya.asks(f"@label=x REDACT #room {msgid}"), "REDACT").tags["label"] == "x"


def test_a_private_word_is_taken_back_from_both_ends(maya: Person, leo: Person) -> None:
    """The target is the nick it was said to."""
    msgid = said(maya, "psst", "leo")
    leo.hears()
    assert params(maya.asks(f"REDACT leo {msgid}"), "REDACT") == ("leo", msgid)
    assert params(leo.hears(), "REDACT") == ("leo", msgid)


def test_operators_take_back_what_others_said(maya: Person, leo: Person) -> None:
    """ "Allowing channel moderators [...] to delete unwelcome messages from others"."""
    msgid = said(leo, "spam")
    maya.hears()
    assert commands(maya.asks(f"REDACT #room {msgid} spam")) == ["REDACT"]
    assert params(leo.hears(), "REDACT") == ("#Room", msgid, "spam")


def test_a_reaction_can_be_taken_back(maya: Person, leo: Person) -> None:
    """ "the id of the message to be redacted, which MUST be a PRIVMSG, NOTICE, or TAGMSG"."""
    msgid = only(leo.asks("@+draft/react=x TAGMSG #room"), "TAGMSG").tags["msgid"]
    assert commands(leo.asks(f"REDACT #room {msgid}")) == ["REDACT"]


# Those who did not negotiate it


def test_others_read_that_it_was_taken_back(scene: Scene, maya: Person, leo: Person) -> None:
    """ "a standard NOTICE [...] with information about the action", and never a REDACT."""
    sam = scene.enter("sam", "message-tags", rooms=["#room"])
    mine, yours = said(leo, "oops"), said(leo, "spam")
    sam.hears()
    scene.pass_time(125)
    leo.say(f"REDACT #room {mine}")
    scene.pass_time(3600)
    maya.say(f"REDACT #room {yours} :no spam")
    assert without_tags(sam.hears()) == [
        ":leo!leo@192.0.2.7 NOTICE #Room :took back a message from 2 minutes ago",
        ":maya!maya@192.0.2.7 NOTICE #Room :removed a message of leo from 1 hour ago: no spam",
    ]


def test_reactions_go_without_a_word(scene: Scene, maya: Person, leo: Person) -> None:
    """Who never saw the tag misses nothing."""
    sam = scene.enter("sam", rooms=["#room"])
    msgid = only(leo.asks("@+draft/react=x TAGMSG #room"), "TAGMSG").tags["msgid"]
    sam.hears()
    leo.say(f"REDACT #room {msgid}")
    assert sam.hears() == []


# History


def test_history_does_not_have_it_any_more(scene: Scene, maya: Person, leo: Person) -> None:
    """ "exclude it entirely": a page has as many messages as were asked for all the same."""
    ids = [said(leo, text) for text in ("one", "two", "three")]
    leo.say(f"REDACT #room {ids[1]}")
    sam = scene.enter("sam", "draft/chathistory", rooms=["#room"])
    assert [line.params[1] for line in every(sam.asks("CHATHISTORY LATEST #room * 2"), "PRIVMSG")] == ["one", "three"]


def test_who_was_away_hears_of_it_in_history(maya: Person, leo: Person) -> None:
    """ "The event-playback capability is not required in order to include REDACT messages"."""
    msgid = said(leo, "oops")
    maya.say("CAP REQ draft/chathistory")
    leo.say(f"REDACT #room {msgid} typo")
    quiet(maya)
    history = maya.asks(f"CHATHISTORY AFTER #room msgid={msgid} 10")
    assert params(history, "REDACT") == ("#Room", msgid, "typo")


@pytest.mark.parametrize("caps", ["draft/chathistory", "draft/chathistory draft/event-playback"])
def test_who_did_not_negotiate_it_hears_nothing_in_history(scene: Scene, leo: Person, caps: str) -> None:
    """Neither the message, nor a REDACT, nor a notice of it."""
    msgid = said(leo, "oops")
    leo.say(f"REDACT #room {msgid}")
    sam = scene.enter("sam", *caps.split(), rooms=["#room"])
    heard = sam.asks("CHATHISTORY LATEST #room * 10")
    assert not {"REDACT", "NOTICE", "PRIVMSG"} & set(commands(heard))


def test_what_is_gone_cannot_be_taken_back_again(maya: Person, leo: Person) -> None:
    """Its id names nothing that was said."""
    msgid = said(leo, "oops")
    leo.say(f"REDACT #room {msgid}")
    assert params(leo.asks(f"REDACT #room {msgid}"), "FAIL")[:4] == ("REDACT", "UNKNOWN_MSGID", "#Room", msgid)


def test_two_who_take_the_same_back_do_it_once(scene: Scene, maya: Person, leo: Person) -> None:
    """The second decision waits for the first."""
    msgid = said(leo, "spam")
    quiet(maya)
    maya.session.receive(f"REDACT #room {msgid}\r\n".encode())
    leo.session.receive(f"REDACT #room {msgid}\r\n".encode())
    scene.turn()
    assert commands(maya.hears()) == ["REDACT"]
    assert commands(leo.hears()) == ["REDACT", "FAIL"]


# Errors


def test_what_others_said_is_theirs(maya: Person, leo: Person) -> None:
    """ "FAIL REDACT REDACT_FORBIDDEN <target> <target-msgid>"."""
    msgid = said(maya, "hello")
    leo.hears()
    heard = leo.asks(f"REDACT #room {msgid}")
    assert params(heard, "FAIL")[:-1] == ("REDACT", "REDACT_FORBIDDEN", "#Room", msgid)
    assert maya.hears() == []


def test_an_unknown_id_names_nothing(maya: Person, leo: Person) -> None:
    """ "FAIL REDACT UNKNOWN_MSGID <target> <target-msgid>": also of another conversation."""
    private = said(maya, "psst", "leo")
    for msgid in ("nonsense", private):
        heard = maya.asks(f"REDACT #room {msgid}")
        assert params(heard, "FAIL")[:-1] == ("REDACT", "UNKNOWN_MSGID", "#Room", msgid)


def test_an_outsider_is_told_nothing(scene: Scene, maya: Person) -> None:
    """ "FAIL REDACT INVALID_TARGET <target>": the same answer for a room that is not there."""
    msgid = said(maya, "hello")
    tom = scene.enter("tom", *CAPS)
    for room in ("#room", "#nowhere"):
        heard = tom.asks(f"REDACT {room} {msgid}")
        assert params(heard, "FAIL")[:-1] == ("REDACT", "INVALID_TARGET", room)


def test_an_id_is_needed(maya: Person) -> None:
    """Both parameters."""
    assert params(maya.asks("REDACT #room"), "461")[1] == "REDACT"


def test_a_log_that_cannot_be_read_is_said_so(scene: Scene, maya: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """And nothing is taken back."""
    from hubbub.hub.ports import StoreFailed
    from hubbub.hub.promise import broken

    msgid = said(maya, "hello")
    monkeypatch.setattr(scene.memory, "around", lambda *about: broken(StoreFailed("the disk is asleep")))
    assert params(maya.asks(f"REDACT #room {msgid}"), "FAIL")[:2] == ("REDACT", "NOT_STORED")
    assert [str(fault) for fault in scene.faults] == ["the disk is asleep"]
    scene.faults.clear()
