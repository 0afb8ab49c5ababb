"""SEARCH: who said what, where and when. https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md"""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise, broken
from tests.scene import Person, Scene

CAPS = ("soju.im/search", "batch", "message-tags", "server-time", "draft/chathistory")


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She is in #room with leo, where they talked, a minute apart; she and he talked in private, too."""
    maya = scene.enter("maya", *CAPS, rooms=["#room", "#other"])
    leo = scene.enter("leo", *CAPS, rooms=["#room"])
    maya.say("PRIVMSG #room :That was fast!")
    scene.pass_time(60)
    leo.say("NOTICE #room :Fasting is hard.")
    scene.pass_time(60)
    maya.say("PRIVMSG leo :fast asleep")
    scene.pass_time(60)
    leo.say("PRIVMSG maya :so fast; really?")
    scene.pass_time(60)
    maya.say("PRIVMSG #other :slow")
    return maya


def texts(person: Person, attributes: str) -> list[str]:
    """What was found, which is one batch and nothing else."""
    person.hears()
    person.say(f"SEARCH {attributes}")
    start, *inside, end = person.reads()
    name = start.params[0][1:]
    assert (start.command, start.params) == ("BATCH", (f"+{name}", "soju.im/search"))
    assert (end.command, end.params) == ("BATCH", (f"-{name}",))
    assert {line.tags["batch"] for line in inside} <= {name}
    return [line.params[1] for line in inside]


def test_all_of_the_words_are_found(maya: Person) -> None:
    """`text`: "the message text matches the specified text"."""
    assert texts(maya, "text=fast;in=#room") == ["That was fast!"]
    assert texts(maya, "text=FAST\\sthat;in=#room") == ["That was fast!"]
    assert texts(maya, "text=fast\\shard;in=#room") == []


def test_the_beginning_of_a_word_is_found_with_a_star(maya: Person) -> None:
    """The spec's example finds Fasting, too."""
    assert texts(maya, "text=fast*;in=#room") == ["That was fast!", "Fasting is hard."]


def test_words_in_quotation_marks_stand_in_that_order(maya: Person) -> None:
    """`text`: "the actual algorithm used for matching the text is implementation defined"."""
    assert texts(maya, 'text="was\\sfast"') == ["That was fast!"]
    assert texts(maya, 'text="fast\\swas"') == []


def test_without_a_place_all_that_one_may_read_is_searched(maya: Person) -> None:
    """Rooms and private talk, by time."""
    assert texts(maya, "text=fast") == ["That was fast!", "fast asleep", "so fast; really?"]


def test_semicolons_and_blanks_are_escaped(maya: Person) -> None:
    """Attributes have the form of tags."""
    assert texts(maya, "text=fast\\:\\sreally;from=leo") == ["so fast; really?"]


def test_a_person_who_types_may_leave_blanks_as_they_are(maya: Person) -> None:
    """Nobody escapes by hand."""
    assert texts(maya, "in=#room;text=was fast") == ["That was fast!"]


def test_in_is_where_it_was_said(maya: Person) -> None:
    """`in`: "the message was sent to this target (channel or user)"."""
    assert texts(maya, "in=#ROOM") == ["That was fast!", "Fasting is hard."]
    assert texts(maya, "in=leo") == ["fast asleep", "so fast; really?"]


def test_from_is_who_said_it(maya: Person) -> None:
    """`from`: "the message was sent with this nick"."""
    assert texts(maya, "from=Leo") == ["Fasting is hard.", "so fast; really?"]
    assert texts(maya, "from=tom") == []


def test_times_are_meant_to_the_millisecond(scene: Scene, maya: Person) -> None:
    """`after`: "at or after this time", `before`: "at or before this time"."""
    maya.say("SEARCH in=#room")
    first, second = [line.tags["time"] for line in maya.reads() if line.command in {"PRIVMSG", "NOTICE"}][-2:]
    assert texts(maya, f"in=#room;after={second}") == ["Fasting is hard."]
    assert texts(maya, f"in=#room;before={first}") == ["That was fast!"]
    assert texts(maya, f"in=#room;after={first};before={second}") == ["That was fast!", "Fasting is hard."]


def test_a_limit_counts_from_where_the_search_begins(maya: Person) -> None:
    """ "If `after` is specified, messages SHOULD be searched from that time. Otherwise [...] `before`"."""
    assert texts(maya, "text=fast;limit=1") == ["so fast; really?"]
    assert texts(maya, "text=fast;after=2001-01-01T00:00:00.000Z;limit=1") == ["That was fast!"]


def test_nothing_found_is_an_empty_batch(maya: Person) -> None:
    """ "If no content exists to return, the server SHOULD return an empty batch"."""
    assert texts(maya, "before=2010-01-01T00:00:00.000Z;in=#room") == []


def test_msgids_are_those_that_were_first_heard(scene: Scene, maya: Person) -> None:
    """ "the msgid tag [...] MUST be the msgid tag as originally sent"."""
    tom = scene.enter("tom", *CAPS, rooms=["#room"])
    maya.say("PRIVMSG #room :sesame")
    heard = tom.reads()[-1]
    tom.say("SEARCH text=sesame")
    found = tom.reads()[1]
    assert (found.tags["msgid"], found.tags["time"]) == (heard.tags["msgid"], heard.tags["time"])


def test_without_batch_the_messages_come_as_they_are(scene: Scene, maya: Person) -> None:
    """ "limited functionality is available to clients without support for these CAPs"."""
    tom = scene.enter("tom", rooms=["#room"])
    assert [line.split(" ", 1)[1] for line in tom.asks("SEARCH text=fast")] == ["PRIVMSG #room :That was fast!"]


def test_what_was_taken_back_is_not_found(scene: Scene) -> None:
    """Search is one more way to read, and those words are gone."""
    maya = scene.enter("maya", *CAPS, "echo-message", "draft/message-redaction", rooms=["#room"])
    maya.say("PRIVMSG #room :sesame")
    msgid = maya.reads()[-1].tags["msgid"]
    maya.say(f"REDACT #room {msgid}")
    assert texts(maya, "text=sesame") == []


def test_an_edited_message_is_found_by_its_new_words(scene: Scene) -> None:
    """Its old ones are no more what it says."""
    maya = scene.enter("maya", *CAPS, "echo-message", "hubbub.chat/edit", rooms=["#room"])
    maya.say("PRIVMSG #room :sesam")
    maya.say(f"EDIT #room {maya.reads()[-1].tags['msgid']} :sesame")
    assert texts(maya, "text=sesame") == ["sesame"]
    assert texts(maya, "text=sesam") == []


def test_a_room_one_is_not_in_is_as_good_as_none(scene: Scene, maya: Person) -> None:
    """An outsider is told the same of both, and finds nothing by leaving the room out."""
    tom = scene.enter("tom", *CAPS)
    for room in ("#room", "#nowhere"):
        answer = f":hub.example FAIL SEARCH INVALID_PARAMS in {room} :Messages could not be retrieved"
        assert tom.asks(f"SEARCH text=fast;in={room}") == [answer]
    assert texts(tom, "text=fast") == []
    assert texts(tom, "in=maya") == []


@pytest.mark.parametrize(
    ("attributes", "about"),
    [
        ("", "* :Nothing to search for; say text=, in=, from=, after= or before="),
        ("limit=3", "* :Nothing to search for; say text=, in=, from=, after= or before="),
        ("colour=red", "colour :Unknown attribute; known are text, in, from, after, before, limit"),
        ("=red", "* :Unknown attribute; known are text, in, from, after, before, limit"),
        ("text", "text * :Expected a value"),
        ("text=x;limit=0", "limit 0 :Expected a number above 0"),
        ("text=x;limit=-1", "limit -1 :Expected a number above 0"),
        ("after=noon", "after noon :Invalid timestamp; expected one like 2026-01-31T09:30:00.000Z"),
        (
            "before=2026-01-31T09:30:00",
            "before 2026-01-31T09:30:00 :Invalid timestamp; expected UTC with a Z at its end",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(maya: Person, attributes: str, about: str) -> None:
    """ "If the selectors were invalid, the INVALID_PARAMS error code SHOULD be returned."."""
    assert maya.asks(f"SEARCH {attributes}") == [f":hub.example FAIL SEARCH INVALID_PARAMS {about}"]


def test_a_store_that_fails_is_said_so(scene: Scene, maya: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "If the search cannot be run due to an internal error, the INTERNAL_ERROR error code SHOULD be returned."."""

    def search(*_: object) -> Promise[object]:
        return broken(StoreFailed("the disk failed"))

    monkeypatch.setattr(scene.memory, "search", search)
    answer = ":hub.example FAIL SEARCH INTERNAL_ERROR :The server could not read its log; try again"
    assert maya.asks("SEARCH text=fast") == [answer]
    assert str(scene.faults.pop()) == "the disk failed"


def test_an_answer_fits_into_the_send_queue(scene: Scene, maya: Person) -> None:
    """A reader is not closed for having asked; of much that is found the latest counts most."""
    maya.session.irc.settings = replace(maya.session.irc.settings, page_bytes=300)
    for number in range(20):
        maya.say(f"PRIVMSG #room :sesame {number}")
    found = texts(maya, "text=sesame")
    assert found == [f"sesame {number}" for number in range(20)][-len(found) :]
    assert 0 < len(found) < 10


def test_a_page_is_the_most_one_gets(scene: Scene, maya: Person) -> None:
    """ "The server MAY return less messages than this number."."""
    maya.session.irc.settings = replace(maya.session.irc.settings, page=2)
    assert len(texts(maya, "text=fast;limit=1000")) == 2
