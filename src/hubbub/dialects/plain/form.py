"""Entries as lines for people at a terminal, in the manner of `hubbub join --plain`. Times are UTC."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import lru_cache
from typing import Any, Final

from hubbub.dialects.seats import form
from hubbub.dialects.seats.form import Form, Tell, because
from hubbub.hub import modes
from hubbub.hub.events import (
    Announced,
    Edited,
    Entry,
    Event,
    Invited,
    Joined,
    Kicked,
    ModeChange,
    ModesChanged,
    Parted,
    Quit,
    Redacted,
    Renamed,
    RoomRenamed,
    TopicChanged,
)

_LATELY_MS: Final = 20 * 60 * 60 * 1000
"""How old an entry may be for the time of day to say when it was."""


def _modes_changed(event: ModesChanged) -> str:
    """`+o leo`, and to those who know no letters what it means, where that is for people."""
    return f"-- {event.who.nick} set {' '.join(_mode(change) for change in event.changes)}"


def _mode(change: ModeChange) -> str:
    letters = f"{'+' if change.adding else '-'}{change.letter}"
    return f"{letters} {change.argument}" if change.argument and change.letter != "k" else letters


class PlainForm(Form):
    """For whoever has the room `front` in front of them; what happens elsewhere is marked with the room's name."""

    told: Mapping[type[Event], Tell] = {
        Joined: lambda event: f"-> {event.who.nick} joined",
        Parted: lambda event: f"<- {event.who.nick} left{because(event.text)}",
        Quit: lambda event: f"<- {event.who.nick} quit{because(event.text)}",
        Kicked: lambda event: f"<- {form.kicked(event)}",
        Renamed: lambda event: f"-- {event.who.nick} is now called {event.nick}",
        TopicChanged: lambda event: f"-- {form.topic_changed(event)}",
        RoomRenamed: lambda event: f"-- {form.room_renamed(event)}",
        ModesChanged: _modes_changed,
        Invited: lambda event: f"-- {event.who.nick} invites {event.nick}: /join {event.channel}",
        Announced: lambda event: f"-- {event.who.nick} to everybody: {event.text}",
        Redacted: form.redacted,
        Edited: form.edited,
    }

    def __init__(self, front: str) -> None:
        super().__init__()
        self.front = front

    def lines(self, entry: Entry) -> Iterable[str]:
        return self._dated(entry, "%H:%M")

    def history(self, entries: Iterable[Entry], now: int) -> Iterator[str]:
        """What happened before `now` (ms), with the day where that is another one."""
        for entry in entries:
            yield from self._dated(entry, "%H:%M" if now - entry.place.ts < _LATELY_MS else "%m-%d %H:%M")

    def _dated(self, entry: Entry, stamp: str) -> Iterator[str]:
        at = datetime.fromtimestamp(entry.place.ts / 1000, UTC)
        front = f"[{at:{stamp}}] {self._place(entry.event)}"
        return (f"{front}{line}" for line in super().lines(entry) if line)

    def _place(self, event: Any) -> str:
        room = getattr(event, "target", "") or getattr(event, "channel", "")
        return f"{room} " if room[:1] == "#" and room != self.front and not isinstance(event, Invited) else ""


form_for: Final = lru_cache(maxsize=1024)(PlainForm)
"""The form of all who have the same room in front."""


def symbol(status: str) -> str:
    """The sign that somebody's name has in a room."""
    return modes.symbols(status)[:1]
