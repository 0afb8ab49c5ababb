"""The pane at the right: who is in the room, by rank, those who are away last."""

from collections.abc import Iterator, Sequence

from textual import events

from hubbub.client.mirror import Member, Room
from hubbub.client.model.buffer import Place
from hubbub.client.model.desk import Desk
from hubbub.tui import colours
from hubbub.tui.ink import drawable
from hubbub.tui.messages import PersonChosen
from hubbub.tui.naming import rank
from hubbub.tui.widgets.lines import Lines, Row


class People(Lines):
    """Members of the room in front. A click opens a conversation."""

    DEFAULT_CSS = "People { width: 16; border-left: solid ansi_bright_black; }"

    def __init__(self, desk: Desk) -> None:
        super().__init__()
        self._desk = desk
        self._top = 0

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        room = self._room
        if room is None:
            return []
        here, away = sorted_members(room)
        rows: list[Row] = [[(f" {len(here)} here", colours.BOLD)], *(self._row(one) for one in here)]
        if away:
            rows += [[(f" {len(away)} away", colours.BOLD)], *(self._row(one) for one in away)]
        self._top = max(min(self._top, len(rows) - self.size.height), 0)
        return rows[self._top : self._top + self.size.height]

    def on_mouse_scroll_down(self, _event: events.MouseScrollDown) -> None:
        """Called by Textual."""
        self._top += 3
        self.update()

    def on_mouse_scroll_up(self, _event: events.MouseScrollUp) -> None:
        """Called by Textual."""
        self._top = max(self._top - 3, 0)
        self.update()

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        nicks = list(self._nicks())
        place = self._top + event.y
        if place < len(nicks) and nicks[place]:
            self.post_message(PersonChosen(nicks[place]))

    @property
    def _room(self) -> Room | None:
        front = self._desk.front
        return self._desk.network.client.mirror.room(front.name) if front.place is Place.ROOM else None

    def _nicks(self) -> Iterator[str]:
        room = self._room
        here, away = sorted_members(room) if room else ([], [])
        yield ""
        yield from (one.user.nick for one in here)
        if away:
            yield ""
            yield from (one.user.nick for one in away)

    def _row(self, member: Member) -> Row:
        nick, word = member.user.nick, rank(member.ranks)
        own = self._desk.network.client.mirror.is_me(nick)
        style = colours.DIM if member.user.away is not None else colours.OWN if own else colours.of_nick(nick)
        return [(" ", colours.PLAIN), (drawable(nick), style), (f" {word}" if word else "", colours.DIM)]


def sorted_members(room: Room) -> tuple[list[Member], list[Member]]:
    """Those who are here and those who are away, each by rank, then by name."""
    order = "qaohv"

    def place(member: Member) -> tuple[int, str]:
        return min((order.find(mode) for mode in member.ranks if mode in order), default=9), member.user.nick.lower()

    members = sorted(room.members.values(), key=place)
    here = [one for one in members if one.user.away is None]
    return here, [one for one in members if one.user.away is not None]
