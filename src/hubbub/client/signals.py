"""Ctrl-C and its like, as long as somebody minds them."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


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
