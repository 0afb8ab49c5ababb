"""A room as its log makes it: who was in it, with which letters, and who might therefore do what."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from hubbub.hub.events import Entry, Event, Joined, Kicked, ModesChanged, Parted, Quit, Renamed, Said, TopicChanged
from tests.simulator.clients import Regular
from tests.simulator.disk import Item, Unlogged
from tests.simulator.hearing import nick_of
from tests.simulator.town import Town


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
                self.members.pop(nick_of(item.mask), None)
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
        nick = nick_of(event.who.mask)
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
            return nick_of(event.who.mask)
    return ""
