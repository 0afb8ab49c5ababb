"""Whether a database holds what it promises: every log without a gap and in order, and search behind it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import apsw
from msgspec import Struct

from hubbub.stores import migrations
from hubbub.stores.rows import TALK_KINDS
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_file import DATABASE, for_reading, schema
from hubbub.stores.words import nick_word

_LOGS: Final = """
SELECT name, tail, head, last_ts, count(msg.id), coalesce(max(msg.ts), 0)
FROM conv LEFT JOIN msg ON msg.id > (cid << 40) + tail AND msg.id <= (cid << 40) + head GROUP BY cid
"""
_DISORDER: Final = """
SELECT count(*) FROM (
    SELECT ts <= lag(ts) OVER (ORDER BY id) AND id >> 40 = lag(id >> 40) OVER (ORDER BY id) AS wrong FROM msg
) WHERE wrong
"""
_ENDS: Final = f"""
SELECT msg.id, who, name FROM conv JOIN msg ON msg.id = (
    SELECT {{}}(id) FROM msg WHERE id > (cid << 40) + tail AND id <= (cid << 40) + indexed
    AND kind IN ({", ".join(map(str, sorted(TALK_KINDS)))}) AND body IS NOT NULL
)
"""  # noqa: S608 - of our own numbers
_FOUND: Final = "SELECT 1 FROM found WHERE found MATCH ? AND rowid = ?"
_FACTS: Final = (
    "SELECT count(*) FROM meta WHERE key = 'msgid_key' AND length(value) = 16 OR key = 'epoch' AND value > 0"
)


class Contents(Struct, frozen=True):
    """What is in a database, and what is wrong with it: a sentence each."""

    logs: int
    entries: int
    schema: migrations.Version
    flaws: tuple[str, ...] = ()


def examine(directory: Path) -> Contents:
    """Read all of it, as it is now; a server may be writing. Raises `CannotOpen`."""
    version = schema(directory)
    if version < migrations.OURS:
        return Contents(0, 0, version, tuple(_damage_of_older(directory)))
    database = for_reading(directory)
    try:
        with database:  # one state for all that is asked
            logs, entries = _count(database)
            flaws = tuple(_flaws(database))
    except apsw.Error as error:
        return Contents(0, 0, version, (reason(error),))
    finally:
        database.close()
    return Contents(logs, entries, version, flaws)


def _count(database: apsw.Connection) -> tuple[int, int]:
    row: Any = database.execute("SELECT (SELECT count(*) FROM conv), (SELECT count(*) FROM msg)").fetchone()
    return int(row[0]), int(row[1])


def _damage_of_older(directory: Path) -> Iterator[str]:
    """What its logs are to be like is known of ours."""
    database = apsw.Connection(str(directory / DATABASE), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        yield from _damage(database)
    finally:
        database.close()


def _flaws(database: apsw.Connection) -> Iterator[str]:
    yield from _damage(database)
    yield from _gaps(database)
    if wrong := database.execute(_DISORDER).get:
        yield f"{wrong} entries are not later than the one before them"
    if database.execute(_FACTS).get != 2:
        yield "the key or the epoch of its msgids is missing: no message has the id that people know it by"
    for which in ("min", "max"):
        yield from _unfound(database, which)


def _damage(database: apsw.Connection) -> Iterator[str]:
    """Search's own structure is looked into, too: https://www.sqlite.org/pragma.html#pragma_integrity_check"""
    for (found,) in database.execute("PRAGMA integrity_check"):
        if found != "ok":
            yield f"the file is damaged: {found}"


def _gaps(database: apsw.Connection) -> Iterator[str]:
    known = 0
    for name, tail, head, last, there, latest in database.execute(_LOGS):
        known += there
        if there != head - tail:
            yield f"{name}: {head - tail - there} of the entries {tail + 1} to {head} are missing"
        if latest > last:
            yield f"{name}: its last entry is later than the log says"
    if strays := database.execute("SELECT count(*) FROM msg").get - known:
        yield f"{strays} entries are in no log"


def _unfound(database: apsw.Connection, which: str) -> Iterator[str]:
    """The first or the last message of each log that search says it has read."""
    for number, who, name in database.execute(_ENDS.format(which)).fetchall():
        if not database.execute(_FOUND, (f'nick : "{nick_word(who)}"', number)).get:
            yield f"{name}: search does not find a message that it has read"
