"""What has outlived its time leaves the file: the first entries of a log, inside the writer's transactions."""

from typing import Any, Final

import apsw

from hubbub.stores import sqlite_index as index
from hubbub.stores.msgid import number_of

_LOG: Final = "SELECT cid, tail, head, indexed FROM conv WHERE name = ?"
_LAST: Final = """
SELECT max(id) FROM (SELECT id, ts FROM msg WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) WHERE ts < ?
"""
_REMOVE: Final = "DELETE FROM msg WHERE id > ? AND id <= ?"
_MOVE: Final = "UPDATE conv SET tail = ?, talk_ts = CASE WHEN talk_ts < ? THEN 0 ELSE talk_ts END WHERE cid = ?"


def trim(database: apsw.Connection, log: str, before: int, limit: int) -> int:
    """Remove at most `limit` of the first entries of a log, those from before that time (ms); how many it were."""
    row: Any = database.execute(_LOG, (log,)).fetchone()
    if row is None:
        return 0
    cid, tail, head, indexed = row
    start = number_of(cid, tail)
    last: Any = database.execute(_LAST, (start, number_of(cid, head), limit, before)).get
    if last is None:
        return 0
    index.drop(database, start, min(last, number_of(cid, indexed)))
    database.execute(_REMOVE, (start, last))
    database.execute(_MOVE, (tail + last - start, before, cid))
    return int(last - start)
