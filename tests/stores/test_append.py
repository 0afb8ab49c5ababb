"""Appending: whole groups, gapless places, times that rise whatever the clock does."""

from itertools import count

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.hub.events import Event, Joined, Quit, Renamed, Said, WentAway
from hubbub.hub.ports import StoreFailed, Window
from tests.stores.shelf import KINDS, LEO, MAYA, NOON, Shelf, entries, said, shelf_of
from tests.stores.test_rows import EVENTS

BAD = WentAway(MAYA, ("#lobby",), "no log keeps this")


def test_the_first_message_is_the_first_entry(shelf: Shelf) -> None:
    """A log begins at 1, at the clock's time."""
    ((place,),) = shelf.add(said("hello"))
    assert (place.log, place.seq, place.ts, place.repeated) == ("#lobby", 1, NOON, False)
    assert len(place.msgid) == 22


def test_every_log_counts_for_itself(shelf: Shelf) -> None:
    """A place says the log and the number in it."""
    places = shelf.add(said("a"), said("b", "#other"), said("c"))
    assert [(place.log, place.seq) for (place,) in places] == [("#lobby", 1), ("#other", 1), ("#lobby", 2)]


def test_an_event_stands_in_all_its_logs(shelf: Shelf) -> None:
    """Whoever quits leaves each room they were in, and each room's history knows."""
    shelf.add(said("a"), said("b"))
    (places,) = shelf.add(Quit(LEO, ("#lobby", "#other"), "bye"))
    assert [(place.log, place.seq) for place in places] == [("#lobby", 3), ("#other", 1)]
    for place in places:
        (entry,) = shelf.page(place.log, Window(1))
        assert entry.place == place
        assert entry.event == Quit(LEO, (place.log,), "bye")


def test_ephemera_have_no_place(shelf: Shelf) -> None:
    """An event that names no log is answered with no places, and its neighbours are not disturbed."""
    assert shelf.add(WentAway(MAYA, (), "lunch"), said("a"))[0] == []
    assert shelf.texts() == ["a"]


def test_nothing_is_nothing(shelf: Shelf) -> None:
    """An empty group is stored as well."""
    assert shelf.add() == []


def test_a_failing_group_leaves_nothing(shelf: Shelf) -> None:
    """Where one event cannot be stored, none of its group is, and numbers go on as if it had not been tried."""
    shelf.add(said("a"))
    with pytest.raises(StoreFailed, match="WentAway"):
        shelf.add(said("b"), said("c", "#new"), BAD, said("d"))
    assert shelf.texts() == ["a"]
    assert shelf.page("#new") == []
    places = shelf.add(said("e"), said("f", "#new"))
    assert [(place.log, place.seq) for (place,) in places] == [("#lobby", 2), ("#new", 1)]


def test_groups_are_stored_in_the_order_they_were_given(shelf: Shelf) -> None:
    """Many groups may be on their way; a bad one among them does not touch the others."""
    promises = [shelf.store.append([said(str(n)) if n != 2 else BAD]) for n in range(5)]
    for n in (0, 1, 3, 4):
        shelf.wait(promises[n])
    with pytest.raises(StoreFailed):
        shelf.wait(promises[2])
    assert shelf.texts() == ["0", "1", "3", "4"]


def test_a_group_is_what_it_was_when_it_was_given(shelf: Shelf) -> None:
    """A list that its owner goes on using is not stored by surprise."""
    group: list[Event] = [said("a")]
    promise = shelf.store.append(group)
    group.append(said("b"))
    assert len(shelf.wait(promise)) == 1


def test_an_unknown_log_is_empty(shelf: Shelf) -> None:
    """Asking for a room that nobody spoke in is no mistake."""
    assert shelf.page("#nowhere") == []


def test_time_rises_when_the_clock_stands_still(shelf: Shelf) -> None:
    """Paging by time is exact because no two entries of a log share one."""
    places = shelf.add(*[said(str(n)) for n in range(5)])
    assert [place.ts - NOON for (place,) in places] == [0, 1, 2, 3, 4]


def test_time_rises_when_the_clock_jumps_back(shelf: Shelf) -> None:
    """A clock that is set back does not put a message before one that was said earlier."""
    shelf.add(said("a"))
    shelf.clock.wall -= 3_600_000
    ((later,),) = shelf.add(said("b"))
    ((elsewhere,),) = shelf.add(said("c", "#other"))
    assert later.ts == NOON + 1
    assert elsewhere.ts == NOON - 3_600_000


def test_a_machine_without_a_clock_begins_in_1970(shelf: Shelf) -> None:
    """A time of 0 means never, so the first entry stands at 1."""
    shelf.clock.wall = 0
    assert [place.ts for (place,) in shelf.add(said("a"), said("b"))] == [1, 2]


def test_a_closed_store_stores_nothing(shelf: Shelf) -> None:
    """Whoever comes too late is told, and may close again."""
    shelf.store.close()
    with pytest.raises(StoreFailed, match="closed"):
        shelf.add(said("a"))
    shelf.store.close()


GROUPS = st.lists(
    st.tuples(st.integers(-5_000, 5_000), st.lists(EVENTS, max_size=6), st.booleans()), min_size=1, max_size=8
)


@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_stored_stands_gapless_and_in_order(kind: str) -> None:
    """Any groups under any clock, some of them failing: each log is what was promised, to the field."""
    with shelf_of(kind) as shelf:
        scenes = count()

        @given(GROUPS)
        def stands(groups: list[tuple[int, list[Event], bool]]) -> None:
            _store_and_compare(shelf, groups, f" scene {next(scenes)}")

        stands()


def _store_and_compare(shelf: Shelf, groups: list[tuple[int, list[Event], bool]], scene: str) -> None:
    events: list[Event] = []
    places = []
    for jump, group, fails in groups:
        shelf.clock.wall += jump
        fresh = [_moved(event, scene) for event in group]
        if fails:
            with pytest.raises(StoreFailed):
                shelf.add(*fresh, BAD)
            continue
        places += shelf.add(*fresh)
        events += fresh
    for log in {log for event in events for log in event.logs}:
        found = shelf.page(log, Window(10_000))
        times = [entry.place.ts for entry in found]
        assert found == entries(events, places, log)
        assert [entry.place.seq for entry in found] == list(range(1, len(found) + 1))
        assert times == sorted(set(times))


def _moved(event: Event, scene: str) -> Event:
    """The same in this example's own rooms, by a sender whose nonces are this example's."""
    logs = tuple(f"{log}{scene}" for log in event.logs)
    moved: Event = msgspec.structs.replace(event, logs=logs)
    return msgspec.structs.replace(moved, nonce="") if isinstance(moved, Said) else moved


def test_a_rename_and_a_join_are_kept_as_they_happened(shelf: Shelf) -> None:
    """History of every kind comes back, not talk alone."""
    shelf.add(Joined(MAYA, ("#lobby",), "#Lobby", "Maya", "o"), Renamed(MAYA, ("#lobby",), "maya_"))
    found = [entry.event for entry in shelf.page("#lobby")]
    assert found == [Joined(MAYA, ("#lobby",), "#Lobby", "Maya", "o"), Renamed(MAYA, ("#lobby",), "maya_")]
