"""A pty with a program in it: what it draws is read here, what is typed is written.

https://man7.org/linux/man-pages/man7/pty.7.html
"""

from __future__ import annotations

import asyncio
import os
from asyncio.subprocess import Process as Program
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

try:
    import termios
except ImportError:  # a system without terminals of that kind
    AVAILABLE = False
else:
    AVAILABLE = True

_READ_MAX: Final = 65536

_SIZE_MAX: Final = 1000
"""Lines and columns: what a client says that its window has, somebody has to draw."""

_GRACE_SECONDS: Final = 2.0
"""What a program has to take its leave when its terminal is gone."""


class Pty:
    """Begins with `start` and ends with `end`. Raises OSError where the system has none left."""

    def __init__(self, columns: int, rows: int) -> None:
        self._ours, self._theirs = os.openpty()
        self._program: Program | None = None
        os.set_blocking(self._ours, False)
        self.resize(columns, rows)

    def resize(self, columns: int, rows: int) -> None:
        """The program is told."""
        termios.tcsetwinsize(self._ours, (min(rows, _SIZE_MAX) or 24, min(columns, _SIZE_MAX) or 80))

    async def start(self, words: Sequence[str], env: Mapping[str, str], descriptor: int) -> None:
        """Run a program in it, with this environment and one more descriptor. It leads a session of its own, and has to
        take the pty for its terminal itself. Raises OSError."""
        try:
            self._program = await asyncio.create_subprocess_exec(
                *words,
                stdin=self._theirs,
                stdout=self._theirs,
                stderr=self._theirs,
                env=env,
                cwd="/",
                pass_fds=(descriptor,),
                start_new_session=True,
            )
        finally:
            self._let_go()

    async def end(self) -> int:
        """Hang up, which the system tells the program, and wait for its end; its status, 1 where it took no leave."""
        os.close(self._ours)
        self._let_go()
        if self._program is None:
            return 1
        try:
            return await asyncio.wait_for(self._program.wait(), _GRACE_SECONDS)
        except TimeoutError:
            self._program.kill()
            await self._program.wait()
            return 1

    async def read(self) -> bytes:
        """What was drawn; b"" when nobody is left to draw."""
        loop = asyncio.get_running_loop()
        while True:
            try:
                return os.read(self._ours, _READ_MAX)
            except BlockingIOError:
                await self._until(loop.add_reader, loop.remove_reader)
            except OSError:  # EIO: the program has ended
                return b""

    async def write(self, data: bytes) -> None:
        """Type; waits while the program does not listen, and forgets what nobody will read."""
        loop = asyncio.get_running_loop()
        while data:
            try:
                data = data[os.write(self._ours, data) :]
            except BlockingIOError:
                await self._until(loop.add_writer, loop.remove_writer)
            except OSError:
                return

    def _let_go(self) -> None:
        """Of the program's side, which is its own as soon as it runs."""
        if self._theirs >= 0:
            os.close(self._theirs)
            self._theirs = -1

    async def _until(self, watch: Callable[..., Any], leave: Callable[[int], Any]) -> None:
        ready = asyncio.Event()
        watch(self._ours, ready.set)
        try:
            await ready.wait()
        finally:
            leave(self._ours)
