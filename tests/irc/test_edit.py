"""EDIT, our own: giving messages other words. There is no specification; its form is that of REDACT."""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, only, params, tag_free, without_tags
from tests.scene import Person, Scene, quiet

CAPS = ("batch", "echo-message", "hubbub.chat/edit", "labeled-response", "message-tags", "server-time")


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", *CAPS, rooms=["#Room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", *CAPS, rooms=["#Room"])
    quiet(maya)
    return person


def said(person: Person, text: str, target: str = "#room") -> str:
    return only(person.asks(f"PRIVMSG {target} :{text}"), "PRIVMSG").tags["msgid"]


def test_everybody_hears_the_new_words(maya: Person, leo: Person) -> None:
    """The message is named, and the edit has an id and a time of its own."""
    msgid = said(leo, "helo")
    maya.hears()
    assert only(leo.asks(f"@label=x EDIT #room {msgid} :hello"), "EDIT").tags["label"] == "x"
    heard = only(maya.hears(), "EDIT")
    assert (heard.source, heard.params) == ("leo!leo@192.0.2.7", ("#Room", msgid, "hello"))
    assert heard.tags.keys() == {"time", "msgid"}
    assert heard.tags["msgid"] != msgid


def test_others_read_them_once_more(scene: Scene, maya: Person) -> None:
    """A line as any other, with a pen before the words; an action stays one."""
    sam = scene.enter("sam", rooms=["#room"])
    first, second = said(maya, "helo"), said(maya, "\x01ACTION wave\x01")
    notice = only(maya.asks("NOTICE #room :not"), "NOTICE").tags["msgid"]
    sam.hears()
    edits = (f"EDIT #room {first} hello", f"EDIT #room {second} :\x01ACTION waves\x01", f"EDIT #room {notice} note")
    maya.say(*edits)
    assert sam.hears() == [
        ":maya!maya@192.0.2.7 PRIVMSG #Room :✎ hello",
        ":maya!maya@192.0.2.7 PRIVMSG #Room :\x01ACTION ✎ waves\x01",
        ":maya!maya@192.0.2.7 NOTICE #Room :✎ note",
    ]


def test_history_has_the_latest_words(scene: Scene, maya: Person) -> None:
    """At the place of the message, for everybody; who knows edits is told when it got them."""
    msgid = said(maya, "helo")
    maya.say(f"EDIT #room {msgid} hello", f"EDIT #room {msgid} :hello!", "PRIVMSG #room :bye")
    maya.say("CAP REQ draft/chathistory")
    sam = scene.enter("sam", "draft/chathistory", "message-tags", rooms=["#room"])
    page = every(maya.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")
    assert [line.params[1] for line in page] == ["hello!", "bye"]
    assert page[0].tags["msgid"] == msgid
    assert page[0].tags["hubbub.chat/edited"] > page[0].tags["time"]
    theirs = every(sam.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")
    assert [line.params[1] for line in theirs] == ["hello!", "bye"]
    assert "hubbub.chat/edited" not in theirs[0].tags


def test_who_was_away_hears_of_the_last_edit(maya: Person, leo: Person) -> None:
    """It stands in history where it happened, for those who have the message from before."""
    msgid = said(leo, "helo")
    leo.say(f"EDIT #room {msgid} hallo", f"EDIT #room {msgid} hello")
    maya.say("CAP REQ draft/chathistory")
    quiet(maya)
    assert params(maya.asks(f"CHATHISTORY AFTER #room msgid={msgid} 10"), "EDIT") == ("#Room", msgid, "hello")


@pytest.mark.parametrize("caps", ["draft/chathistory", "draft/chathistory draft/event-playback"])
def test_others_see_no_edits_in_history(scene: Scene, maya: Person, caps: str) -> None:
    """The message itself has the words already."""
    msgid = said(maya, "helo")
    maya.say(f"EDIT #room {msgid} hello")
    sam = scene.enter("sam", *caps.split(), rooms=["#room"])
    page = every(sam.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")
    assert [line.params[1] for line in page] == ["hello"]


def test_an_edit_can_be_edited_and_taken_back_by_its_own_id(scene: Scene, maya: Person) -> None:
    """To clients without this capability it is a message like any other."""
    msgid = said(maya, "helo")
    sam = scene.enter("sam", "draft/message-redaction", "message-tags", rooms=["#room"])
    edit = only(maya.asks(f"EDIT #room {msgid} hallo"), "EDIT").tags["msgid"]
    assert only(sam.hears(), "PRIVMSG").tags["msgid"] == edit
    assert params(maya.asks(f"EDIT #room {edit} hello"), "EDIT") == ("#Room", msgid, "hello")
    quiet(sam)
    maya.say(f"REDACT #room {edit}")
    assert params(sam.hears(), "REDACT") == ("#Room", msgid)


def test_a_message_of_several_lines_can_become_one(scene: Scene, maya: Person) -> None:
    """An edit has one line."""
    maya.say("CAP REQ :draft/multiline draft/chathistory")
    opened = maya.asks(
        "BATCH +1 draft/multiline #room", "@batch=1 PRIVMSG #room :a", "@batch=1 PRIVMSG #room :b", "BATCH -1"
    )
    msgid = only(opened[:1], "BATCH").tags["msgid"]
    maya.say(f"EDIT #room {msgid} c")
    assert [line.params[1] for line in every(maya.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")] == ["c"]


def test_only_ones_own_words_can_be_edited(maya: Person, leo: Person) -> None:
    """Not even by who runs the room."""
    msgid = said(leo, "hello")
    maya.hears()
    assert params(maya.asks(f"EDIT #room {msgid} no"), "FAIL")[:-1] == ("EDIT", "EDIT_FORBIDDEN", "#Room", msgid)
    assert leo.hears() == []


def test_what_cannot_be_edited_is_said_so(scene: Scene, maya: Person) -> None:
    """A room that is hidden, an id that names nothing, a text that is none, a parameter that is missing."""
    msgid = said(maya, "hello")
    tom = scene.enter("tom", *CAPS)
    assert params(tom.asks(f"EDIT #room {msgid} x"), "FAIL")[:-1] == ("EDIT", "INVALID_TARGET", "#room")
    assert params(maya.asks("EDIT #room nonsense x"), "FAIL")[:-1] == ("EDIT", "UNKNOWN_MSGID", "#Room", "nonsense")
    assert params(maya.asks(f"EDIT #room {msgid} :"), "FAIL")[:-1] == ("EDIT", "NO_TEXT", "#room", msgid)
    assert commands(maya.asks(f"EDIT #room {msgid}")) == ["461"]


def test_words_that_would_be_cut_are_refused(scene: Scene, maya: Person) -> None:
    """In neither of the forms that they are read in."""
    sam = scene.enter("sam", rooms=["#room"])
    msgid = said(maya, "hello")
    quiet(maya, sam)
    lengths = {}
    for length in range(420, 490):
        heard = maya.asks(f"EDIT #room {msgid} {'a' * length}")
        lengths[length] = commands(heard)[0]
        if "EDIT" in commands(heard):
            assert only(heard, "EDIT").params[2] == "a" * length
            assert only(sam.hears(), "PRIVMSG").params[1] == f"✎ {'a' * length}"
            assert max(map(tag_free, heard)) <= 512
    assert set(lengths.values()) == {"EDIT", "417"}


def test_whoever_may_not_speak_may_not_edit(maya: Person, leo: Person) -> None:
    """What was said before the room was moderated stays as it is."""
    msgid = said(leo, "hello")
    maya.say("MODE #room +m")
    quiet(leo)
    assert commands(leo.asks(f"EDIT #room {msgid} x")) == ["404"]


def test_a_text_without_tags_is_the_same(maya: Person, leo: Person) -> None:
    """A private word is edited at both ends."""
    msgid = said(maya, "psst", "leo")
    leo.hears()
    assert without_tags(maya.asks(f"EDIT leo {msgid} :psst!")) == [f":maya!maya@192.0.2.7 EDIT leo {msgid} :psst!"]
    assert params(leo.hears(), "EDIT") == ("leo", msgid, "psst!")
