"""The one connection that writes: transactions that succeed whole or leave nothing, and sentences about why not.

After an error of the disk itself nothing is certain: pages that the system could not write may be gone from its cache
although a second fsync succeeds (https://wiki.postgresql.org/wiki/Fsync_Errors). The writer then refuses all work; the
process ends, and the next one recovers from what the disk really holds.
"""

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from time import perf_counter
from typing import Final, TypeVar

import apsw

from hubbub.histogram import Histogram
from hubbub.hub.events import Event, Place
from hubbub.hub.ports import StoreFailed
from hubbub.stores.msgid import MsgIds
from hubbub.stores.sqlite_append import Appender
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_index import CALLED_FOR, CATCHING_UP, SLICE, Index
from hubbub.stores.sqlite_search import cids_of

R = TypeVar("R")

CHECKPOINT_PAGES: Final = 4_000
"""The log's length at which it is moved into the database: 16 MB, so that a page that changes often moves once."""


class Stats:
    """What the writer has done, for whoever measures."""

    __slots__ = ("behind", "commits", "groups", "rows", "sizes")

    def __init__(self) -> None:
        self.groups = 0
        self.rows = 0
        self.commits = Histogram((0.0002, 0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 5))
        """The seconds that each COMMIT took."""
        self.sizes = Histogram((1, 2, 5, 10, 20, 50, 100, 200, 500, 1000))
        """The rows of each group."""
        self.behind = ""
        """Why search could not read on when it last tried, "" where it could."""


class Writer:
    """Writes, on whichever single thread it is called. `grown` is called when a `checkpoint` is due."""

    def __init__(
        self, database: apsw.Connection, ids: MsgIds, grown: Callable[[], object], failed: Callable[[], object]
    ) -> None:
        self.stats = Stats()
        self.broken = False
        self._database = database
        self._appender = Appender(database, ids)
        self._index = Index(database)
        self._grown = grown
        self._failed = failed
        self._checkpointing = False
        database.set_wal_hook(self._measure)

    def append(self, events: Sequence[Event], now: int) -> list[list[Place]]:
        """Store a group. Raises `StoreFailed`, and then has stored nothing."""
        places = self.run(lambda _: self._appender.append(events, now))
        self._index.saw(self._appender.grown())
        self.stats.groups += 1
        self.stats.rows += self._appender.written
        self.stats.sizes.add(self._appender.written)
        return places

    def run(self, work: Callable[[apsw.Connection], R]) -> R:
        """Do `work` in one transaction. Raises `StoreFailed`, whatever went wrong."""
        if self.broken:
            raise StoreFailed(reason(apsw.IOError()))
        try:
            self._database.execute("BEGIN IMMEDIATE")
            result = work(self._database)
            self._commit()
        except Exception as error:  # a fault of ours must not leave a transaction open either
            self._recover(error)
            raise StoreFailed(reason(error)) from error
        return result

    def is_silent(self, log: str) -> bool:
        """Whether it is known that nobody has ever spoken there. To be asked on any thread."""
        return self._appender.is_silent(log)

    @property
    def unread(self) -> int:
        return self._index.waiting

    @property
    def search_lag(self) -> float:
        return self._index.lag

    def probe(self) -> None:
        """A write of one page, which changes nothing. Raises `StoreFailed`."""
        self.run(_touch)

    def forget(self, log: str, before: int, limit: int) -> int:
        """Remove the first entries of a log from before that time (ms). Raises `StoreFailed`, having removed none."""
        count = self.run(lambda _: self._appender.trim(log, before, limit))
        self._index.thinned(count)
        return count

    def rest(self, busy: bool) -> float | None:
        """Between two jobs, of which another waits if `busy`: search reads on. Seconds until it wants to, or None."""
        if self.broken:
            return None
        if self._index.wish(busy=busy) == 0:
            self._read_on()
        return self._index.wish(busy=busy)

    @property
    def read(self) -> bool:
        """Whether search has read all that was stored."""
        return self._index.done

    def catch_up(self) -> bool:
        """Let search read one large slice of what waits. Whether anything was left to do; not so after a failure."""
        return not self.broken and self._read_on(CATCHING_UP)

    def ends(self, logs: Sequence[str], identity: str) -> dict[int, int]:
        """Where those of these logs end, and of somebody's private ones, that search has yet to read: seqs by cid."""
        with suppress(apsw.Error):  # then it is asked what it has read
            return self._index.ends(cids_of(self._database, logs, identity))
        return {}

    def read_up(self, ends: Mapping[int, int]) -> bool:
        """Let search read a slice of these, since somebody waits for it; whether anything was left to do."""
        return not self.broken and self._read_on(CALLED_FOR, ends)

    def checkpoint(self) -> None:
        """Move the log into the database, as far as no reader needs it; what is left is moved with the next."""
        self._checkpointing = False
        try:
            self._database.wal_checkpoint(mode=apsw.SQLITE_CHECKPOINT_PASSIVE)
        except apsw.Error as error:
            self._recover(error)

    def close(self) -> None:
        self._database.close()

    def _commit(self) -> None:
        started = perf_counter()
        self._database.execute("COMMIT")
        self.stats.commits.add(perf_counter() - started)

    def _read_on(self, rows: int = SLICE, ends: Mapping[int, int] | None = None) -> bool:
        try:
            self.stats.behind = ""
            return self._index.turn(rows, ends)
        except Exception as error:  # a fault of ours must not end the thread that writes
            self._recover(error)
            self.stats.behind = reason(error)
            return False

    def _recover(self, error: Exception) -> None:
        if self._database.in_transaction:
            with suppress(apsw.Error):  # the first error is the one to tell
                self._database.execute("ROLLBACK")
        self._appender.forget()
        self._index.forget()
        if isinstance(error, apsw.IOError) and not self.broken:
            self.broken = True
            self._failed()

    def _measure(self, _database: apsw.Connection, _schema: str, pages: int) -> int:
        if pages >= CHECKPOINT_PAGES and not self._checkpointing:
            self._checkpointing = True
            self._grown()
        return apsw.SQLITE_OK


def _touch(database: apsw.Connection) -> None:
    database.execute(f"PRAGMA user_version = {database.pragma('user_version')}")
