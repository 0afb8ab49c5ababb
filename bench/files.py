"""One large file up and down again: how fast, in how much memory, and what people who talk notice of it.

    python -m bench.files [--mib 1024]

It starts a server of its own, in BENCH_DIR or where temporary files are. The client is a plain socket, so that the
server is what is measured.
"""

from __future__ import annotations

import argparse
import base64
import os
import socket
import ssl
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

_PIECE: Final = bytes(1 << 20)
_CONFIG: Final = """
server_name = "bench.example"
data = "{data}"
[limits]
flood = false
[files]
max_bytes = 4294967296
quota_bytes = 0
room_bytes = 0
total_bytes = 0
"""
_PASSWORD: Final = "rosebud and sled"
_TRUSTING: Final = ssl.create_default_context()
_TRUSTING.check_hostname, _TRUSTING.verify_mode = False, ssl.CERT_NONE


@dataclass(frozen=True, slots=True)
class House:
    """A server under measurement."""

    pid: int
    irc: tuple[str, int]
    http: tuple[str, int]
    tls: bool

    def call(self) -> socket.socket:
        """A connection by HTTP, or HTTPS with whatever certificate there is."""
        wire = socket.create_connection(self.http)
        return _TRUSTING.wrap_socket(wire) if self.tls else wire

    def peak(self) -> int:
        """The most memory it has had so far, in KiB."""
        status = Path(f"/proc/{self.pid}/status").read_text(encoding="ascii")
        return int(status.partition("VmHWM:")[2].split()[0])

    def seconds(self) -> float:
        """CPU that it has used."""
        fields = Path(f"/proc/{self.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


class Talker(threading.Thread):
    """Says something twenty times a second, and notes how long the echo takes, in ms."""

    def __init__(self, place: tuple[str, int], room: str) -> None:
        super().__init__(daemon=True)
        self._room = room.encode()
        self.waits: list[float] = []
        self.over = threading.Event()
        self._socket = socket.create_connection(place)
        self._lines = self._socket.makefile("rb")
        self._socket.sendall(
            b"CAP REQ echo-message\r\nNICK leo\r\nUSER leo 0 * :Leo\r\nCAP END\r\nJOIN #%b\r\n" % self._room
        )
        self._hear(b" 366 ")

    def run(self) -> None:
        while not self.over.wait(0.05):
            began = time.perf_counter()
            self._socket.sendall(b"PRIVMSG #%b :tea\r\n" % self._room)
            self._hear(b" PRIVMSG ")
            self.waits.append((time.perf_counter() - began) * 1000)

    def told(self) -> str:
        """The middle and the worst hundredth."""
        if len(self.waits) < 2:
            return "-"
        return f"{statistics.median(self.waits):.1f} / {statistics.quantiles(self.waits, n=100)[98]:.1f} ms"

    def _hear(self, wanted: bytes) -> None:
        for line in self._lines:
            if line.startswith(b"PING"):
                self._socket.sendall(line.replace(b"PING", b"PONG"))
            if wanted in line:
                return
        raise ConnectionError("the server closed the connection")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mib", type=int, default=1024)
    parser.add_argument("--tls", action="store_true", help="by HTTPS")
    ask = parser.parse_args()
    size = ask.mib << 20
    with tempfile.TemporaryDirectory(dir=os.environ.get("BENCH_DIR")) as directory:
        server, house = _start(Path(directory), ask.tls)
        try:
            print(f"{'':10}{'MB/s':>8}{'CPU s':>8}{'peak MiB':>10}   echo p50 / p99")
            _upload(house, len(_PIECE))  # the login's argon2 takes its memory before, and not with, what is measured
            _measure("nothing", house, lambda: time.sleep(3), 0)
            links: list[str] = []
            _measure("up", house, lambda: links.append(_upload(house, size)), size)
            _measure("down", house, lambda: _download(house, links[0], size), size)
        finally:
            server.terminate()
            server.wait()


def _measure(what: str, house: House, work: Callable[[], object], size: int) -> None:
    talker = Talker(house.irc, what)  # a room of its own: nothing is told there of what was said before
    talker.start()
    began, used = time.perf_counter(), house.seconds()
    work()
    seconds, used = time.perf_counter() - began, house.seconds() - used
    talker.over.set()
    talker.join()
    print(f"{what:10}{size / seconds / 1e6:8.0f}{used:8.2f}{house.peak() / 1024:10.1f}   {talker.told()}", flush=True)


def _upload(house: House, size: int) -> str:
    basic = base64.b64encode(f"maya:{_PASSWORD}".encode()).decode()
    with house.call() as wire:
        wire.sendall(
            f"POST / HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {basic}\r\nContent-Length: {size}\r\n\r\n".encode()
        )
        for _ in range(size // len(_PIECE)):
            wire.sendall(_PIECE)
        head = _head(wire)
    if " 201 " not in head:
        raise RuntimeError(f"expected status 201, got {head}")
    return next(line for line in head.splitlines() if line.lower().startswith("location:")).split()[1]


def _download(house: House, link: str, size: int) -> None:
    into = bytearray(1 << 20)
    with house.call() as wire:
        wire.sendall(f"GET {urlsplit(link).path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n".encode())
        got = 0
        while count := wire.recv_into(into):
            got += count
    if got <= size:
        raise RuntimeError(f"expected {size} bytes and a head, got {got}")


def _head(wire: socket.socket) -> str:
    said = b""
    while b"\r\n\r\n" not in said:
        said += wire.recv(4096)
    return said.decode()


def _start(directory: Path, tls: bool) -> tuple[subprocess.Popen[str], House]:
    config = directory / "hubbub.toml"
    config.write_text(_CONFIG.format(data=directory / "data"), encoding="utf-8")
    hubbub = [sys.executable, "-m", "hubbub"]
    make = [*hubbub, "account", "--data", str(directory / "data"), "create", "maya", "--password-stdin"]
    subprocess.run(make, input=f"{_PASSWORD}\n", text=True, check=True, stdout=subprocess.DEVNULL)
    listen = ["--listen", "irc://127.0.0.1:0", "--listen", f"http{'s' if tls else ''}://127.0.0.1:0"]
    server = subprocess.Popen([*hubbub, "serve", "--config", str(config), *listen], stdout=subprocess.PIPE, text=True)
    told = server.stdout or sys.stdin
    irc, http = (urlsplit(told.readline().split()[-1]) for _ in range(2))
    return server, House(server.pid, ("127.0.0.1", irc.port or 0), ("127.0.0.1", http.port or 0), tls)


if __name__ == "__main__":
    main()
