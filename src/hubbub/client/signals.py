"""Ctrl-C and its like, as long as somebody minds them."""

import asyncio
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress


@contextmanager
def on_signals(stop: Callable[[], None]) -> Iterator[None]:
    """While it lasts, Ctrl-C and its like end things politely."""
    loop = asyncio.get_running_loop()
    names = [name for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name)]
    with suppress(NotImplementedError):  # Windows has no such handlers; there KeyboardInterrupt ends the command
        for name in names:
            loop.add_signal_handler(getattr(signal, name), stop)
    try:
        yield
    finally:
        with suppress(NotImplementedError):
            for name in names:
                loop.remove_signal_handler(getattr(signal, name))
