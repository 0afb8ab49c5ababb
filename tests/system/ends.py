"""Real `hubbub direct` processes, and the people who sit at them, by pipes."""

from __future__ import annotations

import queue
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

from tests.system.running import PATIENCE

_CODE: Final = re.compile(r"code (\S+)\.")
_PLACE: Final = re.compile(r"(?:@| at )([\d.]+:\d+)")


class Screen:
    """What a program shows, read line by line; `seen` is all that was read."""

    def __init__(self, name: str, process: subprocess.Popen[str]) -> None:
        self.seen: list[str] = []
        self._name, self._process = name, process
        self._lines: queue.SimpleQueue[str | None] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def types(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(f"{line}\n")
        self._process.stdin.flush()

    def sees(self, text: str) -> str:
        """The next line with `text` in it."""
        return self.waits_for(lambda line: text in line, text)

    def waits_for(self, wanted: Callable[[str], bool], what: str = "it") -> str:
        """The next line that is wanted."""
        while True:
            try:
                line = self._lines.get(timeout=PATIENCE)
            except queue.Empty:
                line = None
            assert line is not None, f"{self._name} did not see {what!r}, but:\n" + "\n".join(self.seen[-30:])
            self.seen.append(line)
            if wanted(line):
                return line

    def close(self) -> int:
        """When it has ended; its exit status."""
        status = self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self._process.stdin is not None
        with suppress(BrokenPipeError):
            self._process.stdin.close()
        return status

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as shown:
            for line in shown:
                self._lines.put(line.rstrip("\n"))
        self._lines.put(None)


class End:
    """`name` at one end. After a restart it is found at the same address and port."""

    def __init__(self, directory: Path, name: str, host: str, *arguments: str, prefix: tuple[str, ...] = ()) -> None:
        self.name, self.data = name, directory / name
        self._prefix, self._arguments = prefix, arguments
        self.place = f"{host}:0"
        self.code = ""
        try:
            self.start()
        except BaseException:
            self.close()
            raise

    def start(self) -> None:
        here = ("--name", self.name, "--data", str(self.data), "--listen", self.place)
        self.process = subprocess.Popen(
            [*self._prefix, sys.executable, "-m", "hubbub", "direct", *here, *self._arguments],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._screen = Screen(self.name, self.process)
        self.sees, self.types, self.waits_for = self._screen.sees, self._screen.types, self._screen.waits_for
        code = _CODE.search(self.sees("You are"))
        self.code = code[1] if code else ""
        found = _PLACE.search(self._screen.seen[-1] if not code else self.sees("others call you by"))
        assert found is not None, self.seen
        self.place = found[1]
        self.sees("you are in #direct")

    @property
    def seen(self) -> list[str]:
        """What it has shown since its last start."""
        return self._screen.seen

    def has_seen(self, text: str) -> None:
        """Since its last start, whether before it was in the room or after."""
        if not any(text in line for line in self.seen):
            self.sees(text)

    @property
    def address(self) -> str:
        return f"{self.code}@{self.place}"

    def kill(self) -> None:
        """As a power cut would end it."""
        self.process.kill()
        self._screen.close()

    def leave(self) -> int:
        """As a person would; the exit status."""
        self.types("/quit")
        return self._screen.close()

    def close(self) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._screen.close()


def meet(caller: End, called: End) -> None:
    """One calls by the other's code, the other takes the call."""
    caller.types(f"/direct {called.address}")
    called.sees(f"{caller.name} calls from")
    called.types(f"/direct {caller.name}")
    called.sees(f"{caller.name} is here")
    caller.sees(f"{called.name} is here")
