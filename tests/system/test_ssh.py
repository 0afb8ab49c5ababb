"""ssh:// as most people come by it: OpenSSH's client in a terminal, and the screen in that."""

from __future__ import annotations

import os
import select
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import PATIENCE, Running, Wire
from tests.system.terminal import Terminal

SSH = shutil.which("ssh")

UNDO = "\x15"
"""Ctrl-U: what was refused still stands in the field."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running(tmp_path_factory.mktemp("ssh"), ("ssh://127.0.0.1:0", "irc://127.0.0.1:0"))
    yield running
    running.close()


@pytest.fixture
def leo(server: Running) -> Iterator[Wire]:
    wire = server.connect(1).enter("leo", room="#lobby")
    yield wire
    wire.close()


@pytest.fixture
def maya(server: Running, leo: Wire, tmp_path: Path) -> Iterator[Terminal]:
    """In the room, before her screen."""
    assert SSH is not None, "ssh is missing; on Debian: apt-get install openssh-client"
    port = server.urls[0].rpartition(":")[2]
    options = [f"-p{port}", "-F/dev/null", "-oStrictHostKeyChecking=no", f"-oUserKnownHostsFile={tmp_path / 'known'}"]
    terminal = Terminal(SSH, [*options, "maya@127.0.0.1"], {"HOME": str(tmp_path), "TERM": "xterm-256color"}, 100, 30)
    terminal.sees("Message #lobby (Enter send")
    leo.hear("JOIN")
    yield terminal
    terminal.close()
    assert all(map(gone, drawing(server)))


def drawing(server: Running) -> list[int]:
    """The programs that draw, those that have ended and are yet to be buried not among them."""
    assert server.process is not None
    tasks = Path(f"/proc/{server.process.pid}/task").iterdir()
    programs = [int(child) for task in tasks for child in (task / "children").read_text().split()]
    return [program for program in programs if not gone(program, 0)]


def gone(program: int, seconds: float = PATIENCE) -> bool:
    """Whether a program ends within so long."""
    try:
        watch = os.pidfd_open(program)
    except ProcessLookupError:
        return True
    try:
        return bool(select.select([watch], [], [], seconds)[0])
    finally:
        os.close(watch)


def test_maya_talks_on_a_screen_by_ssh(maya: Terminal, leo: Wire) -> None:
    """Both ways, in a window that changes its size; ctrl+q leads back to her own shell."""
    leo.say("PRIVMSG #lobby :welcome, maya")
    maya.sees("leo│ welcome, maya")
    maya.types("grüß dich, leo")
    assert leo.hear("PRIVMSG").params == ("#lobby", "grüß dich, leo")
    maya.sees("maya│ grüß dich, leo")
    maya.resize(60, 20)
    maya.sees("1#lobby")
    assert len(maya.picture().splitlines()) == 20
    maya.types("\x11")
    assert leo.hear("QUIT").source == "maya!ssh@localhost"
    assert maya.ended() == 0


def test_who_is_cut_off_leaves_nothing_behind(maya: Terminal, leo: Wire, server: Running) -> None:
    """The program that drew for her ends, and has known nothing that the server knows."""
    (program,) = drawing(server)
    variables = Path(f"/proc/{program}/environ").read_bytes().split(b"\0")
    assert {variable.partition(b"=")[0] for variable in variables if variable} == {b"LANG", b"PYTHONPATH", b"TERM"}
    maya.close()
    leo.hear("QUIT")
    assert gone(program)


def test_what_would_reach_the_server_computer_is_not_there(maya: Terminal) -> None:
    """Neither its files nor its network: she is elsewhere."""
    for typed in ("/upload /etc/hostname", "/connect irc://127.0.0.1:1/", "/disconnect"):
        maya.types(f"{UNDO}{typed}")
        maya.sees(f"there is no command {typed.split()[0]}")
    maya.types(f"{UNDO}/set logs on")
    maya.sees("logs cannot be set here")
    maya.types(f"{UNDO}/set notice_bell off")
    maya.sees("notice_bell is off from now on")
