"""Targets: in which conversations somebody was talked to, and when last."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.hub.events import Parted, Quit, pair_log
from hubbub.hub.ports import Target
from tests.stores.shelf import KINDS, LEO, NOON, Shelf, said, shelf_of

ALWAYS = (0, NOON * 2)


def talk(shelf: Shelf, *logs: str) -> None:
    """One message in each, a second apart."""
    for log in logs:
        shelf.clock.wall += 1_000
        shelf.add(said("hi", log))


def names(targets: list[Target]) -> list[str]:
    return [target.log for target in targets]


def test_targets_are_the_rooms_asked_for_and_ones_own_pairs(shelf: Shelf) -> None:
    """Other people's conversations are not mentioned."""
    talk(shelf, "#lobby", "#secret", pair_log("maya", "leo"), pair_log("sam", "leo"))
    found = shelf.wait(shelf.store.targets(["#lobby", "#nowhere"], "maya", *ALWAYS, 10))
    assert found == [Target("#lobby", NOON + 1_000), Target("leo,maya", NOON + 3_000)]


def test_both_ends_of_a_pair_find_it(shelf: Shelf) -> None:
    """A conversation belongs to both who have it, and to somebody who talks to themselves once."""
    talk(shelf, pair_log("maya", "leo"), pair_log("sam", "sam"))
    for identity, log in (("maya", "leo,maya"), ("leo", "leo,maya"), ("sam", "sam,sam")):
        assert names(shelf.wait(shelf.store.targets([], identity, *ALWAYS, 10))) == [log]


def test_only_talk_counts(shelf: Shelf) -> None:
    """Joins, quits and reactions do not bring a conversation back to the top."""
    talk(shelf, "#lobby")
    shelf.clock.wall += 1_000
    shelf.add(Parted(LEO, ("#quiet",), "#quiet", ""), Quit(LEO, ("#lobby",), ""), said("", verb="TAGMSG"))
    found = shelf.wait(shelf.store.targets(["#lobby", "#quiet"], "", -1, NOON * 2, 10))
    assert found == [Target("#lobby", NOON + 1_000)]


def test_a_target_stands_at_its_latest_talk(shelf: Shelf) -> None:
    """Talk moves it on; a target is not listed at earlier times."""
    talk(shelf, "#a", "#b", "#a")
    assert names(shelf.wait(shelf.store.targets(["#a", "#b"], "", *ALWAYS, 10))) == ["#b", "#a"]
    assert names(shelf.wait(shelf.store.targets(["#a", "#b"], "", NOON, NOON + 2_500, 10))) == ["#b"]


def test_a_target_named_twice_is_listed_once(shelf: Shelf) -> None:
    """A pair may be asked for by name as well."""
    talk(shelf, "leo,maya")
    assert names(shelf.wait(shelf.store.targets(["leo,maya", "leo,maya"], "maya", *ALWAYS, 10))) == ["leo,maya"]


def test_all_conversations_can_be_listed(shelf: Shelf) -> None:
    """Every conversation with talk in it can be listed, those with the latest talk last."""
    talk(shelf, "#b", "leo,maya", "#a")
    assert names(shelf.wait(shelf.store.conversations())) == ["#b", "leo,maya", "#a"]


@pytest.mark.parametrize("kind", KINDS)
def test_targets_are_counted_from_the_first_time_named(kind: str) -> None:
    """Strictly within the times, oldest first; too many are cut at the far end, whichever time is earlier."""
    with shelf_of(kind) as shelf:
        rooms = [f"#{n}" for n in range(6)]
        talk(shelf, *rooms)
        known = [Target(room, NOON + 1_000 * n) for n, room in enumerate(rooms, 1)]
        times = st.integers(0, 14).map(lambda half: NOON + 500 * half)

        @given(times, times, st.integers(-1, 7))
        def agrees(after: int, before: int, limit: int) -> None:
            within = [target for target in known if min(after, before) < target.ts < max(after, before)]
            many = min(max(limit, 0), len(within))
            wanted = within[:many] if after < before else within[len(within) - many :]
            assert shelf.wait(shelf.store.targets(rooms, "maya", after, before, limit)) == wanted

        agrees()
