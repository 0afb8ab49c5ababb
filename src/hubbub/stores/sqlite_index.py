"""Search reads along: what was said is taken into the index just behind its commit, a slice at a time.

A slice is one transaction, sorted by id, as https://www.sqlite.org/fts5.html wants it. It has no fsync of its own: the
next commit's makes it durable, and what a crash takes is indexed again, since `conv.indexed` goes with it.
"""

from collections.abc import Iterable, Mapping
from time import monotonic
from typing import Any, Final

import apsw
import msgspec

from hubbub.stores.msgid import SEQ_BITS, number_of
from hubbub.stores.rows import TALK_KINDS
from hubbub.stores.sqlite_bulk import insert
from hubbub.stores.words import nick_word, spread

SLICE: Final = 512
"""Rows at a time: two milliseconds, in which a commit may have to wait."""

CATCHING_UP: Final = 8192
"""Rows at a time while nobody waits for commits."""

CALLED_FOR: Final = 2048
"""Rows at a time while somebody waits for what is in them, and others for their commits."""

PATIENCE_SECONDS: Final = 0.25
"""How long fewer rows than a slice are waited with: the fewer slices, the less there is to merge."""

LATE_SECONDS: Final = 0.6
"""After which commits that wait give way to a slice: a second is what is promised."""

CROWD: Final = 64
"""Rows of one commit from which on those who talk are taken to wait for each other: then reading waits for them."""

MOST_PUT_OFF: Final = 250_000
"""Rows that may wait so: they are read in one or two seconds, and a search in all of them has to wait for that."""

REST: Final = 2
"""Times as long as its turn it rests, so that two thirds of the time are left for commits, or half when it is late."""

MERGED_ROWS: Final = 8
"""Rows for which one page is merged: what 512 rows fill is then merged about three times, as a big index needs it."""

LEAST_MERGE: Final = 16

AGAIN_SECONDS: Final = 5.0
"""After a failure, a full disk say."""

_OVERWRITE: Final = "INSERT INTO found (found, rank) VALUES ('secure-delete', ?)"
_MERGE: Final = "INSERT INTO found (found, rank) VALUES ('merge', ?)"
_BEHIND: Final = "SELECT cid, indexed, head FROM conv WHERE indexed < head"
_ROWS: Final = """
SELECT json_group_array(json_array(msg.id, body, who)) FROM json_each(?) AS run
CROSS JOIN msg ON msg.id > run.value ->> 0 AND msg.id <= run.value ->> 1 AND kind IN ({})
""".format(", ".join(map(str, sorted(TALK_KINDS))))
_READ: Final = "UPDATE conv SET indexed = run.value ->> 1 FROM json_each(?) AS run WHERE cid = run.value ->> 0"

Run = tuple[int, int, int]
"""A conversation, the seq it has been read up to, and the one it is to be read up to."""


class Index:
    """The index of one database, for its only writer: `saw` after a commit, `wish` and a `turn` between commits."""

    def __init__(self, database: apsw.Connection) -> None:
        self._database = database
        self._behind: dict[int, list[int]] | None = None  # by cid: read up to, written up to
        self._rows = 0
        self._unmerged = 0
        self._since = 0.0  # when the first of those that wait was stored
        self._crowded = 0.0  # when there was a crowd last
        self._rested = 0.0

    @property
    def waiting(self) -> int:
        """Rows that were stored and not read yet."""
        return self._rows

    @property
    def done(self) -> bool:
        """Whether it is known that none wait."""
        return self._behind is not None and not self._rows

    @property
    def lag(self) -> float:
        """Seconds for which some row or other has been waiting."""
        return monotonic() - self._since if self._rows and self._since else 0.0

    def saw(self, grown: Iterable[Run]) -> None:
        """A commit has added these runs to logs."""
        now, before = monotonic(), self._rows
        if not before:
            self._since = now
        if self._behind is None:  # the first slice looks for itself
            return
        for cid, start, end in grown:
            self._behind.setdefault(cid, [start, start])[1] = end
            self._rows += end - start
        if self._rows - before >= CROWD:
            self._crowded = now

    def thinned(self, rows: int) -> None:
        """So many rows have left it: what they took up goes with a merge."""
        self._unmerged += rows

    def wish(self, *, busy: bool) -> float | None:
        """Seconds until it wants a turn, None while there is nothing to do. `busy` says that commits wait."""
        if self.done and not self._unmerged:
            return None
        patience = LATE_SECONDS if busy else PATIENCE_SECONDS
        start = self._since + patience if busy or not (self._rows >= SLICE or self._unmerged) else 0.0
        quiet = self._crowded + PATIENCE_SECONDS if self._rows < MOST_PUT_OFF else 0.0
        return max(max(start, quiet, self._rested) - monotonic(), 0.0)

    def ends(self, cids: Iterable[int]) -> dict[int, int]:
        """Where those of these conversations end now that have something to read."""
        behind = self._known()
        return {cid: behind[cid][1] for cid in cids if cid in behind}

    def turn(self, rows: int = SLICE, ends: Mapping[int, int] | None = None) -> bool:
        """Read so many rows, or bring what was read into order; whether there was anything to do. With `ends`, read
        up to there and nothing else.

        Raises what SQLite raises, and then nothing has changed.
        """
        started = monotonic()
        self._rested = started + AGAIN_SECONDS  # unless it succeeds
        database = self._database
        synchronous = database.pragma("synchronous")
        database.pragma("synchronous", "normal")
        try:
            worked = self._merge() if self._unmerged else self._read(rows, ends)
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")
            database.pragma("synchronous", synchronous)
        ended = monotonic()
        self._rested = ended + (ended - started) * (REST if ended - self._since < 1 else 1)
        return worked

    def forget(self) -> None:
        """A transaction was rolled back: look again where the logs end."""
        self._behind = None
        self._rows = self._unmerged = 0

    def _merge(self) -> bool:
        """FTS5 would do this by itself, but for 30 ms at a time."""
        self._database.execute(_MERGE, (max(self._unmerged // MERGED_ROWS, LEAST_MERGE),))
        self._unmerged = 0
        return True

    def _read(self, rows: int, ends: Mapping[int, int] | None) -> bool:
        runs = self._runs(rows, ends)
        if runs:
            self._take(runs)
            self._advance(runs)
        return bool(runs)

    def _known(self) -> dict[int, list[int]]:
        if self._behind is None:
            self._behind = {cid: [indexed, head] for cid, indexed, head in self._database.execute(_BEHIND)}
            self._rows = sum(head - indexed for indexed, head in self._behind.values())
        return self._behind

    def _runs(self, rows: int, ends: Mapping[int, int] | None) -> list[Run]:
        """What the slice is to have, by cid."""
        runs: list[Run] = []
        for cid, (start, last) in self._known().items():
            end = min(last if ends is None else ends.get(cid, 0), start + rows)
            if end > start:
                rows -= end - start
                runs.append((cid, start, end))
            if not rows:
                break
        return sorted(runs)

    def _take(self, runs: Iterable[Run]) -> None:
        ends = [(number_of(cid, start), number_of(cid, end)) for cid, start, end in runs]
        read = [(cid, end) for cid, _, end in runs]
        database = self._database
        database.execute("BEGIN IMMEDIATE")
        rows: Any = msgspec.json.decode(str(database.execute(_ROWS, (_json(ends),)).get))
        put(database, rows)
        database.execute(_READ, (_json(read),))
        database.execute("COMMIT")

    def _advance(self, runs: Iterable[Run]) -> None:
        count = sum(end - start for _, start, end in runs)
        self._rows -= count
        self._unmerged += count
        behind = self._behind or {}
        for cid, _, end in runs:
            place = behind.pop(cid)
            if end < place[1]:
                behind[cid] = [end, place[1]]  # last: a log that fills all the time does not keep the others waiting


def put(database: apsw.Connection, rows: Iterable[tuple[int, str | None, str]]) -> None:
    """Take in messages: their id, their text, and the mask of who said it."""
    found = [(number, spread(body or ""), nick_word(who)) for number, body, who in sorted(rows)]
    insert(database, "INSERT INTO found (rowid, words, nick)", found)


def change(database: apsw.Connection, number: int, who: str, old: str, new: str | None) -> None:
    """A message has other words now, or none. One that was not read yet will be read with them."""
    read: Any = database.execute("SELECT indexed FROM conv WHERE cid = ?", (number >> SEQ_BITS,)).get
    if number & ((1 << SEQ_BITS) - 1) > read:
        return
    _remove(database, [(number, old, who)])
    if new is not None:
        put(database, [(number, new, who)])


def drop(database: apsw.Connection, start: int, end: int) -> None:
    """Forget the messages above `start` up to `end` (ids) that were read. Overwriting would take fifty times as long:
    their words leave the file as it is merged."""
    rows: Any = msgspec.json.decode(str(database.execute(_ROWS, (_json([(start, end)]),)).get))
    database.execute(_OVERWRITE, (0,))
    _remove(database, rows)
    database.execute(_OVERWRITE, (1,))


def _remove(database: apsw.Connection, rows: Iterable[tuple[int, str | None, str]]) -> None:
    """FTS5 keeps no text, so it has to be told what it was."""
    found = [("delete", number, spread(body or ""), nick_word(who)) for number, body, who in sorted(rows)]
    insert(database, "INSERT INTO found (found, rowid, words, nick)", found)


def _json(value: object) -> str:
    return msgspec.json.encode(value).decode()
