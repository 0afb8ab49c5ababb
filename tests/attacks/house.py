"""The house that is attacked: one real server, guarded as it is by default but for what a test would have to wait for.

Its log is written at debug level. All tests share it: who guesses or comes too often comes from an address of their
own, by a proxy.
"""

from __future__ import annotations

import socket
import subprocess
import sys
from contextlib import suppress
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from hubbub.wire.line import Line, parse
from tests.system.running import PATIENCE, Running

IRC, HTTP, PROXIED, PLAIN, IRCS = range(5)

PER_ADDRESS: Final = 8
ATTEMPTS: Final = 3

_CONFIG: Final = f"""
server_name = "hub.example"
name = "Canary's town"
data = "{{data}}"
[[listen]]
url = "irc://127.0.0.1:0"
[[listen]]
url = "http://127.0.0.1:0"
[[listen]]
url = "irc://127.0.0.1:0"
proxy = true
[[listen]]
url = "plain://127.0.0.1:0/?room=%23square"
[[listen]]
url = "ircs://127.0.0.1:0"
[limits]
line_burst = 100000
line_rate = 100000
connections_per_address = {PER_ADDRESS}
[accounts]
login_attempts = {ATTEMPTS}
[files]
max_bytes = 2000000
readers = "members"
[push]
subject = "mailto:maya@example.org"
[log]
level = "debug"
file = "{{data}}.log"
[[operator]]
name = "root"
password = "correct horse"
role = "owner"
[[operator]]
name = "eye"
password = "battery staple"
role = "owner"
reads_rooms = true
[[webirc]]
password = "gateway-word"
addresses = ["127.0.0.1/32", "198.51.100.200/32"]
"""


class House(Running):
    """`urls` by the constants above."""

    def __init__(self, directory: Path) -> None:
        self._opened: list[Raw] = []
        self._addresses = (f"198.19.{number // 250}.{number % 250 + 1}" for number in range(64_000))
        super().__init__(directory, (), _CONFIG)

    def start(self) -> None:
        command = [sys.executable, "-m", "hubbub", "serve", "--config", str(self.config)]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.urls = [self._listening() for _ in range(5)]

    @property
    def log(self) -> str:
        """All that it has logged."""
        return Path(f"{self.data}.log").read_text(encoding="utf-8")

    @property
    def resident(self) -> int:
        """Bytes of memory that it has."""
        pages = Path(f"/proc/{self._process().pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * 4096

    def knock(self, number: int = IRC, address: str = "") -> Raw:
        """A connection on which nothing was said; from `address`, where one is given."""
        url = urlsplit(self.urls[PROXIED if address else number])
        raw = Raw(socket.create_connection((url.hostname or "", url.port or 0), PATIENCE))
        if address:
            family = "TCP6" if ":" in address else "TCP4"
            here = "::1" if ":" in address else "127.0.0.1"
            raw.send(f"PROXY {family} {address} {here} 40000 6667\r\n".encode())
        self._opened.append(raw)
        return raw

    def hang_up(self) -> None:
        """Of all connections."""
        while self._opened:
            self._opened.pop().socket.close()

    def come(self, nick: str, *caps: str, address: str = "", room: str = "") -> Raw:
        """Somebody who is in, and has heard all of that; from an address of their own, if nobody says from which."""
        raw = self.knock(address=address or next(self._addresses))
        negotiated = f"CAP REQ :{' '.join(caps)}\r\nCAP END\r\n" if caps else ""
        raw.says(f"{negotiated}NICK {nick}\r\nUSER {nick} 0 * :{nick}" + (f"\r\nJOIN {room}" if room else ""))
        assert "001" in {line.command for line in raw.hears()}
        return raw

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
        url = urlsplit(self.urls[HTTP])
        connection = HTTPConnection(url.hostname or "", url.port, timeout=PATIENCE)
        try:
            connection.request(method, path, body, {name.replace("_", "-"): text for name, text in headers.items()})
            response = connection.getresponse()
            return response, response.read()
        finally:
            connection.close()


class Raw:
    """Bytes there and back; whoever reads them sees to it that they are lines."""

    def __init__(self, connection: socket.socket) -> None:
        connection.settimeout(PATIENCE)
        self.socket = connection
        self._marks = 0

    def send(self, data: bytes) -> None:
        with suppress(ConnectionError):  # it may have had enough of us
            self.socket.sendall(data)

    def says(self, *lines: str) -> None:
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def gets(self) -> bytes:
        """All that was sent for what was said so far, or until it was hung up."""
        self._marks += 1
        mark = f"mark-{self._marks}"
        self.says(f"PING {mark}")
        data = self.until(f"{mark}\r\n".encode())
        return data.rpartition(b":hub.example PONG ")[0] if data.endswith(f"{mark}\r\n".encode()) else data

    def until(self, end: bytes = b"") -> bytes:
        """All that is sent, up to `end` or to the end."""
        data = b""
        with suppress(ConnectionError):
            while (not end or not data.endswith(end)) and (more := self.socket.recv(65536)):
                data += more
        return data

    def ends(self) -> bytes:
        """Say no more; all that is still sent."""
        with suppress(OSError):
            self.socket.shutdown(socket.SHUT_WR)
        return self.until()

    def hears(self) -> list[Line]:
        return lines(self.gets())

    def asks(self, *said: str) -> list[Line]:
        """What is answered; what was heard before is put aside."""
        self.gets()
        self.says(*said)
        return self.hears()

    def waits_for(self, command: str) -> Line:
        """The first line with that command that comes from now on."""
        while True:
            for line in self.hears():
                if line.command == command:
                    return line


def lines(data: bytes) -> list[Line]:
    """Every byte belongs to a line that can be read: nothing was smuggled between two of them."""
    *found, rest = data.decode().split("\r\n")
    assert rest == ""
    return [parse(line) for line in found]
