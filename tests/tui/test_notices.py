"""leo is called while he looks elsewhere, by what he wants to be called; and hears nothing of whom he ignores."""

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

import pytest
from textual import events

from hubbub.client.events import Said
from hubbub.client.model.network import Network
from hubbub.client.model.taking import take
from hubbub.client.protocol import Protocol, utc_now
from hubbub.client.registration import Identity
from hubbub.tui.notices import Notices
from hubbub.tui.settings.kept import Kept
from tests.tui.stage import ROOM, Stage, play


class Terminal:
    """What a terminal is told when sam says something to leo."""

    def __init__(self, **settings: bool | str) -> None:
        kept = Kept()
        for name, value in settings.items():
            kept.put(name, value)
        self.told = ""
        self.looked_at = False
        self._network = Network(Protocol(Identity("leo")), "village")
        self._notices = Notices(kept, lambda: self.looked_at, self._write, self._run)

    def hears(self, text: str) -> str:
        event = Said(at=utc_now(), nick="sam", conversation="sam", target="leo", text=text)
        take(self._network, event)
        self._notices.hear(self._network, event)
        return self.told

    def _write(self, text: str) -> None:
        self.told += text

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        work.close()


def test_the_bell_rings_once_for_a_flood() -> None:
    """And not at all while leo looks, or where he switched it off."""
    terminal = Terminal()
    terminal.looked_at = True
    assert terminal.hears("a word?") == ""
    terminal.looked_at = False
    assert [terminal.hears("a word?"), terminal.hears("now?")] == ["\a", "\a"]
    assert Terminal(notice_bell=False).hears("a word?") == ""


@pytest.mark.parametrize(
    ("kind", "told"), [("9", "\x1b]9;sam: a ]word; yes?\a"), ("777", "\x1b]777;notify;sam;a ]word; yes?\a")]
)
def test_a_terminal_shows_what_was_said_and_is_steered_by_none_of_it(
    kind: str, told: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Inside of tmux it is passed on."""
    monkeypatch.delenv("TMUX", raising=False)
    assert Terminal(notice_bell=False, notice_terminal=kind).hears("a \x1b]word;\a yes?") == told
    monkeypatch.setenv("TMUX", "/tmp/tmux")
    passed = f"\x1bPtmux;\x1b{told}\x1b\\"
    assert Terminal(notice_bell=False, notice_terminal=kind).hears("a \x1b]word;\a yes?") == passed


def test_the_desktop_shows_a_mention(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the program that it has for this; only while leo looks elsewhere."""
    program, shown = tmp_path / "notify-send", tmp_path / "shown"
    program.write_text(f'#!/bin/sh\nprintf "%s|" "$@" >> {shown}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")

    async def scene(leo: Stage) -> None:
        await leo.types("/set notice_desktop on")
        await leo.neighbour("maya", "leo: are you there?")
        leo.app.post_message(events.AppBlur())
        await leo.until(lambda: not leo.app.app_focus)
        await leo.neighbour("maya", "nothing")
        await leo.neighbour("maya", "leo: <b>coffee?")
        await leo.until(lambda: shown.exists() and shown.read_text().count("|") == 4)
        assert shown.read_text() == f"--app-name=hubbub|--|maya in {ROOM}|leo: &lt;b>coffee?|"

    play(scene)


def test_words_of_his_own_call_leo() -> None:
    """They are saved, and taken back."""

    async def scene(leo: Stage) -> None:
        await leo.types("/highlight lunch")
        await leo.neighbour("maya", "Lunch, anyone?")
        assert leo.room().entries[-1].mention
        assert Kept().now.highlight == ("lunch",)
        await leo.types("/unhighlight lunch")
        await leo.neighbour("maya", "lunch?")
        assert not leo.room().entries[-1].mention

    play(scene)


def test_whom_leo_ignores_he_does_not_hear() -> None:
    """Not in rooms, not in private, not by reactions or typing; what others say stays whole."""

    async def scene(leo: Stage) -> None:
        await leo.types("/ignore sam")
        await leo.sees("you see nothing more of what sam says; /unignore sam ends it")
        await leo.server(
            f":SAM!s@v PRIVMSG {ROOM} :leo: buy this",
            ":sam!s@v PRIVMSG leo :buy that",
            f"@+typing=active :sam!s@v TAGMSG {ROOM}",
        )
        await leo.neighbour("maya", "hello")
        await leo.sees("hello")
        assert not any(word in leo.picture() for word in ("buy", "typing", "sam│"))
        assert leo.desk.network.find("sam") is None
        await leo.types("/ignore")
        await leo.sees("ignore: sam")
        await leo.types("/unignore sam")
        await leo.neighbour("sam", "sorry")
        await leo.sees("sam│ sorry")

    play(scene)
