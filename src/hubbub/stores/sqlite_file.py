"""The database file: connections to it that are set up alike, and what it knows about itself.

https://www.sqlite.org/wal.html and https://www.sqlite.org/pragma.html say what the settings mean.
"""

import os
import time
from pathlib import Path
from typing import Any, Final

import apsw

from hubbub.stores import migrations
from hubbub.stores.directory import CannotOpen, Claim, make, unwritable
from hubbub.stores.msgid import MsgIds

DATABASE: Final = "hubbub.db"

PATIENCE_MS: Final = 5_000
"""How long one connection waits for another's transaction: ours take milliseconds, somebody's own may take longer."""

_ALWAYS: Final[dict[str, str | int]] = {
    "foreign_keys": 1,
    "trusted_schema": 0,  # the file may come from elsewhere: its views and triggers call no functions
    "mmap_size": 0,  # with mmap an IO error is a signal, not an answer
}
_WRITING: Final[dict[str, str | int]] = {
    "journal_mode": "wal",
    "synchronous": "full",  # a promise is kept once the log is on the disk, not once the system has heard of it
    "fullfsync": 1,  # macOS answers an fsync before the disk does
    "checkpoint_fullfsync": 1,
    "temp_store": "memory",  # what undoes half a statement of many rows would otherwise be a file, and double the cost
    "journal_size_limit": 64 << 20,  # what a burst blew up shrinks again
    "wal_autocheckpoint": 0,  # the writer checkpoints behind a commit, not within it
}
_READING: Final[dict[str, str | int]] = {"query_only": 1, "cache_size": -16 * 1024}


def for_writing(directory: Path, synchronous: str = "full", cache_mib: int = 64) -> apsw.Connection:
    """The one connection that writes, to a file that is made or migrated first. Claim the directory before.

    Its cache is filled as it writes, a page of 4 KiB at a time, and stays full from then on.
    Raises `CannotOpen`, or `TooNew`.
    """
    path = make(directory) / DATABASE
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))  # SQLite's own default would let others read
    except OSError as error:
        raise unwritable(directory, error) from error
    settings = {**_WRITING, "synchronous": synchronous, "cache_size": -1024 * cache_mib}  # in KiB
    return _open(path, settings, migrate=True)


def for_reading(directory: Path) -> apsw.Connection:
    """A connection that only reads, beside whoever writes. Raises `CannotOpen`, or `TooNew`."""
    path = directory / DATABASE
    if not path.is_file():
        raise CannotOpen(f"there is no {DATABASE} in {directory}: name the directory of a server that has run once")
    database = _open(path, _READING)
    if migrations.version(database) < migrations.OURS:
        database.close()
        raise CannotOpen(f"{path} has an older schema: start the server once, and it is brought up to date")
    return database


def schema(directory: Path) -> migrations.Version:
    """Of the file there, older than ours or not. Raises `CannotOpen`, or `TooNew`."""
    database = _open(directory / DATABASE, _READING)
    try:
        return migrations.check(database)
    finally:
        database.close()


def for_a_moment(directory: Path) -> apsw.Connection:
    """A connection that writes a little beside a running server, and makes the file where no server has run yet.

    Raises `CannotOpen`, `TooNew`, or `Locked` where the file must be migrated and a server has it.
    """
    path = directory / DATABASE
    if not path.is_file() or schema(directory) < migrations.OURS:
        claim = Claim(directory)
        for_writing(directory).close()
        claim.release()
    return _open(path, _WRITING)


def msgids(database: apsw.Connection) -> MsgIds:
    """The file's msgids. One per connection: they are no more shared between threads than it is."""
    facts: dict[str, Any] = {str(key): value for key, value in database.execute("SELECT key, value FROM meta")}
    return MsgIds(facts["msgid_key"], facts["epoch"])


def own_key(database: apsw.Connection) -> bytes:
    """16 bytes that this file was made with."""
    key: Any = database.execute("SELECT value FROM meta WHERE key = 'msgid_key'").get
    return bytes(key)


def _open(path: Path, settings: dict[str, str | int], *, migrate: bool = False) -> apsw.Connection:
    give_up = time.monotonic() + PATIENCE_MS / 1000
    while True:
        try:
            database = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
            return _prepared(database, settings, migrate=migrate)
        except apsw.Error as error:
            # Two that open a new file at once may each hold what the other needs to set the journal's mode: SQLite
            # then answers one of them without waiting, and tells nobody when the other is done. So try again soon.
            if not isinstance(error, apsw.BusyError | apsw.LockedError) or time.monotonic() > give_up:
                raise CannotOpen(_why(path, error)) from error
        time.sleep(0.02)


def _prepared(database: apsw.Connection, settings: dict[str, str | int], *, migrate: bool) -> apsw.Connection:
    try:
        database.set_busy_timeout(PATIENCE_MS)
        migrations.check(database)  # before a setting could change a file that is not ours
        for name, value in {**_ALWAYS, **settings}.items():
            database.pragma(name, value)
        if migrate:
            migrations.migrate(database)
    except BaseException:
        database.close()
        raise
    return database


def _why(path: Path, error: apsw.Error) -> str:
    if isinstance(error, apsw.FullError):
        return f"{path} cannot be opened: the disk is full; make room, and start again"
    if isinstance(error, apsw.IOError):
        return f"{path} cannot be opened: the disk failed ({error}); what the system's log says of it may help"
    if isinstance(error, apsw.NotADBError | apsw.CorruptError):
        return f"{path} is not a database, or a damaged one ({error}): move it away, or restore a backup"
    if isinstance(error, apsw.BusyError):
        return f"{path} is locked by another program ({error}): wait for it to finish, or stop it"
    return f"{path} cannot be opened ({error}): check that this user may read and write it and its directory"
