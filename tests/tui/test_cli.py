"""From the command to the screen and back to the shell."""

import asyncio
import os
import signal
import sys
from pathlib import Path
from typing import Any

import pexpect
import pyte
import pytest
from textual import events
from textual._xterm_parser import XTermParser
from textual.drivers.headless_driver import HeadlessDriver

from hubbub.client.model.desk import Desk
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Way
from hubbub.tui import cli
from hubbub.tui.app import Hubbub
from hubbub.tui.curtain import frame
from hubbub.tui.driver import choose
from hubbub.tui.links import Links
from hubbub.tui.painting import Painter
from hubbub.tui.widgets.composer import Composer
from tests.client.harbour import SOON, Harbour, run

ROOM = "#general"


def on_a_screen(text: str, columns: int, rows: int) -> list[str]:
    screen = pyte.Screen(columns, rows)
    pyte.Stream(screen).feed(text)
    return [row.rstrip() for row in screen.display]


@pytest.mark.parametrize("size", [(100, 30), (60, 20), (40, 12), (20, 5), (1, 1)], ids=str)
def test_the_frame_is_that_of_the_screen(size: tuple[int, int]) -> None:
    """The field and the line of the state are where they will be, so that nothing jumps when the rest is loaded."""
    rows = on_a_screen(frame(ROOM, *size), *size)
    if size[0] > 20:
        assert rows[0] == " #general"
        assert rows[-1] == " ◌ connecting"
    assert any(row.startswith("╭───") for row in rows) == (size[1] >= 16)


def test_a_way_that_is_none_ends_the_screen_with_its_reason() -> None:
    """Nobody listens: the terminal is as it was, the reason is on it, the status says that there is no way."""
    with terminal("irc://127.0.0.1:9/#general") as child:
        child.expect("nobody listens at 127.0.0.1:9")
        child.expect(pexpect.EOF)
    assert child.exitstatus == 3


def test_leo_chats_in_a_real_terminal() -> None:
    """The frame comes first; what he types before the screen is there is not lost; ctrl+q leads back to the shell."""

    async def scene(port: Harbour) -> None:
        port.village.neighbour("maya", ROOM, "morning")
        with terminal(f"irc://leo@{port.address}/{ROOM}") as child:
            await asyncio.to_thread(child.expect, "connecting")
            child.send("hello ther")
            await asyncio.to_thread(child.expect, "morning")
            child.send("e\r")
            await port.until(lambda: "hello there" in str(port.village.logs.get(ROOM)))
            await asyncio.to_thread(child.expect, "hello there")
            child.send("\x11")
            await asyncio.to_thread(child.expect, pexpect.EOF)
        assert child.exitstatus == 0

    run(scene)


def test_alt_and_a_letter_is_a_key_however_fast_it_comes() -> None:
    """As terminals send it, ESC and the letter: two at once, and alt+Enter with what is typed behind it."""
    choose(None)
    parser = XTermParser()
    heard = [event.key for event in parser.feed("\x1b2\x1ba\x1b\rx\x1b[A") if isinstance(event, events.Key)]
    assert heard == ["alt+2", "alt+a", "ctrl+j", "x", "up"]


def test_a_view_that_breaks_is_begun_anew(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """What was being written is in the field of the new one; the person is told, and where to read of it."""

    async def scene(port: Harbour) -> None:
        desk, views = Desk(), 0
        paint = Painter.paint

        async with asyncio.TaskGroup() as tasks:
            links = Links(desk, tasks, SOON, port.village.clock)
            links.open(Way(Address(port.address.host, port.address.port, rooms=(ROOM,)), Identity("leo"), Trust()))
            desk.front.draft = "half a sentence"

            class Watched(Hubbub):
                def on_ready(self) -> None:
                    nonlocal views
                    views += 1
                    monkeypatch.setattr(Painter, "paint", broken if views == 1 else paint)
                    desk.network.note(desk.front, "something to draw")
                    self.set_interval(0.01, self.look_again)

                def look_again(self) -> None:
                    links.news()
                    told = any("nothing is lost" in entry.text for entry in desk.front.entries)
                    if told and self.query_one(Composer).text == "half a sentence":
                        self.exit()

            monkeypatch.setattr(cli, "Hubbub", Watched)
            assert (await cli.look(desk, links, HeadlessDriver)).status == 0
            await links.leave()
        assert views == 2

    def broken(_painter: Painter, _block: object) -> None:
        raise RuntimeError("a fault of ours")

    run(scene)
    log = tmp_path / "state" / "hubbub" / "terminal.log"
    assert "RuntimeError: a fault of ours" in log.read_text()
    assert log.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("breaks", ["painting.Painter.paint", "links.take"])
def test_a_program_that_breaks_for_good_says_so_in_a_sentence(breaks: str, tmp_path: Path) -> None:
    """Whether the screen breaks again and again or what is below it: the terminal is as it was, and no page of a
    traceback is on it; where that stands is."""

    async def scene(port: Harbour) -> None:
        module, _, name = breaks.partition(".")
        program = (
            f"import sys; from hubbub.tui import {module}; from hubbub.cli import main\n"
            "def fault(*_): raise RuntimeError('a fault of ours')\n"
            f"{module}.{name} = fault\n"
            f"sys.argv = ['hubbub', 'join', 'irc://leo@{port.address}/{ROOM}']; main()"
        )
        with terminal("", "-c", program) as child:
            await asyncio.to_thread(child.expect, "our fault .what it was stands in ")
            await asyncio.to_thread(child.expect, pexpect.EOF)
            told = child.before or ""
        assert child.exitstatus == 1
        assert "Traceback" not in told
        assert told.count("\n") < 4

    run(scene)
    assert "RuntimeError: a fault of ours" in (tmp_path / "state" / "hubbub" / "terminal.log").read_text()


def test_keys_that_come_in_a_heap_break_nothing() -> None:
    """F1, Esc and a line behind it, as over a slow line: the line is said."""

    async def scene(port: Harbour) -> None:
        port.village.neighbour("maya", ROOM, "morning")
        with terminal(f"irc://leo@{port.address}/{ROOM}") as child:
            await asyncio.to_thread(child.expect, "morning")
            child.send("\x1bOP")
            await asyncio.to_thread(child.expect, "Anywhere")
            child.send("\x1b[27uhello there\r")
            await port.until(lambda: "hello there" in str(port.village.logs.get(ROOM)))
            child.send("\x11")
            await asyncio.to_thread(child.expect, pexpect.EOF)
        assert child.exitstatus == 0

    run(scene)


LED = """
import pathlib, signal, subprocess, sys
signal.signal(signal.SIGHUP, signal.SIG_IGN)
done = subprocess.run([sys.executable, "-m", "hubbub", "join", *{words}])
pathlib.Path("{told}").write_text(str(done.returncode))
"""


@pytest.mark.parametrize("face", [[], ["--plain"]], ids=str)
def test_a_terminal_that_is_gone_ends_the_chat_though_nobody_tells_it(tmp_path: Path, face: list[str]) -> None:
    """Who was started in the terminal first is sent SIGHUP, and may wait for the others, as `make` does."""

    async def scene(port: Harbour) -> None:
        port.village.neighbour("maya", ROOM, "morning")
        told, words = tmp_path / "told", [*face, f"irc://leo@{port.address}/{ROOM}"]
        with terminal("", "-c", LED.format(words=words, told=told)) as child:
            await asyncio.to_thread(child.expect, "morning")
            gone: Any = child.ptyproc  # type: ignore[attr-defined]  # which the stubs leave out
            gone.fileobj.close()
            gone.closed = child.closed = True
            await asyncio.to_thread(child.wait)
        assert told.read_text() == "0"

    run(scene)


class terminal:  # noqa: N801  # it reads as what it is
    """`hubbub join` in a terminal of the usual size, or something else that Python is told."""

    def __init__(self, url: str, *other: str) -> None:
        settings = os.environ | {"TERM": "xterm-256color", "TZ": "UTC"}
        arguments = list(other) or ["-m", "hubbub", "join", url]
        self.child = pexpect.spawn(
            sys.executable, arguments, env=settings, dimensions=(30, 100), encoding="utf-8", timeout=20
        )

    def __enter__(self) -> "pexpect.spawn[str]":
        return self.child

    def __exit__(self, *_: object) -> None:
        self.child.kill(signal.SIGKILL)  # closing it waits for a tenth of a second only, which a busy machine may take
        self.child.wait()
        self.child.close()
