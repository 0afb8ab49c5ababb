"""Promises: kept or broken once, told to one listener, awaited without an event loop."""

from typing import Any

import pytest

from hubbub.hub.promise import Promise, broken, drive, kept


def test_a_kept_promise_gives_its_value() -> None:
    """At once, and as often as it is asked."""
    promise = kept("tea")
    assert promise.done
    assert (promise.result(), promise.result()) == ("tea", "tea")


def test_a_broken_promise_raises_its_error() -> None:
    """The very error it was broken with."""
    error = LookupError("no tea")
    with pytest.raises(LookupError) as raised:
        broken(error).result()
    assert raised.value is error


def test_an_open_promise_has_no_result() -> None:
    """Asking too early is a fault of ours."""
    promise: Promise[str] = Promise()
    assert not promise.done
    with pytest.raises(RuntimeError, match="still open"):
        promise.result()


@pytest.mark.parametrize("first", ["keep", "fail"])
@pytest.mark.parametrize("second", ["keep", "fail"])
def test_a_promise_is_settled_once(first: str, second: str) -> None:
    """A second outcome, of either kind, is a fault of ours."""
    promise: Promise[Any] = Promise()
    getattr(promise, first)(ValueError("one"))
    with pytest.raises(RuntimeError, match="settled once"):
        getattr(promise, second)(ValueError("two"))


def test_the_listener_is_told_once_it_is_settled() -> None:
    """Not before, and no second time."""
    told: list[str] = []
    promise: Promise[str] = Promise()
    promise.then(lambda: told.append(promise.result()))
    assert not told
    promise.keep("tea")
    assert told == ["tea"]


def test_a_late_listener_is_told_at_once() -> None:
    """What is settled needs no waiting."""
    told: list[bool] = []
    broken(ValueError()).then(lambda: told.append(True))
    assert told == [True]


def test_a_promise_has_one_listener() -> None:
    """Two who wait for one thing are a fault of ours."""
    promise: Promise[str] = Promise()
    promise.then(lambda: None)
    with pytest.raises(RuntimeError, match="one listener"):
        promise.then(lambda: None)


class Ending:
    """How a coroutine ended."""

    def __init__(self) -> None:
        self.calls: list[tuple[object, BaseException | None]] = []

    def __call__(self, value: object, error: BaseException | None) -> None:
        self.calls.append((value, error))


async def brew(*steps: Promise[str]) -> str:
    return " ".join([await step for step in steps])


def test_what_never_waits_ends_at_once() -> None:
    """Promises that are kept already do not interrupt a coroutine."""
    ending = Ending()
    drive(brew(kept("hot"), kept("tea")), ending)
    assert ending.calls == [("hot tea", None)]


def test_a_coroutine_goes_on_where_its_promise_is_kept() -> None:
    """It waits at each step, and ends within the call that keeps the last."""
    first: Promise[str] = Promise()
    second: Promise[str] = Promise()
    ending = Ending()
    drive(brew(first, second), ending)
    first.keep("hot")
    assert not ending.calls
    second.keep("tea")
    assert ending.calls == [("hot tea", None)]


def test_an_error_reaches_whoever_drives() -> None:
    """A promise that breaks raises in the coroutine, and what the coroutine raises is handed on."""
    promise: Promise[str] = Promise()
    ending = Ending()
    drive(brew(promise), ending)
    error = LookupError("no tea")
    promise.fail(error)
    assert ending.calls == [(None, error)]


def test_a_coroutine_may_survive_a_broken_promise() -> None:
    """It is an exception like any other to whoever awaits."""

    async def careful() -> str:
        try:
            return await promise
        except LookupError:
            return "coffee"

    promise: Promise[str] = Promise()
    ending = Ending()
    drive(careful(), ending)
    promise.fail(LookupError())
    assert ending.calls == [("coffee", None)]
