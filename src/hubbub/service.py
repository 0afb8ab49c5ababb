"""The life of a server's process: what signals ask of it, its end, and beyond that a successor in its place.

https://www.man7.org/linux/man-pages/man7/signal.7.html; docs/decisions/ say why there is one process and not two.
"""

from __future__ import annotations

import asyncio
import gc
import os
import signal
import socket
import sys
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final, TypeAlias

from hubbub import logs, notify
from hubbub.compose import House
from hubbub.config import Config, ConfigError
from hubbub.net import inheritance
from hubbub.net import loop as net_loop
from hubbub.net.sockets import CannotListen

Greet: TypeAlias = Callable[[House], Awaitable[None]]
"""Tells people how to get in, once a house is open."""

_LOG: Final = logs.logger("server")

_YOUNG: Final = 20_000
"""Objects made before garbage is looked for: by Python's own 700 that was a thirtieth of a server under load. What a
message leaves behind is freed by counting; only what ends in a circle waits for it."""

_REHEARSAL_SECONDS: Final = 30.0

_ENDING: Final = "The server is shutting down; please come back in a moment"
_RESTARTING: Final = "The server is restarting: come back now, and nothing is missed"


def run(config: Config, reread: Callable[[], Config], greet: Greet, rehearsal: Sequence[str] = ()) -> int:
    """Serve until SIGTERM or SIGINT (0) or until the disk fails (1); `reread` gives the configuration on SIGHUP.

    `rehearsal` is a command that tries out whether this program could start anew. With it, SIGUSR2 makes it do so.
    Raises `CannotStart`.
    """
    code, heirlooms = net_loop.run(_Service(reread, rehearsal).live(config, greet))
    if heirlooms:
        for name in ("SIGHUP", "SIGUSR1", "SIGUSR2"):  # until the successor hears them, they must not end it
            signal.signal(getattr(signal, name), signal.SIG_IGN)
        inheritance.hand_on(heirlooms, [sys.executable, *sys.orig_argv[1:]])
    return code


class _Service:
    _house: House

    def __init__(self, reread: Callable[[], Config], rehearsal: Sequence[str]) -> None:
        self._reread, self._rehearsal = reread, rehearsal
        self._over = asyncio.Event()
        self._succeeded = False
        self._trying: asyncio.Task[None] | None = None
        self._had_terminal = _has_terminal()

    async def live(self, config: Config, greet: Greet) -> tuple[int, list[socket.socket]]:
        """The exit code, and what a successor is to get; nothing where there is to be none."""
        self._house = house = House(config, inheritance.Inheritance(inheritance.received()))
        self._listen_to_signals()
        house.reads_by(self._reread)
        await house.open()
        await greet(house)
        notify.ready()
        notify.stay_alive()
        gc.freeze()  # what is loaded by now stays: no collection has to look at it ever again
        gc.set_threshold(_YOUNG)
        gc.enable()
        await _first(self._over.wait(), house.ended.wait())
        return await self._end()

    async def _end(self) -> tuple[int, list[socket.socket]]:
        house = self._house
        restarting = self._succeeded and not house.ended.is_set()
        (notify.reloading if restarting else notify.stopping)()
        heirlooms = house.heirlooms() if restarting else []
        await house.close(_RESTARTING if restarting else _ENDING)
        if house.ended.is_set():
            return 1, []
        return 0, heirlooms if self._succeeded else []  # unless SIGTERM has come meanwhile

    def _listen_to_signals(self) -> None:
        answers: dict[str, Callable[[], object]] = {
            "SIGTERM": self._stop, "SIGINT": self._stop, "SIGHUP": self._hang_up, "SIGUSR1": _rotate,
        }  # fmt: skip
        if self._rehearsal:
            answers["SIGUSR2"] = self._restart
        loop = asyncio.get_running_loop()
        for name, answer in answers.items():
            with suppress(NotImplementedError, AttributeError):  # on Windows: there, Ctrl+C ends it less gently
                loop.add_signal_handler(getattr(signal, name), answer)

    def _stop(self) -> None:
        self._succeeded = False
        self._over.set()

    def _hang_up(self) -> None:
        if self._had_terminal and not _has_terminal():
            self._stop()
            return
        notify.reloading()
        self._house.rehash(self._reread)
        notify.ready()

    def _restart(self) -> None:
        if self._trying is None and not self._over.is_set():
            self._trying = asyncio.get_running_loop().create_task(self._try_successor())

    async def _try_successor(self) -> None:
        """What cannot start must not replace what runs."""
        try:
            obstacle = await self._obstacle()
        finally:
            self._trying = None
        if obstacle:
            _LOG.error("not restarted, nothing was changed", reason=obstacle)
        elif not self._over.is_set():
            self._succeeded = True
            self._over.set()

    async def _obstacle(self) -> str:
        """Why a successor could not start, or ""."""
        try:
            self._house.try_out(self._reread())
            async with asyncio.timeout(_REHEARSAL_SECONDS):
                return await _complaint(self._rehearsal)
        except (ConfigError, CannotListen, OSError) as error:
            return str(error) or "it took too long to try it out"


async def _complaint(command: Sequence[str]) -> str:
    """What it says when it fails, or "". Raises OSError where it cannot be run."""
    quiet, told = asyncio.subprocess.DEVNULL, asyncio.subprocess.PIPE
    process = await asyncio.create_subprocess_exec(*command, stdin=quiet, stdout=quiet, stderr=told)
    try:
        _, words = await process.communicate()
    except asyncio.CancelledError:
        process.kill()
        raise
    return words.decode(errors="replace").strip() or f"status {process.returncode}" if process.returncode else ""


def _rotate() -> None:
    """A log rotator has moved the file away."""
    try:
        logs.reopen()
    except OSError as error:
        _LOG.error("the log file cannot be opened anew; the old one is written on", reason=str(error))


def _has_terminal() -> bool:
    """Whether this process has a terminal. One that was closed sent SIGHUP to say so, and not to have anything read."""
    try:
        os.close(os.open("/dev/tty", os.O_RDWR))
    except OSError:
        return False
    return True


async def _first(*waits: Awaitable[Any]) -> None:
    """Wait until one of them is over."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    for task in tasks:
        task.cancel()
