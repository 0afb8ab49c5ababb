"""A program after the first tutorial, server and client in one, talks with `hubbub direct --classic`."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.ends import End, Screen

_SCRIPT = Path(__file__).parent / "single_script.py"


class Script:
    """The program, whose keyboard and screen are pipes."""

    def __init__(self, name: str, host: str, *peer: str) -> None:
        self.process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_SCRIPT), host, *peer],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self._screen = Screen(name, self.process)
        self.sees, self.types = self._screen.sees, self._screen.types
        self.types(name)
        found = re.search(r"port (\d+)", self.sees("listening on port"))
        assert found is not None
        self.place = f"{host}:{found[1]}"

    def close(self) -> None:
        self.process.kill()
        self._screen.close()


@pytest.fixture(scope="module")
def maya(tmp_path_factory: pytest.TempPathFactory) -> Iterator[End]:
    end = End(tmp_path_factory.mktemp("classic"), "maya", "127.0.0.2", "--classic")
    yield end
    end.close()


def test_the_program_calls(maya: End) -> None:
    """It is told a port, names one of its own, and is connected back to; its signature is its name here."""
    leo = Script("leo", "127.0.0.5", *maya.place.split(":"))
    try:
        maya.sees("leo: connected")
        leo.sees("maya: connection established")
        leo.types("hi maya")
        maya.sees("leo: hi maya")
        maya.types("hi leo")
        leo.sees("maya: hi leo")
    finally:
        leo.close()
    maya.sees("leo quit")


def test_the_program_is_called(maya: End) -> None:
    """The same the other way round, and two of them are in one room."""
    leo, sam = Script("leo", "127.0.0.5"), Script("sam", "127.0.0.6")
    try:
        for script in (leo, sam):
            maya.types(f"/direct {script.place}")
            script.sees("maya: connection established")
        maya.sees("sam: connected")
        leo.types("hi all")
        sam.sees("leo: hi all")
        maya.sees("leo: hi all")
    finally:
        leo.close()
        sam.close()


def test_a_caller_who_names_no_port_is_talked_to_over_one_connection(maya: End) -> None:
    """It says so, goes on, and is free for the next."""
    import socket

    host, port = maya.place.split(":")
    with socket.create_connection((host, int(port)), 20) as main:
        dedicated = int(main.recv(1024))
    with socket.create_connection((host, dedicated), 20) as priya:
        priya.sendall(b"no number\n")
        maya.sees("only one direction to 127.0.0.1 can be reached")
        assert priya.recv(1024) == b"maya: connection established\n"
        priya.sendall(b"priya: hi\n")
        maya.sees("priya: hi")
