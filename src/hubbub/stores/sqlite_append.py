"""A group of events becomes rows, and each event gets its places: the path that every message takes.

It runs inside the writer's transaction. The row is what a message in a small room costs: the one loop over events is
plain, and what can be done with a log's whole run, or with the group, is: numbers, times, ids, and statements.
"""

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat, starmap
from operator import attrgetter
from typing import Final

import apsw
import msgspec

from hubbub.hub.events import Event, Fact, Place, Said
from hubbub.stores.msgid import SEQ_MASK, MsgIds, number_of
from hubbub.stores.nonces import Nonce, nonce_of
from hubbub.stores.revisions import REVISIONS
from hubbub.stores.rows import TALK_KINDS, Row, encode
from hubbub.stores.sqlite_bulk import insert
from hubbub.stores.sqlite_heads import Head, Heads
from hubbub.stores.sqlite_nonces import Nonces
from hubbub.stores.sqlite_revisions import Revisions
from hubbub.stores.sqlite_trim import trim

_MSG: Final = "INSERT INTO msg (id, ts, who, account, kind, body, tags)"
_LEARN: Final = "REPLACE INTO fact (scope, key, field, value, ts) VALUES (?, ?, ?, ?, ?)"
_FORGET: Final = "DELETE FROM fact WHERE scope = ? AND key = ? AND field = ?"

_TALK: Final = frozenset({Said})
"""Events that bring nothing about: they are said, and that is all."""

_NONCE: Final = attrgetter("nonce")
_CID: Final = attrgetter("cid")


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
        answer = self._write_once(events, now) if any(map(_NONCE, events)) else self._write(events, now)
        if not _TALK.issuperset(map(type, events)):
            for event, places in zip(events, answer, strict=True):
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

    def _write_once(self, events: Sequence[Event], now: int) -> list[list[Place]]:
        """Of the events that carry one nonce, only the day's first is written."""
        nonces = [nonce_of(event) for event in events]
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
        runs: defaultdict[str, list[Row]] = defaultdict(list)
        for event in events:
            if event.logs:
                row = encode(event)
                for log in event.logs:
                    runs[log].append(row)
        places = self._write_runs(runs, now)
        return [[next(places[log]) for log in event.logs] for event in events]

    def _write_runs(self, runs: Mapping[str, Sequence[Row]], now: int) -> dict[str, Iterator[Place]]:
        """By number: neighbours in the file are written one after the other, at three quarters of the cost."""
        self._moved = moved = sorted(map(self._heads.__getitem__, runs), key=_CID)
        numbers, times, rows = list[int](), list[int](), list[Row]()
        for head in moved:
            run = runs[head.name]
            number, ts = head.advance(now, len(run), _talk(run))
            numbers += range(number, number + len(run))
            times += range(ts, ts + len(run))
            rows += run
        insert(self._database, _MSG, list(zip(numbers, times, *zip(*rows, strict=True), strict=True)))
        self._heads.save(moved)
        self.written = len(rows)
        logs = [(head.name, len(runs[head.name])) for head in moved]
        names = chain.from_iterable(starmap(repeat, logs))
        placed = map(Place, names, map(SEQ_MASK.__and__, numbers), times, self._ids.encode(numbers))
        return {name: iter(list(islice(placed, count))) for name, count in logs}

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


def _talk(run: Sequence[Row]) -> int:
    """How many of these rows it is up to the last with talk."""
    return next((count for count in range(len(run), 0, -1) if run[count - 1][2] in TALK_KINDS), 0)
