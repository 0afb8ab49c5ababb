"""The timeline: what was decided and what is to be told, in order, while commits are under way.

It is cut into segments. One segment is being stored; the next fills meanwhile and is handed over when the first has
landed, so a group is whatever came up during one commit. A segment that landed is replayed: its decisions are settled
one by one, and between them runs whatever was queued behind them. That is how nothing a session is told overtakes
an entry decided before it.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from itertools import repeat
from typing import TypeAlias

from msgspec import Struct

from hubbub.hub.events import Entry, Event, Place
from hubbub.hub.ports import Store
from hubbub.hub.promise import Promise
from hubbub.server.origin import Origin

Action: TypeAlias = Callable[[], None]


class Decision(Struct, frozen=True, eq=False, gc=False):
    """An event on its way: where it came from, and who waits for its entry, if anybody does."""

    event: Event
    origin: Origin | None
    promise: Promise[Entry] | None


Outcome: TypeAlias = Sequence[Place] | Exception
Settle: TypeAlias = Callable[[Decision, Outcome], None]
Report: TypeAlias = Callable[[Exception], None]


class _Segment:
    """Some decisions that are stored as one group, and what is queued behind each."""

    __slots__ = ("events", "items")

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.items: deque[Decision | Action] = deque()


class Timeline:
    """`settle` is called for each decision in order, with the places it got or the error of its group.

    `report` is told once of each group that failed, and of a fault in what was queued.
    """

    def __init__(self, store: Store, settle: Settle, report: Report) -> None:
        self._store = store
        self._settle = settle
        self._report = report
        self._segments: deque[_Segment] = deque()
        self._open: _Segment | None = None
        self._flying: _Segment | None = None
        self._landed: deque[tuple[_Segment, Promise[list[list[Place]]]]] = deque()
        self._replaying = self._closed = False
        self.in_place = False
        """Whether the code that runs now runs at its place in the timeline: what it says, it says here."""

    @property
    def behind(self) -> bool:
        """Whether something decided has not been settled yet."""
        return bool(self._segments)

    @property
    def waiting(self) -> bool:
        """Whether a group could be handed to the store now."""
        return self._open is not None and self._flying is None and not self._closed

    @property
    def storing(self) -> object | None:
        """The group that is with the store, if one is."""
        return self._flying

    def decide(self, decision: Decision) -> None:
        """Put a decision at the end; ephemera, which no log keeps, are settled as soon as all before them is.

        Whoever decides is in place no longer: what they say next stands behind their decision.
        """
        self.in_place = False
        if not decision.event.logs and not decision.event.facts:
            self.queue(lambda: self._settle(decision, ()))
            return
        if self._open is None:
            self._open = _Segment()
            self._segments.append(self._open)
        self._open.items.append(decision)
        self._open.events.append(decision.event)

    def queue(self, action: Action) -> None:
        """Do it when all that was decided is settled: now, if nothing is on its way."""
        if self._segments:
            self._segments[-1].items.append(action)
        else:
            action()

    def hand_over(self) -> None:
        """Give the open segment to the store, if none is there."""
        if not self.waiting or self._open is None:
            return
        segment, self._open = self._open, None
        self._flying = segment
        promise = self._store.append(segment.events)
        promise.then(lambda: self._land(segment, promise))

    def close(self) -> None:
        """Give the store nothing more: what it has not got by now never happens, and nobody hears of it."""
        self._closed = True

    def _land(self, segment: _Segment, promise: Promise[list[list[Place]]]) -> None:
        """A group is stored, or failed. The next one leaves first: the store works while we deliver.

        A store without a disk answers on the spot, within this very call; then the replay that is going on takes it.
        """
        self._flying = None
        self._landed.append((segment, promise))
        self.hand_over()
        if self._replaying:
            return
        self._replaying = True
        try:
            while self._landed:
                self._replay(*self._landed.popleft())
        finally:
            self._replaying = False

    def _replay(self, segment: _Segment, promise: Promise[list[list[Place]]]) -> None:
        items, outcomes = segment.items, self._outcomes(promise)
        while items:
            item = items.popleft()
            self.in_place = True
            try:
                if isinstance(item, Decision):
                    self._settle(item, next(outcomes))
                else:
                    item()
            except Exception as fault:  # ours, and of this item alone: those behind it have their turn
                self._report(fault)
        self.in_place = False
        self._segments.popleft()

    def _outcomes(self, promise: Promise[list[list[Place]]]) -> Iterator[Outcome]:
        try:
            return iter(promise.result())
        except Exception as error:
            self._report(error)
            return repeat(error)
