"""F1 and /help: every key and every command, from the one table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from hubbub.tui import colours
from hubbub.tui.ink import wrap
from hubbub.tui.screens.scroll import Page, Scroll
from hubbub.tui.verbs import Verb, Where
from hubbub.tui.widgets.lines import Row

# Keys of the field for writing, which has them from its own trade.
_WRITING: Final = (
    ("enter", "send"),
    ("alt+enter", "a new line (ctrl+j where a terminal does not send it)"),
    ("tab", "complete a nick, #room, /command or :emoji"),
    ("up, down", "what was typed before, at the first and the last line"),
    ("ctrl+z, ctrl+y", "undo, redo"),
)

_COLUMN: Final = 20


class List(Page):
    """The keys of a table of verbs, and what can be typed; `commands` has these first."""

    def __init__(self, table: Mapping[str, Verb], *, commands: bool) -> None:
        super().__init__()
        self._table, self._commands = table, commands

    def rows(self) -> Sequence[Row]:
        """Called when it is drawn."""
        rows = self._table.values()
        keys, typed = [*_rows(rows, self.size.width)], [*_typed(rows, self.size.width)]
        return [*typed, [], *keys] if self._commands else [*keys, [], *typed]


class Keys(Scroll):
    """Shown until Esc."""

    DEFAULT_CSS = "Keys > Vertical { width: 84; max-width: 100%; }"

    def __init__(self, table: Mapping[str, Verb], *, commands: bool = False) -> None:
        super().__init__("Commands and keys" if commands else "Keys and commands", List(table, commands=commands))


def _typed(table: Iterable[Verb], cells: int) -> Iterator[Row]:
    yield [("Commands", colours.BOLD), ("  a line that begins with // is said with one /", colours.DIM)]
    for row in sorted((row for row in table if row.usage), key=lambda row: row.usage):
        yield from _explained(row.usage, row.about, cells)


def _rows(table: Iterable[Verb], cells: int) -> Iterator[Row]:
    yield [("Anywhere", colours.BOLD)]
    yield from _explained("alt+1…9", "go to a conversation by its number", cells)
    for row in table:
        if (
            row.where is Where.ANYWHERE
            and row.keys
            and not row.keys.startswith("alt+1")
            and not row.name.startswith("go")
        ):
            yield from _explained(_spelled(row), row.about, cells)
    yield []
    yield [("While writing", colours.BOLD)]
    for keys, about in _WRITING:
        yield from _explained(keys, about, cells)
    yield []
    yield [("On a message", colours.BOLD)]
    for row in table:
        if row.where is Where.MESSAGE:
            yield from _explained(_spelled(row), row.about, cells)


def _explained(what: str, about: str, cells: int) -> Iterator[Row]:
    """What to press or to type, and what that does, in as many lines as it takes."""
    first = f"  {what:{_COLUMN}}"
    if len(what) >= _COLUMN:
        yield [(first, colours.KEY)]
        first = " " * (_COLUMN + 2)
    for start, end in wrap(about, max(cells - _COLUMN - 2, 10)):
        yield [(first, colours.KEY), (about[start:end], colours.PLAIN)]
        first = " " * (_COLUMN + 2)


def _spelled(row: Verb) -> str:
    names = {"pageup": "PgUp", "pagedown": "PgDn", "escape": "esc", "plus": ""}
    return ", ".join(filter(None, (names.get(key, key) for key in row.keys.split(","))))
