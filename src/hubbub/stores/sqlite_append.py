"""A group of events becomes rows, and each event gets its places: the path that every message takes.

It runs inside the writer's transaction. The row is what a message in a small room costs, so the loop is plain, ids
are enciphered once per group, and one statement takes many rows.
"""

from collections.abc import Collection, Sequence
from itertools import islice
from typing import Final

import apsw
import msgspec

from hubbub.hub.events import Event, Fact, Place, Said
from hubbub.stores.msgid import SEQ_MASK, MsgIds, number_of
from hubbub.stores.nonces import Nonce, nonce_of
from hubbub.stores.revisions import REVISIONS
from hubbub.stores.rows import TALK_KINDS, encode
from hubbub.stores.sqlite_bulk import Value, insert
from hubbub.stores.sqlite_heads import Head, Heads
from hubbub.stores.sqlite_nonces import Nonces
from hubbub.stores.sqlite_revisions import Revisions
from hubbub.stores.sqlite_trim import trim

_LEARN: Final = "REPLACE INTO fact (scope, key, field, value, ts) VALUES (?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM fact WHERE scope = ? AND key = ? AND field = ?"


class Appender:
    """Appends to the logs of one database, for its only writer."""

    def __init__(self, database: apsw.Connection, ids: MsgIds) -> None:
        self._database = database
        self._ids = ids
        self._heads = Heads(database)
        self._nonces = Nonces(database, ids)
        self._revisions = Revisions(database, ids)
        self._moved: Collection[Head] = ()
        self.written = 0
        """Rows of the last group."""

    def append(self, events: Sequence[Event], now: int) -> list[list[Place]]:
        """The places of each event, a repeated one's from the first time it was stored. `now` is in ms."""
        nonces = [nonce_of(event) for event in events]
        answer = self._write_once(events, nonces, now) if any(nonces) else self._write(events, now)
        for event, places in zip(events, answer, strict=True):
            if not isinstance(event, Said):  # which is all that it is
                self._bring_about(event, places, now)
        return answer

    def trim(self, log: str, before: int, limit: int) -> int:
        """Remove at most `limit` of the first entries of a log, those from before that time (ms); how many it were."""
        count = trim(self._database, log, before, limit)
        self._heads.pop(log, None)
        return count

    def is_silent(self, log: str) -> bool:
        """Whether it is known that nobody has ever spoken there, not in a group that is just being written either."""
        head = self._heads.get(log)
        return head is not None and not head.talk_ts

    def grown(self) -> list[tuple[int, int, int]]:
        """What the commit of the last group has added to logs: cid, the seq before it and the last one."""
        return self._heads.grown(self._moved)

    def forget(self) -> None:
        """The transaction was rolled back: what it moved stands where it stood."""
        self._heads.forget()

    def _bring_about(self, event: Event, places: Sequence[Place], now: int) -> None:
        if event.facts:
            self._learn(event.facts, places[0].ts if places else now)
        elif isinstance(event, REVISIONS):
            self._revisions.apply(event, self._heads[places[0].log].cid, places[0])
        for log, name in event.moves:
            self._heads.move(log, name)

    def _write_once(self, events: Sequence[Event], nonces: Sequence[Nonce | None], now: int) -> list[list[Place]]:
        """Of the events that carry one nonce, only the day's first is written."""
        known = self._nonces.find([nonce for nonce in nonces if nonce], now)
        repeats = _repeats(nonces, known)
        written = iter(self._write([event for event, again in zip(events, repeats, strict=True) if not again], now))
        used: dict[Nonce, Place] = {}
        answer: list[list[Place]] = []
        for nonce, again in zip(nonces, repeats, strict=True):
            places = [known[nonce]] if nonce and again else next(written)
            if nonce and not again:
                used[nonce] = places[0]
                known[nonce] = msgspec.structs.replace(places[0], repeated=True)
            answer.append(places)
        self._nonces.save({nonce: self._number(place) for nonce, place in used.items()}, now)
        return answer

    def _write(self, events: Sequence[Event], now: int) -> list[list[Place]]:
        heads = self._heads
        moved: dict[str, Head] = {}
        rows: list[tuple[Value, ...]] = []
        logs: list[str] = []
        numbers: list[int] = []
        times: list[int] = []
        for event in events:
            if not event.logs:
                continue
            row = encode(event)
            talk = row[2] in TALK_KINDS
            for log in event.logs:
                head = moved[log] = heads[log]
                number, ts = head.advance(now, talk)
                rows.append((number, ts, *row))
                numbers.append(number)
                times.append(ts)
                logs.append(log)
        rows.sort()  # by number: neighbours in the file are written one after the other, at three quarters of the cost
        insert(self._database, "INSERT INTO msg (id, ts, who, account, kind, body, tags)", rows)
        heads.save(moved.values())
        self._moved, self.written = moved.values(), len(rows)
        seqs = [number & SEQ_MASK for number in numbers]
        places = map(Place, logs, seqs, times, self._ids.encode(numbers))
        return [list(islice(places, len(event.logs))) for event in events]

    def _learn(self, facts: Sequence[Fact], ts: int) -> None:
        """One by one: of two about the same thing the later one holds."""
        for fact in facts:
            if fact.value is None:
                self._database.execute(_FORGET, (fact.scope, fact.key, fact.field))
            else:
                self._database.execute(_LEARN, (fact.scope, fact.key, fact.field, fact.value, ts))

    def _number(self, place: Place) -> int:
        return number_of(self._heads[place.log].cid, place.seq)


def _repeats(nonces: Sequence[Nonce | None], known: Collection[Nonce]) -> list[bool]:
    """For each nonce whether it was used before, in the store or earlier in the group."""
    seen = set(known)
    repeats = []
    for nonce in nonces:
        repeats.append(nonce in seen)
        if nonce:
            seen.add(nonce)
    return repeats
