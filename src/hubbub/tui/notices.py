"""Calling somebody who looks elsewhere: by the bell, by the terminal (OSC 9, OSC 777), by the desktop.

iTerm2 made the one (https://iterm2.com/documentation-escape-codes.html), urxvt the other; neither is a standard.
"""

import asyncio
import os
import shutil
import time
from collections.abc import Callable, Coroutine
from typing import Any, Final

from hubbub.client.events import Event, Said
from hubbub.client.model.buffer import Place
from hubbub.client.model.network import Network
from hubbub.tui.ink import drawable, take
from hubbub.tui.settings.kept import Kept

# Seconds between two calls: a flood is one.
_PAUSE: Final = 3.0

# What a notice has room for.
_CELLS: Final = 200

_PROGRAM_SECONDS: Final = 10.0

# Its own arguments, never words of a script.
_APPLE: Final = ("-e", "on run {head, said}", "-e", "display notification said with title head", "-e", "end run")


class Notices:
    """Hears what happens and calls, as the settings say."""

    def __init__(
        self,
        kept: Kept,
        looked_at: Callable[[], bool],
        write: Callable[[str], None],
        run: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        """`looked_at` tells whether somebody sees the terminal, `write` reaches it, `run` does what takes a while."""
        self._kept, self._looked_at, self._write, self._run = kept, looked_at, write, run
        self._last = -_PAUSE

    def hear(self, network: Network, event: Event) -> None:
        """Something was taken in."""
        if not isinstance(event, Said) or event.own or event.history or self._looked_at():
            return
        buffer = network.find(event.conversation)
        entry = buffer.entries[-1] if buffer is not None and buffer.entries else None
        if buffer is None or entry is None or not entry.mention or entry.nick != event.nick:
            return
        if time.monotonic() - self._last >= _PAUSE:
            self._last = time.monotonic()
            where = "" if buffer.place is Place.PERSON else f" in {buffer.name}"
            self._call(_short(f"{event.nick}{where}"), _short(event.text))

    def _call(self, head: str, said: str) -> None:
        wanted = self._kept.now
        if wanted.notice_bell:
            self._write("\a")
        if wanted.notice_terminal != "off":
            self._write(command(wanted.notice_terminal, head, said))
        program = desktop(head, said) if wanted.notice_desktop else None
        if program is not None:
            self._run(_start(program))


def command(kind: str, head: str, said: str) -> str:
    """What makes a terminal show a notice; inside of tmux, for the terminal around it."""
    text = f"777;notify;{head.replace(';', ',')};{said}" if kind == "777" else f"9;{head}: {said}"
    told, escape = f"\x1b]{text}\a", "\x1b"
    return f"{escape}Ptmux;{told.replace(escape, escape * 2)}{escape}\\" if "TMUX" in os.environ else told


def desktop(head: str, said: str) -> tuple[str, ...] | None:
    """The program that shows a notice on this desktop, with its arguments; None where there is none."""
    apple, other = shutil.which("osascript"), shutil.which("notify-send")
    if apple:
        return (apple, *_APPLE, head, said)
    return (other, "--app-name=hubbub", "--", head, _unmarked(said)) if other else None


async def _start(program: tuple[str, ...]) -> None:
    quiet = asyncio.subprocess.DEVNULL
    try:
        process = await asyncio.create_subprocess_exec(*program, stdin=quiet, stdout=quiet, stderr=quiet)
    except OSError:
        return  # a desktop that is not there misses nothing
    try:
        await asyncio.wait_for(process.wait(), _PROGRAM_SECONDS)
    except TimeoutError:
        process.kill()


def _short(text: str) -> str:
    return take(drawable(" ".join(text.split())), _CELLS)


def _unmarked(text: str) -> str:
    """Desktops read a notice as markup: https://specifications.freedesktop.org/notification-spec/latest/markup.html"""
    return text.replace("&", "&amp;").replace("<", "&lt;")
