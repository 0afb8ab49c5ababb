"""What a library for HTTP costs: small answers from memory, and bodies that are taken in and thrown away.

    python -m bench.http_library [--rounds 5] [--requests 4000] [--mib 256]

`hubbub` is the whole server; the others are as little as one can write with them, and take part where they are
installed: aiohttp, uvicorn (with httptools and uvloop). `h11` and `httptools` at the end are parsers alone, fed from
memory with what the client sends. Rounds alternate between them; what is told is the median.
"""

from __future__ import annotations

import argparse
import importlib.util
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Final, NamedTuple
from urllib.parse import urlsplit

import h11

_PATH: Final = "/manifest.webmanifest"
_PIECE: Final = bytes(1 << 18)
_GET: Final = (
    f"GET {_PATH} HTTP/1.1\r\nHost: bench.example\r\nUser-Agent: Mozilla/5.0 (X11; Linux x86_64) Gecko/20100101\r\n"
    "Accept: */*\r\nAccept-Language: en\r\nAccept-Encoding: identity\r\nConnection: keep-alive\r\n\r\n"
).encode()

_AIOHTTP: Final = """
from aiohttp import web
async def get(request):
    return web.Response(body=b"x" * 500, content_type="application/json")
async def put(request):
    async for _ in request.content.iter_any(): pass
    return web.Response(status=405)
app = web.Application(client_max_size=1 << 40)
app.add_routes([web.get("/{path}", get), web.put("/{path}", put)])
import uvloop; uvloop.install()
web.run_app(app, host="127.0.0.1", port=PORT, print=None, access_log=None)
"""
_UVICORN: Final = """
import uvicorn
async def app(scope, receive, send):
    if scope["type"] != "http": return
    while (await receive()).get("more_body"): pass
    status, body = (200, b"x" * 500) if scope["method"] == "GET" else (405, b"")
    headers = [(b"content-length", str(len(body)).encode()), (b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
uvicorn.run(app, host="127.0.0.1", port=PORT, http="httptools", loop="uvloop", lifespan="off", log_level="critical",
            access_log=False)
"""


class Cost(NamedTuple):
    """CPU of the server: us for a request, s for a GiB that comes in."""

    request: float
    gib: float


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--requests", type=int, default=4000)
    parser.add_argument("--mib", type=int, default=256)
    given = parser.parse_args()
    costs: dict[str, list[Cost]] = {}
    for _ in range(given.rounds):
        for name, measure in _MEASURES.items():
            if _is_there(name):
                costs.setdefault(name, []).append(measure(given.requests, given.mib))
    print(f"{'':18}{'us/request':>12}{'s/GiB in':>12}{'import ms':>12}")
    for name, found in costs.items():
        request, gib = (statistics.median(column) for column in zip(*found, strict=True))
        imported = statistics.median(_import_ms(name) for _ in range(3))
        print(f"{name:18}{request:12.1f}{gib:12.2f}{imported:12.0f}")


def _is_there(name: str) -> bool:
    module = name.partition(" ")[0]
    return importlib.util.find_spec(module) is not None


def _import_ms(name: str) -> float:
    """Beyond what asyncio costs."""
    began = time.perf_counter()
    subprocess.run([sys.executable, "-c", f"import asyncio, {name.partition(' ')[0]}"], check=True)
    imported = time.perf_counter()
    subprocess.run([sys.executable, "-c", "import asyncio"], check=True)
    return (imported - began - (time.perf_counter() - imported)) * 1000


# Whole servers.


def _hubbub(requests: int, mib: int) -> Cost:
    with tempfile.TemporaryDirectory() as directory:
        config = Path(directory) / "hubbub.toml"
        config.write_text(f'server_name = "bench.example"\ndata = "{directory}/data"\n', encoding="utf-8")
        command = [sys.executable, "-m", "hubbub", "serve", "--config", str(config), "--listen", "http://127.0.0.1:0"]
        with _running(command, stdout=subprocess.PIPE) as server:
            told = server.stdout.readline() if server.stdout is not None else b""
            return _asked(server.pid, urlsplit(told.split()[-1].decode()).port or 0, requests, mib)


def _program(text: str) -> Callable[[int, int], Cost]:
    def measure(requests: int, mib: int) -> Cost:
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        with _running([sys.executable, "-c", text.replace("PORT", str(port))]) as server:
            _wait_for(port)
            return _asked(server.pid, port, requests, mib)

    return measure


@contextmanager
def _running(command: list[str], stdout: int | None = None) -> Iterator[subprocess.Popen[bytes]]:
    server = subprocess.Popen(command, stdout=stdout)
    try:
        yield server
    finally:
        server.terminate()
        server.wait()


def _wait_for(port: int) -> None:
    deadline = time.monotonic() + 20
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
            return
        except OSError:
            time.sleep(0.05)
    raise TimeoutError("the server did not listen within 20 seconds")


def _asked(pid: int, port: int, requests: int, mib: int) -> Cost:
    with socket.create_connection(("127.0.0.1", port)) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        _get(wire, 200)
        used = _seconds(pid)
        _get(wire, requests)
        small = _seconds(pid) - used
        used = _seconds(pid)
        _put(wire, mib << 20)
        return Cost(small / requests * 1e6, (_seconds(pid) - used) / mib * 1024)


def _get(wire: socket.socket, times: int) -> None:
    for _ in range(times):
        wire.sendall(_GET)
        head, _, body = _until_blank(wire).partition(b"\r\n\r\n")
        left = int(head.lower().partition(b"content-length:")[2].split()[0]) - len(body)
        while left > 0:
            left -= len(wire.recv(65_536))


def _put(wire: socket.socket, size: int) -> None:
    wire.sendall(f"PUT {_PATH} HTTP/1.1\r\nHost: bench.example\r\nContent-Length: {size}\r\n\r\n".encode())
    for _ in range(size // len(_PIECE)):
        wire.sendall(_PIECE)
    if b" 405 " not in (said := _until_blank(wire)):
        raise RuntimeError(f"expected status 405, got {said!r}")


def _until_blank(wire: socket.socket) -> bytes:
    said = b""
    while b"\r\n\r\n" not in said:
        more = wire.recv(65_536)
        if not more:
            raise ConnectionError(f"the server closed the connection after {said!r}")
        said += more
    return said


def _seconds(pid: int) -> float:
    """CPU of all its threads, to the microsecond, where Linux counts in ticks elsewhere."""
    tasks = Path(f"/proc/{pid}/task").iterdir()
    return sum(int((task / "schedstat").read_text(encoding="ascii").split()[0]) for task in tasks) / 1e9


# Parsers alone.


def _h11(requests: int, mib: int) -> Cost:
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=16_384)
    headers = [("Content-Length", "0"), ("Content-Type", "text/plain")]

    def ask() -> None:
        parser.receive_data(_GET)
        parser.next_event()
        parser.next_event()
        parser.send(h11.Response(status_code=200, headers=headers))
        parser.send(h11.EndOfMessage())
        parser.start_next_cycle()

    def take(data: bytes) -> None:
        parser.receive_data(data)
        while parser.next_event() is not h11.NEED_DATA:
            pass

    return _parsed(ask, take, requests, mib)


def _httptools(requests: int, mib: int) -> Cost:
    httptools = importlib.import_module("httptools")

    class Heard:
        def on_url(self, url: bytes) -> None: ...
        def on_header(self, name: bytes, value: bytes) -> None: ...
        def on_body(self, body: bytes) -> None: ...
        def on_message_complete(self) -> None: ...

    parser = httptools.HttpRequestParser(Heard())
    return _parsed(lambda: parser.feed_data(_GET), parser.feed_data, requests, mib)


def _parsed(ask: Callable[[], None], take: Callable[[bytes], None], requests: int, mib: int) -> Cost:
    began = time.process_time()
    for _ in range(requests):
        ask()
    asked = time.process_time()
    take(f"PUT / HTTP/1.1\r\nHost: bench.example\r\nContent-Length: {(mib << 20) + 1}\r\n\r\n".encode())
    for _ in range((mib << 20) // len(_PIECE)):
        take(_PIECE)
    return Cost((asked - began) / requests * 1e6, (time.process_time() - asked) / mib * 1024)


_MEASURES: Final[dict[str, Callable[[int, int], Cost]]] = {
    "hubbub": _hubbub,
    "aiohttp": _program(_AIOHTTP),
    "uvicorn": _program(_UVICORN),
    "h11 (parser)": _h11,
    "httptools (parser)": _httptools,
}


if __name__ == "__main__":
    os.environ.setdefault("PYTHONWARNINGS", "ignore")
    main()
