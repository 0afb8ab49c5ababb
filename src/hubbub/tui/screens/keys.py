"""F1: every key, from the one table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubbub.tui import colours
from hubbub.tui.ink import words
from hubbub.tui.verbs import Verb, Where
from hubbub.tui.widgets.lines import Lines, Row

# Keys of the field for writing, which has them from its own trade.
_WRITING: Final = (
    ("enter", "send"),
    ("alt+enter", "a new line (ctrl+j where a terminal does not send it)"),
    ("tab", "complete a nick, #room, /command or :emoji"),
    ("up, down", "what was typed before, at the first and the last line"),
    ("esc", "bring messages into focus"),
    ("ctrl+z, ctrl+y", "undo, redo"),
)


class List(Lines, can_focus=True):
    """The keys, as far as they fit."""

    DEFAULT_CSS = "List { height: 1fr; }"

    def __init__(self, table: Mapping[str, Verb]) -> None:
        super().__init__()
        self._table = table
        self.top = 0

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        rows = list(_rows(self._table.values()))
        self.top = max(min(self.top, len(rows) - self.size.height), 0)
        return rows[self.top : self.top + self.size.height]


class Keys(ModalScreen[None]):
    """Shown until Esc."""

    DEFAULT_CSS = """
    Keys { align: center middle; }
    Keys > Vertical { width: 84; max-width: 100%; height: 90%; border: round ansi_bright_black; padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "List"

    def __init__(self, table: Mapping[str, Verb]) -> None:
        super().__init__()
        self._list = List(table)

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(self._list)
        box.border_title, box.border_subtitle = words("Keys"), words("arrows scroll, Esc closes")
        yield box

    def on_key(self, event: events.Key) -> None:
        """Called by Textual."""
        step = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "space": 10}.get(event.key, 0)
        event.stop()
        if not step:
            self.dismiss(None)
            return
        self._list.top += step
        self._list.update()


def _rows(table: Iterable[Verb]) -> Iterator[Row]:
    yield [("Anywhere", colours.BOLD)]
    yield _key("alt+1…9", "go to a conversation by its number")
    for row in table:
        if (
            row.where is Where.ANYWHERE
            and row.keys
            and not row.keys.startswith("alt+1")
            and not row.name.startswith("go")
        ):
            yield _key(_spelled(row), row.about)
    yield []
    yield [("While writing", colours.BOLD)]
    for keys, about in _WRITING:
        yield _key(keys, about)
    yield []
    yield [("On a message", colours.BOLD)]
    for row in table:
        if row.where is Where.MESSAGE:
            yield _key(_spelled(row), row.about)


def _key(keys: str, about: str) -> Row:
    return [(f"  {keys:20}", colours.KEY), (about, colours.PLAIN)]


def _spelled(row: Verb) -> str:
    names = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "esc", "plus": ""}
    return ", ".join(filter(None, (names.get(key, key) for key in row.keys.split(","))))
