"""What happens, as people read it who type no protocol."""

import inspect

import pytest

from hubbub.dialects.plain.form import form_for
from hubbub.dialects.seats.form import Form
from hubbub.dialects.tutorials.pupil import UTF8
from hubbub.hub import events
from hubbub.hub.events import Event
from tests.doors.porch import Porch, Visitor
from tests.scene import Person

TAGS = ("message-tags", "batch", "draft/multiline", "draft/message-redaction", "hubbub.chat/edit", "echo-message")

_UNTOLD = """
    AccessChanged FileRemoved HostChanged Instead InviteMade InviteRevoked InviteUsed Killed Lasting LoggedIn LoggedOut
    MarkedRead MetadataChanged OwnerChanged PeerNoted Promoted Ranked RealnameChanged ServerBanChanged
    SettingChanged Sighted Stayed Subscribed Tended UserModesChanged WentAway
"""
_NOT_FOR_PUPILS = " Announced Invited ModesChanged"


@pytest.mark.parametrize(("form", "untold"), [(UTF8, _UNTOLD + _NOT_FOR_PUPILS), (form_for(""), _UNTOLD)])
def test_of_every_kind_of_event_it_is_decided_whether_it_is_told(form: Form, untold: str) -> None:
    """Who adds one decides so for these doors as well: it goes into the table of a form, or into the list above."""
    kinds = {
        name
        for name, kind in vars(events).items()
        if inspect.isclass(kind) and issubclass(kind, Event) and kind is not Event
    }
    told = {kind.__name__ for kind in form.told} | {"Said"}
    assert told.isdisjoint(untold.split())
    assert kinds == told | set(untold.split())


@pytest.fixture
def ida(porch: Porch) -> Person:
    return porch.enter("ida", *TAGS, rooms=["#lobby"])


@pytest.fixture
def tom(porch: Porch, ida: Person) -> Visitor:
    """At a door; ida is inside."""
    visitor = porch.at("addressed", "#tom")
    ida.hears()
    return visitor


def msgid(person: Person) -> str:
    return person.reads()[-1].tags["msgid"]


def test_several_lines_are_lines(ida: Person, tom: Visitor) -> None:
    """Each with its speaker, and none that is empty."""
    ida.say("BATCH +1 draft/multiline #lobby", "@batch=1 PRIVMSG #lobby :one", "@batch=1 PRIVMSG #lobby :")
    ida.say("@batch=1 PRIVMSG #lobby :two", "BATCH -1")
    assert tom.lines() == ["ida: one", "ida: two"]


def test_actions_notices_and_replies_read_like_words(ida: Person, tom: Visitor) -> None:
    """What a reply replies to stands before it where that is far."""
    ida.say("PRIVMSG #lobby :\x01ACTION waves\x01", "NOTICE #lobby :lunch", "PRIVMSG #lobby :who is hungry?")
    asked = msgid(ida)
    for number in range(6):
        ida.say(f"PRIVMSG #lobby :number {number}")
    tom_heard = tom.lines()
    assert tom_heard[:3] == ["* ida waves", "-ida- lunch", "ida: who is hungry?"]
    ida.say(f"@+reply={asked} PRIVMSG #lobby :me")
    assert tom.lines() == ["> ida: who is hungry?", "ida: me"]


def test_reactions_edits_and_what_is_taken_back_read_like_words(porch: Porch, ida: Person, tom: Visitor) -> None:
    """And typing is not told at all."""
    ida.say("PRIVMSG #lobby :teh tea is ready")
    message = msgid(ida)
    tom.hears()
    ida.say("@+typing=active TAGMSG #lobby", f"@+reply={message};+draft/react=👍 TAGMSG #lobby")
    ida.say(f"EDIT #lobby {message} :the tea is ready")
    porch.clock.advance(125)
    ida.say(f"REDACT #lobby {message} :too late")
    assert tom.lines() == [
        "* ida reacted with 👍 to ida: teh tea is ready",
        "ida: ✎ the tea is ready",
        "* ida took back a message from 2 minutes ago: too late",
    ]


def test_who_comes_goes_and_changes_is_told(porch: Porch, ida: Person, tom: Visitor) -> None:
    """In sentences."""
    leo = porch.enter("leo", rooms=["#lobby"])
    leo.say("NICK leon", "PART #lobby", "JOIN #lobby", "QUIT")
    ida.say("TOPIC #lobby :tea", "TOPIC #lobby :", "MODE #lobby +t")
    assert tom.lines() == [
        "leo joined!",
        "leo is now called leon",
        "leon left!",
        "leon joined!",
        "leon left!",
        "ida set the topic: tea",
        "ida took the topic away",
    ]


def test_a_long_text_is_whole_at_doors_and_in_lines_elsewhere(porch: Porch, ida: Person, tom: Visitor) -> None:
    """Whoever reads IRC in lines of 512 bytes gets all of it, broken at spaces where there are any."""
    old, leo = porch.enter("old", rooms=["#lobby"]), porch.at("raw")
    leo.hears()
    words = " ".join(f"wörd{number}" for number in range(300))
    tom.sends(words)
    assert leo.lines()[-1] == f"tom: {words}"
    lines = [line.params[1] for line in old.reads() if line.command == "PRIVMSG"]
    assert len(lines) > 3
    assert "".join(lines) == words
    assert all(line.endswith(" ") for line in lines[:-1])
    tom.sends("x" * 4000)
    assert "".join(line.params[1] for line in old.reads()) == "x" * 4000


def test_who_is_away_says_so_to_who_writes_to_them(ida: Person, tom: Visitor) -> None:
    """As in IRC."""
    ida.say("AWAY :lunch")
    assert tom.asks("@ida:there?") == ["ida is away: lunch"]


@pytest.mark.parametrize(("words", "told"), [("QUIT", "<- ida quit"), ("QUIT :lunch", "<- ida quit (lunch)")])
def test_a_reason_is_told_where_there_is_one(porch: Porch, ida: Person, words: str, told: str) -> None:
    """Without what servers put before it, and without empty brackets."""
    maya = porch.at("plain")
    maya.asks("maya\n")
    ida.say(words)
    assert maya.lines()[-1].endswith(told)
