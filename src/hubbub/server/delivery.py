"""Delivery: from an entry and its audience to bytes in outboxes, and from outboxes to links.

The hot path. Three things make it fast, and all are here: an entry is written down once per look; all that a room
hears in one turn is joined once per look, and the same bytes object goes to every member; all that a session gets in
a turn leaves in one write.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Sequence
from typing import Any, Protocol, TypeAlias

from hubbub.hub.channel import Audience, Hearers
from hubbub.hub.events import Entry
from hubbub.hub.ports import Link, Look, Session
from hubbub.server.origin import Origin


class Way(Protocol):
    """The way to several links; whoever owns the sockets may know a faster one than `OneByOne`."""

    def write(self, data: bytes, without: Collection[Any] = ()) -> None:
        """Write the same to all of them but those."""


Ways: TypeAlias = Callable[[Sequence[Any]], Way]


class OneByOne:
    def __init__(self, links: Sequence[Link]) -> None:
        self._links = links

    def write(self, data: bytes, without: Collection[Link] = ()) -> None:
        for link in self._links:
            if link not in without:
                link.write(data)


class _Batch:
    """What one room heard this turn, by look, and where a speaker reads something else than the rest."""

    __slots__ = ("audience", "own", "parts")

    def __init__(self, audience: Audience) -> None:
        self.audience = audience
        self.parts: dict[Look, list[bytes]] = {look: [] for look in audience}
        self.own: dict[Session, tuple[Look, list[tuple[int, bytes]]]] = {}

    def add(self, entry: Entry, origin: Origin | None) -> None:
        """Written once for each look; the speaker reads it their way."""
        for look, parts in self.parts.items():
            parts.append(look.render(entry))
        if origin is None:
            return
        session = origin.session
        parts = self.parts[session.look]
        data = parts[-1]
        heard = origin.heard(entry, data)
        if heard is not data:
            own = self.own.get(session)
            if own is None:
                own = self.own[session] = session.look, []
            own[1].append((len(parts) - 1, heard))

    def read_by(self, session: Session) -> bytes:
        """All of it, as a session reads it that spoke itself, in the look it had when it was said."""
        look, heard = self.own[session]
        parts = self.parts[look].copy()
        for index, own in heard:
            parts[index] = own
        return b"".join(parts)


class Delivery:
    """`ways` finds the way to links that are to get the same."""

    def __init__(self, ways: Ways = OneByOne) -> None:
        self._ways = ways
        self._batches: dict[int, _Batch] = {}
        self._unsent: list[Session] = []
        self.deliveries = 0
        """Entries, each counted once for everyone who was told of it."""

    @property
    def has_words(self) -> bool:
        """Whether anything is to be told."""
        return bool(self._batches or self._unsent)

    def talk(self, entry: Entry, audience: Audience, origin: Origin | None) -> None:
        """A message for a room, said by one of its members: joined with what else the room hears this turn."""
        batch = self._batches.get(id(audience))
        if batch is None:
            batch = self._batches[id(audience)] = _Batch(audience)
        batch.add(entry, origin)

    def tell_all(self, entry: Entry, audience: Audience, origin: Origin | None) -> None:
        """An entry of any other kind: it stands behind all talk of this turn, and before what comes."""
        self.settle()
        written = {look: look.render(entry) for look in audience}
        speaker = origin.session if origin is not None else None
        for look, data in written.items():
            if data:
                self._hear_all(audience[look], data, speaker)
        if origin is not None:
            look = origin.session.look
            data = written[look] if look in written else look.render(entry)
            self.tell(origin.session, origin.heard(entry, data))

    def tell(self, session: Session, data: bytes) -> None:
        """Bytes for one session, behind all that it heard so far."""
        if data:
            self.settle()
            self._hear(session, data)

    def settle(self) -> None:
        """Put what the rooms heard into the outboxes."""
        if self._batches:
            batches = list(self._batches.values())
            self._batches.clear()
            for batch in batches:
                self._share(batch)

    def flush(self) -> None:
        """Write every outbox out, each in one piece; what many got alike is written in one go."""
        if len(self._batches) == 1 and not self._unsent:
            self._broadcast(self._batches.popitem()[1])
            return
        self.settle()
        unsent, self._unsent = self._unsent, []
        alike: dict[Hashable, list[Session]] = {}
        for session in unsent:
            outbox = session.outbox
            if outbox:  # else it was closed meanwhile, and told its last words
                alike.setdefault(id(outbox[0]) if len(outbox) == 1 else tuple(map(id, outbox)), []).append(session)
        for sessions in alike.values():
            self._write(sessions)

    def _write(self, sessions: list[Session]) -> None:
        """The pieces that all their outboxes hold."""
        if len(sessions) == 1:
            sessions[0].flush()
            return
        data = b"".join(sessions[0].outbox)
        for session in sessions:
            session.outbox.clear()
        self._ways([session.link for session in sessions]).write(data)

    def _broadcast(self, batch: _Batch) -> None:
        """One room spoke in this turn, and nothing else is to be told: past the outboxes, right to the links."""
        own = batch.own
        speaking = {session.link for session in own}
        for look, hearers in batch.audience.items():
            data = b"".join(batch.parts[look])
            if data:
                self.deliveries += len(batch.parts[look]) * len(hearers)
                self._way_to(hearers).write(data, speaking)
        for session in own:
            if data := batch.read_by(session):
                session.link.write(data)

    def _way_to(self, hearers: Hearers) -> Way:
        way: Way | None = hearers.way
        if way is None:
            way = hearers.way = self._ways([session.link for session in hearers])
        return way

    def _share(self, batch: _Batch) -> None:
        own = batch.own
        for look, sessions in batch.audience.items():
            parts = batch.parts[look]
            joined = parts[0] if len(parts) == 1 else b"".join(parts)
            self.deliveries += len(parts) * len(sessions)
            for session in sessions:
                data = batch.read_by(session) if session in own else joined
                if data:
                    self._hear(session, data)

    def _hear_all(self, sessions: Collection[Session], data: bytes, but: Session | None) -> None:
        """`_hear` for many, at a third of its price: a thousand who join a room are half a million times this."""
        unsent = self._unsent
        self.deliveries += len(sessions)
        for session in sessions:
            if session is not but:
                outbox = session.outbox
                if not outbox:
                    unsent.append(session)
                outbox.append(data)

    def _hear(self, session: Session, data: bytes) -> None:
        if not session.outbox:
            self._unsent.append(session)
        session.outbox.append(data)
