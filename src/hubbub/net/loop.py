"""The event loop: uvloop where it runs, asyncio's elsewhere, and as many open files as the system grants."""

import asyncio
import sys
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


def run(main: Coroutine[Any, Any, T]) -> T:
    """Run `main` to its end. Raises what it raises."""
    raise_open_files()
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(main)


def loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """uvloop's, or None for asyncio's own."""
    if sys.platform == "win32":
        return asyncio.SelectorEventLoop  # 512 sockets at most; the other loop has no `add_reader`, which TLS needs
    try:
        import uvloop
    except ImportError:
        return None
    return uvloop.new_event_loop


def raise_open_files() -> int:
    """Take the files that the system would grant us; answers how many. Each connection is one."""
    if sys.platform == "win32":
        return 0
    import resource

    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft == hard:
        return soft
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    except (ValueError, OSError):
        return soft  # macOS says "unlimited" and grants less
    return hard
