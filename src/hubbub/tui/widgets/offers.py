"""What a line that begins with a slash may become, above the field where it is written: commands and what they do."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final

from hubbub.tui import colours
from hubbub.tui.ink import Piece, fit, width
from hubbub.tui.verbs import Verb
from hubbub.tui.widgets.lines import Lines, Row

# So many commands are explained; of more there are only the names, in no more lines than that.
_ROWS: Final = 6

# A screen that is lower than this has no lines to spare.
_HEIGHT_MIN: Final = 16

_USAGE_MAX: Final = 42
_EMOJI: Final = re.compile(r":([a-z0-9_+-]{2,})\Z")


class Offers(Lines):
    """As high as there is something to offer, and not there at all otherwise."""

    DEFAULT_CSS = "Offers { display: none; height: 1; padding: 0 1; }"

    def __init__(self, verbs: Mapping[str, Verb]) -> None:
        super().__init__()
        self._typed = sorted((row for row in verbs.values() if row.usage), key=_word)
        self._offered: Sequence[Row] = ()

    def of(self, text: str) -> None:
        """Offer what this may become."""
        room = self.screen.size
        self._offered = list(self._rows(text, room.width - 2))[:_ROWS] if room.height >= _HEIGHT_MIN else ()
        self.display = bool(self._offered)
        self.styles.height = max(len(self._offered), 1)
        self.update()

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        return self._offered

    def _rows(self, text: str, cells: int) -> Iterator[Row]:
        if text.startswith("/") and "\n" not in text:
            yield from _commands(self._fitting(text), cells)
        elif found := _EMOJI.search(text):
            from hubbub.client.emoji import find

            yield from _packed([f"{sign} {name}" for sign, name in find(found[1], 20)], cells, 1)

    def _fitting(self, text: str) -> list[Verb]:
        word, space, _ = text.lower().partition(" ")
        return [row for row in self._typed if (_word(row) == word if space else _word(row).startswith(word))]


def _word(row: Verb) -> str:
    return f"/{row.name}"


def _commands(rows: Sequence[Verb], cells: int) -> Iterator[Row]:
    if len(rows) > _ROWS:
        yield from _packed([_word(row) for row in rows], cells, _ROWS)
        return
    column = min(max((len(row.usage) for row in rows), default=0), _USAGE_MAX)
    for row in rows:
        yield [(f"{fit(row.usage, column):{column}}", colours.BOLD), (f"  {row.about}", colours.DIM)]


def _packed(words: Iterable[str], cells: int, most: int) -> Iterator[Row]:
    """The words in as few lines as they take; what does not fit into `most` of them is only marked."""
    lines: list[str] = [""]
    for word in words:
        longer = f"{lines[-1]}  {word}" if lines[-1] else word
        if not lines[-1] or width(longer) <= cells - 2:
            lines[-1] = longer
        elif len(lines) < most:
            lines.append(word)
        else:
            lines[-1] += " …"
            break
    yield from ([_dim(line)] for line in lines if line)


def _dim(line: str) -> Piece:
    return line, colours.DIM
