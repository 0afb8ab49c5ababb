"""How a room is called in what happened there before it was called so."""

from __future__ import annotations

from msgspec.structs import replace

from hubbub.hub.events import Entry
from hubbub.hub.modes import SYMBOLS

_PLACES = ("target", "channel")


def spelled(entry: Entry, name: str) -> Entry:
    """The entry of a room's log as of the room `name`: readers find it where they look. Others are as they are."""
    event = entry.event
    if name.lstrip(SYMBOLS)[:1] != "#":
        return entry
    for place in _PLACES:
        if getattr(event, place, name) != name:
            return Entry(replace(event, **{place: name}), entry.place)
    return entry
