"""A whole server that may push: its key, what it refuses to call, and that it ends in time."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub.wire.line import Line
from tests.devices import Device
from tests.system.running import Running, Wire

CONFIG = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
[push]
subject = "mailto:maya@example.org"
[accounts]
always_on = "opt-out"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, config=CONFIG)
    yield running
    running.close()


def key(wire: Wire) -> str:
    """The VAPID key that a newcomer is told."""

    def tells(line: Line) -> bool:
        return line.command == "005" and any(word.startswith("VAPID=") for word in line.params)

    wire.say("NICK sam", "USER sam 0 * :Sam")
    return next(word for word in wire.hear(tells).params if word.startswith("VAPID="))


def test_the_key_outlasts_a_restart(server: Running) -> None:
    """What devices registered by it would be worth nothing otherwise."""
    before = key(server.connect())
    server.kill()
    server.start()
    assert key(server.connect()) == before
    assert server.stop() == 0


def test_nothing_on_this_machine_is_called(server: Running) -> None:
    """A name that leads here is found out when there is something to push; the log names it, and the talk goes on."""
    maya = server.connect().enter("maya")
    maya.say("NS REGISTER sesame123")
    maya.hear("900")
    maya.say(f"WEBPUSH REGISTER https://localhost/x {Device().words}", "AWAY :lunch")
    assert maya.hear("WEBPUSH").params == ("REGISTER", "https://localhost/x")
    maya.hear("306")
    leo = server.connect().enter("leo")
    leo.say("PRIVMSG maya :hi")
    assert maya.hear("PRIVMSG").params == ("maya", "hi")
    assert server.process is not None
    assert server.process.stderr is not None
    told = next(line for line in server.process.stderr if "could not push" in line)
    assert "localhost has no public address" in told
    assert server.stop() == 0
