"""What is selected with the mouse: how it is drawn, and the text that it stands for.

Textual counts characters of a drawn line; cells are what can be cut.
"""

from textual.selection import Selection
from textual.strip import Strip

from hubbub.tui import colours
from hubbub.tui.ink import width
from hubbub.tui.painting import Painter


def highlight(strip: Strip, span: tuple[int, int]) -> Strip:
    """A line with some of it selected: from one character to another, -1 for the end."""
    text = strip.text
    start = width(text[: span[0]])
    end = strip.cell_length if span[1] < 0 else min(width(text[: span[1]]), strip.cell_length)
    if end <= start:
        return strip
    left, right = strip.crop(0, start), strip.crop(end, strip.cell_length)
    return Strip.join([left, strip.crop(start, end).apply_style(colours.SELECTED), right])


def text_of(painter: Painter, selection: Selection) -> str:
    """What is selected, as one would quote it: from the second line on without the columns of time and nick."""
    height = painter.layout.height
    first = selection.start.y if selection.start else 0
    last = min(selection.end.y if selection.end else height - 1, height - 1)
    rows = []
    for line in range(first, last + 1):
        strip = painter.line(line)
        begin = selection.start.x if selection.start and line == first else _gutter(painter, strip, line)
        end = selection.end.x if selection.end and line == last else None
        rows.append(strip.text[begin:end].rstrip())
    return "\n".join(rows)


def _gutter(painter: Painter, strip: Strip, line: int) -> int:
    """How many characters stand before the text of a line."""
    block = painter.layout.blocks[painter.layout.at(line)[0]]
    return len(strip.crop(0, painter.columns.start).text) if block.kind in {"said", "told", "comings"} else 0
