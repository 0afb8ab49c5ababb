"""A disk: what a store has committed outlives the server. Commits take time, fail while the disk is full, and end
with the process, before or after they are durable.

The memory store stands for the file; `sqlite_disk.py` has a real one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from random import Random
from typing import Any, TypeVar

from hubbub.hub.events import Entry, Event, Place, Quit
from hubbub.hub.ports import Clock, StoreFailed, Window
from hubbub.hub.promise import Promise
from hubbub.stores.memory import MemoryStore
from hubbub.stores.memory_accounts import MemoryAccounts
from hubbub.stores.sqlite import SqliteAccounts
from tests.simulator.loop import VirtualLoop

T = TypeVar("T")


class Lost(Exception):
    """The disk does not hold what it said that it does."""


EVERYTHING = Window(1_000_000)


@dataclass(frozen=True, slots=True)
class Unlogged:
    """Somebody went while nothing could be stored: it happened, and no log says so."""

    mask: str


@dataclass(frozen=True, slots=True)
class Restart:
    """The server began anew; whoever was here is not."""


Item = Entry | Unlogged | Restart


@dataclass
class Tape:
    """What happened in each log, in order; what the logs do not say stands where it came between."""

    logs: dict[str, list[Item]] = field(default_factory=dict)
    places: dict[str, tuple[str, int]] = field(default_factory=dict)
    """Of each msgid: its log, and its index on the tape."""

    def add(self, log: str, item: Item) -> None:
        tape = self.logs.setdefault(log, [])
        if isinstance(item, Entry):
            self.places[item.place.msgid] = log, len(tape)
        tape.append(item)

    def entries(self, log: str) -> list[Entry]:
        return [item for item in self.logs.get(log, ()) if isinstance(item, Entry)]


class Disk:
    """`store` opens it for one life of the server; `crash` ends that."""

    def __init__(self, loop: VirtualLoop, clock: Clock, seed: str) -> None:
        self.tape = Tape()
        self.full = False
        self.loop, self.clock = loop, clock
        self.random = Random(f"{seed}/disk")
        self.slow = self.usual = self.random.choice((1.0, 1.0, 4.0, 15.0))
        self.accounts: MemoryAccounts | SqliteAccounts = MemoryAccounts()
        self._memory: Any = MemoryStore(clock)

    def open(self) -> Drive:
        return Drive(self, self._memory)

    def fill(self, full: bool) -> None:
        self.full = full

    def close(self) -> None:
        """Nobody comes back to it."""

    def wait(self) -> float:
        """How long a step of it takes."""
        return self.slow * self.random.choice((0.0, 0.001, 0.002, 0.004, 0.01, 0.05))

    async def ask(self, promise: Promise[T]) -> T:
        """The value of a promise, in a task."""
        done = self.loop.create_future()
        promise.then(lambda: done.set_result(None))
        await done
        return promise.result()

    async def recover(self, drive: Drive) -> None:
        """Compare what is there with the tape: nothing of it is lost, and what nobody was told of is added to it."""
        for target in await self.ask(drive.everything()):
            found = await self.ask(drive.page(target, EVERYTHING))
            known = self.tape.entries(target)
            for one, other in zip_longest(known, found[: len(known)]):
                if other is None or _gist(one) != _gist(other):
                    raise Lost(f"{target} should hold {one}, and holds {other}")
            for entry in found[len(known) :]:
                self.tape.add(target, entry)


class Drive:
    """One life of a store. Commits go one after the other; reads overtake each other."""

    def __init__(self, disk: Disk, inner: Any) -> None:
        self.disk, self.inner, self.alive = disk, inner, True
        self._groups: deque[tuple[list[Event], Promise[Any]]] = deque()
        self._waited_for: list[Promise[Any]] = []

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        promise: Promise[list[list[Place]]] = self._open(Promise())
        self._groups.append((list(events), promise))
        if len(self._groups) == 1:
            self._later(self._write)
        return promise

    def secret(self, purpose: str) -> bytes:
        secret: bytes = self.inner.secret(purpose)
        return secret

    def everything(self) -> Promise[list[str]]:
        promise: Promise[list[str]] = Promise()
        promise.keep(list(self.inner._logs))
        return promise

    def __getattr__(self, name: str) -> Callable[..., Promise[Any]]:
        """Any other method reads, at some moment, and answers at some other."""
        method = getattr(self.inner, name)

        def read(*values: Any) -> Promise[Any]:
            promise: Promise[Any] = self._open(Promise())
            self._later(lambda: method(*values), promise)
            return promise

        return read

    def _open(self, promise: Promise[T]) -> Promise[T]:
        if self.alive:
            self._waited_for.append(promise)
        else:
            promise.fail(StoreFailed("the process has ended"))
        return promise

    def _later(self, work: Callable[[], Promise[Any] | None], promise: Promise[Any] | None = None) -> None:
        self.disk.loop.arrive(self.disk.wait(), lambda: self._do(work, promise))

    def _do(self, work: Callable[[], Promise[Any] | None], promise: Promise[Any] | None) -> None:
        if not self.alive:
            return
        answer = work()
        if promise is not None and answer is not None:
            self._later(lambda: settle(promise, answer))

    def _write(self) -> None:
        """From here on the group is durable, or never will be."""
        events, promise = self._groups[0]
        answer: Promise[Any] = Promise()
        if self.disk.full:
            answer.fail(StoreFailed("the disk is full"))
        else:
            answer = self.inner.append(events)
        self._later(lambda: self._land(events, promise, answer))

    def _land(self, events: list[Event], promise: Promise[Any], answer: Promise[Any]) -> None:
        record(self.disk.tape, events, answer)
        self._groups.popleft()
        if self._groups:
            self._later(self._write)
        settle(promise, answer)

    def crash(self) -> None:
        """What was not written is gone. Who waits in the dead process is unwound: nobody hears what they say."""
        self.alive = False
        while self._waited_for:
            promise = self._waited_for.pop()
            if not promise.done:
                promise.fail(StoreFailed("the process has ended"))

    def close(self) -> None:
        self.crash()


def _gist(entry: Entry) -> tuple[object, ...]:
    return entry.place, type(entry.event), entry.event.who.mask, getattr(entry.event, "text", "")


def settle(promise: Promise[Any], answer: Promise[Any]) -> None:
    try:
        value = answer.result()
    except Exception as error:
        promise.fail(error)
    else:
        promise.keep(value)


def record(tape: Tape, events: Sequence[Event], answer: Promise[Any]) -> None:
    """What became of a group."""
    try:
        outcome = answer.result()
    except StoreFailed:
        for event in events:
            if isinstance(event, Quit):
                for log in event.logs:
                    tape.add(log, Unlogged(event.who.mask))
        return
    for event, places in zip(events, outcome, strict=True):
        for place in places:
            if not place.repeated:
                tape.add(place.log, Entry(event, place))
