"""Both panes in one line, where there is no room for them: the numbered buffers, what is unread in each."""

from collections.abc import Sequence
from typing import Final

from textual import events

from hubbub.client.model.buffer import Buffer
from hubbub.client.model.desk import Desk
from hubbub.tui import colours
from hubbub.tui.ink import Piece, fit, width
from hubbub.tui.messages import Chosen
from hubbub.tui.naming import network_title, title
from hubbub.tui.widgets.lines import Lines, Row

_NAME: Final = 12


class Tabs(Lines):
    """The buffers side by side, the one in front always among them."""

    DEFAULT_CSS = "Tabs { height: 1; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._ends: list[tuple[int, Buffer]] = []

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        tabs = [(self._tab(number, buffer), buffer) for number, buffer in self._buffers()]
        place = next((at for at, (_, buffer) in enumerate(tabs) if buffer is self._desk.front), 0)
        start = place
        while start and _cells(tabs[start - 1 : place + 1]) <= self.size.width:
            start -= 1
        self._ends, row, end = [], [], 0
        for pieces, buffer in tabs[start:]:
            row += pieces
            end += sum(width(text) for text, _ in pieces)
            self._ends.append((end, buffer))
        return [row]

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        buffer = next((buffer for end, buffer in self._ends if event.x < end), None)
        if buffer is not None:
            self.post_message(Chosen(buffer))

    def _buffers(self) -> list[tuple[int, Buffer]]:
        numbered = list(enumerate(self._desk.buffers, 1))
        front = self._desk.front
        return numbered if front in self._desk.buffers else [(0, front), *numbered]

    def _tab(self, number: int, buffer: Buffer) -> list[Piece]:
        style = colours.CHOSEN if buffer is self._desk.front else colours.BOLD if buffer.unread else colours.PLAIN
        network = self._desk.network_of(buffer)
        name = title(network, buffer) if number else network_title(network)
        pieces = [(f" {number or ''}{fit(name, _NAME)}", style)]
        if buffer.mentions:
            pieces.append((f"({buffer.mentions})", colours.MENTION))
        elif buffer.unread:
            pieces.append((f"·{buffer.unread}", colours.DIM))
        return [*pieces, (" ", style if buffer is self._desk.front else colours.PLAIN)]


def _cells(tabs: Sequence[tuple[list[Piece], Buffer]]) -> int:
    return sum(width(text) for pieces, _ in tabs for text, _ in pieces)
