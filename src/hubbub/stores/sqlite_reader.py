"""Reading the logs: each page is one run of the primary key, on a connection that cannot write.

A `Reader` answers at once and belongs to one thread. The store has two behind its promises; a command that looks at
a server's data from outside opens its own.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from types import TracebackType
from typing import Any, Final, TypeVar

import apsw
import msgspec
from msgspec.structs import replace

from hubbub.hub.events import TALK, Entry, Fact, Place
from hubbub.hub.ports import Mark, NotFound, Sought, StoreFailed, Target, Window
from hubbub.stores import spans
from hubbub.stores.msgid import MsgIds, number_of, place_of
from hubbub.stores.rows import TALK_KINDS, decode, kinds_of
from hubbub.stores.spans import Span
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_file import for_reading, msgids
from hubbub.stores.sqlite_search import Search

R = TypeVar("R")

TIME: Final = "SELECT ts FROM msg WHERE id = ?"

PAGE: Final = """
SELECT id, ts, who, account, kind, body, tags FROM msg WHERE id > ? AND id < ? AND kind IN ({}) ORDER BY id {} LIMIT ?
"""

TARGETS: Final = """
WITH mine AS (SELECT cid FROM party WHERE who = ? UNION SELECT cid FROM json_each(?) JOIN conv ON conv.name = value)
SELECT name, talk_ts FROM mine CROSS JOIN conv USING (cid) WHERE talk_ts > ? AND talk_ts < ?
ORDER BY talk_ts {0}, name {0} LIMIT ?
"""


FOUND: Final = """
SELECT id, ts, who, account, kind, body, tags FROM found CROSS JOIN msg ON id = found.rowid
WHERE found MATCH ? AND found.rowid > ? AND found.rowid < ? AND kind IN ({}) ORDER BY found.rowid {} LIMIT ?
"""

MINE: Final = """
WITH mine AS (SELECT cid FROM party WHERE who = ? UNION SELECT cid FROM json_each(?) JOIN conv ON conv.name = value)
SELECT name, talk_ts FROM mine CROSS JOIN conv USING (cid) WHERE talk_ts > 0 ORDER BY talk_ts DESC, name LIMIT 200
"""


OUTDATED: Final = """
SELECT conv.name FROM conv CROSS JOIN msg ON msg.id = (conv.cid << 40) + conv.tail + 1
LEFT JOIN json_each(?) AS own ON own.key = conv.name
WHERE conv.tail < conv.head AND msg.ts < coalesce(own.value, ?)
"""

_TALK: Final = ", ".join(map(str, sorted(TALK_KINDS)))
_FOUND: Final = FOUND.format(_TALK, "ASC"), FOUND.format(_TALK, "DESC")


class Reader:
    """The logs of one database, as they are now. Also a context manager that closes it."""

    def __init__(self, database: apsw.Connection, ids: MsgIds) -> None:
        self._database = database
        self._ids = ids

    def page(self, log: str, window: Window) -> list[Entry]:
        return self._read(log, lambda found: [spans.of_page(found, window)])

    def between(self, log: str, start: Mark, end: Mark, window: Window) -> list[Entry]:
        return self._read(log, lambda found: [spans.of_between(found, start, end, window)])

    def around(self, log: str, mark: Mark, window: Window) -> list[Entry]:
        return self._read(log, lambda found: spans.of_around(found, mark, window))

    def targets(self, logs: Sequence[str], identity: str, after: int, before: int, limit: int) -> list[Target]:
        early, late = max(min(after, before), 0), max(after, before)  # 0 is the time of a talk that was none
        query = TARGETS.format("ASC" if after < before else "DESC")
        names = msgspec.json.encode(logs).decode()
        rows = self.run(lambda db: db.execute(query, (identity, names, early, late, max(limit, 0))).fetchall())
        return [Target(*row) for row in (rows if after < before else reversed(rows))]

    def search(self, logs: Sequence[str], identity: str, sought: Sought, window: Window) -> list[Entry]:
        def work(database: apsw.Connection) -> list[Entry]:
            search = Search(database, sought, replace(window, verbs=TALK))
            mine: list[Any] = database.execute(MINE, (identity, msgspec.json.encode(logs).decode())).fetchall()
            for name, latest in mine:
                if search.goes_on(latest):
                    search.look_into(_Log(database, name, self._ids))
            return search.found()

        return self.run(work)

    def outdated(self, times: Mapping[str, int], otherwise: int) -> list[str]:
        """The logs whose first entry is from before their time in `times` (ms), or else from before `otherwise`."""
        asked = msgspec.json.encode(times).decode()
        return self.run(lambda db: [str(name) for (name,) in db.execute(OUTDATED, (asked, otherwise))])

    def facts(self) -> list[Fact]:
        """All that hold, in the order of scope, key and field."""
        query = "SELECT scope, key, field, value, ts FROM fact ORDER BY scope, key, field"
        return self.run(lambda database: [Fact(*row) for row in database.execute(query)])

    def conversations(self) -> list[Target]:
        """All conversations with talk in them, those with the latest talk last."""
        query = "SELECT name, talk_ts FROM conv WHERE talk_ts > 0 ORDER BY talk_ts, name"
        return self.run(lambda database: [Target(*row) for row in database.execute(query)])

    def logs(self) -> list[str]:
        """The names of all that have entries, in alphabetical order."""
        query = "SELECT name FROM conv WHERE head > tail ORDER BY name"
        return self.run(lambda database: [str(name) for (name,) in database.execute(query)])

    def run(self, work: Callable[[apsw.Connection], R]) -> R:
        """Do `work` on one state of the database. Raises `StoreFailed` where SQLite does not go along."""
        try:
            with self._database:  # one state for all that the work asks
                result = work(self._database)
        except apsw.Error as error:
            raise StoreFailed(reason(error)) from error
        return result

    def close(self) -> None:
        self._database.close()

    def __enter__(self) -> "Reader":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def _read(self, log: str, locate: Callable[["_Log"], Iterable[Span]]) -> list[Entry]:
        def work(database: apsw.Connection) -> list[Entry]:
            found = _Log(database, log, self._ids)
            return [entry for span in locate(found) for entry in found.read(span)]

        return self.run(work)


def open_reader(directory: Path) -> Reader:
    """A reader of a server's data, whether it runs or not. Raises `CannotOpen`."""
    database = for_reading(directory)
    return Reader(database, msgids(database))


class _Log:
    """One conversation, as `spans.Log` asks for it; empty where there is none of that name."""

    def __init__(self, database: apsw.Connection, name: str, ids: MsgIds) -> None:
        row: Any = database.execute("SELECT cid, head, tail FROM conv WHERE name = ?", (name,)).fetchone()
        self.name = name
        self._cid: int = row[0] if row else 0
        self.head: int = row[1] if row else 0
        self.tail: int = row[2] if row else 0
        self._database = database
        self._ids = ids

    def ts(self, seq: int) -> int:
        return int(self._database.execute(TIME, (number_of(self._cid, seq),)).get)

    def seq(self, msgid: str) -> int:
        cid, seq = place_of(self._ids.decode(msgid) or 0)
        if cid != self._cid or not self.tail < seq <= self.head:
            raise NotFound(f"{msgid!r} names no entry of {self.name}")
        return seq

    def read(self, span: Span) -> list[Entry]:
        kinds = kinds_of(span.verbs, span.without)
        ends = number_of(self._cid, span.after), number_of(self._cid, span.before)
        query = page_query(len(kinds), newest=span.newest)
        rows: list[Any] = self._database.execute(query, (*ends, *kinds, span.limit)).fetchall()
        return self._entries(rows[::-1] if span.newest else rows)

    def matching(self, question: str, span: Span) -> list[Entry]:
        """Of a run of talk what FTS5 finds."""
        ends = number_of(self._cid, span.after), number_of(self._cid, span.before)
        query = _FOUND[span.newest]
        rows: list[Any] = self._database.execute(query, (question, *ends, span.limit)).fetchall()
        return self._entries(rows[::-1] if span.newest else rows)

    def _entries(self, rows: Sequence[tuple[int, int, str, str, int, str | None, str | None]]) -> list[Entry]:
        ids = self._ids.encode([row[0] for row in rows])
        return [
            Entry(decode(self.name, row[2:]), Place(self.name, place_of(row[0])[1], row[1], msgid))
            for row, msgid in zip(rows, ids, strict=True)
        ]


@lru_cache(maxsize=32)
def page_query(kinds: int, *, newest: bool) -> str:
    """SQL for a run of entries: id above, id below, so many kinds, limit."""
    return PAGE.format(", ".join("?" * kinds), "DESC" if newest else "ASC")
