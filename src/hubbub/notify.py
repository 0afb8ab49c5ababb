"""What a service manager is told: that we are ready, reading anew, ending, alive. Without one, nobody is.

https://www.freedesktop.org/software/systemd/man/latest/sd_notify.html
"""

from __future__ import annotations

import asyncio
import os
import socket
import time
from collections.abc import Mapping
from contextlib import suppress
from typing import Final

_SHARE: Final = 0.4
"""Of the time after which we count as dead, between two signs of life; one of them may be late, or lost."""


def ready() -> None:
    """People can come in; also said when reading anew is over."""
    _tell("READY=1")


def reloading() -> None:
    """The configuration is read, or a successor takes over; `ready` ends it."""
    _tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")


def stopping() -> None:
    _tell("STOPPING=1")


def stay_alive(environment: Mapping[str, str] = os.environ) -> None:
    """Give signs of life for as long as the running loop turns, if a watchdog waits for them."""
    seconds = _watchdog(environment)
    if seconds:
        _beat(asyncio.get_running_loop(), seconds * _SHARE)


def _beat(loop: asyncio.AbstractEventLoop, pause: float) -> None:
    _tell("WATCHDOG=1")
    loop.call_later(pause, _beat, loop, pause)


def _watchdog(environment: Mapping[str, str]) -> float:
    """Seconds of silence that we may keep; 0 where nobody listens to us."""
    if environment.get("WATCHDOG_PID", str(os.getpid())) != str(os.getpid()):
        return 0.0
    return int(environment.get("WATCHDOG_USEC", "0")) / 1e6


def _tell(*words: str) -> None:
    """A manager that does not listen is no reason to end, nor to wait."""
    path = os.environ.get("NOTIFY_SOCKET", "")
    if not path:
        return
    with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as telling:
        telling.setblocking(False)
        telling.sendto("\n".join(words).encode(), "\0" + path[1:] if path.startswith("@") else path)
