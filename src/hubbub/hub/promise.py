"""A value that comes later: what ports return and commands await, with no event loop inside.

Commands are coroutines that wait for one thing only, a `Promise`: an append, a page of history, a password check.
So a dialect runs without asyncio (tests and simulations step it by hand), and a command goes on in the very place
of the timeline where its promise was kept, not some turns of a loop later.
"""

from collections.abc import Callable, Coroutine, Generator
from typing import Any, Generic, TypeVar, cast

T = TypeVar("T")


class Promise(Generic[T]):
    """Kept with a value or broken with an error, once; tells its one listener.

    Keep it on the thread that awaits it: a store's thread hands the keeping over.
    """

    __slots__ = ("_done", "_error", "_listener", "_value")

    def __init__(self) -> None:
        self._done = False
        self._value: T | None = None
        self._error: BaseException | None = None
        self._listener: Callable[[], None] | None = None

    @property
    def done(self) -> bool:
        return self._done

    def keep(self, value: T) -> None:
        self._value = value
        self._settle()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self._settle()

    def result(self) -> T:
        """The value; raises the error it was broken with, or RuntimeError while it is open."""
        if not self._done:
            raise RuntimeError("this promise is still open")
        if self._error is not None:
            raise self._error
        return cast(T, self._value)

    def then(self, listener: Callable[[], None]) -> None:
        """Call `listener` once it is settled: at once if it is already."""
        if self._done:
            listener()
        elif self._listener is None:
            self._listener = listener
        else:
            raise RuntimeError("a promise has one listener")

    def __await__(self) -> Generator["Promise[T]", None, T]:
        if not self._done:
            yield self
        return self.result()

    def _settle(self) -> None:
        if self._done:
            raise RuntimeError("a promise is settled once")
        self._done = True
        listener, self._listener = self._listener, None
        if listener is not None:
            listener()


def kept(value: T) -> Promise[T]:
    """A promise that needs no waiting."""
    promise: Promise[T] = Promise()
    promise.keep(value)
    return promise


def broken(error: BaseException) -> Promise[Any]:
    promise: Promise[Any] = Promise()
    promise.fail(error)
    return promise


def promised(work: Coroutine[Promise[Any], None, T]) -> Promise[T]:
    """Run a coroutine that awaits promises; what becomes of it."""
    promise: Promise[T] = Promise()
    drive(work, lambda value, error: promise.keep(cast(T, value)) if error is None else promise.fail(error))
    return promise


def drive(work: Coroutine[Promise[Any], None, T], done: Callable[[T | None, BaseException | None], None]) -> None:
    """Run a coroutine that awaits promises; call `done(value, error)` when it ends, at once if it never waits."""
    try:
        waiting = work.send(None)
    except StopIteration as end:
        done(end.value, None)
    except Exception as error:  # handed on whole: the caller knows whose fault it is
        done(None, error)
    else:
        waiting.then(lambda: drive(work, done))
