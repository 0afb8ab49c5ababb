"""Starts one server on its core, in a directory of its own, and ends it again."""

import os
import shutil
import signal
import socket
import ssl
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO

from bench.loads import Door, Load
from bench.prepared import certificate, store
from bench.servers import Recipe
from bench.trouble import Broken

WEBSOCKET = (
    b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    b"Sec-WebSocket-Key: aHViYnViLWJlbmNoLWtleQ==\r\nSec-WebSocket-Version: 13\r\n\r\n"
)

PATIENCE = 20.0  # seconds a server may take to its first answer, or to end when asked


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers: its process, its port, and the seconds from its start to its first answer."""

    pid: int
    port: int
    start: float


@contextmanager
def serving(recipe: Recipe, load: Load, cores: tuple[int, int]) -> Iterator[Server]:
    """The running server; raises Broken when it does not come up, or is no longer there at the end."""
    with TemporaryDirectory(prefix="hubbub-bench-") as place, Path(place, "output").open("w+") as output:
        port = free_port()
        command = recipe.lay_out(load, port, Path(place), certificate())
        if load.stored:
            _copy(store(load), Path(place, "data"))
        began = time.perf_counter()
        process = _start(command, cores, place, output)
        try:
            knock = _KNOCKS[load.door]
            yield Server(process.pid, port, _answered(recipe, process, lambda: knock(port), output) - began)
            _check_alive(recipe, process, output)
        except Broken:
            # Where the server died, its last words say more than the load's; it may be dying just now.
            with suppress(subprocess.TimeoutExpired):
                process.wait(1)
            _check_alive(recipe, process, output)
            raise
        finally:
            _stop(process)


def _copy(prepared: Path, data: Path) -> None:
    """A copy of its own for each trial. It is on the disk before the trial begins, so as not to share that with it."""
    shutil.copytree(prepared, data)
    os.sync()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _start(command: list[str], cores: tuple[int, int], place: str, output: IO[str]) -> subprocess.Popen[bytes]:
    # A child inherits the core of the moment in which it is made, so this process moves over and back.
    os.sched_setaffinity(0, {cores[0]})
    try:
        return subprocess.Popen(
            command,
            cwd=place,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    except OSError as error:
        raise Broken(f"could not start {command[0]}: {error.strerror}") from error
    finally:
        os.sched_setaffinity(0, {cores[1]})


def _environment() -> dict[str, str]:
    # A server that is installed has its byte code beside it; its start-up shall not be that of a first run.
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


def _answered(recipe: Recipe, process: subprocess.Popen[bytes], knock: Callable[[], bool], output: IO[str]) -> float:
    """When the first guest was answered, with whatever word: a port that listens may have nobody behind it yet."""
    deadline = time.perf_counter() + PATIENCE
    while time.perf_counter() < deadline:
        _check_alive(recipe, process, output)
        if knock():
            return time.perf_counter()
        time.sleep(0.001)
    raise Broken(f"{recipe.name} answered nobody within {PATIENCE:.0f} seconds; {_last_words(output)}")


def _knock_plain(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as guest:
            guest.sendall(b"PING :first\r\nNICK first\r\nUSER first 0 * :first\r\n")
            return bool(guest.recv(1))
    except OSError:
        return False


def _knock_tls(port: int) -> bool:
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as guest:
            context.wrap_socket(guest, server_hostname="localhost").close()
            return True
    except OSError:
        return False


def _knock_websocket(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=PATIENCE) as guest:
            guest.sendall(WEBSOCKET)
            return bool(guest.recv(1))
    except OSError:
        return False


_KNOCKS: dict[Door, Callable[[int], bool]] = {
    "tcp": _knock_plain,
    "tls": _knock_tls,
    "websocket": _knock_websocket,
}


def _check_alive(recipe: Recipe, process: subprocess.Popen[bytes], output: IO[str]) -> None:
    if process.poll() is not None:
        raise Broken(f"{recipe.name} ended with status {process.returncode}; {_last_words(output)}")


def _last_words(output: IO[str]) -> str:
    output.seek(0)
    return "its last words: " + (" / ".join(output.read().splitlines()[-3:]) or "none")


def _stop(process: subprocess.Popen[bytes]) -> None:
    # The session is ours alone, so its group is the server and whatever it started.
    for farewell in (signal.SIGTERM, signal.SIGKILL):
        if process.poll() is not None:
            return
        os.killpg(process.pid, farewell)
        try:
            process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            continue
