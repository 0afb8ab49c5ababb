"""Ctrl-C and its like, and a terminal that is gone, as long as somebody minds them."""

import asyncio
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Final

_LOOK_S: Final = 1.0


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """While it lasts, Ctrl-C and its like end things politely."""
    loop = asyncio.get_running_loop()
    minded = []
    with suppress(NotImplementedError):  # Windows has no such handlers; there KeyboardInterrupt ends the command
        for name in ("SIGINT", "SIGTERM", "SIGHUP"):
            loop.add_signal_handler(getattr(signal, name), stop)
            minded.append(getattr(signal, name))
    try:
        yield
    finally:
        for number in minded:
            loop.remove_signal_handler(number)


@contextmanager
def on_hang_up(stop: Callable[[], None]) -> Iterator[None]:
    """While it lasts, a terminal that is gone ends things. Its SIGHUP is for the first program that was started in it,
    which may wait for us instead of telling us, as `make` does."""
    if not sys.stdin.isatty() or not hasattr(select, "poll"):
        yield
        return
    looking = asyncio.get_running_loop().create_task(_look(stop))
    try:
        yield
    finally:
        looking.cancel()


async def _look(stop: Callable[[], None]) -> None:
    poll = select.poll()
    poll.register(sys.stdin, 0)
    while not any(state & select.POLLHUP for _, state in poll.poll(0)):  # noqa: ASYNC110  # nothing tells of it
        await asyncio.sleep(_LOOK_S)
    stop()
