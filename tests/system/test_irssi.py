"""A client we did not write: Debian's irssi, driven through a pty, over TCP and over TLS."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Running, Wire
from tests.system.terminal import Terminal

IRSSI = shutil.which("irssi")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, ("irc://127.0.0.1:0", "ircs://127.0.0.1:0"))
    yield running
    running.close()


@pytest.fixture(params=["irc", "ircs"])
def irssi(request: pytest.FixtureRequest, server: Running, tmp_path: Path) -> Iterator[Terminal]:
    """irssi, connected as maya."""
    assert IRSSI is not None, "irssi is missing; on Debian: apt-get install irssi"
    url = next(url for url in server.urls if url.startswith(f"{request.param}:"))
    port = url.rpartition(":")[2]
    terminal = Terminal(IRSSI, [f"--home={tmp_path / 'irssi'}", "--noconnect"], {"HOME": str(tmp_path)})
    terminal.sees("[(status)]")
    tls = "-tls -notls_verify " if request.param == "ircs" else ""
    terminal.types("/set cmd_queue_speed 10msec")  # it would hold back what it is told to send
    terminal.types("/set nick maya")
    terminal.types(f"/connect {tls}127.0.0.1 {port}")
    terminal.sees("Welcome to hubbub, maya")
    yield terminal
    terminal.close()


@pytest.fixture
def leo(server: Running) -> Iterator[Wire]:
    wire = server.connect().enter("leo", room="#den")
    yield wire
    wire.close()


def test_irssi_and_another_client_talk_in_one_room(irssi: Terminal, leo: Wire) -> None:
    """Join, talk both ways, topic, nick, private messages, leave: each shows at the other end."""
    irssi.types("/join #den")
    irssi.sees("[maya]")
    assert leo.hear("JOIN").params == ("#den",)
    leo.say("PRIVMSG #den :welcome, maya")
    irssi.sees("leo> welcome, maya")
    irssi.types("grüß dich, leo")
    assert leo.hear("PRIVMSG").params == ("#den", "grüß dich, leo")
    leo.say("TOPIC #den :all that fits nowhere else")
    irssi.sees("all that fits nowhere else")
    irssi.types("/nick maja")
    assert leo.hear("NICK").params == ("maja",)
    irssi.types("/msg leo between us")
    assert leo.hear("PRIVMSG").params == ("leo", "between us")
    leo.say("PRIVMSG maja :yes?")
    irssi.types("/window goto leo")
    irssi.sees("<leo> yes?")
    irssi.types("/window goto #den")
    leo.say("PART #den :bye", "JOIN #den")
    irssi.sees("leo [leo@localhost] has left #den [bye]")
    irssi.sees("leo [leo@localhost] has joined #den")
    leo.hear("366")
    irssi.types("/quit see you")
    assert leo.hear("QUIT").params == ("Quit: see you",)
