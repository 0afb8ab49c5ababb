"""A hubbub of one's own, for the measurements that need no other server: its process, its doors, what it takes up."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from bench.process import cpu_of, resident_kib
from bench.serving import free_port

ACCOUNT: Final = "maya", "correct horse"
"""Who may share files."""

_CONFIG: Final = """
server_name = "bench.example"
data = "{data}"
[limits]
flood = false
connections_per_address = 0
connects_per_10s = 0
[log]
level = "warning"
"""


@dataclass(frozen=True, slots=True)
class House:
    """One that runs; both doors are on 127.0.0.1. It restarts on the same ports."""

    pid: int
    irc: int
    http: int

    def restart(self) -> None:
        """Begin to; nobody is refused meanwhile."""
        os.kill(self.pid, signal.SIGUSR2)

    def seconds(self) -> float:
        """CPU that it has used."""
        return cpu_of(self.pid)

    def resident(self) -> int:
        """KiB."""
        return resident_kib(self.pid)

    def descriptors(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    def threads(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/task"))

    async def number(self, name: str) -> float:
        """Of /metrics, summed over its labels."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.http)
        writer.write(b"GET /metrics HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n\r\n")
        lines = (await reader.read()).decode().splitlines()
        writer.close()
        return sum(float(line.split()[-1]) for line in lines if line.split("{")[0].split(" ")[0] == name)


@contextmanager
def house(more: str = "") -> Iterator[House]:
    """In BENCH_DIR or where temporary files are; ended and removed on the way out. `more` is configuration."""
    with tempfile.TemporaryDirectory(prefix="hubbub-bench-", dir=os.environ.get("BENCH_DIR")) as place:
        data, config = Path(place, "data"), Path(place, "hubbub.toml")
        config.write_text(_CONFIG.format(data=data) + more, encoding="utf-8")
        hubbub = [sys.executable, "-m", "hubbub"]
        make = [*hubbub, "account", "--data", str(data), "create", ACCOUNT[0], "--password-stdin"]
        subprocess.run(make, input=f"{ACCOUNT[1]}\n", text=True, check=True, stdout=subprocess.DEVNULL)
        listen = [word for scheme in ("irc", "http") for word in ("--listen", f"{scheme}://127.0.0.1:{free_port()}")]
        command = [*hubbub, "serve", "--config", str(config), *listen]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as server:
            try:
                told = server.stdout or sys.stdin
                irc, http = (urlsplit(told.readline().split()[-1]).port or 0 for _ in range(2))
                yield House(server.pid, irc, http)
            finally:
                server.terminate()
