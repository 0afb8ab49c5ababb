"""The only way from text to cells: whatever others wrote passes here, and comes out as text that steers no terminal.

No other module of this room makes segments, and none gives Textual a text of others in another way.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Final

from rich.cells import get_character_cell_size
from rich.segment import Segment
from rich.style import Style
from textual.content import Content
from textual.strip import Strip

from hubbub.wire.clean import clean

# Terminals do not agree on how wide a character is with one of these behind it, and a line of another width than we
# think tears the picture: the picture selector and the colours of skin.
_DISPUTED: Final = re.compile("[\ufe0f\U0001f3fb-\U0001f3ff]")

Piece = tuple[str, Style]
"""A text and how it is drawn."""

ELLIPSIS: Final = "…"


def drawable(text: str) -> str:
    """The text as it is drawn: clean, and of the width that `width` says."""
    if text.isascii():
        return clean(text)
    return _DISPUTED.sub("", clean(text))


def width(text: str) -> int:
    """How many cells a drawable text takes."""
    return len(text) if text.isascii() else sum(map(get_character_cell_size, text))


def strip(pieces: Iterable[Piece], cells: int, style: Style, *, right: bool = False) -> Strip:
    """One line of just so many cells: cut where it is too long, blank where it is too short (`right`: at its left)."""
    segments, left = [], cells
    for raw, own in pieces:
        text = fit(drawable(raw), left)
        if text:
            segments.append(Segment(text, style + own))
            left -= width(text)
    blank = [Segment(" " * left, style)] if left else []
    return Strip(blank + segments if right else segments + blank, cells)


def fit(text: str, cells: int) -> str:
    """A drawable text in at most so many cells; what is cut off leaves a mark."""
    if len(text) <= cells and width(text) <= cells:
        return text
    if cells <= 0:
        return ""
    return take(text, cells - 1) + ELLIPSIS


def take(text: str, cells: int) -> str:
    """The beginning of a drawable text in at most so many cells."""
    if text.isascii():
        return text[: max(cells, 0)]
    taken = 0
    for place, char in enumerate(text):
        taken += get_character_cell_size(char)
        if taken > cells:
            return text[:place]
    return text


def words(text: str) -> Content:
    """Text for what Textual draws by itself: a title, a placeholder. Nothing in it is markup."""
    return Content(drawable(text))


def paragraph(lines: Iterable[str]) -> Content:
    """Several such lines."""
    return Content("\n").join(words(line) for line in lines)


def legible_lines(text: str) -> list[str]:
    """A text of several lines, each drawable."""
    return [drawable(line.replace("\t", "    ")) for line in text.replace("\r", "\n").split("\n")]


def wrap(text: str, cells: int) -> list[tuple[int, int]]:
    """Where to break a drawable text into lines of at most so many cells: from each first to behind each last place.

    At spaces, which the break takes away; inside of a word that is too long. An empty text is one line.
    """
    cells = max(cells, 2)  # a wide character has to fit
    if len(text) <= cells and (text.isascii() or width(text) <= cells):
        return [(0, len(text))]
    return list(_breaks(text, cells))


def _breaks(text: str, cells: int) -> Iterator[tuple[int, int]]:
    start, end = 0, len(text)
    while start < end:
        reach = _reach(text, start, cells)
        if reach >= end:
            yield start, end
            return
        space = text.rfind(" ", start, reach + 1)
        if space > start and text[start:space].strip():
            yield start, space
            start = space + 1
        else:
            yield start, reach
            start = reach


def _reach(text: str, start: int, cells: int) -> int:
    """The place behind the last character that fits when a line begins at `start`."""
    if text.isascii():
        return start + cells
    taken = 0
    for place in range(start, len(text)):
        taken += get_character_cell_size(text[place])
        if taken > cells:
            return max(place, start + 1)
    return len(text)
