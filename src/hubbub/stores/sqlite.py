"""The embedded store: one directory, one file, one thread that writes and two that read (https://www.sqlite.org).

The server's own process uses `SqliteStore` and `SqliteAccounts(store)`. Beside a running server, `open_reader` looks
into the logs and `SqliteAccounts(Visit(directory))` changes accounts.
"""

import hmac
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Final, TypeVar

import apsw

from hubbub.hub.events import TALK, Entry, Event, Fact, Place
from hubbub.hub.ports import Clock, Mark, Sought, StoreFailed, Target, Window
from hubbub.hub.promise import Promise, broken, kept, promised
from hubbub.stores.crew import Crew, Soon
from hubbub.stores.directory import CannotOpen, Claim, Locked
from hubbub.stores.migrations import TooNew
from hubbub.stores.sqlite_accounts import SqliteAccounts
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_file import PATIENCE_MS, for_a_moment, for_reading, for_writing, msgids, own_key
from hubbub.stores.sqlite_reader import Reader, open_reader
from hubbub.stores.sqlite_writer import Stats, Writer

__all__ = ["CannotOpen", "Locked", "SqliteAccounts", "SqliteStore", "Stats", "TooNew", "Visit", "open_reader"]

READERS: Final = 2
"""Threads that read: one long page does not hold the next one up, and more would only wait for the interpreter."""

_AGAIN_SECONDS: Final = 0.02

R = TypeVar("R")


class SqliteStore:
    """The `Store` of a server, and the `Desk` of its accounts.

    `soon` runs a callable on the server's thread. `on_broken` is called there once, when the disk has failed and the
    process has to end; `broken` says so from then on. With `synchronous="normal"` a promise is kept before the disk
    has it, and a power failure may take it back. Raises `CannotOpen`, of which `Locked` and `TooNew` are kinds.
    """

    def __init__(
        self,
        directory: Path,
        clock: Clock,
        soon: Soon,
        on_broken: Callable[[], None] = lambda: None,
        synchronous: str = "full",
        cache_mib: int = 64,
    ) -> None:
        self._claim = Claim(directory)
        try:
            database = for_writing(directory, synchronous, cache_mib)
        except BaseException:
            self._claim.release()
            raise
        self._clock = clock
        failed = partial(soon, on_broken)
        self._key = own_key(database)
        self._writer = Writer(database, msgids(database), grown=self._checkpoint, failed=failed)
        self._writing = Crew("hubbub-store", 1, lambda: self._writer, soon, lambda writer, busy: writer.rest(busy))
        self._writing.ask(lambda writer: None)  # search goes on where it was
        self._reading = Crew("hubbub-reader", READERS, partial(_reader, directory), soon)
        self._glances: apsw.Connection | None = None
        self._directory = directory
        self._closed = False

    @property
    def broken(self) -> bool:
        return self._writer.broken

    @property
    def stats(self) -> Stats:
        return self._writer.stats

    @property
    def unread(self) -> int:
        """Rows that search has yet to read; a moment old."""
        return self._writer.unread

    @property
    def memory(self) -> int:
        """Bytes that SQLite holds in this process, most of them in its caches."""
        return apsw.memory_used()

    @property
    def search_lag(self) -> float:
        """Seconds for which some row or other has been waiting for search to read it; a moment old."""
        return self._writer.search_lag

    def probe(self) -> Promise[None]:
        """Write what stands there already. Fails with `StoreFailed` where nothing can be stored."""
        return self._writing.ask(Writer.probe)

    def secret(self, purpose: str) -> bytes:
        """32 bytes that are this database's own for as long as it lasts, made for one purpose from the key it has."""
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        group, now = tuple(events), self._clock.now()
        return self._writing.ask(lambda writer: writer.append(group, now))

    def page(self, log: str, window: Window) -> Promise[list[Entry]]:
        if window.verbs == TALK and not _named(window) and self._writer.is_silent(log):
            return kept([])  # most rooms that people enter are new, and to ask a thread costs more than all the rest
        return self._reading.ask(lambda reader: reader.page(log, window))

    def between(self, log: str, start: Mark, end: Mark, window: Window) -> Promise[list[Entry]]:
        return self._reading.ask(lambda reader: reader.between(log, start, end, window))

    def around(self, log: str, mark: Mark, window: Window) -> Promise[list[Entry]]:
        return self._reading.ask(lambda reader: reader.around(log, mark, window))

    def targets(self, logs: Sequence[str], identity: str, after: int, before: int, limit: int) -> Promise[list[Target]]:
        return self._reading.ask(lambda reader: reader.targets(logs, identity, after, before, limit))

    def search(self, logs: Sequence[str], identity: str, sought: Sought, window: Window) -> Promise[list[Entry]]:
        """What was stored before this call is found, although it may have to be read first."""
        return promised(self._search(logs, identity, sought, window))

    async def _search(self, logs: Sequence[str], identity: str, sought: Sought, window: Window) -> list[Entry]:
        if not self._writer.read:
            ends = await self._writing.ask(lambda writer: writer.ends(logs, identity))
            behind = bool(ends)
            while behind:
                behind = await self._writing.ask(lambda writer: writer.read_up(ends))
        return await self._reading.ask(lambda reader: reader.search(logs, identity, sought, window))

    def catch_up(self) -> Promise[bool]:
        """Have search read a large slice of what was stored before this call; whether there may be more."""
        return self._writing.ask(Writer.catch_up)

    def outdated(self, times: Mapping[str, int], otherwise: int) -> Promise[list[str]]:
        return self._reading.ask(lambda reader: reader.outdated(times, otherwise))

    def forget(self, log: str, before: int, limit: int) -> Promise[int]:
        return self._writing.ask(lambda writer: writer.forget(log, before, limit))

    def facts(self) -> Promise[list[Fact]]:
        return self._reading.ask(Reader.facts)

    def conversations(self) -> Promise[list[Target]]:
        """All conversations with talk in them, those with the latest talk last."""
        return self._reading.ask(Reader.conversations)

    def glance(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        """Look a row up by its key, on the spot: 5 us, where handing it to another thread and back takes 100.

        `work` is one statement, read to its end: that is a transaction of its own.
        """
        if self._closed:
            return broken(StoreFailed("the store is closed"))
        try:
            self._glances = self._glances or for_reading(self._directory)
            return kept(work(self._glances))
        except CannotOpen as error:
            return broken(StoreFailed(str(error)))
        except apsw.Error as error:
            return broken(StoreFailed(reason(error)))

    def read(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        return self._reading.ask(lambda reader: reader.run(work))

    def write(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        return self._writing.ask(lambda writer: writer.run(work))

    def close(self) -> None:
        self._closed = True
        self._writing.close()
        self._reading.close()
        if self._glances is not None:
            self._glances.close()
        self._writer.close()  # also where it never had anything to do
        self._claim.release()

    def _checkpoint(self) -> None:
        self._writing.ask(Writer.checkpoint)  # stands behind the groups that wait already


def _named(window: Window) -> bool:
    """Whether it begins or ends at an entry that has to be looked for."""
    return any(mark is not None and mark.msgid for mark in (window.after, window.before))


def _reader(directory: Path) -> Reader:
    try:
        return open_reader(directory)
    except CannotOpen as error:
        raise StoreFailed(str(error)) from error


class Visit:
    """The `Desk` of a short visit, beside a running server or without one: each piece of work has its own connection.

    Every promise is kept within the call.
    """

    def __init__(self, directory: Path) -> None:
        """Make the file where there is none yet. Raises `CannotOpen`, `TooNew` or `Locked`."""
        self._directory = directory
        give_up = time.monotonic() + PATIENCE_MS / 1000
        while not self._enter(time.monotonic() > give_up):
            time.sleep(_AGAIN_SECONDS)

    def _enter(self, last: bool) -> bool:
        """A server that is just starting holds the claim while it makes the file: that is over in a moment."""
        try:
            for_a_moment(self._directory).close()
        except Locked:
            if last:
                raise
            return False
        return True

    def glance(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        return self.read(work)

    def read(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        with open_reader(self._directory) as reader:
            return kept(reader.run(work))

    def write(self, work: Callable[[apsw.Connection], R]) -> Promise[R]:
        database = for_a_moment(self._directory)
        try:
            with database:
                result = work(database)
        except apsw.Error as error:
            return broken(StoreFailed(reason(error)))
        finally:
            database.close()
        return kept(result)
