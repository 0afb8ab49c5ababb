"""Whatever others write, the terminal shows text cells: nothing steers it, hides in it or tears its picture."""

import re
import unicodedata
from pathlib import Path

import pyte
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from textual.strip import Strip

import hubbub.tui
from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.entry import Entry, More
from hubbub.tui.layout import Layout
from hubbub.tui.painting import Painter
from tests.client.village import START
from tests.tui.stage import ROOM, Stage, play
from tests.tui.test_layout import NETWORK

BAD = [
    "\x1b[2J", "\x1b]0;owned\x07", "\x1b]8;;http://evil.example\x1b\\", "\x9b2J", "\x9d52;c;eA==\x9c", "\x07", "\x08",
    "\r", "\x1b", "[", "31m", "\x85", "\u202e", "\u2066", "\u200b", "\ufeff", "\U000e0041", "\ud800", "\x03",
    "4,1", "\x0e",
    "\x02", "\u0301" * 40, "a", " ", "é", "日", "w" * 300, "[bold red]x[/]", "[@click=app.quit]x[/]", "*", "`",
    "https://e.example/\x1b]",
]  # fmt: skip
bad = st.lists(st.sampled_from(BAD), min_size=1, max_size=8).map("".join)

CONSOLE = Console(color_system="standard", force_terminal=True, width=500)


def written(strip: Strip) -> str:
    """What goes over the wire for a line."""
    return strip.render(CONSOLE)


def shown_by_a_terminal(strip: Strip, cells: int) -> str:
    screen = pyte.Screen(cells, 3)
    pyte.Stream(screen).feed(written(strip))
    assert screen.cursor.y == 0
    assert screen.title == ""
    assert [row.strip() for row in screen.display[1:]] == ["", ""]
    return screen.display[0]


def letters(text: str) -> str:
    """Without accents: a terminal may join them with their letter."""
    return "".join(char for char in unicodedata.normalize("NFD", text) if not unicodedata.combining(char))


def assert_is_text(text: str) -> None:
    assert not [char for char in text if unicodedata.category(char) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}]


@settings(max_examples=30)
@given(bad, bad, bad, st.integers(4, 90))
def test_what_is_said_comes_out_as_text(nick: str, text: str, other: str, cells: int) -> None:
    """Names, texts, reactions, reasons, topics: in the transcript each is so many cells, and a terminal agrees."""
    more = More(reply="m", reactions={other: ["x"]}, edited=True, reason=other)
    found = [
        Entry("message", START, nick, text, more=more, mention=True),
        Entry("action", START, nick, f"{text}\n{other}"),
        Entry("topic", START, nick, text),
        Entry("quit", START, nick, other),
        Entry("kicked", START, nick, other, more=More(by=nick)),
        Entry("told", START, "", text),
        Entry("message", START, nick, text, more=More(redacted=other)),
    ]
    layout = Layout(Buffer(other, Place.ROOM, entries=found), cells)
    painter = Painter(layout, NETWORK)
    for block in layout.blocks:
        for strip in painter.paint(block):
            assert_is_text(strip.text)
            row = shown_by_a_terminal(strip, cells).rstrip()
            assert letters(row) == letters(strip.text.rstrip())
            assert len(strip.text) <= 8 * cells


def test_hostile_names_and_topics_stay_in_their_panes() -> None:
    """The list of rooms, that of people, the line at the top, what is typed, what is answered, what is completed."""

    async def scene(leo: Stage) -> None:
        evil = "\x1b[2J\u202e[bold]evil"
        await leo.server(
            f":village 332 leo {ROOM} :{evil}",
            f":{evil}!x@v JOIN {ROOM}",
            f"@+typing=active :{evil}!x@v TAGMSG {ROOM}",
            f"@msgid=e1 :{evil}!x@v PRIVMSG {ROOM} :{evil}",
            f":{evil}!x@v PRIVMSG leo :{evil}",
            f":village 005 leo NETWORK={evil} :are supported",
            f":leo!l@v JOIN #{evil}",
        )
        await leo.sees("[bold]…│ [bold]evil", "#general  [bold]evil")
        for keys in (["escape", "r"], ["escape", "ctrl+k"], ["escape", "alt+2"], ["alt+3"], ["f1"]):
            await leo.presses(*keys)
            await leo.pilot.pause()
            assert_is_text(leo.picture().replace("\n", ""))
            assert all(len(row) <= 100 for row in leo.rows())

    play(scene)


def test_a_word_of_ten_thousand_letters_is_many_lines() -> None:
    """It is cut at the width; a message of a thousand lines is folded until it is asked for."""

    async def scene(leo: Stage) -> None:
        await leo.server(f"@msgid=w1 :maya!m@v PRIVMSG {ROOM} :{'w' * 7000}")
        await leo.sees("w" * 50)
        lines = [f"@batch=b :maya!m@v PRIVMSG {ROOM} :line {number}" for number in range(300)]
        await leo.server(f"@msgid=l1 BATCH +b draft/multiline {ROOM}", *lines, "BATCH -b")
        await leo.sees("[240 more lines: Enter]")
        await leo.presses("escape", "enter", "escape", "ctrl+end")
        await leo.sees("line 299")

    play(scene)


def test_only_the_ink_makes_cells_of_text() -> None:
    """No other module of the room makes segments or contents: there is one way to the terminal, and it is clean."""
    room = Path(hubbub.tui.__file__).parent
    makers = {path.name for path in room.rglob("*.py") if re.search(r"\b(Segment|Content|Text)\(", path.read_text())}
    assert makers == {"ink.py"}
