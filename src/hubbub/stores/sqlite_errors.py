"""What an operator is told about SQLite's errors: what is wrong and what helps (https://www.sqlite.org/rescode.html)."""

from typing import Final

import apsw

REASONS: Final[tuple[tuple[type[apsw.Error], str], ...]] = (
    (apsw.FullError, "the disk is full: make room, and it goes on by itself"),
    (apsw.IOError, "the disk failed: the server must be restarted, to find out what the disk holds"),
    (apsw.CorruptError, "the database is damaged: stop the server and restore a backup"),
    (apsw.BusyError, "another program keeps the database locked: let it finish, or stop it"),
    (apsw.ReadOnlyError, "the database may only be read: check who owns the data directory"),
)


def reason(error: Exception) -> str:
    """What went wrong and what to do, for an operator."""
    for kind, sentence in REASONS:
        if isinstance(error, kind):
            return sentence
    return f"the store failed with {type(error).__name__}: {error}"
