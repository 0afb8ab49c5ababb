"""The first line: which conversation this is, and what it is about."""

from collections.abc import Sequence

from hubbub.client.model.buffer import Place
from hubbub.client.model.desk import Desk
from hubbub.tui import colours
from hubbub.tui.ink import drawable
from hubbub.tui.naming import title
from hubbub.tui.widgets.lines import Lines, Row


class Headline(Lines):
    """Name and topic of what is in front."""

    DEFAULT_CSS = "Headline { height: 1; padding: 0 1; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        front, network = self._desk.front, self._desk.network
        about = front.topic
        if front.place is Place.PERSON:
            about = network.standing(front.name).value if network.client.online else ""
        elif front.place is Place.STATUS:
            about = f"{network.condition.value}{': ' if network.trouble else ''}{network.trouble}"
        name = f"{title(network, front)}{self._count()}"
        return [[(name, colours.BOLD), ("  ", colours.PLAIN), (drawable(about), colours.DIM)]]

    def _count(self) -> str:
        """How many are here, where there is no list of them at the right."""
        room = self._desk.network.client.mirror.room(self._desk.front.name)
        shown = room is not None and self.screen.has_class("-narrow") and self._desk.front.place is Place.ROOM
        return f" ({len(room.members)})" if room is not None and shown else ""
