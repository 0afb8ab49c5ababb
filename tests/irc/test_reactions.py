"""Reactions and replies, for those who read tags and those who do not.

https://ircv3.net/specs/client-tags/react and https://ircv3.net/specs/client-tags/reply
"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, only
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", "message-tags", "echo-message", "draft/chathistory", rooms=["#room"])


@pytest.fixture
def sam(scene: Scene, maya: Person) -> Person:
    """He reads plain lines."""
    person = scene.enter("sam", rooms=["#room"])
    quiet(maya)
    return person


def said(person: Person, text: str) -> str:
    return only(person.asks(f"PRIVMSG #room :{text}"), "PRIVMSG").tags["msgid"]


# What is kept


@pytest.mark.parametrize("tag", ["+draft/react=x", "+draft/unreact=x", "+react=x", "+unreact=x", "+draft/persist"])
def test_reactions_are_part_of_the_conversation(maya: Person, tag: str) -> None:
    """ "the server SHOULD send additional lines [...] including but not limited to TAGMSG"."""
    maya.say("CAP REQ draft/event-playback", f"@{tag};+mood=merry TAGMSG #room")
    assert only(maya.asks("CHATHISTORY LATEST #room * 10"), "TAGMSG").tags["+mood"] == "merry"


@pytest.mark.parametrize("tag", ["+typing=active", "+mood=merry", "+channel-context=#room"])
def test_other_tags_pass(maya: Person, tag: str) -> None:
    """That somebody was typing is no news tomorrow."""
    maya.say("CAP REQ draft/event-playback", f"@{tag} TAGMSG #room")
    assert "TAGMSG" not in commands(maya.asks("CHATHISTORY LATEST #room * 10"))


def test_without_event_playback_history_is_talk(maya: Person) -> None:
    """ "the server MUST NOT send any lines other than PRIVMSG and NOTICE in the reply batch"."""
    maya.say("@+draft/react=x TAGMSG #room")
    assert "TAGMSG" not in commands(maya.asks("CHATHISTORY LATEST #room * 10"))


def test_a_reaction_is_no_talk(scene: Scene, maya: Person) -> None:
    """It does not make a conversation one that people talk in."""
    leo = scene.enter("leo", "message-tags", "draft/chathistory")
    maya.say("@+draft/react=x TAGMSG leo")
    leo.hears()
    heard = leo.asks("CHATHISTORY TARGETS timestamp=2000-01-01T00:00:00Z timestamp=2100-01-01T00:00:00Z 10")
    assert "CHATHISTORY" not in commands(heard)


# Reactions in words


def test_who_reads_no_tags_reads_reactions(maya: Person, sam: Person) -> None:
    """As what somebody does, with the beginning of the message that is meant."""
    msgid = said(maya, "shall we ship it?")
    sam.hears()
    maya.say(f"@+reply={msgid};+draft/react=👍 TAGMSG #room")
    assert sam.hears() == [
        ":maya!maya@192.0.2.7 PRIVMSG #room :\x01ACTION reacted with 👍 to maya: shall we ship it?\x01"
    ]


def test_who_reads_tags_reads_them(scene: Scene, maya: Person, sam: Person) -> None:
    """No words are made for those who need none."""
    leo = scene.enter("leo", "message-tags", rooms=["#room"])
    msgid = said(maya, "hello")
    leo.hears()
    maya.say(f"@+draft/reply={msgid};+draft/react=x TAGMSG #room")
    assert commands(leo.hears()) == ["TAGMSG"]


@pytest.mark.parametrize("tags", ["+draft/react=x", "+draft/react=x;+reply=nonsense"])
def test_a_reaction_to_nothing_is_one_all_the_same(maya: Person, sam: Person, tags: str) -> None:
    """What cannot be found is not shown."""
    maya.say(f"@{tags} TAGMSG #room")
    assert sam.hears() == [":maya!maya@192.0.2.7 PRIVMSG #room :\x01ACTION reacted with x\x01"]


@pytest.mark.parametrize("tags", ["+draft/unreact=x", "+typing=active", "+draft/react", "+draft/react=\x02"])
def test_other_tags_are_silent(maya: Person, sam: Person, tags: str) -> None:
    """What was taken back was a small thing to begin with."""
    maya.say(f"@{tags} TAGMSG #room")
    assert sam.hears() == []


def test_a_reaction_in_private_is_read_by_its_target(maya: Person, sam: Person) -> None:
    """It answers to the nick."""
    maya.say("@+draft/react=x TAGMSG sam")
    assert sam.hears() == [":maya!maya@192.0.2.7 PRIVMSG sam :\x01ACTION reacted with x\x01"]


LONG = "a message that goes on and on until nobody wants to read it to its end"
QUOTED = {
    "\x01ACTION waves\x01": "waves",
    "\x0304red \x02bold": "red bold",
    LONG: "a message that goes on and on until nobody wants to read it …",
    "ü" * 40: "ü" * 30 + "…",
    "abc\u202edef": "abcdef",
    "👨‍👩‍👧": "👨‍👩‍👧",
}


@pytest.mark.parametrize(("text", "quote"), QUOTED.items())
def test_a_quote_is_one_short_line(maya: Person, sam: Person, text: str, quote: str) -> None:
    """Without colours and without what would turn the line around."""
    msgid = said(maya, text)
    sam.hears()
    maya.say(f"@+reply={msgid};+draft/react=x TAGMSG #room")
    assert only(sam.hears(), "PRIVMSG").params[1] == f"\x01ACTION reacted with x to maya: {quote}\x01"


def test_of_several_lines_the_first_is_quoted(maya: Person, sam: Person) -> None:
    """And that there are more."""
    maya.say("CAP REQ :batch draft/multiline")
    opened = maya.asks(
        "BATCH +1 draft/multiline #room", "@batch=1 PRIVMSG #room :a", "@batch=1 PRIVMSG #room :b", "BATCH -1"
    )
    sam.hears()
    maya.say(f"@+reply={only(opened[:1], 'BATCH').tags['msgid']};+draft/react=x TAGMSG #room")
    assert only(sam.hears(), "PRIVMSG").params[1] == "\x01ACTION reacted with x to maya: a…\x01"


@pytest.mark.parametrize("reaction", ["x" * 500, r"a\nb", r"\sx"])
def test_a_reaction_is_one_short_line_too(maya: Person, sam: Person, reaction: str) -> None:
    """ "The value has no restrictions", and a line of IRC has."""
    maya.say(f"@+draft/react={reaction} TAGMSG #room")
    assert len(only(sam.hears(), "PRIVMSG").params[1].encode()) < 100


def test_words_that_are_gone_are_not_quoted(scene: Scene, maya: Person, sam: Person) -> None:
    """What was taken back does not come back by a reaction."""
    msgid = said(maya, "oops")
    maya.say(f"REDACT #room {msgid}")
    sam.hears()
    maya.say(f"@+reply={msgid};+draft/react=x TAGMSG #room")
    assert sam.hears() == [":maya!maya@192.0.2.7 PRIVMSG #room :\x01ACTION reacted with x\x01"]


def test_a_message_of_another_conversation_is_not_quoted(scene: Scene, maya: Person, sam: Person) -> None:
    """Nobody reads what was said elsewhere."""
    scene.enter("leo")
    msgid = only(maya.asks("PRIVMSG leo :psst"), "PRIVMSG").tags["msgid"]
    maya.say(f"@+reply={msgid};+draft/react=x TAGMSG #room")
    assert "psst" not in sam.hears()[0]


# Replies


def test_a_reply_is_a_message(maya: Person, sam: Person) -> None:
    """What it replies to stands just above."""
    msgid = said(maya, "shall we ship it?")
    for number in range(4):
        maya.say(f"PRIVMSG #room :{number}")
    sam.hears()
    maya.say(f"@+reply={msgid} PRIVMSG #room :yes")
    assert sam.hears() == [":maya!maya@192.0.2.7 PRIVMSG #room :yes"]


def test_a_late_reply_says_what_it_replies_to(scene: Scene, maya: Person, sam: Person) -> None:
    """Whoever reads plain lines would have to search for it; whoever reads tags gets the tag."""
    leo = scene.enter("leo", "message-tags", rooms=["#room"])
    msgid = said(maya, "shall we ship it?")
    for number in range(5):
        maya.say(f"PRIVMSG #room :{number}")
    quiet(sam, leo)
    maya.say(f"@+draft/reply={msgid} PRIVMSG #room :yes")
    assert [line.params[1] for line in every(sam.hears(), "PRIVMSG")] == ["> maya: shall we ship it?", "yes"]
    heard = only(leo.hears(), "PRIVMSG")
    assert (heard.params[1], heard.tags["+draft/reply"]) == ("yes", msgid)


def test_a_quote_is_not_kept(scene: Scene, maya: Person, sam: Person) -> None:
    """History has what was said."""
    msgid = said(maya, "shall we ship it?")
    maya.say(*(f"PRIVMSG #room :{number}" for number in range(5)), f"@+reply={msgid} PRIVMSG #room :yes")
    sam.say("CAP REQ :draft/chathistory batch")
    sam.hears()
    assert [line.params[1] for line in every(sam.asks("CHATHISTORY LATEST #room * 1"), "PRIVMSG")] == ["yes"]


def test_the_rules_hold_when_the_quote_is_found(scene: Scene, maya: Person, sam: Person) -> None:
    """It is decided by the room as it is then."""
    leo = scene.enter("leo", "message-tags", rooms=["#room"])
    msgid = said(maya, "shall we ship it?")
    maya.say(*(f"PRIVMSG #room :{number}" for number in range(5)), "MODE #room +m")
    quiet(leo)
    assert commands(leo.asks(f"@+reply={msgid} PRIVMSG #room :yes")) == ["404"]


# Other tags


def test_the_context_of_a_private_word_is_passed_on(scene: Scene, maya: Person) -> None:
    """https://ircv3.net/specs/client-tags/channel-context"""
    leo = scene.enter("leo", "message-tags")
    maya.say("@+channel-context=#room NOTICE leo :here you are")
    assert only(leo.hears(), "NOTICE").tags["+channel-context"] == "#room"
