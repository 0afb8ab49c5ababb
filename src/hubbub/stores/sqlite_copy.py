"""A copy of a database that is in use, and how a copy becomes the one that is in use."""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import Final

import apsw

from hubbub.stores.directory import CannotOpen
from hubbub.stores.msgid import LENGTH, MsgIds
from hubbub.stores.sqlite_errors import reason
from hubbub.stores.sqlite_file import DATABASE, PATIENCE_MS, msgids, own_key

_ID: Final = re.compile(rf"(?<![\w-])[\w-]{{{LENGTH}}}(?![\w-])", re.ASCII)
_EPOCH: Final = "SELECT value FROM meta WHERE key = 'epoch'"
_RENEW: Final = (
    "UPDATE msg SET tags = renewed(tags) WHERE tags IS NOT NULL",
    "UPDATE fact SET value = renewed(value)",
)


def copy(path: Path, target: Path) -> None:
    """One state of the database, that of now, whoever writes meanwhile; a file by itself, without a log beside it.

    https://www.sqlite.org/backup.html. Raises `CannotOpen`, also where the copy is not sound.
    """
    os.close(os.open(target, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    try:
        _copy(path, target)
    except apsw.Error as error:
        raise CannotOpen(f"{path} cannot be copied to {target}: {reason(error)}") from error


def epoch(directory: Path) -> int:
    """Of the msgids there, 0 where none can be read."""
    try:
        database = apsw.Connection(str(directory / DATABASE), flags=apsw.SQLITE_OPEN_READWRITE)
        try:
            return int(str(database.execute(_EPOCH).get))
        finally:
            database.close()
    except (apsw.Error, ValueError):
        return 0


def begin_epoch(directory: Path, number: int) -> None:
    """From here on msgids are of that epoch, so none is given again that was given since the copy was made.

    What answers a message, or changed it, names it by its new id.
    """
    database = apsw.Connection(str(directory / DATABASE))
    try:
        old, new = msgids(database), MsgIds(own_key(database), number)

        def renewed(*text: apsw.SQLiteValue) -> str:
            return _renewed(str(text[0]), old, new)

        database.create_scalar_function("renewed", renewed, 1, deterministic=True)
        with database:
            for statement in _RENEW if _has_facts(database) else _RENEW[:1]:
                database.execute(statement)
            database.execute("UPDATE meta SET value = ? WHERE key = 'epoch'", (number,))
    finally:
        database.close()


def _copy(path: Path, target: Path) -> None:
    source = apsw.Connection(str(path), flags=apsw.SQLITE_OPEN_READWRITE)
    copied = apsw.Connection(str(target))
    try:
        source.set_busy_timeout(PATIENCE_MS)
        copied.pragma("synchronous", "off")  # it is synced as a whole, before it has its name
        with copied.backup("main", source, "main") as work:
            work.step()
        copied.pragma("journal_mode", "delete")
        found = copied.pragma("quick_check")
        if found != "ok":
            raise CannotOpen(f"{path} is damaged ({found}): it was not backed up; keep the backups that you have")
    finally:
        copied.close()
        source.close()


def _has_facts(database: apsw.Connection) -> bool:
    """The first schema had none."""
    return bool(database.execute("SELECT 1 FROM sqlite_schema WHERE name = 'fact'").get)


def _renewed(text: str, old: MsgIds, new: MsgIds) -> str:
    """The ids in it are known by what they decipher to: nothing else does."""

    def other(found: re.Match[str]) -> str:
        number = old.decode(found[0])
        return found[0] if number is None else new.encode([number])[0]

    return _ID.sub(other, text)
