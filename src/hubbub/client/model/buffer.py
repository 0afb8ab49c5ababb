"""One conversation as a person looks at it: its entries in order, how much is unread, what is being typed."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import Enum
from typing import Final

from hubbub.client.model.entry import SPOKEN, Entry

# What one buffer holds in memory at most. The server has the rest, and a face may ask for it again.
KEPT: Final = 10_000

# Dropped at once, so that dropping is rare.
_DROPPED: Final = 1000

# Reactions, edits and redactions that wait for the message they are about.
_EARLY_MAX: Final = 1000
_EARLY_EACH: Final = 50

# Where a server names no entries, so many at the beginning are compared with those of a page.
_NAMELESS: Final = 300

# Lines typed before that one can go back to.
_TYPED_MAX: Final = 200


class Place(Enum):
    """What kind of conversation a buffer is."""

    ROOM = "room"
    PERSON = "person"
    STATUS = "status"


@dataclass(slots=True)
class Change:
    """What became of a buffer since somebody looked: so many entries came at its ends or went from its beginning.

    `touched` were there before and look different now; `rest` says that the entries are to be read anew.
    """

    appended: int = 0
    prepended: int = 0
    dropped: int = 0
    touched: list[Entry] = field(default_factory=list)
    waiting: bool = False
    rest: bool = False


@dataclass(slots=True, eq=False)
class Buffer:
    """A conversation. `entries` are in the order of its log; `waiting` are ours that the server has not, behind them.

    `watched` says that a person sees its end just now; `fresh` is the first entry they had not seen when they came.
    `marker` is up to where we have read on any device, as far as we know.
    """

    name: str
    place: Place
    entries: list[Entry] = field(default_factory=list)
    waiting: list[Entry] = field(default_factory=list)
    unread: int = 0
    mentions: int = 0
    watched: bool = False
    fresh: Entry | None = None
    marker: datetime | None = None
    marked: datetime | None = None
    """Up to where the server knows that we have read."""
    whole: bool = False
    """Whether nothing can be had from before the first entry."""
    begins: bool = False
    """Whether the server says that nothing was said before it."""
    paging: bool = False
    """Whether earlier entries have been asked for."""
    left: bool = False
    """Whether we went out of this room: what was said since is not ours to know."""
    by_time: bool = False
    """Whether the server does not know the msgid that earlier entries were asked for with."""
    topic: str = ""
    draft: str = ""
    typed: list[str] = field(default_factory=list)
    change: Change = field(default_factory=Change)
    _named: dict[str, Entry] = field(default_factory=dict)
    _early: dict[str, list[object]] = field(default_factory=dict)

    def find(self, msgid: str) -> Entry | None:
        """The entry of that msgid, if it is here."""
        return self._named.get(msgid)

    def knows(self, entry: Entry) -> bool:
        """Whether an entry is here already."""
        if entry.msgid:
            return entry.msgid in self._named
        return any(_same(entry, known) for known in self.entries[:_NAMELESS])

    def add(self, entry: Entry) -> None:
        """Something happened now."""
        if entry.msgid and entry.msgid in self._named:
            return
        self.entries.append(entry)
        self.change.appended += 1
        self._name(entry)
        self._count(entry)
        if len(self.entries) > KEPT + _DROPPED:
            self._drop(_DROPPED)

    def add_earlier(self, entries: Iterable[Entry]) -> int:
        """Entries from before the first one, oldest first; returns how many of them were not known."""
        fresh = [entry for entry in entries if not self.knows(entry)]
        self.entries[:0] = fresh
        self.change.prepended += len(fresh)
        for entry in fresh:
            self._name(entry)
        return len(fresh)

    def touch(self, entry: Entry) -> None:
        """An entry looks different now."""
        self.change.touched.append(entry)

    def wait(self, entry: Entry) -> None:
        """We wrote something: until the server has it, it stands behind everything."""
        self.waiting.append(entry)
        self.change.waiting = True

    def awaited(self, label: str) -> Entry | None:
        """Our message of that label, if it still waits."""
        return next((entry for entry in self.waiting if entry.detail.label == label), None)

    def settle(self, entry: Entry) -> None:
        """One of ours waits no more."""
        self.waiting.remove(entry)
        self.change.waiting = True

    def put_off(self, msgid: str, event: object) -> None:
        """Something is about a message that is not here: keep it until a page of history brings that."""
        waiting = self._early.setdefault(msgid, [])
        if len(waiting) < _EARLY_EACH:
            waiting.append(event)
        if len(self._early) > _EARLY_MAX:
            del self._early[next(iter(self._early))]

    def overdue(self, msgid: str) -> list[object]:
        """What was put off until this message came."""
        return self._early.pop(msgid, [])

    def clear(self) -> None:
        """Begin anew."""
        self.entries.clear()
        self._named.clear()
        self._early.clear()
        self.whole = self.begins = self.by_time = self.left = False
        self.fresh = None
        self.change = Change(rest=True)

    def rename(self, name: str) -> None:
        """The conversation is called something else."""
        self.name = name
        self.change.rest = True

    def take_change(self) -> Change:
        """What became of it since the last call."""
        change, self.change = self.change, Change()
        return change

    # Reading.

    def read(self) -> None:
        """A person has seen it all."""
        self.unread = self.mentions = 0
        if self.entries:
            self.marker = max(self.marker or self.entries[-1].at, self.entries[-1].at)

    def look(self) -> None:
        """A person comes to this buffer, and sees its end."""
        if self.marker is None:
            self._stand(None)  # nobody has read anything here: all is new
        self.watched = True
        self.read()

    def leave(self) -> None:
        """A person goes elsewhere: what they have seen is not new to them when they come back."""
        self.watched = False
        if not self.unread:
            self._stand(None)

    def mark(self, at: datetime | None) -> None:
        """Another device of ours, or this one before, has read up to there."""
        self.marked = at
        if at is not None and (self.marker is None or at > self.marker):
            self.marker = at
        self.recount()

    def recount(self) -> None:
        """Count again what is unread: all that people said behind the marker."""
        if self.marker is None or self.watched:
            return
        self.unread = self.mentions = 0
        first = None
        for entry in reversed(self.entries):
            if entry.at <= self.marker or (entry.own and entry.kind in SPOKEN):
                break  # who comes has read nothing yet; who speaks has
            if entry.kind in SPOKEN:
                self.unread += 1
                self.mentions += entry.mention
                first = entry
        self._stand(first)

    def type(self, text: str) -> None:
        """Remember a line that was typed here."""
        if text and self.typed[-1:] != [text]:
            self.typed = [*self.typed, text][-_TYPED_MAX:]

    def _count(self, entry: Entry) -> None:
        if entry.own and entry.kind in SPOKEN:
            self.read()  # who answers has read; it may have been on another device
            if not self.watched:
                self._stand(None)
        elif self.watched:
            self.read()
        elif entry.kind in SPOKEN and not self._is_read(entry):
            if not self.unread:
                self._stand(entry)
            self.unread += 1
            self.mentions += entry.mention

    def _is_read(self, entry: Entry) -> bool:
        return self.marked is not None and entry.at <= self.marked

    def _stand(self, entry: Entry | None) -> None:
        """Have the unread line stand before an entry."""
        if entry is not self.fresh:
            self.fresh = entry
            self.change.rest = True

    def _name(self, entry: Entry) -> None:
        if entry.msgid:
            self._named[entry.msgid] = entry

    def _drop(self, count: int) -> None:
        for entry in self.entries[:count]:
            self._named.pop(entry.msgid, None)
        del self.entries[:count]
        self.whole = self.begins = False
        self.change.dropped += count


def _same(one: Entry, other: Entry) -> bool:
    return (one.at, one.kind, one.nick, one.text) == (other.at, other.kind, other.nick, other.text)
