"""`[store] durability`: what each says that it gives up, and gives up no more than that."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.system.running import Running

Start = Callable[[str], Running]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    running: list[Running] = []

    def begin(durability: str) -> Running:
        config = f'server_name = "hub.example"\ndata = "{{data}}"\n[store]\ndurability = "{durability}"\n'
        running.append(Running(tmp_path, config=config))
        return running[-1]

    yield begin
    for one in running:
        one.close()


def said_before(server: Running) -> list[str]:
    """What a newcomer is shown of the room, the end of it being the answer to a PING."""
    leo = server.connect().enter("leo", "server-time", "batch", room="#den")
    leo.say("PING :enough")
    heard: list[str] = []
    for line in leo.lines():
        if line.command == "PONG":
            return heard
        if line.command == "PRIVMSG":
            heard.append(line.params[1])
    raise AssertionError("the connection ended")


def say(server: Running, text: str) -> None:
    maya = server.connect().enter("maya", "echo-message", room="#den")
    maya.say(f"PRIVMSG #den :{text}")
    maya.hear("PRIVMSG")


def test_normal_survives_kill_9(start: Start) -> None:
    """Only the system's own end may take back what people have seen, and the log says that at the start."""
    server = start("normal")
    say(server, "still here")
    server.kill()
    assert "a power failure may take back the latest messages" in server.errors
    server.start()
    assert said_before(server) == ["still here"]


def test_memory_keeps_nothing(start: Start) -> None:
    """There is history until the server ends, no file holds it, and the log says that at the start."""
    server = start("memory")
    say(server, "gone tomorrow")
    assert said_before(server) == ["gone tomorrow"]
    assert not (server.data / "hubbub.db").exists()
    assert server.stop() == 0
    assert "nothing is kept" in server.errors
    server.start()
    assert said_before(server) == []
