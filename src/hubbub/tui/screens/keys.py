"""F1: every key, from the one table."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from hubbub.tui import colours
from hubbub.tui.screens.scroll import Page, Scroll
from hubbub.tui.verbs import Verb, Where
from hubbub.tui.widgets.lines import Row

# Keys of the field for writing, which has them from its own trade.
_WRITING: Final = (
    ("enter", "send"),
    ("alt+enter", "a new line (ctrl+j where a terminal does not send it)"),
    ("tab", "complete a nick, #room, /command or :emoji"),
    ("up, down", "what was typed before, at the first and the last line"),
    ("esc", "bring messages into focus"),
    ("ctrl+z, ctrl+y", "undo, redo"),
)


class List(Page):
    """The keys of a table of verbs."""

    def __init__(self, table: Mapping[str, Verb]) -> None:
        super().__init__()
        self._table = table

    def rows(self) -> Sequence[Row]:
        """Called when it is drawn."""
        return list(_rows(self._table.values()))


class Keys(Scroll):
    """Shown until Esc."""

    DEFAULT_CSS = "Keys > Vertical { width: 84; max-width: 100%; }"

    def __init__(self, table: Mapping[str, Verb]) -> None:
        super().__init__("Keys", List(table))


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
