"""Where each conversation's log ends: read once, kept in memory, written back with the entries that moved it."""

from collections.abc import Collection
from typing import Final

import apsw

from hubbub.hub.events import parties
from hubbub.stores.msgid import SEQ_BITS
from hubbub.stores.sqlite_bulk import insert

MANY: Final = 50_000
"""Conversations kept in memory, some 300 bytes each; beyond it all are dropped and read again as people speak there."""

_ROOM: Final = 1
_PAIR: Final = 2


class Head:
    """The end of one log, moved on by what is written there."""

    __slots__ = ("cid", "name", "seq", "talk_ts", "told", "ts")

    def __init__(self, name: str, cid: int, seq: int = 0, ts: int = 0, talk_ts: int = 0) -> None:
        self.name = name
        self.cid = cid
        self.seq = seq
        self.ts = ts
        self.talk_ts = talk_ts
        self.told = seq  # where it stood when it was last asked how far it had come

    def advance(self, now: int, count: int, talk: int) -> tuple[int, int]:
        """Make room for so many entries, of which the `talk`-th is the last with talk in it, 0 for none: the number of
        the first, and its time in ms. Both rise by one from each to the next, and times do, whatever the clock does."""
        first, ts = self.seq + 1, max(now, self.ts + 1)
        self.seq += count
        self.ts = ts + count - 1
        if talk:
            self.talk_ts = ts + talk - 1
        return self.cid << SEQ_BITS | first, ts


class Heads(dict[str, Head]):
    """Heads by log, as the running transaction has moved them: `save` before its COMMIT, `forget` after a rollback."""

    def __init__(self, database: apsw.Connection) -> None:
        self._database = database
        self._founded: list[Head] = []
        self._last_cid: int | None = None

    def __missing__(self, log: str) -> Head:
        row = self._database.execute("SELECT cid, head, last_ts, talk_ts FROM conv WHERE name = ?", (log,)).fetchone()
        self[log] = head = Head(log, *row) if row else self._found(log)
        return head

    def save(self, moved: Collection[Head]) -> None:
        """Write back the heads that were moved, and the conversations that are new among them."""
        rows = [(h.cid, _PAIR if parties(h.name) else _ROOM, h.name, h.seq, h.ts, h.talk_ts) for h in moved]
        insert(self._database, "INSERT INTO conv (cid, kind, name, head, last_ts, talk_ts)", rows, _MOVED)
        self._save_parties()
        if len(self) > MANY:
            self.clear()

    def move(self, log: str, name: str) -> None:
        """The log goes on as `name`. What was called so before is kept under a name that nothing else can have."""
        self._database.execute("UPDATE conv SET name = name || ' ' || cid WHERE name = ?", (name,))
        self._database.execute("UPDATE conv SET name = ? WHERE name = ?", (name, log))
        self.pop(name, None)
        self.pop(log, None)

    def grown(self, moved: Collection[Head]) -> list[tuple[int, int, int]]:
        """What a commit has added: cid, the seq before it and the last one."""
        runs = [(head.cid, head.told, head.seq) for head in moved]
        for head in moved:
            head.told = head.seq
        return runs

    def forget(self) -> None:
        """Take the stored heads for true again."""
        self.clear()
        self._founded.clear()
        self._last_cid = None

    def _found(self, log: str) -> Head:
        if self._last_cid is None:
            self._last_cid = int(self._database.execute("SELECT coalesce(max(cid), 0) FROM conv").get)
        self._last_cid += 1
        head = Head(log, self._last_cid)
        self._founded.append(head)
        return head

    def _save_parties(self) -> None:
        rows = [(identity, head.cid) for head in self._founded for identity in set(parties(head.name))]
        insert(self._database, "INSERT INTO party (who, cid)", rows)
        self._founded.clear()


_MOVED: Final = (
    "ON CONFLICT (cid) DO UPDATE SET head = excluded.head, last_ts = excluded.last_ts, talk_ts = excluded.talk_ts"
)
