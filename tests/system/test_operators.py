"""A whole server in the hands of its operators: what they set outlasts it, and what the file says of them holds."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Running, Wire

CONFIG = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
[[operator]]
name = "root"
password = "secret"
[[webirc]]
password = "hunter2"
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, config=CONFIG)
    yield running
    running.close()


def behind(server: Running, address: str) -> Wire:
    """A connection that a gateway speaks for."""
    wire = server.connect()
    wire.say(f"WEBIRC hunter2 gate {address} {address}")
    return wire


def host(wire: Wire, nick: str) -> str:
    wire.say(f"WHOIS {nick}")
    return wire.hear("311").params[3]


def test_a_ban_and_a_cloak_are_the_same_after_a_restart(server: Running) -> None:
    """The ban is on what others see, so it holds only while the cloak does."""
    maya = server.connect().enter("maya")
    maya.say("OPER root secret")
    maya.hear("381")
    leo = behind(server, "198.51.100.4").enter("leo")
    cloak = host(maya, "leo")
    assert cloak.endswith(".cloak")
    assert host(maya, "maya") == "localhost"
    maya.say(f"UBAN ADD *!*@{cloak} :spam")
    assert "for good: spam" in leo.hear("ERROR").params[0]
    server.stop()
    server.start()
    again = behind(server, "198.51.100.4")
    again.say("NICK leo", "USER leo 0 * :Leo")
    assert "for good: spam" in again.hear("465").params[-1]
    assert host(behind(server, "198.51.100.5").enter("tom"), "tom") != cloak


def test_rehash_takes_in_what_the_file_says(server: Running) -> None:
    """Also of operators: who is none there is none here. A mistake is named and changes nothing."""
    maya = server.connect().enter("maya")
    maya.say("OPER root secret")
    maya.hear("381")
    text = server.config.read_text()
    server.config.write_text("speed = 9\n" + text)
    maya.say("REHASH")
    assert "hubbub.toml: speed: unknown key" in maya.hear("FAIL").params[-1]
    server.config.write_text('motd = "Soup today"\n' + text.replace('"root"', '"boss"'))
    maya.say("REHASH")
    assert maya.hear("MODE").params == ("maya", "-o")
    maya.hear("382")
    maya.say("MOTD", "REHASH")
    assert "Soup today" in maya.hear("372").params[-1]
    maya.hear("481")
