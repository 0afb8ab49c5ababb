"""Deeds: what is remembered of an owned room makes the room again, whatever was done to it."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.hub.deeds import CHANNEL, FILTER, deed_of, facts_between, rooms_of, sketch_of
from hubbub.hub.events import Event, Fact, ModeChange
from hubbub.hub.hub import Hub
from hubbub.hub.refusals import Refused
from hubbub.hub.user import User
from tests.hub.hall import RULES, Hall, changes

NAMES = ("maya", "leo", "sam")
LETTERS = st.sampled_from(["+m", "-n", "+i", "+M", "+R", "+s", "-t", "+C", "-m", "-i", "-s", "-l", "-k", "-W"])
WITH_WORDS = st.sampled_from(
    [
        ("+k", "word"),
        ("+l", "7"),
        ("+W", "30"),
        ("+b", "tom"),
        ("+b", "a:leo"),
        ("-b", "tom"),
        ("+e", "m:x"),
        ("+I", "y"),
    ]
)


class Remembering(Hall):
    """A hall whose facts are kept, as a store would keep them."""

    def __init__(self) -> None:
        super().__init__(replace(RULES, rooms_per_account=2))
        self.facts: dict[tuple[str, str, str], Fact] = {}

    def does(self, event: Event | None) -> list[str]:
        heard = super().does(event)
        for fact in event.facts if event is not None else ():
            name = (fact.scope, fact.key, fact.field)
            self.facts.pop(name, None)
            if fact.value is not None:
                self.facts[name] = Fact(*name, fact.value, self.now)
        return heard

    def reopened(self) -> Hub:
        hub = Hub(self.hub.rules)
        hub.remember(list(self.facts.values()), self.now)
        return hub


def holdings(hub: Hub) -> dict[str, object]:
    """All of the owned rooms that should last."""
    return {
        key: (
            deed_of(room),
            room.created,
            room.topic,
            room.lists,
            [p.text for p in room.filters],
            room.guarded,
            room.metadata,
        )
        for key, room in hub.channels.items()
        if room.owner
    }


STEPS = st.one_of(
    st.tuples(st.just("flag"), LETTERS),
    st.tuples(st.just("mode"), WITH_WORDS),
    st.tuples(st.just("topic"), st.sampled_from(["", "Assam", "Darjeeling"])),
    st.tuples(st.just("grant"), st.tuples(st.sampled_from(NAMES), st.sampled_from(["", "v", "h", "o"]))),
    st.tuples(
        st.just("set"),
        st.sampled_from([("retention", "7"), ("retention", "off"), (FILTER, "spam\n/x+y/"), (FILTER, "")]),
    ),
    st.tuples(st.just("rename"), st.sampled_from(["#tea", "#Tea", "#coffee", "#cocoa"])),
    st.tuples(st.just("transfer"), st.sampled_from(["maya", "leo"])),
    st.tuples(st.just("know"), st.sampled_from([("url", "x"), ("url", None), ("avatar", "y")])),
    st.tuples(st.just("drop"), st.none()),
    st.tuples(st.just("register"), st.none()),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(STEPS, max_size=14))
def test_a_room_is_after_a_restart_what_it_was(steps: list[tuple[str, object]]) -> None:
    """After every step, owned or dropped and owned again, under each name."""
    hall = Remembering()
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo", "leo")
    room = hall.room("#tea", maya, leo)
    hall.does(hall.hub.register_room(maya, "#tea"))
    for kind, what in steps:
        owner = leo if room.owner == "leo" else maya
        with suppress(Refused):
            event = DEEDS[kind](hall.hub, owner, room.name, what)
            if event is not None:
                hall.does(event)
        assert holdings(hall.reopened()) == holdings(hall.hub)
        assert hall.reopened().forwards == hall.hub.forwards


DEEDS: dict[str, Callable[[Hub, User, str, Any], Event | None]] = {
    "flag": lambda hub, owner, room, letters: hub.change_modes(owner, room, changes(letters))[0],
    "mode": lambda hub, owner, room, words: hub.change_modes(owner, room, changes(*words))[0],
    "topic": lambda hub, owner, room, text: hub.topic(owner, room, text),
    "grant": lambda hub, owner, room, words: hub.grant(owner, room, *words),
    "set": lambda hub, owner, room, words: hub.set_room(owner, room, *words),
    "rename": lambda hub, owner, room, name: hub.rename_room(owner, room, name, ""),
    "transfer": lambda hub, owner, room, account: hub.transfer_room(owner, room, account),
    "know": lambda hub, owner, room, words: hub.set_metadata(owner, room, *words),
    "drop": lambda hub, owner, room, _: hub.drop_room(owner, room),
    "register": lambda hub, owner, room, _: hub.register_room(owner, room),
}


def test_what_did_not_change_is_not_written_again() -> None:
    """One mode is one fact, however many bans there are."""
    hall = Remembering()
    maya = hall.enter("maya", "maya")
    room = hall.room("#tea", maya)
    hall.does(hall.hub.register_room(maya, "#tea"))
    for number in range(5):
        hall.mode(maya, "#tea", "+b", f"m{number}")
    event, _ = hall.hub.change_modes(maya, "#tea", changes("+m"))
    assert event is not None
    assert [fact.field for fact in event.facts] == ["modes"]
    assert facts_between(room, sketch_of(room)) == ()


def test_an_end_and_a_reason_are_remembered() -> None:
    """A ban for a time is one after a restart."""
    hall = Remembering()
    maya = hall.enter("maya", "maya")
    hall.room("#tea", maya)
    hall.does(hall.hub.register_room(maya, "#tea"))
    event, _ = hall.hub.change_modes(maya, "#tea", [ModeChange(True, "b", "tom", "loud", hall.now + 60_000)])
    hall.does(event)
    after = hall.reopened()
    (listed,) = after.channel("#tea").lists["b"].values()
    assert (listed.reason, listed.until) == ("loud", hall.now - 1000 + 60_000)
    assert [list(event.changes) for event in after.over(listed.until)] == [[ModeChange(False, "b", "tom!*@*")]]
    assert list(after.over(listed.until)) == []


def test_what_nobody_knows_any_more_is_passed_over() -> None:
    """A fact of a newer version, a list without its room, a pattern that cannot be read."""
    room = '{"name":"#Tea","created":5,"owner":"maya"}'
    facts = [
        Fact(CHANNEL, "#tea", "room", room),
        Fact(CHANNEL, "#tea", "colour", '"green"'),
        Fact(CHANNEL, "#tea", "set filter", '"/(/\\nspam"'),
        Fact(CHANNEL, "#gone", "topic", '{"text":"x","setter":"y","at":1}'),
        Fact("elsewhere", "#tea", "topic", "1"),
    ]
    (found,) = rooms_of(facts)
    assert (found.name, found.owner) == ("#Tea", "maya")
    assert [pattern.finds("( spam") for pattern in found.filters] == [False, True]
