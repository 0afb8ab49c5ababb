"""A program in a pty of 100 by 30, whose output is only looked through: what stands on the screen is not worked out."""

from __future__ import annotations

import fcntl
import os
import pty
import select
import signal
import struct
import termios
import threading
import time
from collections.abc import Mapping, Sequence
from typing import Final

from bench import process
from bench.terminal_server import PATIENCE

COLUMNS: Final = 100
ROWS: Final = 30


class Program:
    """Started at once. A thread reads all that it writes, so that it never waits for us."""

    def __init__(self, command: Sequence[str], env: Mapping[str, str]) -> None:
        self.began = time.perf_counter()
        self.pid, self._pty = pty.fork()
        if not self.pid:
            _become(command, env)
        fcntl.ioctl(self._pty, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
        self._written, self._news = bytearray(), threading.Condition()
        threading.Thread(target=self._read, daemon=True).start()

    @property
    def written(self) -> int:
        """Bytes that it has written so far."""
        return len(self._written)

    def press(self, keys: str) -> None:
        os.write(self._pty, keys.encode())

    def seen(self, text: str, since: int = 0) -> float:
        """When a text was there, among what was written from a place on, by `perf_counter`. Raises TimeoutError."""
        wanted, deadline = text.encode(), time.perf_counter() + PATIENCE
        with self._news:
            while self._written.find(wanted, since) < 0:
                if not self._news.wait(deadline - time.perf_counter()):
                    raise TimeoutError(f"{text!r} did not come; at the end it wrote {bytes(self._written[-300:])!r}")
        return time.perf_counter()

    def seconds(self) -> float:
        """CPU that it has used."""
        return process.look(self.pid, os.getpid()).server

    def resident(self) -> float:
        """MB of memory."""
        return process.look(self.pid, os.getpid()).resident * 1024 / 1e6

    def close(self) -> None:
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)

    def _read(self) -> None:
        while True:
            select.select([self._pty], [], [])
            try:
                data = os.read(self._pty, 1 << 16)
            except OSError:  # it has ended
                return
            with self._news:
                self._written += data
                self._news.notify_all()


def _become(command: Sequence[str], env: Mapping[str, str]) -> None:
    """In the child: nothing of ours but the terminal. Its size may come a moment late, as from a person's terminal."""
    fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", ROWS, COLUMNS, 0, 0))
    os.execvpe(command[0], list(command), {**os.environ, "TERM": "xterm-256color", "LANG": "C.UTF-8", **env})  # noqa: S606
