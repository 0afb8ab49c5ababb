"""One room, every door: irssi, the page and the chat in a terminal in one conversation, each as its people know it."""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from tests.system.running import Running
from tests.system.terminal import Terminal
from tests.web.conftest import Visit


@pytest.fixture
def irssi(own: Running, tmp_path: Path) -> Iterator[Terminal]:
    """irssi, not connected yet."""
    program = shutil.which("irssi")
    assert program is not None, "irssi is missing; on Debian: apt-get install irssi"
    terminal = Terminal(program, [f"--home={tmp_path / 'irssi'}", "--noconnect"], {"HOME": str(tmp_path)})
    terminal.sees("[(status)]")
    terminal.types("/set cmd_queue_speed 10msec")  # it would hold back what it is told to send
    terminal.types("/set nick sam")
    yield terminal
    terminal.close()


@pytest.fixture
def chat(own: Running, tmp_path: Path) -> Iterator[Terminal]:
    """The chat in a terminal, in the room."""
    home = tmp_path / "leo"
    home.mkdir()
    env = {"HOME": str(home), "TERM": "xterm-256color", "PYTHONPATH": os.environ.get("PYTHONPATH", "")}
    command = ["-m", "hubbub", "join", f"{own.urls[0]}/#den", "--name", "leo"]
    terminal = Terminal(sys.executable, command, env, columns=100, rows=30)
    terminal.sees("essage #den")
    yield terminal
    terminal.close()


def test_three_doors_lead_into_one_conversation(own: Running, visit: Visit, irssi: Terminal, chat: Terminal) -> None:
    """What was said before, what is said, what it answers and how it was liked: each sees it, the oldest in words."""
    maya = visit("maya", "#den", own)
    maya.say("said before sam came")
    chat.sees("said before sam came")
    irssi.types(f"/connect 127.0.0.1 {own.urls[0].rpartition(':')[2]}")
    irssi.sees("Welcome to")
    irssi.types("/join #den")
    irssi.sees("said before sam came")
    irssi.types("who has the key?")
    asked = maya.sees("who has the key?")
    chat.sees("who has the key?")
    asked.hover()
    asked.get_by_role("button", name="Reply").click()
    maya.say("it is at the door")
    irssi.sees("> who has the key?")
    irssi.sees("it is at the door")
    chat.sees("it is at the door")
    chat.types("thank you all")
    thanks = maya.sees("thank you all")
    irssi.sees("leo> thank you all")
    irssi.types("bye for now")
    bye = maya.sees("bye for now")
    bye.hover()
    bye.get_by_role("button", name="Another reaction").click()
    maya.page.get_by_label("Find an emoji").fill("waving hand")
    maya.page.get_by_role("button", name="waving hand", exact=True).first.click()
    expect(bye.get_by_role("button", name="👋")).to_be_visible()
    irssi.sees("maya reacted")
    assert maya.texts()[-4:] == ["who has the key?", "it is at the door", "thank you all", "bye for now"]
    expect(thanks).to_contain_text("leo")
