"""A real terminal program in a pty, read as a person reads it: by what stands on the screen."""

from __future__ import annotations

import signal
import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pexpect
import pyte

PATIENCE: Final = 20.0


class Terminal:
    """`program` in a terminal of `columns` by `rows`. What it shows is waited for, never slept for."""

    def __init__(
        self, program: str, arguments: Sequence[str], env: Mapping[str, str], columns: int = 120, rows: int = 40
    ) -> None:
        self.screen = pyte.Screen(columns, rows)
        self._stream = pyte.ByteStream(self.screen)
        settings = {"TERM": "vt100", "LANG": "C.UTF-8", "PATH": "/usr/local/bin:/usr/bin:/bin", **env}
        self._child = pexpect.spawn(program, list(arguments), env=settings, dimensions=(rows, columns))

    def types(self, text: str) -> None:
        """Type a line and press Enter."""
        self._child.send(text + "\r")

    def sees(self, text: str) -> None:
        """Wait until `text` stands on the screen, blanks taken as one."""
        deadline = time.monotonic() + PATIENCE
        while text not in self.shown():
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} did not come; the screen shows\n{self.picture()}"
            self._read(left)

    def shown(self) -> str:
        return " ".join(" ".join(self.screen.display).split())

    def picture(self) -> str:
        return "\n".join(line.rstrip() for line in self.screen.display)

    def resize(self, columns: int, rows: int) -> None:
        """As somebody draws the window larger or smaller."""
        self.screen.resize(rows, columns)
        self._child.setwinsize(rows, columns)

    def ended(self) -> int:
        """Wait until it ends; its status."""
        self._child.expect(pexpect.EOF, timeout=PATIENCE)
        self._child.close()
        return int(self._child.exitstatus or 0)

    def close(self) -> None:
        """End it as a power cut would, and wait until it has ended, however busy the machine is."""
        if self._child.isalive():
            self._child.kill(signal.SIGKILL)
            self._child.wait()
        self._child.close()

    def _read(self, seconds: float) -> None:
        try:
            data: Any = self._child.read_nonblocking(65536, timeout=seconds)
            self._stream.feed(data)  # bytes, whatever the stubs say of a spawn without an encoding
        except pexpect.TIMEOUT:
            return
        except pexpect.EOF:
            raise AssertionError(f"it ended; the screen showed\n{self.picture()}") from None
