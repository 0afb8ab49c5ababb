"""Retention: the first entries of a log go, and what is left is as it was."""

import pytest

from hubbub.hub.events import Edited, Entry, Redacted, pair_log
from hubbub.hub.ports import Mark, NotFound, Sought, Target, Window
from hubbub.stores.sqlite import SqliteStore
from tests.stores.conftest import Files
from tests.stores.shelf import EVERYTHING, MAYA, NOON, Shelf, said, texts


def forget(shelf: Shelf, before: int, limit: int = 100, log: str = "#lobby") -> int:
    return shelf.wait(shelf.store.forget(log, before, limit))


def fill(shelf: Shelf, count: int = 6) -> list[str]:
    """One message every ten ms, from noon on; their msgids."""
    ids = []
    for n in range(count):
        shelf.clock.wall = NOON + n * 10
        ids.append(shelf.add(said(f"a {n}"))[0][0].msgid)
    return ids


def test_the_oldest_go_a_few_at_a_time(shelf: Shelf) -> None:
    """Those from before that time, and no others."""
    fill(shelf)
    assert [forget(shelf, NOON + 30, 2) for _ in range(3)] == [2, 1, 0]
    assert shelf.texts() == ["a 3", "a 4", "a 5"]
    assert forget(shelf, NOON + 30, log="#none") == 0


def test_what_is_left_keeps_its_place(shelf: Shelf) -> None:
    """Numbers and ids stay; the next entry's number is as if nothing had gone, even where nothing is left."""
    ids = fill(shelf)
    forget(shelf, NOON + 30)
    assert [(entry.place.seq, entry.place.msgid) for entry in shelf.page()] == [(4, ids[3]), (5, ids[4]), (6, ids[5])]
    forget(shelf, NOON + 1000)
    assert shelf.page() == []
    place = shelf.add(said("b"))[0][0]
    assert (place.seq, place.ts) == (7, NOON + 51)


def test_pages_begin_where_the_log_begins(shelf: Shelf) -> None:
    """By msgid and by time, from either end."""
    ids = fill(shelf)
    forget(shelf, NOON + 30)
    assert texts(shelf.page(window=Window(2, newest=False))) == ["a 3", "a 4"]
    assert texts(shelf.page(window=Window(9, before=Mark(ts=NOON + 40)))) == ["a 3"]
    assert texts(shelf.page(window=Window(9, before=Mark(ts=NOON)))) == []
    assert texts(shelf.page(window=Window(9, after=Mark(ts=NOON), newest=False))) == ["a 3", "a 4", "a 5"]
    assert texts(shelf.page(window=Window(9, after=Mark(ids[3])))) == ["a 4", "a 5"]
    around: list[Entry] = shelf.wait(shelf.store.around("#lobby", Mark(ts=NOON + 40), Window(3)))
    assert texts(around) == ["a 3", "a 4", "a 5"]
    between: list[Entry] = shelf.wait(shelf.store.between("#lobby", Mark(ts=NOON), Mark(ids[5]), EVERYTHING))
    assert texts(between) == ["a 3", "a 4"]


def test_an_id_that_is_gone_is_unknown(shelf: Shelf) -> None:
    """As if it had never been."""
    ids = fill(shelf)
    forget(shelf, NOON + 30)
    with pytest.raises(NotFound):
        shelf.page(window=Window(9, after=Mark(ids[2])))


def test_second_thoughts_about_what_is_gone_change_nothing(shelf: Shelf) -> None:
    """They are entries like others."""
    ids = fill(shelf)
    forget(shelf, NOON + 30)
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", ids[0], "", "maya", 1))
    shelf.add(Edited(MAYA, ("#lobby",), "PRIVMSG", "#lobby", ids[1], "b"))
    assert shelf.texts()[:3] == ["a 3", "a 4", "a 5"]
    shelf.add(Redacted(MAYA, ("#lobby",), "#lobby", ids[4], "", "maya", 1))
    assert texts(shelf.page(window=Window(9, verbs=("PRIVMSG",)))) == ["a 3", "a 5"]


def test_what_is_gone_is_not_found(shelf: Shelf) -> None:
    """Whether search had read it or not."""
    fill(shelf)
    forget(shelf, NOON + 20)
    while isinstance(shelf.store, SqliteStore) and shelf.wait(shelf.store.catch_up()):
        pass
    forget(shelf, NOON + 30)
    found: list[Entry] = shelf.wait(shelf.store.search(["#lobby"], "", Sought("a"), Window(9)))
    assert texts(found) == ["a 3", "a 4", "a 5"]


def test_a_conversation_without_talk_is_no_target(shelf: Shelf) -> None:
    """Once all that was said there is gone."""
    pair = pair_log("maya", "leo")
    shelf.add(said("a", pair))
    assert shelf.wait(shelf.store.targets([], "maya", 0, NOON * 2, 9)) == [Target(pair, NOON)]
    forget(shelf, NOON + 1, log=pair)
    assert shelf.wait(shelf.store.targets([], "maya", 0, NOON * 2, 9)) == []
    shelf.add(said("b", pair))
    assert shelf.wait(shelf.store.targets([], "maya", 0, NOON * 2, 9)) == [Target(pair, NOON + 1)]


def test_logs_with_a_time_of_their_own_and_others(shelf: Shelf) -> None:
    """Those that begin before it are outdated."""
    fill(shelf)
    shelf.clock.wall = NOON + 100
    shelf.add(said("b", "#other"), said("c", "#kept"))
    times = {"#lobby": NOON + 10, "#kept": 0}

    def outdated(otherwise: int) -> set[str]:
        names: list[str] = shelf.wait(shelf.store.outdated(times, otherwise))
        return set(names)

    assert outdated(0) == {"#lobby"}
    assert outdated(NOON + 101) == {"#lobby", "#other"}
    forget(shelf, NOON + 10)
    assert outdated(0) == set()
    forget(shelf, NOON + 1000)
    assert outdated(NOON * 2) == {"#other"}


def test_what_is_gone_is_gone_from_the_file(files: Files) -> None:
    """Also when the server is back."""
    shelf = files.open()
    fill(shelf)
    forget(shelf, NOON + 30)
    files.close()
    shelf = files.open()
    assert shelf.texts() == ["a 3", "a 4", "a 5"]
    assert shelf.add(said("b"))[0][0].seq == 7
