"""What the store tests share: a clock to set, a loop to turn, people who talk, and stores of every kind."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from tempfile import TemporaryDirectory
from typing import TypeVar

import apsw
import msgspec

from hubbub.hub.events import Entry, Event, Place, Said, Who
from hubbub.hub.ports import Window
from hubbub.hub.promise import Promise
from hubbub.stores.memory import MemoryStore
from hubbub.stores.sqlite import SqliteStore, open_reader

T = TypeVar("T")

NOON = 1_790_000_000_000
DAY = 24 * 60 * 60 * 1000
EVERYTHING = Window(10_000)
KINDS = ("memory", "sqlite")

MAYA = Who("maya!maya@host.example", "maya")
LEO = Who("leo!~leo@192.0.2.7")


class HandClock:
    """A wall clock that stands still until it is set."""

    def __init__(self) -> None:
        self.wall = NOON

    def now(self) -> int:
        return self.wall

    def monotonic(self) -> float:
        return 0.0


class Loop:
    """Where other threads hand things over, and the test's thread does them."""

    def __init__(self) -> None:
        self._ready: SimpleQueue[Callable[[], None]] = SimpleQueue()

    def soon(self, action: Callable[[], None]) -> None:
        self._ready.put(action)

    def wait(self, promise: Promise[T]) -> T:
        """Turn until it is settled; its value, or the error it was broken with."""
        while not promise.done:
            self._ready.get(timeout=30)()
        return promise.result()


class Shelf:
    """A store with its clock and its loop."""

    def __init__(self, store: MemoryStore | SqliteStore, clock: HandClock, loop: Loop) -> None:
        self.store = store
        self.clock = clock
        self.wait = loop.wait

    def add(self, *events: Event) -> list[list[Place]]:
        return self.wait(self.store.append(events))

    def page(self, log: str = "#lobby", window: Window = EVERYTHING) -> list[Entry]:
        return self.wait(self.store.page(log, window))

    def texts(self, log: str = "#lobby") -> list[str]:
        """What was said there, all of it."""
        return texts(self.page(log))


@contextmanager
def shelf_of(kind: str) -> Iterator[Shelf]:
    """A fresh store of that kind, gone afterwards."""
    clock, loop = HandClock(), Loop()
    with TemporaryDirectory() as directory:
        stores: dict[str, Callable[[], MemoryStore | SqliteStore]] = {
            "memory": lambda: MemoryStore(clock),
            "sqlite": lambda: SqliteStore(Path(directory), clock, loop.soon),
        }
        store = stores[kind]()
        try:
            yield Shelf(store, clock, loop)
        finally:
            store.close()


def log_of(directory: Path, log: str = "#lobby") -> list[Entry]:
    """All of it, from a database that nobody need have open."""
    with open_reader(directory) as reader:
        return reader.page(log, EVERYTHING)


def meddle(directory: Path, statements: str) -> None:
    """With a closed database, or with one that is not there yet."""
    database = apsw.Connection(str(directory / "hubbub.db"))
    database.execute(statements).fetchall()
    database.close()


def said(text: str, log: str = "#lobby", *, who: Who = MAYA, verb: str = "PRIVMSG", nonce: str = "") -> Said:
    return Said(who, (log,), verb, log, text, None, nonce)


def entries(events: Sequence[Event], places: Sequence[Sequence[Place]], log: str) -> list[Entry]:
    """What a log should hold after these events got these places: each once, as this log keeps it."""
    pairs = [(event, place) for event, each in zip(events, places, strict=True) for place in each]
    return [Entry(as_kept(event, log), place) for event, place in pairs if place.log == log and not place.repeated]


def as_kept(event: Event, log: str) -> Event:
    """A log keeps an event as its own, and no nonce."""
    kept: Event = msgspec.structs.replace(event, logs=(log,))
    return msgspec.structs.replace(kept, nonce="") if isinstance(kept, Said) else kept


def texts(found: Sequence[Entry]) -> list[str]:
    return [entry.event.text for entry in found if isinstance(entry.event, Said)]
