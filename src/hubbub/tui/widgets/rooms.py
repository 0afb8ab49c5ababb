"""The pane at the left: networks, their rooms, the people one talks with; what is unread, and where one is called."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from rich.style import Style
from textual import events

from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.desk import Desk, ordered
from hubbub.client.model.entry import State
from hubbub.client.model.network import Network
from hubbub.tui import colours
from hubbub.tui.ink import Piece, drawable, fit, width
from hubbub.tui.messages import Chosen
from hubbub.tui.naming import STANDING, short_condition, title
from hubbub.tui.widgets.lines import Lines, Row, window


@dataclass(frozen=True, slots=True)
class Item:
    """A line of the list: a buffer with its number, or a heading (no buffer)."""

    network: Network
    buffer: Buffer | None
    number: int = 0
    heading: str = ""


class Rooms(Lines):
    """All buffers. A click brings one to the front."""

    DEFAULT_CSS = "Rooms { width: 18; border-right: solid ansi_bright_black; padding: 0 0; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._start = 0

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        items = list(self._items())
        front = next((place for place, item in enumerate(items) if item.buffer is self._desk.front), 0)
        self._start, shown = window(items, front, self.size.height)
        return [self._row(item) for item in shown]

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        items = list(self._items())
        place = self._start + event.y
        buffer = items[place].buffer if place < len(items) else None
        if buffer is not None:
            self.post_message(Chosen(buffer))

    def _items(self) -> Iterator[Item]:
        number = 0
        for network in self._desk.networks:
            yield Item(network, network.status)
            place = Place.ROOM
            for buffer in ordered(network):
                number += 1
                if buffer.place is not place:
                    place = buffer.place
                    yield Item(network, None, heading="Direct")
                yield Item(network, buffer, number)

    def _row(self, item: Item) -> Row:
        if item.buffer is None:
            return [(f" {item.heading}", colours.BOLD)]
        if item.buffer is item.network.status:
            style = colours.CHOSEN if item.buffer is self._desk.front else colours.BOLD
            behind = [(short_condition(item.network), style)]
            return _filled([(f" {title(item.network, item.buffer)}", style)], behind, self.size.width, style)
        return buffer_row(item.network, item.buffer, item.number, self._desk.front, self.size.width)


def buffer_row(network: Network, buffer: Buffer, number: int, front: Buffer, cells: int) -> Row:
    """A buffer in a list: its number, its name, and the badges at the right."""
    style = colours.CHOSEN if buffer is front else colours.BOLD if buffer.unread else colours.PLAIN
    sign = f"{STANDING[network.standing(buffer.name)]} " if buffer.place is Place.PERSON else ""
    label = f" {number or '':>2} {sign}{title(network, buffer)}"
    return _filled([(label, style)], badges(buffer), cells, style)


def badges(buffer: Buffer) -> list[Piece]:
    """Whether something was not sent, how much is unread, and apart from that how often one is called."""
    failed = any(entry.state is State.FAILED for entry in buffer.waiting)
    pieces: list[Piece] = [(" ✗", colours.ERROR)] if failed else []
    if buffer.unread > buffer.mentions:
        pieces.append((f" {_count(buffer.unread)}", colours.DIM))
    if buffer.mentions:
        pieces.append((f" {_count(buffer.mentions)}", colours.MENTION + colours.CHOSEN))
    return pieces


def _filled(left: list[Piece], right: list[Piece], cells: int, style: Style) -> Row:
    room = cells - sum(width(text) for text, _ in right)
    (label, own), *_ = left
    label = fit(drawable(label), room)
    return [(label, own), (" " * (room - width(label)), style), *right]


def _count(number: int) -> str:
    return str(number) if number < 1000 else "999+"
