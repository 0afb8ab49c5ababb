"""Being at an end: open it, show it, call somebody, and close it when the person leaves."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Protocol, TypeVar


class End(Protocol):
    """`password` is what the view logs in with."""

    password: str

    async def open(self) -> str: ...
    async def close(self) -> None: ...
    def call(self, text: str) -> list[str]: ...
    def say(self, sentence: str) -> None: ...


E = TypeVar("E", bound=End)


async def talk(
    make: Callable[[], E], target: str, opened: Callable[[E], None], view: Callable[[str, str], Awaitable[int]]
) -> int:
    """Be there until the person leaves; an exit status. Raises `CannotStart`.

    `opened` is told the end, `view` is given the URL of the door for ourselves and the password; `target` is whom to
    call at once, "" for nobody.
    """
    end = make()
    url = await end.open()
    opened(end)
    if target:
        for sentence in end.call(target):
            end.say(sentence)
    try:
        return await view(url, end.password)
    finally:
        await end.close()
