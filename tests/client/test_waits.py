"""Our own messages without a server: nothing looks delivered that is not."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from hubbub.client.events import Event, Reached, Said, Tagged
from hubbub.client.isupport import Features
from hubbub.client.model.entry import State
from hubbub.client.render import Lines
from hubbub.client.waits import Waits
from tests.client.test_model import ROOM, Seat

AT = datetime(2026, 11, 20, 9, 12, tzinfo=UTC)


def said(msgid: str, text: str = "", *, own: bool = True, history: bool = False, at: str = "") -> Said:
    tags = {"+hubbub.chat/said": at} if at else {}
    nick = "maya" if own else "leo"
    return Said(
        at=AT, nick=nick, conversation=ROOM, own=own, history=history, msgid=msgid, target=ROOM, text=text, tags=tags
    )


def told(msgid: str, *names: str) -> Tagged:
    tags = {"+draft/reply": msgid, "+hubbub.chat/waits-for": ",".join(names)}
    return Tagged(at=AT, nick="maya", conversation=ROOM, own=True, target=ROOM, tags=tags)


class View:
    """What maya sees of what she hears."""

    def __init__(self, *tokens: str) -> None:
        features = Features()
        features.update(tokens)
        self.waits = Waits(features)
        self.lines = Lines(lambda: AT, self.waits.names)
        self.lines.room = ROOM

    def sees(self, *events: Event) -> list[str]:
        return [line[8:] for event in events for shown in self.waits.take(event) for line in self.lines.render(shown)]


@pytest.fixture
def maya() -> View:
    return View("hubbub.chat/DIRECT")


def test_a_message_is_shown_when_it_is_known_who_has_it(maya: View) -> None:
    """Not with its echo, which only says that it is in our own log."""
    assert maya.sees(said("1", "hi")) == []
    assert maya.sees(told("1")) == ["maya: hi"]


def test_one_that_waits_says_for_whom_and_when_it_has_arrived(maya: View) -> None:
    assert maya.sees(said("1", "hi"), told("1", "leo", "sam")) == ["maya: hi (waits for leo, sam)"]
    assert maya.sees(told("1", "sam")) == ["-- leo has it now: hi"]
    assert maya.sees(told("1")) == ["-- sam has it now: hi"]
    assert maya.sees(told("1")) == []


def test_a_word_holds_for_what_was_said_before_it(maya: View) -> None:
    """Of many that arrive together one line tells."""
    for number in "123":
        maya.sees(said(number, f"text {number}"), told(number, "leo"))
    assert maya.sees(told("2")) == ["-- leo has them now: the 2 messages that waited, from: text 1"]
    assert maya.sees(said("4", "more"), said("5", "still more"), told("5")) == [
        "-- leo has it now: text 3",
        "maya: more",
        "maya: still more",
    ]


def test_what_waited_before_we_came_is_marked_in_history(maya: View) -> None:
    """It is told before the page comes."""
    assert maya.sees(told("1", "leo")) == []
    assert maya.sees(said("0", "old", history=True)) == ["maya: old"]
    assert maya.sees(said("1", "hi", history=True)) == ["maya: hi (waits for leo)"]
    assert maya.sees(told("1")) == ["-- leo has it now: hi"]


def test_what_others_say_is_shown_at_once_and_when_it_was_said(maya: View) -> None:
    assert maya.sees(said("1", "hi", own=False)) == ["leo: hi"]
    assert maya.sees(said("2", "hi", own=False, at="2026-11-20T08:00:00.000Z")) == ["leo: hi (said at 08:00)"]


def test_where_there_is_a_server_an_echo_is_enough() -> None:
    assert View().sees(said("1", "hi")) == ["maya: hi"]


def test_the_model_of_faces_says_the_same() -> None:
    """On its way, waiting, there."""
    leo = Seat().come(ROOM).server(":v 005 leo hubbub.chat/DIRECT :are supported")
    leo.server(f"@msgid=d1 :leo!l@h PRIVMSG {ROOM} :one", f"@msgid=d2 :leo!l@h PRIVMSG {ROOM} :two")
    entries = [entry for entry in leo.room().entries if entry.kind == "message"]
    assert [entry.state for entry in entries] == [State.SENDING, State.SENDING]
    leo.server(f"@+draft/reply=d2;+hubbub.chat/waits-for=maya,sam :leo!l@h TAGMSG {ROOM}")
    assert [entry.state for entry in entries] == [State.THERE, State.THERE]
    assert [entry.detail.waits for entry in entries] == [("maya", "sam")] * 2
    leo.server(f"@+draft/reply=d1;+hubbub.chat/waits-for=sam :leo!l@h TAGMSG {ROOM}")
    assert [entry.detail.waits for entry in entries] == [("sam",), ("maya", "sam")]
    leo.server(f"@+draft/reply=d2;+hubbub.chat/waits-for :leo!l@h TAGMSG {ROOM}")
    assert [entry.detail.waits for entry in entries] == [(), ()]


def test_what_the_reached_event_names_is_cleaned() -> None:
    """Texts and names are others' words."""
    assert View().sees(Reached(ROOM, "leo\x1b[2J", ("hi\x07",))) == ["-- leo has it now: hi"]
