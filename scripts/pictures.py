"""Makes docs/pictures: the terminal client and the page, the real ones, on a real server with some talk.

python -m scripts.pictures          # from a checkout with what `make check` needs
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from html import escape
from itertools import groupby
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import pyte
from playwright.sync_api import sync_playwright
from pyte.screens import Char

from tests.system.running import Running, Wire
from tests.system.terminal import Terminal
from tests.web.visitor import CONFIG, SWITCHES, Visitor

ROOT: Final = Path(__file__).parent.parent
PICTURES: Final = ROOT / "docs" / "pictures"
ROOM: Final = "#lobby"
COLUMNS, ROWS = 100, 26

_CAPS: Final = ("message-tags", "echo-message")
_WIDTH, _HEIGHT, _MARGIN = 8.4, 18, 16
_GROUND, _INK = "#16181d", "#d8dadf"
_INKS: Final = {
    "black": "#3b4048", "red": "#e06c75", "green": "#98c379", "brown": "#d6b25e", "blue": "#61afef",
    "magenta": "#c678dd", "cyan": "#56b6c2", "white": "#d8dadf", "brightblack": "#7f8693", "brightred": "#f0858d",
    "brightgreen": "#b1d996", "brightbrown": "#e8ca83", "brightyellow": "#e8ca83", "brightblue": "#82c3f7",
    "brightmagenta": "#d99aec", "brightcyan": "#7bd0da", "brightwhite": "#ffffff",
}  # fmt: skip


def main() -> None:
    with TemporaryDirectory() as place:
        server = Running(Path(place), ("irc://127.0.0.1:0", "http://127.0.0.1:0"), CONFIG)
        people = {nick: server.connect().enter(nick, *_CAPS, room=ROOM) for nick in ("maya", "sam", "priya", "tom")}
        try:
            _draw_terminal(server, people, place)
            _draw_page(server, people)
        finally:
            server.close()


def _talk(people: dict[str, Wire]) -> None:
    """A morning: news, reactions, a question and its answer."""
    people["maya"].say(f"TOPIC {ROOM} :Everything that fits nowhere else")
    first = _said(people["maya"], ROOM, "Morning! The projector in room B is fixed, so we can demo at 11.")
    for nick, emoji in (("sam", "👍"), ("tom", "👍"), ("priya", "🎉")):
        people[nick].say(f"@+draft/react={emoji};+draft/reply={first} TAGMSG {ROOM}")
    asked = _said(people["priya"], ROOM, "Can someone review the reconnect patch before lunch, *please*?")
    people["sam"].say(f"@+draft/reply={asked} PRIVMSG {ROOM} :On it. It is `links.py` only, isn't it?")
    people["sam"].hear("PRIVMSG")
    _said(people["priya"], ROOM, "Yes, and its test: https://example.org/r/214")


def _said(wire: Wire, target: str, text: str) -> str:
    """Say something; its msgid."""
    wire.say(f"PRIVMSG {target} :{text}")
    return wire.hear(lambda line: line.command == "PRIVMSG" and line.params[-1] == text).tags["msgid"]


# The terminal.


def _draw_terminal(server: Running, people: dict[str, Wire], home: str) -> None:
    env = {"TERM": "xterm-256color", "HOME": home, "XDG_DATA_HOME": home, "PYTHONPATH": str(ROOT / "src")}
    arguments = ["-m", "hubbub", "join", f"{server.urls[0]}/{ROOM},#demo", "--name", "leo"]
    terminal = Terminal(sys.executable, arguments, env, COLUMNS, ROWS)
    try:
        terminal.sees("leo │")
        _talk(people)
        terminal.sees("r/214")
        people["tom"].say("JOIN #demo", "PRIVMSG #demo :leo: slides are up")
        people["sam"].say("PRIVMSG leo :A word after the demo?")
        terminal.sees("sam ")
        terminal.types("Eleven works. I bring the cables.")
        terminal.sees("I bring the cables.")
        people["maya"].say(f"@+typing=active TAGMSG {ROOM}")
        terminal.sees("maya is typing")
    finally:
        terminal.close()
    (PICTURES / "terminal.txt").write_text(f"{terminal.picture()}\n")
    (PICTURES / "terminal.svg").write_text(_svg(terminal.screen))


def _svg(screen: pyte.Screen) -> str:
    """Runs of one look are one text each, stretched to the cells that they take, whatever font there is."""
    width, height = COLUMNS * _WIDTH + 2 * _MARGIN, ROWS * _HEIGHT + 2 * _MARGIN
    runs = "\n".join(run for row in range(ROWS) for run in _runs(screen, row))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" width="{width:g}" role="img"\n'
        f'  font-family="ui-monospace, Menlo, Consolas, DejaVu Sans Mono, monospace" font-size="14" fill="{_INK}">\n'
        f"<title>hubbub in a terminal</title>\n"
        f'<rect width="100%" height="100%" rx="8" fill="{_GROUND}"/>\n{runs}\n</svg>\n'
    )


def _runs(screen: pyte.Screen, row: int) -> Iterator[str]:
    cells = [(column, screen.buffer[row][column]) for column in range(COLUMNS)]
    for ground, run in groupby(cells, key=lambda cell: _inks(cell[1])[1]):
        if ground != _GROUND:
            yield _ground(row, list(run), ground)
    for _, run in groupby(cells, key=lambda cell: _look(cell[1])):
        yield from _text(row, list(run))


def _look(cell: Char) -> tuple[object, ...]:
    return _inks(cell), cell.bold, cell.italics, cell.underscore, cell.data.isspace()


def _ground(row: int, run: list[tuple[int, Char]], ground: str) -> str:
    x, y = run[0][0] * _WIDTH + _MARGIN, row * _HEIGHT + _MARGIN
    return f'<rect x="{x:g}" y="{y}" width="{len(run) * _WIDTH:g}" height="{_HEIGHT}" fill="{ground}"/>'


def _text(row: int, run: list[tuple[int, Char]]) -> Iterator[str]:
    column, cell = run[0]
    text = "".join(each.data for _, each in run)
    if text.strip():
        style = f'fill="{_inks(cell)[0]}"' + ' font-weight="bold"' * cell.bold + ' font-style="italic"' * cell.italics
        style += ' text-decoration="underline"' * cell.underscore
        place = f'x="{column * _WIDTH + _MARGIN:g}" y="{row * _HEIGHT + _MARGIN + 13}"'
        fit = f'textLength="{len(run) * _WIDTH:g}" lengthAdjust="spacingAndGlyphs"'
        yield f"<text {place} {fit} {style}>{escape(text)}</text>"


def _inks(cell: Char) -> tuple[str, str]:
    """Of the letter, and of what is behind it."""
    ink, ground = _ink(cell.fg, _INK), _ink(cell.bg, _GROUND)
    return (ground, ink) if cell.reverse else (ink, ground)


def _ink(name: str, default: str) -> str:
    return default if name == "default" else _INKS.get(name, f"#{name}")


# The page.


def _draw_page(server: Running, people: dict[str, Wire]) -> None:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path="/usr/bin/chromium", args=SWITCHES)
        visitor = Visitor(browser, server, viewport={"width": 960, "height": 600})
        visitor.enter("zoe", ROOM)
        visitor.sees("I bring the cables.")
        _said(people["tom"], ROOM, "Welcome, zoe! Slides are in #demo.")
        visitor.sees("Slides are in")
        visitor.page.mouse.move(0, 0)  # what stands under it shows what can be done there
        visitor.page.screenshot(path=PICTURES / "page.png")
        browser.close()


if __name__ == "__main__":
    main()
