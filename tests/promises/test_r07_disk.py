"""R7: a full disk costs the messages that did not fit, a failed disk the process, neither the data."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import apsw
import pytest

from hubbub.hub.events import Said
from hubbub.hub.ports import StoreFailed, Window
from hubbub.stores.sqlite import SqliteStore, open_reader
from hubbub.stores.sqlite_errors import reason
from tests.stores.conftest import Files
from tests.stores.shelf import EVERYTHING, Shelf, said
from tests.system.running import Running

Figure = Callable[[str, object], None]

MANY = 400
"""Messages that no full disk takes."""


def failing(call: str, error: str, when: str, data: Path) -> list[str]:
    """A command under which those calls fail on the store's log, and no other does."""
    tracer = ["strace", "-D", "-f", "-o", "/dev/null", "-P", f"{data}/hubbub.db-wal"]
    return [*tracer, "-e", f"trace={call}", "-e", f"inject={call}:error={error}:when={when}"]


class Talk:
    """maya says one thing after the other, and leo listens; both know what came of it."""

    def __init__(self, server: Running) -> None:
        self.server = server
        self.leo = server.connect().enter("leo", room="#den")
        self.maya = server.connect().enter("maya", "echo-message", room="#den")
        self.echoed: list[str] = []
        self.refused: list[str] = []

    def say(self) -> bool:
        """Whether it was stored."""
        text = f"{len(self.echoed) + len(self.refused)} {'x' * 400}"
        self.maya.say(f"PRIVMSG #den :{text}")
        answer = self.maya.hear(lambda line: line.command in {"PRIVMSG", "FAIL"})
        stored = answer.command == "PRIVMSG"
        (self.echoed if stored else self.refused).append(text)
        assert stored or answer.params[:2] == ("PRIVMSG", "NOT_STORED")
        return stored

    def until(self, stored: bool) -> None:
        """Go on until something is stored, or is not."""
        assert any(self.say() is stored for _ in range(MANY))

    def heard(self) -> list[str]:
        """What leo heard."""
        return [self.leo.hear("PRIVMSG").params[1] for _ in self.echoed]


def kept(data: Path) -> list[str]:
    """What was said in #den, from a database that is sound and a log without a gap."""
    database = apsw.Connection(str(data / "hubbub.db"))
    assert database.execute("PRAGMA integrity_check").get == "ok"
    database.close()
    with open_reader(data) as reader:
        log = reader.page("#den", EVERYTHING)
    assert [entry.place.seq for entry in log] == list(range(1, len(log) + 1))
    return [entry.event.text for entry in log if isinstance(entry.event, Said)]


def test_on_a_full_disk_messages_are_refused_and_the_server_goes_on(tmp_path: Path, record_property: Figure) -> None:
    """Writes fail for lack of room: each sender gets a FAIL, nobody a message, and when there is room all is as before.

    Seen to fail where a failed group leaves its heads moved in memory, and where any error ends the writing.
    """
    server = Running(tmp_path, under=failing("pwrite64", "ENOSPC", "60..79", tmp_path / "data"))
    try:
        talk = Talk(server)
        talk.until(stored=False)
        talk.until(stored=True)
        talk.until(stored=True)
        assert talk.heard() == talk.echoed
        assert server.stop() == 0
        assert kept(server.data) == talk.echoed
        assert "make room, and it goes on by itself" in server.errors
    finally:
        server.close()
    record_property("messages refused for want of room", len(talk.refused))


@pytest.mark.parametrize(("call", "when"), [("pwrite64", "60"), ("fdatasync", "20")])
def test_on_a_broken_disk_the_server_ends_and_the_next_one_recovers(tmp_path: Path, call: str, when: str) -> None:
    """An IO error: FAIL, no echo, exit code 1; what was echoed is there at the next start, and all goes on behind it.

    Seen to fail where an IO error is taken for a passing one.
    """
    server = Running(tmp_path, under=failing(call, "EIO", when, tmp_path / "data"))
    try:
        talk = Talk(server)
        talk.until(stored=False)
        talk.maya.hear("ERROR")
        assert server.ended() == 1
        assert talk.heard() == talk.echoed
        server.under = ()
        server.start()
        again = Talk(server)
        assert again.say()
        assert server.stop() == 0
        # What was refused may be there: the disk alone knows how far it came when it failed.
        assert kept(server.data)[: len(talk.echoed)] == talk.echoed
        assert set(kept(server.data)) <= {*talk.echoed, *talk.refused, *again.echoed}
    finally:
        server.close()


@pytest.mark.parametrize(
    ("error", "sentence"), [("ENOSPC", "the disk is full; make room"), ("EIO", "the disk failed (disk I/O error)")]
)
def test_a_disk_that_fails_while_the_data_is_made_is_named(
    tmp_path: Path, files: Files, error: str, sentence: str
) -> None:
    """There is one sentence, and once the disk is well the next start makes what is missing.

    Seen to fail where a transaction that SQLite has undone by itself is rolled back again.
    """
    with pytest.raises(AssertionError) as told:
        Running(tmp_path, under=failing("pwrite64", error, "8+", tmp_path / "data"))
    assert f"hubbub.db cannot be opened: {sentence}" in str(told.value)
    files.open().add(said("a"))


def small_disk(data: Path) -> list[str]:
    """A command under which a file system of 4 MB in memory is mounted there, for the server's eyes alone."""
    data.mkdir()
    return ["unshare", "-rm", "sh", "-c", 'mount -t tmpfs -o size=4m none "$0" && exec "$@"', str(data)]


def may_mount() -> bool:
    """Whether this system lets its users do that; some containers do not."""
    asked = ["unshare", "-rm", "mount", "-t", "tmpfs", "none", "/mnt"]
    return sys.platform == "linux" and subprocess.run(asked, capture_output=True, check=False).returncode == 0


if may_mount():

    def test_a_small_disk_fills_up_and_is_emptied(tmp_path: Path) -> None:
        """With a real file system: it fills, messages are refused; somebody makes room, and it goes on by itself.

        Seen to fail where any error ends the writing.
        """
        server = Running(tmp_path, under=small_disk(tmp_path / "data"))
        try:
            assert server.process is not None
            data = Path(f"/proc/{server.process.pid}/root{server.data}")
            (data / "film").write_bytes(bytes(3 << 20))
            talk = Talk(server)
            talk.until(stored=False)
            (data / "film").unlink()
            talk.until(stored=True)
            assert talk.heard() == talk.echoed
            shutil.copytree(data, tmp_path / "copy")
            assert kept(tmp_path / "copy") == talk.echoed
            assert server.stop() == 0
        finally:
            server.close()


def limit_pages(shelf: Shelf, pages: int) -> int:
    """Let the database grow so many pages from what it has; its size is returned."""
    assert isinstance(shelf.store, SqliteStore)
    size = shelf.wait(shelf.store.read(lambda db: db.pragma("page_count")))
    shelf.wait(shelf.store.write(lambda db: db.pragma("max_page_count", size + pages)))
    return int(size)


def test_a_full_disk_refuses_and_goes_on_when_there_is_room(files: Files) -> None:
    """The group is refused whole with a reason; the next that fits gets the next number.

    Seen to fail where any error ends the writing.
    """
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
    """One group that is too large does not take its successor with it, though both wait together.

    Seen to fail where any error ends the writing.
    """
    shelf = files.open()
    shelf.add(said("a"))
    limit_pages(shelf, 1)
    large = shelf.store.append([said("x" * 500) for _ in range(100)])
    small = shelf.store.append([said("b")])
    assert [place.seq for (place,) in shelf.wait(small)] == [2]
    with pytest.raises(StoreFailed):
        large.result()


def test_a_fault_in_the_work_leaves_no_transaction_open(files: Files) -> None:
    """Whatever is raised inside a transaction undoes it, and is told as the store's failure.

    Seen to fail without the rollback.
    """
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
    """A mistake in reading is refused by the database itself.

    Seen to fail where readers' connections may write.
    """
    shelf = files.open()
    with pytest.raises(StoreFailed, match="may only be read"):
        shelf.wait(files.current.read(lambda db: db.execute("DELETE FROM account").fetchall()))
    assert shelf.page("#lobby", Window(1)) == []


def test_a_program_that_keeps_the_database_locked_is_named_as_the_reason() -> None:
    """Every error of SQLite has a sentence, the unforeseen ones their own words.

    Seen to fail without the row of the table.
    """
    assert reason(apsw.BusyError("x")).startswith("another program keeps the database locked")
    assert reason(apsw.CorruptError("x")).endswith("restore a backup")
    assert reason(apsw.SQLError("no such table")) == "the store failed with SQLError: no such table"
