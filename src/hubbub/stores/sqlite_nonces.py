"""Which nonces were used within the day, and the places of the messages that were stored under them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import apsw
import msgspec

from hubbub.hub.events import Place
from hubbub.stores.msgid import MsgIds, place_of
from hubbub.stores.nonces import DAY, Nonce
from hubbub.stores.sqlite_bulk import insert

_SWEPT: Final = 64
"""Old nonces dropped with a group, beside twice as many as it adds: the table shrinks, and no commit waits long."""

_FIND: Final = """
SELECT nonce.who, nonce.nonce, nonce.id, conv.name, msg.ts FROM json_each(?) AS wanted
CROSS JOIN nonce ON nonce.who = wanted.value ->> 0 AND nonce.nonce = wanted.value ->> 1 AND nonce.ts > ?
JOIN msg ON msg.id = nonce.id JOIN conv ON conv.cid = nonce.id >> 40
"""

_SWEEP: Final = """
DELETE FROM nonce WHERE (who, nonce) IN (SELECT who, nonce FROM nonce WHERE ts <= ? ORDER BY ts LIMIT ?)
"""


class Nonces:
    """The stored nonces, inside the writer's transactions."""

    def __init__(self, database: apsw.Connection, ids: MsgIds) -> None:
        self._database = database
        self._ids = ids

    def find(self, wanted: Sequence[Nonce], now: int) -> dict[Nonce, Place]:
        """Those of them that are stored, each with its place, marked `repeated`."""
        asked = msgspec.json.encode(wanted).decode()
        rows: list[tuple[Any, ...]] = self._database.execute(_FIND, (asked, now - DAY)).fetchall()
        msgids = self._ids.encode([row[2] for row in rows])
        return {
            (who, nonce): Place(log, place_of(number)[1], ts, msgid, repeated=True)
            for (who, nonce, number, log, ts), msgid in zip(rows, msgids, strict=True)
        }

    def save(self, numbers: Mapping[Nonce, int], now: int) -> None:
        """Remember the entries that were stored under nonces, and forget some that are too old."""
        rows = [(*nonce, number, now) for nonce, number in numbers.items()]
        insert(self._database, "REPLACE INTO nonce (who, nonce, id, ts)", rows)
        self._database.execute(_SWEEP, (now - DAY, _SWEPT + 2 * len(numbers)))
