"""What has to be true of a town, whatever happened in it: read off the wires, the logs and what clients showed.

Nothing here knows how the server works. The tape of a log says what happened in which order; from that follows who was
in, who might do what, and what everybody has to have heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise
from typing import Final

from hubbub.client import events as told
from hubbub.hub.events import (
    Entry,
    Event,
    Joined,
    Kicked,
    ModesChanged,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicChanged,
    parties,
)
from hubbub.wire.line import Line, parse
from tests.simulator.disk import Item, Tape, Unlogged
from tests.simulator.people import Bystander, Life, Person, Regular
from tests.simulator.town import Town
from tests.simulator.wires import End

_PAST: Final = {"chathistory", "draft/chathistory-targets"}
"""Batches of what was said before."""


def problems(town: Town) -> Iterator[str]:
    """Everything that is wrong, in sentences."""
    tape = town.disk.tape
    for house in town.houses:
        yield from (f"a fault of the server: {fault!r}" for fault in house.faults)
    yield from logs_are_whole(tape)
    for log in tape.logs:
        if log.startswith("#"):
            room = Room(log, frozenset(_invited(town)))
            yield from room.replay(tape.logs[log])
            yield from room.differs(town)
    for person, end in town.ends:
        if isinstance(person, Bystander):
            yield from by_ear(person, end, tape)
        else:
            yield from Ear(person, end, tape).problems(still_here=end is person.end)
    yield from one_msgid_per_nonce(town)
    for person in town.people:
        if isinstance(person, Regular):
            for life in person.lives:
                yield from (f"{person.name}: {problem}" for problem in View(person, life, town).problems())


def logs_are_whole(tape: Tape) -> Iterator[str]:
    """Numbers without gaps, times that rise, names that are unique, and nothing twice."""
    texts: dict[str, str] = {}
    for log in tape.logs:
        entries = tape.entries(log)
        if [entry.place.seq for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"{log} is not numbered from 1 on: {[entry.place.seq for entry in entries]}"
        if any(one.place.ts >= other.place.ts for one, other in pairwise(entries)):
            yield f"the times in {log} do not rise"
        for text in (entry.event.text for entry in entries if isinstance(entry.event, Said)):
            if text in texts:
                yield f"{text} was said once and stored twice, in {texts[text]} and {log}"
            texts[text] = log
    count = sum(len(tape.entries(log)) for log in tape.logs)
    if len(tape.places) != count:
        yield f"{count} entries have {len(tape.places)} msgids"


def one_msgid_per_nonce(town: Town) -> Iterator[str]:
    """Whatever was sent twice under one nonce was answered with one msgid."""
    answers: dict[tuple[str, str], str] = {}
    for person, end in town.ends:
        for line in lines_of(end.heard):
            label, msgid = line.tags.get("label", ""), line.tags.get("msgid", "")
            if line.command == "PRIVMSG" and label and answers.setdefault((person.name, label), msgid) != msgid:
                yield f"{person.name} was told of {label} as {answers[person.name, label]} and as {msgid}"


def _invited(town: Town) -> Iterator[tuple[str, str]]:
    """Who was ever asked where, by anybody."""
    for _, end in town.ends:
        for line in lines_of(end.written):
            if line.command == "INVITE":
                yield line.params[0], line.params[1]


def lines_of(data: bytearray) -> list[Line]:
    """The lines in it that are complete."""
    return [parse(raw.decode()) for raw in bytes(data).split(b"\r\n")[:-1]]


def _nick(mask: str | None) -> str:
    return (mask or "").partition("!")[0]


@dataclass
class Room:
    """A room as its tape makes it: who is in with which letters, and what is set."""

    name: str
    invited: frozenset[tuple[str, str]]
    members: dict[str, str] = field(default_factory=dict)
    modes: set[str] = field(default_factory=lambda: set("nt"))
    bans: set[str] = field(default_factory=set)
    limit: int = 0
    topic: str = ""

    def replay(self, tape: list[Item]) -> Iterator[str]:
        """What nobody should have been able to do."""
        for item in tape:
            if isinstance(item, Entry) and _gone(item.event) not in {"", *self.members}:
                continue  # decided while their going was on its way: it changes nothing
            if isinstance(item, Entry):
                yield from (f"{self.name} {item.place.seq}: {no}" for no in self._take(item.event))
            elif isinstance(item, Unlogged):
                self.members.pop(_nick(item.mask), None)
            else:
                self.members.clear()
            if not self.members:
                self.modes, self.bans, self.limit, self.topic = set("nt"), set(), 0, ""

    def differs(self, town: Town) -> Iterator[str]:
        """What the server believes of the room in the end, and our clients in it, where that is something else."""
        channel = town.house.hub.channels.get(self.name)
        held = {user.nick: member.status for user, member in channel.members.items()} if channel else {}
        if held != self.members:
            yield f"{self.name}: the log says that {self.members} are in, the server {held}"
        if channel and self.members:
            bans = {listed.mask for listed in channel.lists["b"].values()}
            topic = channel.topic.text if channel.topic else ""
            ours, theirs = (self.modes, self.bans, self.limit, self.topic), (channel.modes, bans, channel.limit, topic)
            if ours != theirs:
                yield f"{self.name}: the log says {ours}, the server {theirs}"
        for person in town.people:
            if isinstance(person, Regular):
                room = person.lives[-1].protocol.mirror.room(self.name)
                seen = {member.user.nick: member.ranks for member in room.members.values()} if room else None
                if seen is not None and seen != self.members:
                    yield f"{self.name}: {person.name} sees {seen} in it, the log says {self.members}"

    def _take(self, event: Event) -> Iterator[str]:
        nick = _nick(event.who.mask)
        match event:
            case Said():
                yield from self._may_speak(nick, event)
            case Joined():
                yield from self._may_come(nick, event)
                self.members[nick] = "" if self.members else "o"  # nobody owns these rooms: who comes first runs them
            case Parted():
                yield from self._is_in(nick, "left")
                self.members.pop(nick, None)
            case Kicked():
                yield from self._rules(nick, "put somebody out")
                self.members.pop(event.nick, None)
            case Quit():
                self.members.pop(nick, None)
            case Renamed():
                self.members[event.nick] = self.members.pop(nick, "")
            case TopicChanged():
                yield from self._is_in(nick, "set the topic")
                if "t" in self.modes:
                    yield from self._rules(nick, "set the topic")
                self.topic = event.text
            case ModesChanged():
                yield from self._rules(nick, "set modes")
                self._set(event)

    def _is_in(self, nick: str, deed: str) -> Iterator[str]:
        if nick not in self.members:
            yield f"{nick} {deed}, and was not in"

    def _rules(self, nick: str, deed: str) -> Iterator[str]:
        if "o" not in self.members.get(nick, ""):
            yield f"{nick} {deed}, and was no operator"

    def _may_speak(self, nick: str, event: Said) -> Iterator[str]:
        status = self.members.get(nick)
        if status is None and "n" in self.modes:
            yield f"{nick} said {event.text}, and was not in"
        if not status and "m" in self.modes:
            yield f"{nick} said {event.text}, and had no voice"
        if not status and f"{nick}!*@*" in self.bans:
            yield f"{nick} said {event.text}, and was banned"

    def _may_come(self, nick: str, event: Joined) -> Iterator[str]:
        if nick in self.members:
            yield f"{nick} came in twice"
        if (nick, self.name) in self.invited:
            return
        if "i" in self.modes and self.members:
            yield f"{nick} came in, and nobody asked them to"
        if f"{nick}!*@*" in self.bans:
            yield f"{nick} came in, and was banned"
        if self.limit and len(self.members) >= self.limit:
            yield f"{nick} came in, and the room was full"

    def _set(self, event: ModesChanged) -> None:
        for change in event.changes:
            match change.letter:
                case "o" | "v" if change.argument not in self.members:
                    pass  # they left while it was decided
                case "o" | "v":
                    held = self.members.get(change.argument, "").replace(change.letter, "")
                    status = held + change.letter if change.adding else held
                    self.members[change.argument] = "".join(sorted(status))
                case "b":
                    (self.bans.add if change.adding else self.bans.discard)(change.argument)
                case "l":
                    self.limit = int(change.argument) if change.adding else 0
                case letter:
                    (self.modes.add if change.adding else self.modes.discard)(letter)


def _gone(event: Event) -> str:
    """Whom an event is about that others may have put out, or who may have left, since it was decided; "" for none."""
    match event:
        case Kicked():
            return event.nick
        case Quit() | Renamed():
            return _nick(event.who.mask)
    return ""


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
        own = _nick(line.source) == self._nick
        place = self._tape.places.get(line.tags.get("msgid", ""))
        if place is None and own and line.command == "JOIN":
            self._at[line.params[0]] = _UNKNOWN
        elif place is None and not (line.command == "MODE" and line.params[0][:1] != "#"):
            yield f"heard what no log holds: {line}"
        elif place is not None and place[0].startswith("#"):
            yield from self._stands(line, *place, coming=own and line.command == "JOIN")
        gone = line.params[1] if line.command == "KICK" else _nick(line.source)
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
        if _nick(who) == self._nick and line.command == "NICK":
            self._nick = line.params[0]
        elif not moved and self._at and _UNKNOWN not in self._at.values():
            yield f"heard what stands in no log that they read: {line}"


def by_ear(person: Person, end: End, tape: Tape) -> Iterator[str]:
    """What was said, as somebody heard it who is told no msgids: in order, once, and nothing missing in between."""
    places = {_text(entry): tape.places[entry.place.msgid] for log in tape.logs for entry in tape.entries(log)}
    nicks, at = {person.nick}, dict[str, int]()
    for line in lines_of(end.heard):
        own, room = _nick(line.source) in nicks, line.params[0] if line.params else ""
        if line.command == "001" or (line.command == "NICK" and own):
            nicks.add(room)
        elif line.command == "JOIN" and own:
            at.pop(room, None)
        elif line.command == "PRIVMSG" and room.startswith("#"):
            index = places.get(line.params[1], ("", _UNKNOWN))[1]
            passed = [item for item in tape.logs[room][at.get(room, index) + 1 : index] if isinstance(item, Entry)]
            missed = [entry for entry in passed if _text(entry) and _nick(entry.event.who.mask) not in nicks]
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


class View:
    """What our client showed somebody, in one life of it: each entry once, in order, and nothing missing."""

    def __init__(self, person: Regular, life: Life, town: Town) -> None:
        self._tape, self._events, self._left = town.disk.tape, life.events, life.left
        self._mirror, self._account = life.protocol.mirror, person.nick if person.account else "nobody"
        self._last = life is person.lives[-1]
        self._stored = {_text(e): e for log in self._tape.logs for e in self._tape.entries(log)}

    def problems(self) -> Iterator[str]:
        yield from self._fates()
        for log in self._tape.logs:
            stays = self._stays(log)
            shown = [index for stay in stays for index, _ in stay]
            if len(set(shown)) < len(shown):
                yield f"{log} was shown as {stays}, some of it twice"
            in_turn = [[index for index, in_turn in stay if in_turn] for stay in stays]
            if any(one > other for stay in in_turn for one, other in pairwise(stay)):
                yield f"{log} was shown as {in_turn}"
            theirs = self._account in parties(log) or self._mirror.room(log) is not None
            if self._last and in_turn[-1] and theirs:
                yield from self._whole(log, in_turn[-1][0], shown)

    def _fates(self) -> Iterator[str]:
        """A message that was written is sent or has failed, and either is true."""
        open_labels: dict[str, str] = {}
        for event in self._events:
            if isinstance(event, told.Written):
                open_labels[event.label] = event.text
            elif isinstance(event, told.Sent | told.Failed):
                if open_labels.pop(event.label, None) is None:
                    yield f"{event} was told twice"
                stored = self._stored.get(event.text)
                if isinstance(event, told.Sent) and (stored is None or event.msgid not in ("", stored.place.msgid)):
                    yield f"{event} was told, and stored is {stored}"
                if isinstance(event, told.Failed) and event.code and stored is not None:
                    yield f"{event} was told, and it is stored: {stored}"
        if open_labels and self._last:
            yield f"nobody knows what became of {open_labels}"

    def _stays(self, log: str) -> list[list[tuple[int, bool]]]:
        """What was shown of it in each stay, until they left, were not let in or told of a gap: by its place on the
        tape, and whether it is shown in its turn."""
        stays: list[list[tuple[int, bool]]] = [[]]
        for index, event in enumerate(self._events):
            if (log, index) in self._left or _breaks(event, log):
                stays.append([])
            elif isinstance(event, told.Happening) and not isinstance(event, told.Quit | told.Renamed):
                place = self._tape.places.get(event.msgid, ("", 0))
                if place[0] == log:
                    stays[-1].append((place[1], not _is_out_of_turn(event)))
        return stays

    def _whole(self, log: str, first: int, shown: list[int]) -> Iterator[str]:
        """From the first that was shown in the last stay on, everything."""
        tape = self._tape.logs[log]
        talk = [index for index in range(first, len(tape)) if isinstance(e := tape[index], Entry) and _text(e)]
        missing = [tape[index] for index in talk if index not in shown]
        if missing:
            yield f"{log}: was not shown {missing}"


def _breaks(event: told.Event, log: str) -> bool:
    if isinstance(event, told.Gap):
        return event.conversation in {"", log} or bool(parties(log))
    if isinstance(event, told.JoinRefused):
        return event.room == log
    return (
        isinstance(event, told.Parted | told.Kicked) and event.own and event.conversation == log and not event.history
    )


def _is_out_of_turn(event: told.Happening) -> bool:
    """Our own coming back is shown at once, before what was missed; what we said again, when it is answered again."""
    again = isinstance(event, told.Joined) or (isinstance(event, told.Said) and bool(event.label))
    return event.own and not event.history and again


def _text(entry: Entry) -> str:
    """What was said, "" where it was something else that happened."""
    return entry.event.text if isinstance(entry.event, Said) and entry.event.verb in {"PRIVMSG", "NOTICE"} else ""
