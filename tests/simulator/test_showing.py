"""What is asked of a client's view: all of a stay in a room, and nothing of what was said while somebody was out."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from hubbub.client import events as told
from hubbub.client.mirror import Room
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.hub.events import Entry, Place, Said, Who
from tests.simulator.clients import Life, Regular
from tests.simulator.loop import VirtualLoop
from tests.simulator.showing import View
from tests.simulator.town import Town

NOON = datetime(2026, 9, 21, 12, tzinfo=UTC)
BACK = told.Joined(at=NOON, nick="leo", conversation="#tea", own=True)


@pytest.fixture
def town() -> Iterator[Town]:
    """In #tea sam said four words."""
    loop = VirtualLoop("tea")
    town = Town(loop, "tea", 0, sqlite=False)
    for seq, text in enumerate(("one", "two", "three", "four"), 1):
        event = Said(Who("sam!s@h"), ("#tea",), "PRIVMSG", "#tea", text)
        town.disk.tape.add("#tea", Entry(event, Place("#tea", seq, seq, text)))
    yield town
    town.close()
    loop.close()


def problems(town: Town, *shown: told.Event, left: int | None = None) -> list[str]:
    """What is wrong with what leo, who is in #tea, was shown of it; `left`: how much that was when he left."""
    life = Life(Protocol(Identity("leo", "leo")), list(shown), [] if left is None else [("#tea", left)])
    life.protocol.mirror.rooms["#tea"] = Room("#tea")
    leo = Regular(town, "leo", "leo", account=False)
    leo.lives.append(life)
    return list(View(leo, life, town).problems())


def said(text: str, conversation: str = "#tea") -> told.Said:
    return told.Said(at=NOON, nick="sam", conversation=conversation, msgid=text, target=conversation, text=text)


def test_all_of_a_stay_has_to_be_shown(town: Town) -> None:
    """Cut off and back again is one stay: what was said meanwhile is missing."""
    assert problems(town, *map(said, ("one", "two", "three", "four"))) == []
    assert "'three'" in "".join(problems(town, said("one"), said("two"), told.Offline("cut off"), BACK, said("four")))


def test_what_comes_in_behind_a_part_is_of_no_stay_to_come(town: Town) -> None:
    """The PART was lost with the connection, behind words on their way: who comes back later has missed nothing."""
    assert problems(town, said("one"), said("two"), told.Offline("cut off"), BACK, said("four"), left=0) == []


def test_a_part_that_was_answered_excuses_nothing_later(town: Town) -> None:
    """Out and in again, then cut off: what was said meanwhile is missing."""
    out = told.Parted(at=NOON, nick="leo", conversation="#tea", own=True)
    shown = out, BACK, said("one"), said("two"), told.Offline("cut off"), BACK, said("four")
    assert "'three'" in "".join(problems(town, *shown, left=0))


def test_each_conversation_is_in_order(town: Town) -> None:
    """Sam goes by another nick since leo was cut off: he reads what sam says now in another place than what he missed,
    and either may come first. In one place it may not."""
    for seq, text in enumerate(("five", "six"), 1):
        event = Said(Who("sam!s@h"), ("leo,sam",), "PRIVMSG", "leo", text)
        town.disk.tape.add("leo,sam", Entry(event, Place("leo,sam", seq, seq, text)))
    assert problems(town, said("six", "sam2"), said("five", "sam")) == []
    assert "leo,sam was shown" in "".join(problems(town, said("six", "sam"), said("five", "sam")))
