"""Blocks of the transcript drawn as lines of cells."""

from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from rich.style import Style
from textual.strip import Strip

from hubbub.client.formatting import Marked, Span
from hubbub.client.model.entry import Entry, State
from hubbub.client.model.network import Network
from hubbub.tui import colours
from hubbub.tui.body import about, gist, happened, lines, opening, sign
from hubbub.tui.columns import Columns
from hubbub.tui.ink import Piece, drawable, fit, strip, width, wrap
from hubbub.tui.layout import Block, Layout

_BAR: Final = "│ "

# Blocks that stay drawn: some screens of them. A drawn line weighs as much as ten messages.
_PAINTED_MAX: Final = 80

Row = tuple[list[Piece], list[Piece]]
"""What stands in the columns of time and nick, and what in that of the text."""


@dataclass(slots=True)
class Painter:
    """Draws the blocks of one layout; `network` knows who we are and what others answer."""

    layout: Layout
    network: Network
    _painted: deque[Block] = field(default_factory=deque)

    def paint(self, block: Block) -> list[Strip]:
        """The lines of a block, as many as it is high."""
        if block.strips is None:
            block.strips = list(_PAINTERS[block.kind](self, block))
            self._painted.append(block)
            if len(self._painted) > _PAINTED_MAX:
                self._painted.popleft().strips = None
        return block.strips

    def touch(self, entry: Entry) -> None:
        """An entry says something else now: so do the lines above its answers."""
        for block in self._painted:
            if entry.msgid and block.entry is not None and block.entry.detail.reply == entry.msgid:
                block.strips = None

    def line(self, line: int) -> Strip:
        """A line of the whole."""
        place, row = self.layout.at(line)
        return self.paint(self.layout.blocks[place])[row]

    @property
    def columns(self) -> Columns:
        """How the width is shared."""
        return self.layout.columns

    def row(self, before: list[Piece], text: list[Piece], style: Style = colours.PLAIN) -> Strip:
        """One line: time and nick, the bar, the text."""
        return strip([*before, *text], self.layout.cells, style)

    def rule(self, text: str, style: Style, *, end: bool = False) -> Strip:
        """A line across everything with some words in it."""
        cells = self.layout.cells
        said = fit(f" {drawable(text)} ", cells)
        rest = cells - width(said)
        right = min(2, rest) if end else rest // 2
        return strip([("─" * (rest - right), style), (said, style), ("─" * right, style)], cells, style)


def _day(painter: Painter, block: Block) -> Iterator[Strip]:
    today = painter.network.clock().astimezone().date()
    day = block.day or today
    year = "" if day.year == today.year else f" {day.year}"
    yield painter.rule(f"{day:%A} {day.day} {day:%B}{year}", colours.RULE)


def _fresh(painter: Painter, block: Block) -> Iterator[Strip]:
    since = f" since {block.entry.at.astimezone():%H:%M}" if block.entry else ""
    yield painter.rule(f"new{since}", colours.UNREAD_RULE, end=True)


def _start(painter: Painter, _block: Block) -> Iterator[Strip]:
    yield painter.rule("nothing earlier", colours.RULE)


def _comings(painter: Painter, block: Block) -> Iterator[Strip]:
    comings = block.comings or []
    said = [drawable(happened(entry)) for entry in comings]
    if block.opened:
        for entry, text in zip(comings, said, strict=True):
            yield painter.row(_margin(painter.columns, entry), [(text, colours.DIM)])
        return
    count = f"  [{len(said)} events]" if len(said) > 1 else ""
    text = fit(" · ".join(said[:50]), painter.columns.text - len(count))
    yield painter.row([(" " * painter.columns.start, colours.PLAIN)], [(text + count, colours.DIM)])


def _told(painter: Painter, block: Block) -> Iterator[Strip]:
    entry = _entry(block)
    style = colours.ERROR if entry.kind == "refused" else colours.WARN if entry.kind == "gap" else colours.DIM
    rows = _wrapped(lines(entry), painter.columns.text)
    for place, text in enumerate(rows):
        before = _margin(painter.columns, None if place else entry)
        yield painter.row(before, [(piece, style + own) for piece, own in text])


def _said(painter: Painter, block: Block) -> Iterator[Strip]:
    entry = _entry(block)
    columns = painter.columns
    if entry.detail.reply:
        yield painter.row([(" " * columns.start, colours.PLAIN)], [(_answered(painter, entry), colours.DIM)])
    style = colours.DIM if entry.state is State.SENDING or entry.detail.redacted else colours.PLAIN
    first = [(opening(entry), _nick_style(entry))] if columns.inline else []
    said = lines(entry, opened=block.opened)
    indent = sum(width(text) for text, _ in first)
    rows = _wrapped(said, columns.text, indent)
    for place, text in enumerate(rows):
        before = _gutter(columns, None if place else entry)
        said_now = text if place else [*first, *text]
        yield painter.row(before, [(piece, style + own) for piece, own in _called(painter, entry, said_now)])
    below = about(entry)
    for start, end in wrap(below, columns.text) if below else ():
        mark = colours.ERROR if entry.state is State.FAILED else colours.PLAIN
        yield painter.row(_gutter(columns, None), [(below[start:end], mark)])


_PAINTERS: Final[dict[str, Callable[[Painter, Block], Iterator[Strip]]]] = {
    "day": _day,
    "fresh": _fresh,
    "start": _start,
    "comings": _comings,
    "told": _told,
    "said": _said,
}


def _answered(painter: Painter, entry: Entry) -> str:
    """The line above an answer."""
    meant = painter.layout.buffer.find(entry.detail.reply)
    return fit(f"╭ {gist(meant) if meant else 'an earlier message'}", painter.columns.text)


def _gutter(columns: Columns, entry: Entry | None) -> list[Piece]:
    """Time and nick, right against the bar."""
    if columns.inline:
        return [(" ", colours.PLAIN)]
    if entry is None:
        return [(" " * (columns.time + columns.nick), colours.PLAIN), (_BAR, colours.RULE)]
    nick = fit(sign(entry), columns.nick - 1)
    blank = " " * (columns.nick - width(nick))
    return [
        (_time(columns, entry), colours.TIME),
        (blank, colours.PLAIN),
        (nick, _nick_style(entry)),
        (_BAR, colours.RULE),
    ]


def _margin(columns: Columns, entry: Entry | None) -> list[Piece]:
    """Time, and no nick."""
    time = _time(columns, entry) if entry is not None else " " * columns.time
    return [(time, colours.TIME), (" " * (columns.start - columns.time), colours.PLAIN)]


def _time(columns: Columns, entry: Entry) -> str:
    if not columns.time:
        return ""
    return "…".rjust(columns.time) if entry.state is State.SENDING else f"{entry.at.astimezone():%H:%M}"


def _nick_style(entry: Entry) -> Style:
    return colours.MENTION if entry.mention else colours.OWN if entry.own else colours.of_nick(entry.nick)


def _called(painter: Painter, entry: Entry, text: list[Piece]) -> Iterator[Piece]:
    """Our nick stands out where somebody calls us."""
    nick = painter.network.nick
    for piece, style in text:
        place = piece.lower().find(nick.lower()) if entry.mention and nick else -1
        if place < 0:
            yield piece, style
            continue
        yield piece[:place], style
        yield piece[place : place + len(nick)], style + colours.MENTION
        yield piece[place + len(nick) :], style


def _wrapped(said: list[Marked], cells: int, indent: int = 0) -> Iterator[list[Piece]]:
    """The lines of a message as rows of pieces; the first one begins behind an indent."""
    for number, line in enumerate(said):
        before = 0 if number else indent
        for start, end in wrap(" " * before + line.text, cells):
            yield list(_pieces(line, max(start - before, 0), max(end - before, 0)))


def _pieces(line: Marked, start: int, end: int) -> Iterator[Piece]:
    """A part of a line, cut where what is marked begins or ends."""
    places = {start, end}
    for span in line.spans:
        places.update(place for place in (span.start, span.end) if start < place < end)
    for left, right in pairwise(sorted(places)):
        yield line.text[left:right], _style(line.spans, left)


def _style(spans: tuple[Span, ...], place: int) -> Style:
    style = colours.PLAIN
    for span in spans:
        if span.start <= place < span.end:
            style += colours.MARKS[span.mark]
            style += Style(link=span.link) if span.link else colours.PLAIN
    return style


def _entry(block: Block) -> Entry:
    if block.entry is None:
        raise LookupError(f"a block of kind {block.kind} has an entry")
    return block.entry
