"""A server that starts anew (SIGUSR2) refuses nobody, loses nothing, and goes on where its successor could not."""

from __future__ import annotations

import os
import signal
import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.system.running import PATIENCE, Running, Wire

CAPS = ("echo-message", "labeled-response", "message-tags")


class Manager:
    """What a service manager hears."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.settimeout(PATIENCE)

    def hear(self) -> str:
        """The next word that is no sign of life."""
        while (word := self._socket.recv(100).decode()) == "WATCHDOG=1":
            pass
        return word.partition("\n")[0]

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def manager(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Manager]:
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    made = Manager(tmp_path / "notify")
    yield made
    made.close()


@pytest.fixture
def server(tmp_path: Path, manager: Manager) -> Iterator[Running]:
    """On a port that its command names: another would be another one after each start."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    running = Running(tmp_path, (f"irc://127.0.0.1:{port}", f"unix:{tmp_path / 'door.sock'}"))
    assert manager.hear() == "READY=1"
    yield running
    running.close()


def ask(server: Running, name: str) -> None:
    assert server.process is not None
    os.kill(server.process.pid, getattr(signal, name))


class Knocker(threading.Thread):
    """Connects by both doors, again and again, and is content with any answer."""

    def __init__(self, server: Running) -> None:
        super().__init__()
        self.answers, self.refusals = 0, list[OSError]()
        self._doors: list[tuple[int, object]] = [
            (socket.AF_INET, ("127.0.0.1", int(server.urls[0].rpartition(":")[2]))),
            (socket.AF_UNIX, server.urls[1].partition(":")[2]),
        ]
        self._over = threading.Event()

    def run(self) -> None:
        while not self._over.wait(0.005):
            for family, address in self._doors:
                self._knock(family, address)

    def _knock(self, family: int, address: object) -> None:
        with socket.socket(family) as door:
            door.settimeout(PATIENCE)
            try:
                door.connect(address)  # type: ignore[arg-type] # a path or a pair, as the family wants it
                door.sendall(b"PING :there\r\n")
                self.answers += bool(door.recv(1))
            except ConnectionResetError:
                pass  # it was let in, and left again before it had said anything
            except OSError as refused:
                self.refusals.append(refused)

    def stop(self) -> None:
        self._over.set()
        self.join()


class Talker:
    """Says one message after the other, and again what came back to nobody."""

    def __init__(self) -> None:
        self.said = 0
        self.waiting = ""

    def talk(self, wire: Wire, enough: int = 0) -> str:
        """Until so many are said, or the server hangs up: its reason."""
        if self.waiting:
            wire.say(self.waiting)
        while not enough or self.said < enough:
            if not self.waiting:
                self.said += 1
                self.waiting = f"@label=maya-0123456789-{self.said} PRIVMSG #den :maya says {self.said}"
                wire.say(self.waiting)
            line = wire.hear(lambda line: "label" in line.tags or line.command == "ERROR")
            if line.command == "ERROR":
                return line.params[0]
            self.waiting = ""
        return ""


def test_nobody_is_refused_and_no_message_is_lost_or_doubled(server: Running, manager: Manager) -> None:
    """People connect and talk all the while; they are told why, and the process stays the same."""
    talker, knocker = Talker(), Knocker(server)
    knocker.start()
    try:
        wire = server.connect().enter("maya", *CAPS, room="#den")
        talker.talk(wire, enough=50)
        ask(server, "SIGUSR2")
        assert "restarting" in talker.talk(wire)
        assert [manager.hear(), manager.hear()] == ["RELOADING=1", "READY=1"]
        wire = server.connect().enter("maya", *CAPS, room="#den")
        talker.talk(wire, enough=talker.said + 50)
    finally:
        knocker.stop()
    assert (bool(knocker.answers), knocker.refusals) == (True, [])
    assert server.stop() == 0
    assert manager.hear() == "STOPPING=1"
    assert said(server) == [f"maya says {number}" for number in range(1, talker.said + 1)]


def said(server: Running) -> list[object]:
    database = apsw.Connection(str(server.data / "hubbub.db"), flags=apsw.SQLITE_OPEN_READONLY)
    found = [body for (body,) in database.execute("SELECT body FROM msg WHERE body LIKE 'maya says %' ORDER BY id")]
    database.close()
    return found


def test_what_cannot_start_does_not_replace_what_runs(server: Running, manager: Manager) -> None:
    """A mistake in the configuration is named, and who is connected notices nothing; once mended, it goes through."""
    maya = server.connect().enter("maya")
    text = server.config.read_text()
    server.config.write_text(f"{text}\nspeed = 9\n")
    ask(server, "SIGUSR2")
    assert server.process is not None
    assert server.process.stderr is not None
    complaint = next(line for line in server.process.stderr if "not restarted" in line)
    assert "hubbub.toml: limits.speed: unknown key" in complaint
    maya.say("PING :still here")
    maya.hear("PONG")
    server.config.write_text(text)
    ask(server, "SIGUSR2")
    assert "restarting" in maya.hear("ERROR").params[0]


def test_a_log_file_is_opened_anew_once_it_was_moved(server: Running, manager: Manager, tmp_path: Path) -> None:
    """By SIGUSR1, as log rotators send it; SIGHUP, which reads the configuration as well, is told to the manager."""
    log = tmp_path / "hubbub.log"
    server.config.write_text(f'{server.config.read_text()}\n[log]\nfile = "{log}"\n')
    ask(server, "SIGHUP")
    assert [manager.hear(), manager.hear()] == ["RELOADING=1", "READY=1"]
    assert "reloaded" in log.rename(tmp_path / "hubbub.log.1").read_text()
    ask(server, "SIGUSR1")
    maya = server.connect().enter("maya")
    while not log.exists():
        maya.say("PING :now?")
        maya.hear("PONG")
