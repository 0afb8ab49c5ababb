"""What only the embedded store has: plans, promises across threads, counters, a log that is moved in time."""

import threading
from pathlib import Path

import apsw
import pytest

from hubbub.hub.events import TALK, Joined, pair_log
from hubbub.hub.ports import Mark, NotFound, StoreFailed, Window
from hubbub.stores.sqlite_reader import TARGETS, TIME, page_query
from hubbub.stores.sqlite_writer import CHECKPOINT_PAGES
from tests.stores.conftest import Files
from tests.stores.shelf import MAYA, NOON, said, texts


def plan(files: Files, query: str) -> list[str]:
    database = apsw.Connection(str(files.directory / "hubbub.db"))
    values = (1,) * query.count("?")
    steps = [row[3] for row in database.execute(f"EXPLAIN QUERY PLAN {query}", values)]
    database.close()
    return [str(step) for step in steps]


@pytest.mark.parametrize("newest", [True, False])
@pytest.mark.parametrize("kinds", [1, 2, 10])
def test_a_page_is_one_run_of_the_primary_key(files: Files, kinds: int, newest: bool) -> None:
    """Among ten million messages a page costs what it costs among ten."""
    files.store()
    steps = plan(files, page_query(kinds, newest=newest))
    assert steps == ["SEARCH msg USING INTEGER PRIMARY KEY (rowid>? AND rowid<?)"]


def test_a_time_is_one_look(files: Files) -> None:
    """Halving a log reads one row a step."""
    files.store()
    assert plan(files, TIME) == ["SEARCH msg USING INTEGER PRIMARY KEY (rowid=?)"]


def test_targets_look_at_nobody_elses_conversations(files: Files) -> None:
    """Neither all parties nor all conversations are read through."""
    files.store()
    steps = [step for step in plan(files, TARGETS.format("ASC")) if "SCAN" in step]
    assert steps == ["SCAN json_each VIRTUAL TABLE INDEX 1:", "SCAN mine"]


def test_a_promise_is_kept_on_the_owners_thread(files: Files) -> None:
    """Work is done elsewhere; what it led to happens where the loop turns, and not before it does."""
    shelf = files.open()
    kept: list[threading.Thread] = []
    promise = shelf.store.append([said("a")])
    promise.then(lambda: kept.append(threading.current_thread()))
    assert not promise.done
    shelf.wait(promise)
    assert kept == [threading.current_thread()]


def test_closing_finishes_what_was_begun(files: Files) -> None:
    """Groups that wait are stored, and their promises kept when the loop turns next."""
    shelf = files.open()
    promises = [shelf.store.append([said(str(n))]) for n in range(10)]
    files.close()
    assert [shelf.wait(promise)[0][0].seq for promise in promises] == list(range(1, 11))
    assert files.open().texts() == [str(n) for n in range(10)]


def test_what_was_done_is_counted(files: Files) -> None:
    """Groups, rows, and the seconds that commits took."""
    shelf = files.open()
    shelf.add(said("a"), said("b", nonce="n"))
    shelf.add(said("b", nonce="n"))
    stats = files.current.stats
    assert (stats.groups, stats.rows) == (2, 2)
    assert 0 < stats.commits.total < 60


def test_the_write_ahead_log_does_not_grow_for_ever(files: Files) -> None:
    """It is moved into the database every so many pages, behind a commit."""
    shelf = files.open()
    most = 0
    for _ in range(60):
        shelf.add(*[said("x" * 3_000) for _ in range(200)])
        most = max(most, (files.directory / "hubbub.db-wal").stat().st_size)
    assert CHECKPOINT_PAGES * 4096 < most < 2 * CHECKPOINT_PAGES * 4096
    assert len(shelf.page()) == 10_000


def test_more_conversations_than_are_kept_in_mind(files: Files, monkeypatch: pytest.MonkeyPatch) -> None:
    """Heads that were dropped are read again, numbers and times included."""
    monkeypatch.setattr("hubbub.stores.sqlite_heads.MANY", 3)
    shelf = files.open()
    for n in range(3):
        shelf.add(*[said(f"{n}", f"#{room}", nonce=f"{n} {room}") for room in range(8)])
    for room in range(8):
        assert [entry.place.seq for entry in shelf.page(f"#{room}")] == [1, 2, 3]


def test_a_group_may_be_of_any_size(files: Files) -> None:
    """Rows go in by statements of many sizes; none is lost between them."""
    shelf = files.open()
    for size in (1, 2, 3, 255, 256, 257, 700):
        shelf.add(*[said(str(n), f"#{size}") for n in range(size)])
        assert shelf.texts(f"#{size}") == [str(n) for n in range(size)]


def test_pairs_are_counted_for_both_after_a_failed_beginning(files: Files) -> None:
    """A conversation whose first group failed begins again as if it were new."""
    shelf, log = files.open(), pair_log("maya", "leo")
    with pytest.raises(StoreFailed):
        shelf.add(said("a", log), said("\ud800", log))
    shelf.add(said("b", log))
    assert [target.log for target in shelf.wait(shelf.store.targets([], "leo", 0, 1 << 60, 5))] == [log]


def test_a_room_where_nobody_spoke_is_known_to_be_silent(files: Files) -> None:
    """Who enters it is not kept waiting for a reader; once somebody has spoken there they are."""
    shelf, said_before = files.open(), Window(20, before=Mark(ts=NOON + 1000), verbs=TALK)
    shelf.add(Joined(MAYA, ("#lobby",), "#lobby", "Maya"))
    assert shelf.store.page("#lobby", said_before).result() == []
    shelf.add(said("a"))
    assert texts(shelf.page("#lobby", said_before)) == ["a"]


def test_readers_go_on_after_one_of_them_found_nothing(files: Files) -> None:
    """A thread survives every answer it gives."""
    shelf = files.open()
    shelf.add(said("a"))
    for _ in range(10):
        with pytest.raises(NotFound):
            shelf.wait(shelf.store.around("#lobby", Mark(msgid="nothing"), Window(1)))
    assert texts(shelf.page()) == ["a"]


def test_a_reader_that_cannot_open_says_why(files: Files) -> None:
    """Threads open their connections late; that can fail, and be repaired."""
    shelf = files.open()
    hidden = files.directory.rename(Path(f"{files.directory} hidden"))
    with pytest.raises(StoreFailed, match=r"there is no hubbub\.db"):
        shelf.page()
    hidden.rename(files.directory)
    assert shelf.page() == []
