"""What has outlived its time leaves the file: the first entries of a log, inside the writer's transactions."""

from typing import Any, Final

import apsw

from hubbub.stores.msgid import number_of

_LOG: Final = "SELECT cid, tail, head FROM conv WHERE name = ?"
_LAST: Final = """
SELECT max(id) FROM (SELECT id, ts FROM msg WHERE id > ? AND id <= ? ORDER BY id LIMIT ?) WHERE ts < ?
"""
_FORGET: Final = "DELETE FROM found WHERE rowid IN (SELECT id FROM msg WHERE id > ? AND id <= ?)"
_REMOVE: Final = "DELETE FROM msg WHERE id > ? AND id <= ?"
_MOVE: Final = "UPDATE conv SET tail = ?, talk_ts = CASE WHEN talk_ts < ? THEN 0 ELSE talk_ts END WHERE cid = ?"


def trim(database: apsw.Connection, log: str, before: int, limit: int) -> int:
    """Remove at most `limit` of the first entries of a log, those from before that time (ms); how many it were."""
    row: Any = database.execute(_LOG, (log,)).fetchone()
    if row is None:
        return 0
    cid, tail, head = row
    start = number_of(cid, tail)
    last: Any = database.execute(_LAST, (start, number_of(cid, head), limit, before)).get
    if last is None:
        return 0
    database.execute(_FORGET, (start, last))
    database.execute(_REMOVE, (start, last))
    database.execute(_MOVE, (tail + last - start, before, cid))
    return int(last - start)
