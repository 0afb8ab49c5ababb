"""A real server process, and people who talk to it over real sockets, for the few tests that need both."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hubbub.wire.line import Line, parse

PATIENCE: Final = 20.0
"""Seconds after which something that should have come counts as missing."""

_CONFIG: Final = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
"""


class Running:
    """`hubbub serve` in a directory of its own. The ports it got first stay its ports over restarts.

    `under` is a command that runs it and becomes it, one that makes its disk fail for example.
    """

    def __init__(
        self,
        directory: Path,
        listen: Sequence[str] = ("irc://127.0.0.1:0",),
        config: str = _CONFIG,
        under: Sequence[str] = (),
    ) -> None:
        self.directory = directory
        self.under = under
        self.data = directory / "data"
        self.config = directory / "hubbub.toml"
        self.config.write_text(config.format(data=self.data))
        self.urls: list[str] = list(listen)
        self.process: subprocess.Popen[str] | None = None
        self._wires: list[Wire] = []
        self.start()

    def start(self) -> None:
        listen = [word for url in self.urls for word in ("--listen", url)]
        command = [*self.under, sys.executable, "-m", "hubbub", "serve", "--config", str(self.config), *listen]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.urls = [self._listening() for _ in self.urls]

    def _listening(self) -> str:
        process = self._process()
        assert process.stdout is not None
        line = process.stdout.readline()
        found = re.fullmatch(r"listening on (\S+)\n", line)
        assert found is not None, f"expected 'listening on URL', got {line!r}; stderr: {self._errors()}"
        return found[1]

    def kill(self) -> None:
        """As a power cut would end it."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """As an operator would end it; the exit code."""
        return self._end(signal.SIGTERM)

    def close(self) -> None:
        for wire in self._wires:
            wire.close()
        if self.process is not None and self.process.poll() is None:
            self.kill()

    def connect(self, number: int = 0) -> Wire:
        url = urlsplit(self.urls[number])
        assert url.hostname is not None
        assert url.port is not None
        wire = Wire(socket.create_connection((url.hostname, url.port), PATIENCE))
        self._wires.append(wire)
        return wire

    def _end(self, how: signal.Signals) -> int:
        os.kill(self._process().pid, how)
        return self.ended()

    def ended(self) -> int:
        """Wait until it has ended; the exit code."""
        process = self._process()
        _, self.errors = process.communicate(timeout=PATIENCE)
        return process.returncode

    def _process(self) -> subprocess.Popen[str]:
        assert self.process is not None
        return self.process

    def _errors(self) -> str:
        process = self._process()
        process.kill()
        return process.communicate()[1]


class Wire:
    """One connection that reads and writes lines; whatever should come and does not is a failure after `PATIENCE`."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        self.socket = connection
        self._lines = self._read()

    def _read(self) -> Iterator[Line]:
        tail = b""
        while data := self.socket.recv(65536):
            *lines, tail = (tail + data).split(b"\r\n")
            yield from (parse(line.decode()) for line in lines if line)

    def say(self, *lines: str) -> None:
        self.socket.sendall("".join(f"{line}\r\n" for line in lines).encode())

    def lines(self) -> Iterator[Line]:
        """What comes, until the connection ends."""
        return self._lines

    def hear(self, wanted: Callable[[Line], bool] | str) -> Line:
        """The next line that is wanted (by its command, or by a test), those before it put aside."""
        for line in self._lines:
            if line.command == wanted if isinstance(wanted, str) else wanted(line):
                return line
        raise AssertionError(f"the connection ended before {wanted} came")

    def enter(self, nick: str, *caps: str, room: str = "") -> Wire:
        if caps:
            self.say(f"CAP REQ :{' '.join(caps)}", "CAP END")
        self.say(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}")
        self.hear("001")
        if room:
            self.say(f"JOIN {room}")
            self.hear("366")
        return self

    def close(self) -> None:
        self.socket.close()


class Tally:
    """A number that threads count up, and that one waits for."""

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self.count = 0

    def add(self) -> None:
        with self._changed:
            self.count += 1
            self._changed.notify_all()

    def wait_for(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.count >= count, PATIENCE), f"{self.count} came, not {count}"
