"""Real `hubbub direct` processes, and the people who sit at them, by pipes."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.system.running import PATIENCE

_SHOWN: Final = re.compile(r"others call you by: hubbub direct (\S+)@(\S+)")


class End:
    """`name` at one end. After a restart it is found at the same address and port."""

    def __init__(self, directory: Path, name: str, host: str, *arguments: str, prefix: tuple[str, ...] = ()) -> None:
        self.name, self.data = name, directory / name
        self._prefix, self._arguments = prefix, arguments
        self.place = f"{host}:0"
        self.code = ""
        self.seen: list[str] = []
        self.start()

    def start(self, *arguments: str) -> None:
        here = ("direct", *arguments, "--name", self.name, "--data", str(self.data), "--listen", self.place)
        self.process = subprocess.Popen(
            [*self._prefix, sys.executable, "-m", "hubbub", *here, *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            bufsize=1,
        )
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, args=(self.process, self._lines), daemon=True)
        self._reader.start()
        found = _SHOWN.search(self.sees("others call you by"))
        assert found is not None
        self.code, self.place = found.groups()
        self.sees("you are in #direct")

    @property
    def address(self) -> str:
        return f"{self.code}@{self.place}"

    def types(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(f"{line}\n")

    def sees(self, text: str) -> str:
        """The next line with `text` in it; those before it are kept in `seen`."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            assert line is not None, f"{self.name} did not see {text!r}, but:\n" + "\n".join(self.seen[-30:])
            self.seen.append(line)
            if text in line:
                return line

    def kill(self) -> None:
        """As a power cut would end it."""
        self.process.kill()
        self._ended()

    def leave(self) -> int:
        """As a person would; the exit status."""
        self.types("/quit")
        return self._ended()

    def close(self) -> None:
        if self.process.poll() is None:
            self.kill()

    def _ended(self) -> int:
        status = self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stdin is not None
        with suppress(BrokenPipeError):
            self.process.stdin.close()
        return status

    @staticmethod
    def _read(process: subprocess.Popen[str], lines: queue.SimpleQueue[str | None]) -> None:
        assert process.stdout is not None
        with process.stdout as shown:
            for line in shown:
                lines.put(line.rstrip("\n"))
        lines.put(None)


def meet(caller: End, called: End) -> None:
    """One calls by the other's code, the other takes the call."""
    caller.types(f"/direct {called.address}")
    called.sees(f"{caller.name} calls from")
    called.types(f"/direct {caller.name}")
    called.sees(f"{caller.name} is here")
    caller.sees(f"{called.name} is here")
