"""Redactions and edits in the file, inside the writer's transactions."""

from typing import Any, Final

import apsw

from hubbub.hub.events import TALK, Edited, Event, Place, Redacted, Said
from hubbub.stores import sqlite_index as index
from hubbub.stores.msgid import MsgIds, number_of, place_of
from hubbub.stores.revisions import GONE_KIND, REPLACED_KIND, SPOKEN_KINDS, edited, edits
from hubbub.stores.rows import decode, encode

_FIND: Final = "SELECT who, account, kind, body, tags FROM msg WHERE id = ?"
_CHANGE: Final = "UPDATE msg SET body = ?, tags = ? WHERE id = ?"
_EMPTY: Final = f"UPDATE msg SET kind = {GONE_KIND}, body = NULL, tags = NULL WHERE id = ?"  # noqa: S608 - a number
_REPLACE: Final = f"UPDATE msg SET kind = {REPLACED_KIND} WHERE id = ?"  # noqa: S608 - a number


class Revisions:
    """Changes the entries that other entries are about."""

    def __init__(self, database: apsw.Connection, ids: MsgIds) -> None:
        self._database = database
        self._ids = ids

    def apply(self, event: Redacted | Edited, cid: int, place: Place) -> None:
        """`event` stands at `place` in conversation `cid`. What it names may be gone already: then nothing changes."""
        number = self._ids.decode(event.msgid) or 0
        row: Any = self._database.execute(_FIND, (number,)).fetchone()
        if row is None or place_of(number)[0] != cid or row[2] not in SPOKEN_KINDS:
            return
        said = decode(place.log, row)
        former = [number_of(cid, seq) for seq in edits(said)]
        if isinstance(event, Redacted):
            self._database.executemany(_EMPTY, [(one,) for one in (number, *former)])
            self._reindex(number, said, None)
        elif isinstance(said, Said):
            self._database.executemany(_REPLACE, [(one,) for one in former[-1:]])
            body, tags = encode(edited(said, event, place.seq, place.ts))[3:]
            self._database.execute(_CHANGE, (body, tags, number))
            self._reindex(number, said, body)

    def _reindex(self, number: int, said: Event, text: str | None) -> None:
        if isinstance(said, Said) and said.verb in TALK:
            index.change(self._database, number, said.who.mask, said.text, text)
