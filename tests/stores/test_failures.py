"""Promise R7: a full disk costs the messages that did not fit, a failed disk the process, neither the data."""

import subprocess
import sys

import apsw
import pytest

from hubbub.hub.ports import StoreFailed, Window
from hubbub.stores.sqlite import SqliteStore
from hubbub.stores.sqlite_errors import reason
from tests.stores.conftest import Files
from tests.stores.shelf import Shelf, said


def limit_pages(shelf: Shelf, pages: int) -> int:
    """Let the database grow so many pages from what it has; its size is returned."""
    assert isinstance(shelf.store, SqliteStore)
    size = shelf.wait(shelf.store.read(lambda db: db.pragma("page_count")))
    shelf.wait(shelf.store.write(lambda db: db.pragma("max_page_count", size + pages)))
    return int(size)


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(files: Files) -> None:
    """The group is refused whole with a reason; the next that fits gets the next number."""
    shelf = files.open()
    shelf.add(said("a"))
    limit_pages(shelf, 1)
    with pytest.raises(StoreFailed, match="the disk is full: make room, and it goes on by itself"):
        shelf.add(*[said("x" * 500, "#lobby") for _ in range(100)])
    assert shelf.texts() == ["a"]
    limit_pages(shelf, 1_000)
    places = shelf.add(*[said("x" * 500, "#lobby") for _ in range(100)])
    assert [place.seq for (place,) in places] == list(range(2, 102))
    assert not files.current.broken
    assert files.breaks == 0


def test_while_the_disk_is_full_small_things_may_still_fit(files: Files) -> None:
    """One group that is too large does not take its successor with it, though both wait together."""
    shelf = files.open()
    shelf.add(said("a"))
    limit_pages(shelf, 1)
    large = shelf.store.append([said("x" * 500) for _ in range(100)])
    small = shelf.store.append([said("b")])
    assert [place.seq for (place,) in shelf.wait(small)] == [2]
    with pytest.raises(StoreFailed):
        large.result()


BROKEN_DISK = """
import resource, sys
from pathlib import Path
from tests.stores.shelf import HandClock, Loop, Shelf, said
from hubbub.hub.ports import StoreFailed
from hubbub.stores.sqlite import SqliteStore

loop, clock, breaks = Loop(), HandClock(), []
store = SqliteStore(Path(sys.argv[1]), clock, loop.soon, lambda: breaks.append("break"))
shelf = Shelf(store, clock, loop)
shelf.add(said("a"))
size = Path(sys.argv[1], "hubbub.db-wal").stat().st_size
for text, limit in (("b", size + 100), ("c", resource.RLIM_INFINITY)):
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
    try:
        shelf.add(said(text))
    except StoreFailed as error:
        print(error)
print(store.broken, breaks, shelf.texts(), flush=True)
store.close()
"""


def test_a_failed_disk_ends_the_writing(files: Files) -> None:
    """Even where the disk seems well again: the owner is told once, reading goes on, and a new start recovers."""
    script = [sys.executable, "-c", BROKEN_DISK, str(files.directory)]
    done = subprocess.run(script, capture_output=True, text=True, check=True, timeout=60)
    sentence = "the disk failed: the server must be restarted, to find out what the disk holds"
    assert done.stdout.splitlines() == [sentence, sentence, "True ['break'] ['a']"]
    shelf = files.open()
    assert shelf.texts() == ["a"]
    assert [place.seq for (place,) in shelf.add(said("d"))] == [2]


def test_a_fault_in_the_work_leaves_no_transaction_open(files: Files) -> None:
    """Whatever is raised inside a transaction undoes it, and is told as the store's failure."""
    shelf = files.open()
    store = files.current

    def half(database: apsw.Connection) -> None:
        database.execute("INSERT INTO account (key, name, secret, created) VALUES ('maya', 'maya', '', 0)")
        raise ZeroDivisionError("a mistake of ours")

    with pytest.raises(StoreFailed, match="ZeroDivisionError: a mistake of ours"):
        shelf.wait(store.write(half))
    assert shelf.wait(store.read(lambda db: db.execute("SELECT count(*) FROM account").get)) == 0
    shelf.add(said("a"))


def test_readers_cannot_write(files: Files) -> None:
    """A mistake in reading is refused by the database itself."""
    shelf = files.open()
    with pytest.raises(StoreFailed, match="may only be read"):
        shelf.wait(files.current.read(lambda db: db.execute("DELETE FROM account").fetchall()))
    assert shelf.page("#lobby", Window(1)) == []


def test_a_program_that_keeps_the_database_locked_is_named_as_the_reason() -> None:
    """Every error of SQLite has a sentence, the unforeseen ones their own words."""
    assert reason(apsw.BusyError("x")).startswith("another program keeps the database locked")
    assert reason(apsw.CorruptError("x")).endswith("restore a backup")
    assert reason(apsw.SQLError("no such table")) == "the store failed with SQLError: no such table"
