"""Entries from elsewhere, put behind the end of logs with the times that they had; a log is never changed before it."""

from __future__ import annotations

import re
from bisect import bisect_left
from enum import Enum, auto
from pathlib import Path
from typing import Any, Final

import apsw
from msgspec.structs import replace

from hubbub.hub.events import Event, Said
from hubbub.hub.ports import StoreFailed
from hubbub.stores.directory import Claim
from hubbub.stores.msgid import number_of
from hubbub.stores.rows import TALK_KINDS, encode
from hubbub.stores.sqlite_bulk import Value, insert
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_file import for_writing, msgids
from hubbub.stores.sqlite_heads import Head, Heads

GROUP: Final = 1000
"""Rows to a transaction."""

_ID: Final = re.compile(r"(?<![\w-])[\w-]{16,64}(?![\w-])", re.ASCII)
_ROW: Final = "SELECT who, kind, body FROM msg WHERE id = ?"


class Fate(Enum):
    """What became of an entry."""

    TAKEN = auto()
    KNOWN = auto()
    TOO_OLD = auto()


class _Log:
    """One log: where it ended before (`end`, ms), and the time of what was read last for it."""

    __slots__ = ("clock", "end", "head", "last", "seen")

    def __init__(self, head: Head, tail: int) -> None:
        self.head, self.end, self.last = head, head.ts, head.seq
        self.clock = 0
        self.seen = tail


class Importer:
    """The only writer of a data directory. What was taken is kept once `close` is called, or a thousand entries later.

    Raises `CannotOpen`, where a server runs say.
    """

    def __init__(self, directory: Path) -> None:
        self._claim = Claim(directory)
        try:
            self._database = for_writing(directory)
        except BaseException:
            self._claim.release()
            raise
        self._ids, self._heads = msgids(self._database), Heads(self._database)
        self._logs: dict[str, _Log] = {}
        self._rows: list[tuple[Value, ...]] = []
        self._moved: dict[str, Head] = {}
        self._tails: dict[int, int] = {}
        self._renamed = apsw.Connection("")  # on the disk, and gone with us: there may be more ids than memory
        self._renamed.execute("CREATE TABLE ids (old TEXT PRIMARY KEY, number INTEGER) WITHOUT ROWID; BEGIN")

    def take(self, log: str, ts: int, event: Event, seq: int = 0, msgid: str = "") -> Fate:
        """Put it behind the last, at `ts` (ms) or just after what was read before it. Raises `StoreFailed`."""
        found = self._logs.get(log) or self._open(log, seq)
        found.clock = ts = max(ts, found.clock + 1)
        if ts <= found.end:
            number = self._find(found, ts, event)
            fate = Fate.KNOWN if number else Fate.TOO_OLD
        else:
            number, fate = self._add(found, ts, event, seq), Fate.TAKEN
        if msgid and number:
            self._renamed.execute("INSERT OR REPLACE INTO ids VALUES (?, ?)", (msgid, number))
        return fate

    def ends(self, log: str) -> int:
        """When the log ended before, in ms."""
        return self._logs[log].end

    def close(self) -> None:
        """Raises `StoreFailed`."""
        try:
            self._store()
        finally:
            self._renamed.close()
            self._database.close()
            self._claim.release()

    def _open(self, log: str, seq: int) -> _Log:
        """A log that is new here begins where it began elsewhere."""
        head = self._heads[log]
        if not head.seq and seq > 1:
            head.seq = head.told = self._tails[head.cid] = seq - 1
        tail: Any = self._database.execute("SELECT tail FROM conv WHERE cid = ?", (head.cid,)).get
        self._logs[log] = _Log(head, tail or 0)
        return self._logs[log]

    def _add(self, log: _Log, ts: int, event: Event, seq: int) -> int:
        if isinstance(event, Said) and event.detail is not None and event.detail.edits and seq:
            moved = log.head.seq + 1 - seq
            event = replace(event, detail=replace(event.detail, edits=tuple(at + moved for at in event.detail.edits)))
        row = encode(event)
        number, ts = log.head.advance(ts, 1, int(row[2] in TALK_KINDS))
        self._rows.append((number, ts, *row[:4], self._with_new_ids(row[4])))
        self._moved[log.head.name] = log.head
        if len(self._rows) == GROUP:
            self._store()
        return number

    def _find(self, log: _Log, ts: int, event: Event) -> int:
        """The number of the very same entry where it is there already, else 0."""
        cid = log.head.cid
        here = range(log.seen + 1, log.last + 1)
        at = bisect_left(here, ts, key=lambda seq: self._time(number_of(cid, seq)))
        if at == len(here) or self._time(number_of(cid, here[at])) != ts:
            return 0
        log.seen = here[at] - 1
        number = number_of(cid, here[at])
        who, _, kind, body, _ = encode(event)
        return number if self._database.execute(_ROW, (number,)).fetchone() == (who, kind, body) else 0

    def _time(self, number: int) -> int:
        ts: Any = self._database.execute("SELECT ts FROM msg WHERE id = ?", (number,)).get
        return int(ts)

    def _with_new_ids(self, tags: str | None) -> str | None:
        return _ID.sub(self._new_id, tags) if tags else tags

    def _new_id(self, old: re.Match[str]) -> str:
        number: Any = self._renamed.execute("SELECT number FROM ids WHERE old = ?", (old[0],)).get
        return self._ids.encode([number])[0] if number else old[0]

    def _store(self) -> None:
        try:
            with self._database:
                insert(self._database, "INSERT INTO msg (id, ts, who, account, kind, body, tags)", sorted(self._rows))
                self._heads.save(list(self._moved.values()))
                for cid, tail in self._tails.items():
                    self._database.execute("UPDATE conv SET tail = ?1, indexed = ?1 WHERE cid = ?2", (tail, cid))
        except apsw.Error as error:
            raise StoreFailed(reason(error)) from error
        self._rows, self._moved, self._tails = [], {}, {}
