"""R4: after a cut, each line that was missed is shown once, before new ones, and each message of ours arrives once.

https://ircv3.net/specs/extensions/chathistory
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.client.events import Failed, Gap, Joined, Sent
from hubbub.hub.events import Said as Stored
from tests.client.village import EVERYTHING, NO_HISTORY, Village, Visit
from tests.promises.storm import Guest, storm
from tests.system.running import Running

ROOM = "#general"

talk = st.tuples(st.just("neighbour"), st.sampled_from(["maya", "sam"]), st.sampled_from([ROOM, "leo"]))
say = st.tuples(st.just("say"), st.sampled_from([ROOM, "sam"]))
some_bytes = st.one_of(st.just(9999), st.integers(1, 400))
exchange = st.tuples(st.just("exchange"), some_bytes, some_bytes)
steps = st.lists(st.one_of(talk, say, exchange, exchange, exchange, st.just(("cut",))), min_size=3, max_size=60)


@dataclass
class Story:
    """What happens to leo's client, step by step; everything it is told is kept in the visit."""

    village: Village
    visit: Visit
    spoken: int = 0

    def play(self, steps: list[tuple[object, ...]]) -> None:
        self.visit.client.join(ROOM)
        self.visit.connect()
        for name, *arguments in steps:
            getattr(self, str(name))(*arguments)
        self.cut()
        self.visit.connect()
        self.visit.run()

    def neighbour(self, nick: str, target: str) -> None:
        self.spoken += 1
        self.village.neighbour(nick, target, f"{nick} {self.spoken}")

    def say(self, target: str) -> None:
        self.spoken += 1
        self.visit.client.say(target, f"leo {self.spoken}")

    def exchange(self, up: int, down: int) -> None:
        """Some bytes arrive in each direction, on a new connection if there is none."""
        if self.visit.guest is None:
            self.visit.connect()
        self.visit.up(up)
        self.visit.down(down)

    def cut(self) -> None:
        self.visit.cut()

    def shown(self, conversation: str) -> list[str]:
        return [said.msgid or said.text for said in self.visit.said(conversation)]

    def first_seen_in_room(self) -> Joined:
        return next(event for event in self.visit.events if isinstance(event, Joined) and event.own)


@settings(max_examples=150)
@given(steps=steps, page=st.integers(1, 5), playback=st.booleans())
def test_a_cut_at_any_byte_loses_nothing_and_repeats_nothing(
    steps: list[tuple[object, ...]], page: int, playback: bool
) -> None:
    """Whatever was under way when the connection broke, leo has every line once, in the order of the log.

    Seen to fail where a client that comes back asks for nothing.
    """
    caps = EVERYTHING if playback else EVERYTHING - {"draft/event-playback"}
    village = Village(caps=caps, page=page)
    visit = Visit(village)
    story = Story(village, visit)
    story.play(steps)
    assert story.shown(ROOM) == village.said(ROOM, story.first_seen_in_room().at)
    assert story.shown("sam") == village.said("leo sam", visit.since)
    assert story.shown("maya") == village.said("leo maya", visit.since)
    assert visit.of(Gap) == []


@settings(max_examples=150)
@given(steps=steps, page=st.integers(1, 5))
def test_each_message_of_ours_is_stored_once_and_confirmed_once(steps: list[tuple[object, ...]], page: int) -> None:
    """Where the server keeps nonces, nothing that leo wrote fails or is doubled, however often he was cut off.

    Seen to fail where a client that comes back sends nothing again.
    """
    village = Village(page=page)
    story = Story(village, Visit(village))
    story.play(steps)
    written = [f"leo {entry}" for entry in range(story.spoken + 1)]
    sent = [event.text for event in story.visit.events if isinstance(event, Sent)]
    stored = [entry.line.params[1] for log in village.logs.values() for entry in log if entry.line.command == "PRIVMSG"]
    assert story.visit.of(Failed) == []
    assert sorted(sent) == sorted(text for text in stored if text in written)
    assert len(set(stored)) == len(stored)
    for log in village.logs.values():
        ours = [entry.line.params[1] for entry in log if entry.line.params[-1].startswith("leo ")]
        assert ours == sorted(ours, key=lambda text: int(text.split()[1]))
    assert story.visit.client.unconfirmed == 0


@settings(max_examples=100)
@given(steps=steps, caps=st.sampled_from([EVERYTHING, NO_HISTORY, frozenset({"echo-message"}), frozenset()]))
def test_without_nonces_nothing_is_sent_twice_and_nothing_is_claimed_that_is_not_so(
    steps: list[tuple[object, ...]], caps: frozenset[str]
) -> None:
    """What is told to be sent is stored; what is told to have failed may be; every message is told of once.

    Seen to fail where a client keeps to itself what became of a message that is in doubt.
    """
    village = Village(caps=caps, nonces=False)
    story = Story(village, Visit(village))
    story.play(steps)
    sent = [event.text for event in story.visit.events if isinstance(event, Sent)]
    failed = [event.text for event in story.visit.events if isinstance(event, Failed)]
    stored = [entry.line.params[1] for log in village.logs.values() for entry in log if entry.line.command == "PRIVMSG"]
    assert set(sent) <= set(stored)
    assert len(set(stored)) == len(stored)
    assert len({*sent, *failed}) == len(sent) + len(failed)
    assert story.visit.client.unconfirmed == 0


@settings(max_examples=200)
@given(steps=steps, page=st.integers(2, 5))
def test_times_alone_are_enough(steps: list[tuple[object, ...]], page: int) -> None:
    """A bouncer without msgids still gives each line once: a page overlaps the one before by a millisecond.

    Seen to fail where a client that comes back asks for nothing.
    """
    village = Village(page=page, msgids=False)
    story = Story(village, Visit(village))
    story.play(steps)
    floor = story.first_seen_in_room().at
    log = [entry for entry in village.logs.get(ROOM, []) if entry.line.command == "PRIVMSG" and entry.at > floor]
    assert story.shown(ROOM) == [entry.line.params[1] for entry in log]


def test_a_storm_on_real_sockets_loses_nothing_and_repeats_nothing(
    tmp_path: Path, chance: Random, record_property: Callable[[str, object], None]
) -> None:
    """Three talk through cuts, closed halves and silence; each is shown the whole log in its order, and nothing twice.

    Seen to fail where a client that comes back asks for nothing, and where the server forgets nonces.
    """
    server = Running(tmp_path)
    try:
        weathered = storm(server, chance)
    finally:
        server.close()
    record_property("connections that broke", weathered.accidents)
    record_property("messages through the storm", len(weathered.log))
    log = [entry.place.msgid for entry in weathered.log]
    texts = [entry.event.text for entry in weathered.log if isinstance(entry.event, Stored)]
    assert len(set(log)) == len(set(texts)) == len(texts)
    for guest in weathered.guests:
        assert [said.msgid for said in guest.shown] == log
        assert spoken(guest) == [text for text in texts if text.startswith(guest.nick)]
        assert (guest.failed, guest.gaps) == ([], [])


def spoken(guest: Guest) -> list[str]:
    """What the server confirmed, in the order in which it was said."""
    sent = [event.text for event in guest.sent if event.text.startswith(guest.nick)]
    assert len(sent) == guest.spoken
    return sorted(sent, key=lambda text: int(text.split()[1]))
