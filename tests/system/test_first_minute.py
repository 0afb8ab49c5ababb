"""The first minute, as docs/first-minute.md shows it: two people with a home of their own on one network."""

from __future__ import annotations

import fcntl
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Final

import pytest

from tests.system.running import PATIENCE
from tests.system.terminal import Terminal

DOCS: Final = (Path(__file__).parents[2] / "docs" / "first-minute.md").read_text(encoding="utf-8")
README: Final = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
SHOWN: Final = re.findall(r"```\n(\$ .*?)```", DOCS, re.DOTALL)
"""What the page says is to be seen."""

HERE: Final = ("--interface", "127.0.0.1")
"""The network of these people: this machine."""


@pytest.fixture(autouse=True)
def alone() -> Iterator[None]:
    """All that run here share one network: who is found on it is not left to who else tests."""
    with (Path(tempfile.gettempdir()) / "hubbub-first-minute.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


class Home:
    """Somebody's computer: programs on it in a terminal each."""

    def __init__(self, place: Path, name: str) -> None:
        self.place, self.name = place / name, name
        self.place.mkdir()
        self.env = {"HOME": str(self.place), "LOGNAME": name, "TERM": "xterm-256color", "TZ": "UTC"}
        self.env |= {f"XDG_{kind}_HOME": str(self.place / kind.lower()) for kind in ("DATA", "CONFIG", "STATE")}
        if "PYTHONPATH" in os.environ:
            self.env["PYTHONPATH"] = os.environ["PYTHONPATH"]
        self._terminals: list[Terminal] = []

    def opens(self, *words: str, columns: int = 100) -> Terminal:
        terminal = Terminal(sys.executable, ["-m", "hubbub", *words], self.env, columns, 40)
        self._terminals.append(terminal)
        terminal.sees(f"Your name [{self.name}]:")
        return terminal

    def runs(self, *words: str) -> str:
        """A command to its end."""
        done = subprocess.run(
            [sys.executable, "-m", "hubbub", *words],
            env={**os.environ, **self.env},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return done.stdout + done.stderr

    def leaves(self) -> None:
        for terminal in self._terminals:
            terminal.close()
        self._terminals.clear()


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Callable[[str], Home]]:
    made: list[Home] = []

    def make(name: str) -> Home:
        made.append(Home(tmp_path, name))
        return made[-1]

    yield make
    for one in made:
        one.leaves()


def plain(text: str) -> list[str]:
    """A transcript as the page has it: its addresses, ports, code and fingerprint, blanks taken as one, no picture."""
    text = re.sub(r"[▀▄█ ]{20,}", "", text)
    text = text.replace("127.0.0.1", "192.168.1.20")
    text = re.sub(r"(localhost|1\.20):\d+(?=/| *\n| *$)", r"\1:6680", text)
    text = re.sub(r"1\.20:\d+ \(TLS\)", "1.20:6697 (TLS)", text)
    text = re.sub(r"1\.20 \d+$", "1.20 6697", text, flags=re.MULTILINE)
    text = re.sub(r"/j/\w{6}", "/j/k7q4m2", text)
    text = re.sub(r"\b[0-9A-F]{2}:[0-9A-F]{2}:(…|[0-9A-F:]+):[0-9A-F]{2}\b", "7F:3A:…:91", text)
    return [" ".join(line.split()) for line in text.splitlines() if line.strip()]


def shown(number: int) -> list[str]:
    """A transcript of the page, without the command that was typed."""
    return plain(SHOWN[number])[1:]


def starts(home: Home) -> Terminal:
    """Maya's terminal, when she has read how others get in."""
    terminal = home.opens(*HERE)
    terminal.types("")
    terminal.sees("Enter opens the chat.")
    return terminal


def code_of(terminal: Terminal) -> str:
    found = re.search(r"/j/(\w{6})\b", terminal.shown())
    assert found is not None
    return found[1]


def test_the_first_minute_of_two_people(home: Callable[[str], Home]) -> None:
    """One starts, the other finds her; they talk, and the one who started is the owner."""
    maya, leo = home("maya"), home("leo")
    hers = starts(maya)
    assert plain(hers.picture()) == shown(0)
    assert plain(README.partition("$ hubbub\n")[2].partition("```")[0]) == shown(0)[:5]
    assert "▀" in hers.picture()
    code = code_of(hers)
    hers.types("")
    hers.sees("You are an operator of the server now")

    his = leo.opens(*HERE)
    his.types("")
    his.sees("or paste an invite:")
    his.types("not an invite")
    his.sees("Expected an invite, as k7q4m2 or its link, got 'not an invite'")
    his.types("zzzzz0" if code != "zzzzz0" else "zzzzz1")
    his.sees("does not know the invite")
    his.types(code)
    his.sees("leo")
    hers.sees("leo joined")
    his.types("hello, maya")
    hers.sees("hello, maya")

    done = leo.runs("join", code, "--plain", *HERE, "--name", "sam")
    assert plain(done)[:1] == shown(2)

    setup = plain(maya.runs("irc-setup", "irssi"))
    assert setup == shown(4)

    hers.types("/quit")
    hers.sees("1 other is here: going ends the chat for them.")
    hers.types("y")
    hers.sees("Maya's place is closed. hubbub opens it again, with all that was said.")
    assert "Enter opens the chat." not in hers.shown()


def test_enter_joins_a_stranger_and_says_what_that_is_worth(home: Callable[[str], Home]) -> None:
    """Nobody has vouched for it; the next time it is known, and must be the same."""
    maya, leo = home("maya"), home("leo")
    starts(maya)
    his = leo.opens("--plain", *HERE)
    his.types("")
    his.sees("or paste an invite:")
    his.types("")
    his.sees("1 in #lobby: leo")
    told = plain(his.picture())
    assert told[: len(shown(1))] == shown(1)
    his.types("/quit")
    known = leo.place / "config" / "hubbub" / "known_servers"
    known.write_text(re.sub(r"[0-9a-f]{64}", "0" * 64, known.read_text()))
    again = leo.opens("--plain", *HERE)
    again.types("")
    again.sees("or paste an invite:")
    again.types("")
    with suppress(AssertionError):  # it ends with that
        again.sees("if not known")
    assert "STOP: 127.0.0.1" in again.shown()


def test_she_is_the_owner_again_in_another_terminal_and_after_a_restart(home: Callable[[str], Home]) -> None:
    """Also after a power cut. Her name needs no password on her own computer; nobody else near can take it."""
    maya, leo = home("maya"), home("leo")
    hers = starts(maya)
    hers.types("")
    hers.sees("You are an operator of the server now")
    also = maya.opens("--plain")
    also.types("")
    also.sees("Maya's place is running on this computer. Joining it.")
    also.sees("connected to Maya's place as maya")
    his = leo.opens("--plain", *HERE)
    his.types("maya")
    his.sees("Enter to join")
    his.types("")
    his.sees("connected to Maya's place as maya_")
    maya.leaves()
    hers = starts(maya)
    hers.types("")
    hers.sees("You are an operator of the server now")


def test_on_this_computer_alone_nobody_near_finds_it(home: Callable[[str], Home]) -> None:
    """--local opens nothing to the network, and says so."""
    maya, leo = home("maya"), home("leo")
    hers = maya.opens("--local", "--plain")
    hers.types("")
    hers.sees("IRC clients localhost:")
    hers.sees("on this computer alone")
    assert "no chat was found on this network" in leo.runs("join", code_of(hers), *HERE)


def test_a_narrow_window_has_no_room_for_the_picture(home: Callable[[str], Home]) -> None:
    """The lines are there all the same."""
    hers = home("maya").opens("--local", "--plain", columns=28)
    hers.types("")
    hers.sees("#lobby>")
    assert "▀" not in hers.picture()


NAME = "expected up to 32 ASCII letters, digits"


@pytest.mark.parametrize(
    ("name", "told"),
    [("4u", NAME), ("two words", "twowords?"), ("", ""), ("NickServ", NAME), ("Ünal", "no accents: Unal?")],
)
def test_a_name_that_cannot_be_one_is_asked_for_again(home: Callable[[str], Home], name: str, told: str) -> None:
    """It says what a name is, or which is near; an empty one is the one that is offered."""
    hers = home("maya").opens("--local", "--plain")
    hers.types(name)
    if name:
        hers.sees(told)
        hers.types("maya")
    hers.sees("Starting one: Maya's place.")


def test_without_a_terminal_it_serves_and_prints_the_same_lines(home: Callable[[str], Home]) -> None:
    """As a service, or behind a pipe."""
    maya = home("maya")
    command = [sys.executable, "-m", "hubbub", *HERE]
    env = {**os.environ, **maya.env}
    with subprocess.Popen(
        command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True
    ) as process:
        assert process.stdout is not None
        lines = [process.stdout.readline() for _ in range(3)]
        process.terminate()
        assert process.wait(PATIENCE) == 0
    assert plain("".join(lines)) == shown(0)[2:5]


def test_ports_that_are_taken_are_passed_over(home: Callable[[str], Home]) -> None:
    """Two people on one computer have a chat each."""
    first, second = home("maya"), home("leo")
    one, two = (who.opens("--local", "--plain", "--new") for who in (first, second))
    one.types("")
    one.sees("guests, 2 hours")
    two.types("")
    two.sees("guests, 2 hours")
    ports = [re.findall(r"localhost:(\d+)", terminal.shown()) for terminal in (one, two)]
    assert not set(ports[0]) & set(ports[1])
