"""What old clients are shown of a room that they enter. https://ircv3.net/specs/extensions/chathistory"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.ports import Account, Window
from tests.irc.lines import commands, every, only
from tests.irc.test_devices import device
from tests.scene import Person, Scene


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She was here before."""
    person = scene.enter("maya", "message-tags", rooms=["#Room"])
    person.say("PRIVMSG #room :hello", "NOTICE #room :note", "PRIVMSG #room :\x01ACTION waves\x01")
    return person


def test_who_enters_reads_what_was_said(scene: Scene, maya: Person) -> None:
    """With the time before it, and a word of what these lines are."""
    sam = scene.enter("sam")
    heard = sam.asks("JOIN #room")
    assert heard[-4:] == [
        ":hub.example NOTICE #Room :What was said before (times are UTC):",
        ":maya!maya@192.0.2.7 PRIVMSG #Room :[14:13] hello",
        ":maya!maya@192.0.2.7 NOTICE #Room :[14:13] note",
        ":maya!maya@192.0.2.7 PRIVMSG #Room :\x01ACTION [14:13] waves\x01",
    ]
    assert commands(heard)[-5] == "366"


def test_who_comes_next_reads_what_was_said_since(scene: Scene, maya: Person) -> None:
    """What somebody was shown a moment ago serves the next one, until something is said or taken back."""
    first = scene.memory.page("#room", Window(1, verbs=("PRIVMSG",), newest=False)).result()[0].place.msgid
    for nick, deed, shown in (
        ("leo", "PING x", ["hello", "waves\x01"]),
        ("sam", "PING x", ["hello", "waves\x01"]),
        ("priya", "PRIVMSG #room :more", ["hello", "waves\x01", "more"]),
        ("tom", f"REDACT #room {first}", ["waves\x01", "more"]),
    ):
        maya.say(deed)
        heard = every(scene.enter(nick).asks("JOIN #room"), "PRIVMSG")
        assert [line.params[1].rpartition(" ")[2] for line in heard] == shown


def test_who_comes_later_reads_the_log_anew(scene: Scene, maya: Person) -> None:
    """What was forgotten meanwhile is nobody's to read."""
    scene.enter("leo", rooms=["#room"])
    scene.memory.forget("#room", scene.clock.wall + 1000, 1000)
    scene.pass_time(1)
    assert not every(scene.enter("sam").asks("JOIN #room"), "PRIVMSG")


def test_what_is_older_has_its_date(scene: Scene, maya: Person) -> None:
    """The time of day alone would be that of today."""
    scene.pass_time(24 * 3600)
    heard = scene.enter("sam").asks("JOIN #room")
    assert every(heard, "PRIVMSG")[0].params[1] == "[09-21 14:13] hello"


def test_who_knows_times_gets_them_as_such(scene: Scene, maya: Person) -> None:
    """The lines are as they were, in a batch for those who know batches."""
    heard = scene.enter("sam", "server-time", "batch").asks("JOIN #room")[-5:]
    assert commands(heard) == ["BATCH", "PRIVMSG", "NOTICE", "PRIVMSG", "BATCH"]
    assert [line.tags["time"] for line in every(heard, "PRIVMSG")] == [
        "2026-09-21T14:13:20.001Z",
        "2026-09-21T14:13:20.003Z",
    ]
    assert only(heard[:1], "BATCH").params[1:] == ("chathistory", "#Room")


def test_who_can_ask_is_not_told(scene: Scene, maya: Person) -> None:
    """ "the server (or bouncer) SHOULD NOT play back any history that would otherwise be sent automatically"."""
    assert "PRIVMSG" not in commands(scene.enter("sam", "draft/chathistory").asks("JOIN #room"))


def test_an_empty_room_has_no_backlog(scene: Scene) -> None:
    """Nothing was said, and that needs no words."""
    assert commands(scene.enter("sam").asks("JOIN #room")) == ["JOIN", "353", "366"]


def test_the_last_are_shown(build: Callable[..., Scene]) -> None:
    """As many as the operator says, none for 0."""
    for backlog, shown in ((2, ["3", "4"]), (0, [])):
        scene = build(settings=Settings(backlog=backlog))
        maya = scene.enter("maya", rooms=["#room"])
        maya.say(*(f"PRIVMSG #room :{number}" for number in range(5)))
        heard = scene.enter("sam").asks("JOIN #room")
        assert [line.params[1].partition(" ")[2] for line in every(heard, "PRIVMSG")] == shown


def test_what_is_said_meanwhile_is_heard_once(build: Callable[..., Scene]) -> None:
    """The backlog ends where they came in."""
    scene = build(slow=True)
    maya = scene.enter("maya", rooms=["#room"])
    maya.say("PRIVMSG #room :before")
    sam = scene.enter("sam")
    scene.slow.held = True
    sam.say("JOIN #room")
    maya.say("PRIVMSG #room :after")
    scene.slow.land()
    scene.turn()
    scene.slow.land()
    scene.turn()
    assert [line.params[1] for line in every(sam.hears(), "PRIVMSG")] == ["[14:13] before", "after"]


def test_questions_between_clients_are_not_repeated(scene: Scene, maya: Person) -> None:
    """They would be answered once more."""
    maya.say("PRIVMSG #room :\x01VERSION\x01", "PRIVMSG #room :bye")
    heard = scene.enter("sam").asks("JOIN #room")
    assert not any("VERSION" in line for line in heard)


def test_a_line_that_is_full_has_no_room_for_the_time(scene: Scene, maya: Person) -> None:
    """Its words come first."""
    text = "a" * 470
    maya.say(f"PRIVMSG #room :{text}")
    assert every(scene.enter("sam").asks("JOIN #room"), "PRIVMSG")[-1].params[1] == text


def test_of_several_lines_the_first_has_the_time(scene: Scene, maya: Person) -> None:
    """One message, one time."""
    maya.say("CAP REQ :batch draft/multiline", "BATCH +1 draft/multiline #room", "@batch=1 PRIVMSG #room :a ")
    maya.say("@batch=1;draft/multiline-concat PRIVMSG #room :b", "@batch=1 PRIVMSG #room :c", "BATCH -1")
    heard = every(scene.enter("sam").asks("JOIN #room"), "PRIVMSG")
    assert [line.params[1] for line in heard[-3:]] == ["[14:13] a ", "b", "c"]


def test_a_label_holds_all_of_it_together(scene: Scene, maya: Person) -> None:
    """The batch of the backlog stands in that of the answer."""
    heard = scene.enter("sam", "batch", "labeled-response", "server-time").asks("@label=x JOIN #room")
    first, last = only(heard[:1], "BATCH"), only(heard[-1:], "BATCH")
    assert first.tags["label"] == "x"
    assert first.params[0][1:] == last.params[0][1:]
    assert commands(heard).count("BATCH") == 4


def test_a_long_backlog_leaves_the_send_queue_in_peace(build: Callable[..., Scene]) -> None:
    """The last messages are those that are shown."""
    scene = build(settings=Settings(page_bytes=100))
    scene.enter("maya", rooms=["#room"]).say(*(f"PRIVMSG #room :{number}" for number in range(9)))
    heard = every(scene.enter("sam").asks("JOIN #room"), "PRIVMSG")
    assert [line.params[1] for line in heard] == ["[14:13] 7", "[14:13] 8"]


def test_a_room_whose_log_cannot_be_read_can_be_entered(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """The operator is told."""
    from hubbub.hub.ports import StoreFailed
    from hubbub.hub.promise import broken

    monkeypatch.setattr(scene.memory, "page", lambda *about: broken(StoreFailed("the disk is asleep")))
    assert commands(scene.enter("sam").asks("JOIN #room")) == ["JOIN", "353", "366"]
    assert [str(fault) for fault in scene.faults] == ["the disk is asleep"]
    scene.faults.clear()


def test_another_device_is_shown_every_room(scene: Scene) -> None:
    """One that cannot ask; the others hear nothing of it."""
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    phone = device(scene, "maya", "draft/chathistory")
    phone.say("JOIN #one,#two", "PRIVMSG #one :hello", "PRIVMSG #two :bye")
    phone.hears()
    heard = every(device(scene, "maya").hears(), "PRIVMSG")
    assert [line.params for line in heard] == [("#one", "[14:13] hello"), ("#two", "[14:13] bye")]
    assert phone.hears() == []
