"""What connections heard, read off the wires: each entry of a room they were in, once, in order, and nothing else."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from hubbub.hub.events import Entry, Quit, Renamed, Said
from hubbub.wire.line import Line, parse
from tests.simulator.disk import Item, Tape, Unlogged
from tests.simulator.people import Person
from tests.simulator.wires import End

_PAST: Final = {"chathistory", "draft/chathistory-targets"}
"""Batches of what was said before."""

_UNKNOWN: Final = -1
"""Where somebody stands in a room who came in before they listened: with another device."""


class Ear:
    """What one connection heard of each room: from its own coming in to its going, each entry, once, in order."""

    def __init__(self, person: Person, end: End, tape: Tape) -> None:
        self._name, self._end, self._tape = end.name, end, tape
        self._at: dict[str, int] = {}
        self._nick = person.nick
        self._batches: dict[str, str] = {}
        self._answered: set[str] = set()
        self._due = _asked(end)

    def problems(self, still_here: bool) -> Iterator[str]:
        for line in lines_of(self._end.heard):
            yield from (f"{self._name} {problem}" for problem in self._hear(line))
        for room, at in self._at.items() if still_here else ():
            missing = [item for item in self._tape.logs[room][at + 1 :] if not isinstance(item, Unlogged)]
            if at != _UNKNOWN and missing:
                yield f"{self._name} has not heard in {room}: {missing}"

    def _hear(self, line: Line) -> Iterator[str]:
        if line.command == "BATCH":
            self._batches[line.params[0][1:]] = line.params[1] if len(line.params) > 1 else ""
        if self._batches.get(line.tags.get("batch", "")) in _PAST:
            return
        if line.tags.get("label"):
            self._answered.add(line.tags["label"])
        heard = _HEARD.get(line.command)
        if heard is not None:
            yield from heard(self, line)

    def _pong(self, line: Line) -> Iterator[str]:
        missing = [label for label in self._due.pop(line.params[-1], ()) if label not in self._answered]
        if missing:
            yield f"heard the answer to a PING before those to {missing}, which were sent before it"

    def _greeted(self, line: Line) -> Iterator[str]:
        self._nick = line.params[0]
        yield from ()

    def _error(self, line: Line) -> Iterator[str]:
        if "Internal" in line.params[-1]:
            yield "was told of a fault of the server"

    def _in_room(self, line: Line) -> Iterator[str]:
        """Something that stands in one log."""
        own = nick_of(line.source) == self._nick
        place = self._tape.places.get(line.tags.get("msgid", ""))
        if place is None and own and line.command == "JOIN":
            self._at[line.params[0]] = _UNKNOWN
        elif place is None and not (line.command == "MODE" and line.params[0][:1] != "#"):
            yield f"heard what no log holds: {line}"
        elif place is not None and place[0].startswith("#"):
            yield from self._stands(line, *place, coming=own and line.command == "JOIN")
        gone = line.params[1] if line.command == "KICK" else nick_of(line.source)
        if line.command in {"PART", "KICK"} and gone == self._nick:
            self._at.pop(line.params[0], None)

    def _stands(self, line: Line, room: str, index: int, *, coming: bool) -> Iterator[str]:
        at = self._at.get(room)
        if coming:
            if at is not None:
                yield f"came into {room} twice"
        elif line.tags.get("label") and (at is None or index <= at or at == _UNKNOWN):
            return  # said from outside, or again under its nonce
        elif at is None:
            yield f"heard in {room}, where they were not: {line}"
        elif at != _UNKNOWN and index != at + 1:
            yield f"heard in {room} number {index} after {at}: {line}"
        if at is not None or coming:
            self._at[room] = index

    def _everywhere(self, line: Line) -> Iterator[str]:
        """Something that stands in the logs of all rooms that somebody was in: it is told once."""
        who, moved = line.source or "", 0
        for room, at in self._at.items():
            tape = self._tape.logs[room]
            if at != _UNKNOWN and at + 1 < len(tape) and _goer(tape[at + 1]) == who:
                self._at[room], moved = at + 1, moved + 1
        if nick_of(who) == self._nick and line.command == "NICK":
            self._nick = line.params[0]
        elif not moved and self._at and _UNKNOWN not in self._at.values():
            yield f"heard what stands in no log that they read: {line}"


def by_ear(person: Person, end: End, tape: Tape) -> Iterator[str]:
    """What was said, as somebody heard it who is told no msgids: in order, once, and nothing missing in between."""
    places = {text_of(entry): tape.places[entry.place.msgid] for log in tape.logs for entry in tape.entries(log)}
    nicks, at = {person.nick}, dict[str, int]()
    for line in lines_of(end.heard):
        own, room = nick_of(line.source) in nicks, line.params[0] if line.params else ""
        if line.command == "001" or (line.command == "NICK" and own):
            nicks.add(room)
        elif line.command == "JOIN" and own:
            at.pop(room, None)
        elif line.command == "PRIVMSG" and room.startswith("#"):
            index = places.get(line.params[1], ("", _UNKNOWN))[1]
            passed = [item for item in tape.logs[room][at.get(room, index) + 1 : index] if isinstance(item, Entry)]
            missed = [entry for entry in passed if text_of(entry) and nick_of(entry.event.who.mask) not in nicks]
            if index == _UNKNOWN or index <= at.get(room, _UNKNOWN) or missed:
                yield f"{end.name} heard {line} behind {at}, and not {missed}"
            at[room] = index


def _goer(item: Item) -> str:
    """The mask of who quit, or has another nick."""
    if isinstance(item, Unlogged):
        return item.mask
    return item.event.who.mask if isinstance(item, Entry) and isinstance(item.event, Quit | Renamed) else ""


_HEARD: Final = {
    **dict.fromkeys(("PRIVMSG", "NOTICE", "JOIN", "PART", "KICK", "TOPIC", "MODE"), Ear._in_room),
    **dict.fromkeys(("QUIT", "NICK"), Ear._everywhere),
    "PONG": Ear._pong,
    "001": Ear._greeted,
    "ERROR": Ear._error,
}


def _asked(end: End) -> dict[str, list[str]]:
    """For each PING, the labels of what was sent before it."""
    labels: list[str] = []
    asked = {}
    for line in lines_of(end.written):
        if line.command == "PING":
            asked[line.params[0]] = labels.copy()
        elif line.tags.get("label"):
            labels.append(line.tags["label"])
    return asked


def lines_of(data: bytearray) -> list[Line]:
    """The lines in it that are complete."""
    return [parse(raw.decode()) for raw in bytes(data).split(b"\r\n")[:-1]]


def nick_of(mask: str | None) -> str:
    return (mask or "").partition("!")[0]


def text_of(entry: Entry) -> str:
    """What was said, "" where it was something else that happened."""
    return entry.event.text if isinstance(entry.event, Said) and entry.event.verb in {"PRIVMSG", "NOTICE"} else ""
