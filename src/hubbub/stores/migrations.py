"""Which version of the schema a database has, and the way from there to ours, forward only.

A newer minor version only adds, so an older program still opens the file; a newer major one is refused.
"""

import os
from pathlib import Path
from typing import Final

import apsw

from hubbub.stores.directory import CannotOpen

Version = tuple[int, int]

STEPS: Final[tuple[tuple[Version, str], ...]] = (((1, 0), "0001.sql"), ((1, 1), "0002.sql"))
"""The files of `schema/` in order, each with the version that a database has once it has run."""

OURS: Final = STEPS[-1][0]

_FIRST_FACTS: Final = "INSERT OR IGNORE INTO meta (key, value) VALUES ('msgid_key', ?), ('epoch', 1)"
"""What a file has from its first moment: who finds a schema in it finds these, too."""

_SCHEMA: Final = Path(__file__).with_name("schema")


class TooNew(CannotOpen):
    """A newer hubbub has changed this database in ways that this one does not understand."""


def version(database: apsw.Connection) -> Version:
    """The version of its schema, (0, 0) for an empty file. Raises `CannotOpen` where the file is not hubbub's."""
    tables = {name for (name,) in database.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")}
    if not tables:
        return 0, 0
    found = database.execute("SELECT value FROM meta WHERE key = 'schema'").get if "meta" in tables else None
    if not isinstance(found, str):
        raise CannotOpen(f"{database.filename} is a database, but not hubbub's: move it away or name another directory")
    major, _, minor = found.partition(".")
    return int(major), int(minor)


def check(database: apsw.Connection) -> Version:
    """The version, where this hubbub can work with it. Raises `CannotOpen` or `TooNew`."""
    found = version(database)
    if found[0] > OURS[0]:
        raise TooNew(
            f"{database.filename} has schema {found[0]}.{found[1]}, and this hubbub knows {OURS[0]}.{OURS[1]}: "
            "run `pip install --upgrade hubbub`, or restore a backup that this version made"
        )
    return found


def migrate(database: apsw.Connection) -> None:
    """Take every step that is missing, each whole or not at all. Raises `CannotOpen` or `TooNew`."""
    while steps := [step for step in STEPS if step[0] > check(database)]:
        _take(database, *steps[0])


def _take(database: apsw.Connection, result: Version, name: str) -> None:
    """Somebody else may have taken it meanwhile: whoever comes second finds it done."""
    database.execute("BEGIN IMMEDIATE")
    try:
        if version(database) < result:
            database.execute((_SCHEMA / name).read_text("utf-8"))
            database.execute(_FIRST_FACTS, (os.urandom(16),))
            database.execute("REPLACE INTO meta (key, value) VALUES ('schema', ?)", (f"{result[0]}.{result[1]}",))
        database.execute("COMMIT")
    except BaseException:
        if database.in_transaction:  # where the disk failed, SQLite has undone it already
            database.execute("ROLLBACK")
        raise
