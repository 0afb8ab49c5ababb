"""Opening the data: made privately, claimed by one, refused with a sentence that helps."""

import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import pytest

from hubbub.hub.ports import Mark, Window
from hubbub.stores import migrations
from hubbub.stores.sqlite import CannotOpen, Locked, TooNew, Visit, open_reader
from hubbub.stores.sqlite_file import for_writing, msgids
from tests.stores.conftest import Files
from tests.stores.shelf import NOON, meddle, said, texts


def test_what_is_stored_outlives_the_server(files: Files) -> None:
    """Entries, their msgids and the numbers that follow are the same after a restart."""
    shelf = files.open()
    places = shelf.add(said("a"), said("b", "leo,maya"), said("c"))
    files.close()
    shelf = files.open()
    assert shelf.texts() == ["a", "c"]
    assert [entry.place for entry in shelf.page()] == [places[0][0], places[2][0]]
    assert shelf.page("#lobby", Window(5, after=Mark(msgid=places[0][0].msgid)))[0].place == places[2][0]
    ((place,),) = shelf.add(said("d"))
    assert (place.seq, place.ts) == (3, NOON + 2)


def test_a_missing_directory_is_made_for_its_owner_alone(files: Files) -> None:
    """Nobody else on the machine reads what people say here."""
    files.store()
    assert stat.S_IMODE(files.directory.stat().st_mode) == 0o700
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in files.directory.iterdir()}
    assert modes == dict.fromkeys(["hubbub.db", "hubbub.db-shm", "hubbub.db-wal", "hubbub.lock"], 0o600)


def test_the_disk_is_waited_for_unless_told_otherwise(tmp_path: Path) -> None:
    """FULL is 2, NORMAL is 1."""
    assert for_writing(tmp_path).pragma("synchronous") == 2
    assert for_writing(tmp_path, "normal").pragma("synchronous") == 1


def test_the_cache_is_as_large_as_one_says(tmp_path: Path) -> None:
    """SQLite calls KiB by negative numbers."""
    assert for_writing(tmp_path, cache_mib=4).pragma("cache_size") == -4096


@pytest.mark.parametrize(("synchronous", "number"), [("full", 2), ("normal", 1)])
def test_what_search_reads_changes_nothing_about_that(files: Files, synchronous: str, number: int) -> None:
    """Its slices wait for no disk themselves; what is stored behind them does as before."""
    shelf = files.open(synchronous)
    shelf.add(said("a"))
    shelf.wait(files.current.catch_up())
    assert shelf.wait(files.current.write(lambda db: db.pragma("synchronous"))) == number


def test_two_servers_do_not_share_a_directory(files: Files) -> None:
    """The second is told who the first is, and may start when it has gone."""
    files.store()
    with pytest.raises(Locked, match=f"in use by process {os.getpid()}: stop that one, or choose another"):
        files.store()
    files.close()
    files.store()


def test_a_failed_opening_claims_nothing(files: Files) -> None:
    """After the mistake is repaired, the same process can open it."""
    files.directory.mkdir()
    (files.directory / "hubbub.db").write_bytes(b"not a database" * 100)
    with pytest.raises(CannotOpen, match="is not a database, or a damaged one"):
        files.store()
    (files.directory / "hubbub.db").unlink()
    files.store()


def test_a_path_that_cannot_be_a_directory_is_refused(files: Files, tmp_path: Path) -> None:
    """The sentence names the directory and what to do."""
    (tmp_path / "file").write_text("in the way")
    files.directory = tmp_path / "file" / "data"
    with pytest.raises(CannotOpen, match=r"cannot keep data in .*file/data: not a directory; choose a directory"):
        files.store()


def test_a_directory_in_the_way_of_the_lock_is_refused(files: Files) -> None:
    """Whatever stands where our files belong is left alone."""
    (files.directory / "hubbub.lock").mkdir(parents=True)
    with pytest.raises(CannotOpen, match="is a directory"):
        files.store()


def test_somebody_elses_database_is_left_alone(files: Files) -> None:
    """A file with other tables is not taken over."""
    files.directory.mkdir()
    meddle(files.directory, "CREATE TABLE bookmarks (url)")
    before = (files.directory / "hubbub.db").read_bytes()
    with pytest.raises(CannotOpen, match="is a database, but not hubbub's"):
        files.store()
    assert (files.directory / "hubbub.db").read_bytes() == before


def test_a_newer_major_schema_is_refused(files: Files) -> None:
    """Every way in says which command helps."""
    files.store()
    files.close()
    meddle(files.directory, "UPDATE meta SET value = '2.0' WHERE key = 'schema'")
    for way_in in (files.store, lambda: open_reader(files.directory), lambda: Visit(files.directory)):
        with pytest.raises(TooNew, match=r"has schema 2\.0, .* knows 1\.1: run `pip install --upgrade hubbub`, or"):
            way_in()


def test_a_newer_minor_schema_is_opened(files: Files) -> None:
    """What a newer version added is passed over: its tables, its columns, its kinds of entries."""
    shelf = files.open()
    shelf.add(said("a"), said("b"), said("c"))
    files.close()
    meddle(files.directory, "UPDATE meta SET value = '1.7' WHERE key = 'schema'")
    meddle(files.directory, "CREATE TABLE poll (id); ALTER TABLE msg ADD COLUMN mood TEXT")
    meddle(files.directory, "UPDATE msg SET kind = 99 WHERE body = 'b'")
    shelf = files.open()
    shelf.add(said("d"))
    assert shelf.texts() == ["a", "c", "d"]
    assert texts(shelf.page("#lobby", Window(2))) == ["c", "d"]


def test_a_reader_looks_in_beside_a_running_server(files: Files) -> None:
    """It sees what is stored so far, and cannot write."""
    shelf = files.open()
    shelf.add(said("a"), said("b", "leo,maya"))
    with open_reader(files.directory) as reader:
        assert texts(reader.page("#lobby", Window(5))) == ["a"]
        shelf.add(said("c"))
        assert texts(reader.page("#lobby", Window(5))) == ["a", "c"]
        assert [target.log for target in reader.conversations()] == ["leo,maya", "#lobby"]


def test_a_reader_needs_no_server(files: Files) -> None:
    """The log can be read when the server is down."""
    files.open().add(said("a"))
    files.close()
    with open_reader(files.directory) as reader:
        assert texts(reader.page("#lobby", Window(5))) == ["a"]


def test_a_reader_of_nothing_says_so(tmp_path: Path) -> None:
    """A wrong directory is not made into a right one."""
    with pytest.raises(CannotOpen, match=r"there is no hubbub\.db in"):
        open_reader(tmp_path)
    assert list(tmp_path.iterdir()) == []


def test_a_reader_waits_for_the_server_to_bring_a_file_up_to_date(files: Files) -> None:
    """A server that died before it made a table left an empty file: nothing to read, and somebody to ask."""
    files.directory.mkdir()
    (files.directory / "hubbub.db").touch()
    with pytest.raises(CannotOpen, match="has an older schema: start the server once"):
        open_reader(files.directory)
    files.store()
    open_reader(files.directory).close()


def test_the_lock_of_a_dead_server_holds_nobody_up(files: Files) -> None:
    """The system gives the claim back however a process ends; the file it leaves means nothing."""
    script = (
        f"from pathlib import Path; from hubbub.stores.directory import Claim; Claim(Path({str(files.directory)!r}))"
    )
    subprocess.run([sys.executable, "-c", script], check=True)
    assert (files.directory / "hubbub.lock").exists()
    files.store()


def test_several_may_open_a_new_file_at_once(tmp_path: Path) -> None:
    """A server that starts and an operator who makes an account: whoever comes second finds the file made."""
    with ThreadPoolExecutor(4) as everybody:
        for attempt in range(20):
            opened = list(everybody.map(for_writing, [tmp_path / str(attempt)] * 4))
            assert {migrations.version(database) for database in opened} == {migrations.OURS}
            assert len({msgids(database).encode([1])[0] for database in opened}) == 1
            for database in opened:
                database.close()


def test_who_finds_a_schema_finds_the_key_of_its_msgids(tmp_path: Path) -> None:
    """Both are there from the same moment on, so nobody looks into a file that is half made."""
    for attempt in range(20):
        directory = tmp_path / str(attempt)
        with ThreadPoolExecutor(1) as server:
            making = server.submit(for_writing, directory)
            while not making.done():
                with suppress(CannotOpen):
                    open_reader(directory).close()
            making.result().close()
