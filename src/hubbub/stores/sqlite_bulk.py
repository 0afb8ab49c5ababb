"""Many rows in few statements.

Each statement gives the interpreter's lock away and, while the loop is busy, gets it back late: 512 rows one by one
took 85 ms beside a busy thread, in statements of up to 256 rows 10 ms.
"""

from collections.abc import Sequence
from functools import lru_cache
from itertools import chain
from typing import Final

import apsw

_MOST: Final = 256
"""Rows in one statement; more gain nothing. The sizes are powers of two, so nine statements are prepared and kept."""

Value = str | int | None


def insert(database: apsw.Connection, into: str, rows: Sequence[tuple[Value, ...]], otherwise: str = "") -> None:
    """Insert rows: `into` is "INSERT INTO …", up to VALUES, and `otherwise` its ON CONFLICT."""
    start = 0
    while start < len(rows):
        end = start + (1 << min(len(rows) - start, _MOST).bit_length() - 1)
        statement = _statement(into, len(rows[start]), end - start, otherwise)
        database.execute(statement, tuple(chain.from_iterable(rows[start:end])))
        start = end


@lru_cache(maxsize=64)
def _statement(into: str, width: int, rows: int, otherwise: str) -> str:
    row = f"({', '.join('?' * width)})"
    return f"{into} VALUES {', '.join([row] * rows)} {otherwise}"
