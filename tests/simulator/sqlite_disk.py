"""SQLite's own store as a disk, its threads as steps of the loop."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Generic, TypeVar
from unittest.mock import patch

from hubbub.hub.events import Event, Place
from hubbub.hub.ports import Clock, StoreFailed
from hubbub.hub.promise import Promise
from hubbub.stores import sqlite
from hubbub.stores.crew import Tool
from hubbub.stores.sqlite import SqliteAccounts, SqliteStore
from tests.simulator.disk import Disk, Drive, record, settle
from tests.simulator.loop import VirtualLoop

U = TypeVar("U", bound=Tool)


class SqliteDisk(Disk):
    """SQLite's own store in a directory of its own; a full disk is a commit that fails."""

    def __init__(self, loop: VirtualLoop, clock: Clock, seed: str) -> None:
        super().__init__(loop, clock, seed)
        self._directory = TemporaryDirectory()

    def open(self) -> Drive:
        with patch.object(sqlite, "Crew", partial(StepCrew, self)):
            store = SqliteStore(Path(self._directory.name), self.clock, _nowhere, synchronous="normal")
        store.write(lambda database: database.set_commit_hook(lambda: self.full))
        self.accounts = SqliteAccounts(store)
        return SqliteDrive(self, store)

    def close(self) -> None:
        self._directory.cleanup()


class SqliteDrive(Drive):
    inner: SqliteStore

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        promise: Promise[list[list[Place]]] = Promise()
        answer = self.inner.append(events)
        answer.then(lambda: self._stored(list(events), promise, answer))
        return promise

    def _stored(self, events: list[Event], promise: Promise[Any], answer: Promise[Any]) -> None:
        if self.alive:
            record(self.disk.tape, events, answer)
        settle(promise, answer)

    def everything(self) -> Promise[list[str]]:
        return self.inner.read(lambda database: [name for (name,) in database.execute("SELECT name FROM conv")])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    def crash(self) -> None:
        self.alive = False
        crews: Any = (self.inner._writing, self.inner._reading)  # of the kind below
        for crew in crews:
            crew.crash()
        self.inner.close()

    def close(self) -> None:
        self.inner.close()


class StepCrew(Generic[U]):
    """`stores.crew.Crew`, with steps of the loop for threads: a job is done at some moment, and told at some other."""

    def __init__(self, disk: Disk, name: str, size: int, fetch: Callable[[], U], soon: Any, rest: Any = None) -> None:
        self._disk, self._fetch, self._idle = disk, fetch, size
        self._jobs: deque[tuple[Callable[[U], Any], Promise[Any]]] = deque()
        self._telling: dict[Promise[Any], Promise[Any]] = {}  # what was done and is yet to be told
        self._tool: U | None = None
        self._closed = False

    def ask(self, job: Callable[[U], Any]) -> Promise[Any]:
        promise: Promise[Any] = Promise()
        if self._closed:
            promise.fail(StoreFailed("the store is closed"))
            return promise
        self._jobs.append((job, promise))
        self._begin()
        return promise

    def close(self) -> None:
        self._closed = True
        while self._jobs:
            settle(*self._work(*self._jobs.popleft()))
        while self._telling:
            settle(*self._telling.popitem())
        if self._tool is not None:
            self._tool.close()

    def crash(self) -> None:
        self._closed = True
        for _, promise in self._jobs:
            promise.fail(StoreFailed("the process has ended"))
        self._jobs.clear()
        while self._telling:
            self._telling.popitem()[0].fail(StoreFailed("the process has ended"))

    def _begin(self) -> None:
        if self._jobs and self._idle:
            self._idle -= 1
            self._disk.loop.arrive(self._disk.wait(), self._next)

    def _next(self) -> None:
        if self._jobs:
            promise, answer = self._work(*self._jobs.popleft())
            self._telling[promise] = answer
            self._disk.loop.arrive(self._disk.wait(), lambda: self._tell(promise))

    def _work(self, job: Callable[[U], Any], promise: Promise[Any]) -> tuple[Promise[Any], Promise[Any]]:
        answer: Promise[Any] = Promise()
        try:
            self._tool = self._tool or self._fetch()
            answer.keep(job(self._tool))
        except Exception as error:  # whatever it is, it is the asker's
            answer.fail(error)
        return promise, answer

    def _tell(self, promise: Promise[Any]) -> None:
        answer = self._telling.pop(promise, None)
        if answer is not None:
            settle(promise, answer)
            self._idle += 1
            self._begin()


def _nowhere(action: Callable[[], None]) -> None:
    """A disk that has failed altogether is not among these stories."""
    raise AssertionError(action)
