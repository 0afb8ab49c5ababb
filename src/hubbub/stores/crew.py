"""Threads that own one tool each, a database connection say, and work off one queue of jobs.

What a job finds is handed back through `soon`, on the thread that asked: promises are kept where they are awaited.
"""

from collections.abc import Callable
from functools import partial
from queue import SimpleQueue
from threading import Thread
from typing import Any, Generic, Protocol, TypeVar

from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise, broken

Soon = Callable[[Callable[[], None]], object]
"""Runs a callable on the owner's thread before long: `loop.call_soon_threadsafe` does."""


class Tool(Protocol):
    def close(self) -> None: ...


T = TypeVar("T", bound=Tool)
R = TypeVar("R")


class Crew(Generic[T]):
    """`size` threads, started at the first job; each fetches its tool by `fetch` when it first needs it."""

    def __init__(self, name: str, size: int, fetch: Callable[[], T], soon: Soon) -> None:
        self._queue: SimpleQueue[tuple[Callable[[T], Any], Promise[Any]] | None] = SimpleQueue()
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
        while (task := self._queue.get()) is not None:
            job, promise = task
            try:
                tool = tool or self._fetch()
                done = partial(promise.keep, job(tool))
            except Exception as error:  # whatever it is, it is the asker's to see, and the thread goes on
                done = partial(promise.fail, error)
            self._soon(done)
        if tool is not None:
            tool.close()
