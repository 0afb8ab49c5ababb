"""Threads that own one tool each, a database connection say, and work off one queue of jobs.

What a job finds is handed back through `soon`, on the thread that asked: promises are kept where they are awaited.
"""

from collections.abc import Callable, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from threading import Thread
from typing import Any, Generic, Protocol, TypeAlias, TypeVar

from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise, broken

Soon = Callable[[Callable[[], None]], object]
"""Runs a callable on the owner's thread before long: `loop.call_soon_threadsafe` does."""


class Tool(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Tool)
R = TypeVar("R")


Task: TypeAlias = tuple[Callable[[T], Any], Promise[Any]]
Rest: TypeAlias = Callable[[T, bool], float | None]
"""What a tool does for itself between two jobs, told whether one waits: in how many seconds again, None for not before
the next job."""


class Crew(Generic[T]):
    """`size` threads, started at the first job; each fetches its tool by `fetch` when it first needs it."""

    def __init__(
        self, name: str, size: int, fetch: Callable[[], T], soon: Soon, rest: Rest[T] = lambda tool, busy: None
    ) -> None:
        self._queue: SimpleQueue[Task[T] | None] = SimpleQueue()
        self._rest = rest
        self._threads = [Thread(target=self._work, name=f"{name}-{n}", daemon=True) for n in range(1, size + 1)]
        self._started = self._closed = False
        self._fetch = fetch
        self._soon = soon

    def ask(self, job: Callable[[T], R]) -> Promise[R]:
        """Have `job` done with a tool. The promise breaks with what the job, or fetching the tool, raises."""
        if self._closed:
            return broken(StoreFailed("the store is closed"))
        promise: Promise[R] = Promise()
        self._queue.put((job, promise))
        if not self._started:
            self._started = True
            for thread in self._threads:
                thread.start()
        return promise

    def close(self) -> None:
        """Finish every job that was asked for, then put the tools away."""
        self._closed = True
        for _ in self._threads:
            self._queue.put(None)
        for thread in self._threads if self._started else ():
            thread.join()

    def _work(self) -> None:
        tool: T | None = None
        wait: float | None = None
        while (tasks := self._next(wait)) is not None:
            for job, promise in tasks:
                tool = self._do(job, promise, tool)
            wait = None if tool is None else self._rest(tool, not self._queue.empty())
        if tool is not None:
            tool.close()

    def _next(self, wait: float | None) -> Sequence[Task[T]] | None:
        """The next job, none after `wait` seconds without one, None where there will be no more."""
        try:
            task = self._queue.get(timeout=wait)
        except Empty:
            return ()
        return None if task is None else (task,)

    def _do(self, job: Callable[[T], Any], promise: Promise[Any], tool: T | None) -> T | None:
        try:
            tool = tool or self._fetch()
            done = partial(promise.keep, job(tool))
        except Exception as error:  # whatever it is, it is the asker's to see, and the thread goes on
            done = partial(promise.fail, error)
        self._soon(done)
        return tool
