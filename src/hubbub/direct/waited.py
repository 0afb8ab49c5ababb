"""From promises to asyncio: this room waits for both."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from hubbub.hub.promise import Promise, drive

T = TypeVar("T")


async def waited(work: Coroutine[Promise[Any], None, T]) -> T:
    """Run what awaits promises, and wait for its end. Raises what it raises."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def done(value: T | None, error: BaseException | None) -> None:
        if not future.done():
            future.set_exception(error) if error is not None else future.set_result(value)

    drive(work, done)
    result: T = await future
    return result


async def kept(promise: Promise[T]) -> T:
    """The same for a single promise."""

    async def work() -> T:
        return await promise

    return await waited(work())
