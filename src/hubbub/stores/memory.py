"""The store without a disk: for tests, for trying things out, and to measure what a disk costs.

Every promise is kept within the call, and all is lost with the process; otherwise the contract is that of the ports.
"""

import hmac
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice, takewhile
from os import urandom

import msgspec

from hubbub.hub.events import GONE, TALK, Edited, Entry, Event, Fact, Place, Redacted, Said, parties
from hubbub.hub.ports import Clock, Mark, NotFound, Sought, StoreFailed, Target, Window
from hubbub.hub.promise import Promise, broken, kept
from hubbub.stores import spans
from hubbub.stores.msgid import MsgIds, number_of, place_of
from hubbub.stores.nonces import DAY, Nonce, nonce_of
from hubbub.stores.revisions import GONE_KIND, REPLACED_KIND, REVISIONS, SPOKEN_KINDS, edited, edits
from hubbub.stores.rows import TALK_KINDS, Row, decode, encode, kinds_of
from hubbub.stores.spans import Span
from hubbub.stores.words import Phrase, phrases, words


class MemoryStore:
    """A `Store` that is gone with the process."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._ids = MsgIds(urandom(16), epoch=1)
        self._key = urandom(16)
        self._logs: dict[str, _Log] = {}
        self._founded = 0
        self._pairs: dict[str, set[str]] = {}
        self._nonces: dict[Nonce, tuple[int, Place]] = {}  # when it was stored and where, oldest first
        self._facts: dict[tuple[str, str, str], Fact] = {}
        self._closed = False

    def secret(self, purpose: str) -> bytes:
        """32 bytes for one purpose, for as long as this store lasts."""
        return hmac.digest(self._key, purpose.encode(), "sha256")

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        if self._closed:
            return broken(StoreFailed("the store is closed"))
        try:
            rows = [encode(event) if event.logs else None for event in events]
        except TypeError as error:
            return broken(StoreFailed(str(error)))
        now = self._clock.now()
        self._forget(now)
        return kept([self._take_in(event, row, now) for event, row in zip(events, rows, strict=True)])

    def page(self, log: str, window: Window) -> Promise[list[Entry]]:
        return self._read(log, lambda found: [spans.of_page(found, window)])

    def between(self, log: str, start: Mark, end: Mark, window: Window) -> Promise[list[Entry]]:
        return self._read(log, lambda found: [spans.of_between(found, start, end, window)])

    def around(self, log: str, mark: Mark, window: Window) -> Promise[list[Entry]]:
        return self._read(log, lambda found: spans.of_around(found, mark, window))

    def targets(self, logs: Sequence[str], identity: str, after: int, before: int, limit: int) -> Promise[list[Target]]:
        wanted = {*logs, *self._pairs.get(identity, ())}
        early, late = min(after, before), max(after, before)
        found = [target for target in self._talked(wanted) if early < target.ts < late]
        limit = max(limit, 0)
        return kept(found[:limit] if after < before else found[max(len(found) - limit, 0) :])

    def search(self, logs: Sequence[str], identity: str, sought: Sought, window: Window) -> Promise[list[Entry]]:
        names = {*logs, *self._pairs.get(identity, ())}
        talked = [self._logs[target.log] for target in self._talked(names)]
        found = [entry for log in talked for entry in log.find(sought, window)]
        found.sort(key=lambda entry: (entry.place.ts, entry.place.log))
        limit = max(window.limit, 0)
        return kept(found[max(len(found) - limit, 0) :] if window.newest else found[:limit])

    def outdated(self, times: Mapping[str, int], otherwise: int) -> Promise[list[str]]:
        logs = [log for log in self._logs.values() if log.tail < log.head]
        return kept([log.name for log in logs if log.ts(log.tail + 1) < times.get(log.name, otherwise)])

    def forget(self, log: str, before: int, limit: int) -> Promise[int]:
        return kept(self._logs[log].trim(before, limit) if log in self._logs else 0)

    def facts(self) -> Promise[list[Fact]]:
        return kept([fact for _, fact in sorted(self._facts.items())])

    def conversations(self) -> Promise[list[Target]]:
        """All conversations with talk in them, those with the latest talk last."""
        return kept(self._talked(set(self._logs)))

    def close(self) -> None:
        self._closed = True

    def _take_in(self, event: Event, row: Row | None, now: int) -> list[Place]:
        places = self._place(event, row, now)
        if isinstance(event, REVISIONS):
            self._logs[places[0].log].revise(event, places[0])
        self._learn(event.facts, places[0].ts if places else now)
        for old, new in event.moves:
            self._move(old, new)
        return places

    def _place(self, event: Event, row: Row | None, now: int) -> list[Place]:
        nonce = nonce_of(event)
        first = self._nonces.get(nonce) if nonce else None
        if first is not None and now - first[0] < DAY:
            return [msgspec.structs.replace(first[1], repeated=True)]
        places = [self._log(log).add(row, now) for log in event.logs] if row else []
        if nonce is not None:
            self._nonces.pop(nonce, None)  # to stand last again
            self._nonces[nonce] = now, places[0]
        return places

    def _learn(self, facts: Iterable[Fact], ts: int) -> None:
        for fact in facts:
            name = (fact.scope, fact.key, fact.field)
            self._facts.pop(name, None)
            if fact.value is not None:
                self._facts[name] = msgspec.structs.replace(fact, ts=ts)

    def _move(self, log: str, name: str) -> None:
        """The log goes on as `name`. What was called so before is kept under a name that nothing else can have."""
        former, moved = self._logs.pop(name, None), self._logs.pop(log, None)
        for found, called in ((former, f"{name} {former.cid}" if former else ""), (moved, name)):
            if found is not None:
                self._logs[called] = found
                found.call(called)

    def _forget(self, now: int) -> None:
        """Drop the nonces of yesterday. A clock that jumped back delays this, no more."""
        while self._nonces and now - self._nonces[oldest := next(iter(self._nonces))][0] >= DAY:
            del self._nonces[oldest]

    def _log(self, name: str) -> "_Log":
        if name not in self._logs:
            self._founded += 1
            self._logs[name] = _Log(name, self._founded, self._ids)
            for identity in parties(name):
                self._pairs.setdefault(identity, set()).add(name)
        return self._logs[name]

    def _read(self, log: str, locate: Callable[["_Log"], Iterable[Span]]) -> Promise[list[Entry]]:
        found = self._logs.get(log) or _Log(log, 0, self._ids)
        try:
            return kept([entry for span in locate(found) for entry in found.read(span)])
        except NotFound as error:
            return broken(error)

    def _talked(self, names: Iterable[str]) -> list[Target]:
        logs = [self._logs[name] for name in names if name in self._logs]
        found = [Target(log.name, log.talk_ts) for log in logs if log.talk_ts]
        return sorted(found, key=lambda target: (target.ts, target.log))


class _Log:
    """One conversation, as `spans.Log` asks for it; its entries stand beside their kinds."""

    def __init__(self, name: str, cid: int, ids: MsgIds) -> None:
        self.name = name
        self.talk_ts = 0
        self.cid = cid
        self.tail = 0
        self._ids = ids
        self._latest = 0
        self._entries: list[tuple[int, Entry]] = []

    def call(self, name: str) -> None:
        """Its rows belong to a log of another name now: they are read as that log keeps them."""
        self.name = name
        for index, (kind, entry) in enumerate(self._entries):
            place = msgspec.structs.replace(entry.place, log=name)
            self._entries[index] = kind, Entry(decode(name, encode(entry.event)), place)

    @property
    def head(self) -> int:
        return self.tail + len(self._entries)

    def ts(self, seq: int) -> int:
        return self._at(seq)[1].place.ts

    def trim(self, before: int, limit: int) -> int:
        """Remove at most `limit` of the first entries, those from before that time (ms); how many it were."""
        old = takewhile(lambda each: each[1].place.ts < before, islice(self._entries, max(limit, 0)))
        count = len(list(old))
        del self._entries[:count]
        self.tail += count
        if self.talk_ts < before and count:
            self.talk_ts = 0
        return count

    def seq(self, msgid: str) -> int:
        cid, seq = place_of(self._ids.decode(msgid) or 0)
        if cid != self.cid or not self.tail < seq <= self.head:
            raise NotFound(f"{msgid!r} names no entry of {self.name}")
        return seq

    def add(self, row: Row, now: int) -> Place:
        seq = self.head + 1
        self._latest = ts = max(now, self._latest + 1)
        place = Place(self.name, seq, ts, self._ids.encode([number_of(self.cid, seq)])[0])
        kind = row[2]
        self._entries.append((kind, Entry(decode(self.name, row), place)))
        if kind in TALK_KINDS:
            self.talk_ts = ts
        return place

    def revise(self, event: Redacted | Edited, place: Place) -> None:
        """`event` stands at `place`. What it names may be gone already: then nothing changes."""
        cid, seq = place_of(self._ids.decode(event.msgid) or 0)
        kind, entry = self._at(seq) if cid == self.cid and seq > self.tail else (0, None)
        if entry is None or kind not in SPOKEN_KINDS:
            return
        former = edits(entry.event)
        if isinstance(event, Redacted):
            for one in (seq, *former):
                self._put(one, GONE_KIND, Said(self._at(one)[1].event.who, (self.name,), GONE, self.name, ""))
        elif isinstance(entry.event, Said):
            for one in former[-1:]:
                self._put(one, REPLACED_KIND, self._at(one)[1].event)
            self._put(seq, kind, edited(entry.event, event, place.seq, place.ts))

    def _put(self, seq: int, kind: int, event: Event) -> None:
        self._entries[seq - 1 - self.tail] = kind, Entry(event, self._at(seq)[1].place)

    def _at(self, seq: int) -> tuple[int, Entry]:
        return self._entries[seq - 1 - self.tail]

    def find(self, sought: Sought, window: Window) -> list[Entry]:
        span = spans.of_page(self, msgspec.structs.replace(window, verbs=TALK))
        wanted = phrases(sought.text)
        found = [e for e in self.read(msgspec.structs.replace(span, limit=self.head)) if _by(e, sought.sender)]
        if sought.text:
            found = [entry for entry in found if wanted and _says(entry, wanted)]
        return found[max(len(found) - span.limit, 0) :] if span.newest else found[: span.limit]

    def read(self, span: Span) -> list[Entry]:
        kinds = kinds_of(span.verbs, span.without)
        seqs = range(span.after + 1, span.before)[:: -1 if span.newest else 1]
        run = (self._at(seq) for seq in seqs)
        found = list(islice((entry for kind, entry in run if kind in kinds), span.limit))
        return found[::-1] if span.newest else found


def _by(entry: Entry, nick: str) -> bool:
    return not nick or entry.event.who.nick.lower() == nick.lower()


def _says(entry: Entry, wanted: Iterable[Phrase]) -> bool:
    said = words(entry.event.text) if isinstance(entry.event, Said) else []
    return all(phrase.found_in(said) for phrase in wanted)
