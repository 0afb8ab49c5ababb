"""People and what they do, all of it at random; what they do it with stands in `clients.py`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from tests.simulator.wires import End

if TYPE_CHECKING:
    from tests.simulator.town import Town

NAMES: Final = ("maya", "leo", "sam", "priya", "tom")
ROOMS: Final = ("#tea", "#den")


class Person(ABC):
    """Somebody with a nick, and the connections they had, the last of which may still be there."""

    def __init__(self, town: Town, name: str, nick: str, account: bool) -> None:
        self.town, self.name, self.nick, self.account = town, name, nick, account
        self.random = Random(f"{town.seed}/{name}")
        self.ends: list[End] = []

    @abstractmethod
    async def live(self) -> None:
        """Be connected, again and again, as long as the town is there."""

    @property
    @abstractmethod
    def settled(self) -> bool:
        """Whether they are in, and wait for nothing."""

    @abstractmethod
    def say(self, target: str, text: str) -> None: ...

    @abstractmethod
    def ask(self, command: str, *params: str) -> None:
        """Say a line, if anybody is there to hear it."""

    def go(self, room: str) -> None:
        self.ask("JOIN", room)

    def part(self, room: str) -> None:
        self.ask("PART", room)

    @property
    def end(self) -> End | None:
        """Their end of the wire, while there is one."""
        return self.ends[-1] if self.ends and not self.ends[-1].is_closing() else None

    def act(self) -> None:
        """Do something, whatever it is."""
        deeds, weights = zip(*DEEDS, strict=True)
        self.random.choices(deeds, weights)[0](self)


def _talk(person: Person) -> None:
    person.say(person.random.choice(ROOMS), person.town.words())


def _chatter(person: Person) -> None:
    room = person.random.choice(ROOMS)
    for _ in range(person.random.randrange(2, 8)):
        person.say(room, person.town.words())


def _whisper(person: Person) -> None:
    person.say(person.random.choice(NAMES), person.town.words())


def _come(person: Person) -> None:
    person.go(person.random.choice(ROOMS))


def _leave(person: Person) -> None:
    person.part(person.random.choice(ROOMS))


def _topic(person: Person) -> None:
    person.ask("TOPIC", person.random.choice(ROOMS), person.town.words())


def _ruler(person: Person, room: str) -> Person:
    """Mostly somebody who may do what operators do: else hardly anything of it would happen."""
    channel = person.town.house.hub.channels.get(room)
    nicks = {user.nick for user, member in channel.members.items() if member.status} if channel else set[str]()
    rulers = [other for other in person.town.people if other.nick in nicks]
    return person.random.choice(rulers) if rulers and person.random.random() < 0.8 else person


def _kick(person: Person) -> None:
    room = person.random.choice(ROOMS)
    _ruler(person, room).ask("KICK", room, person.random.choice(NAMES))


def _mode(person: Person) -> None:
    room = person.random.choice(ROOMS)
    nick, sign = person.random.choice(NAMES), person.random.choice("+-")
    modes = (("m",), ("i",), ("n",), ("v", nick), ("o", nick), ("o", nick), ("b", f"{nick}!*@*"), ("l", "2"))
    letter, *argument = person.random.choice(modes)
    _ruler(person, room).ask("MODE", room, sign + letter, *argument)


def _quarrel(person: Person) -> None:
    """Somebody is not to do what they are just doing."""
    room, other = person.random.choice(ROOMS), person.random.choice(person.town.people)
    ways = (("KICK", room, other.nick), ("MODE", room, "+m"), ("MODE", room, "+b", f"{other.nick}!*@*"))
    _ruler(person, room).ask(*person.random.choice(ways))
    for _ in range(3):
        other.say(room, person.town.words())


def _invite(person: Person) -> None:
    nick = person.random.choice(NAMES)
    person.ask("INVITE", nick, person.random.choice(ROOMS))


def _cut(person: Person) -> None:
    if person.end is not None:
        person.end.break_off()


def _silence(person: Person) -> None:
    if person.end is not None:
        person.end.fall_silent()


def _stall(person: Person) -> None:
    if person.end is not None:
        person.end.stall(True)
        person.town.loop.arrive(person.random.choice((0.5, 3, 9)), partial(person.end.stall, False))


def _hang_up(person: Person) -> None:
    """Half of it: what was said before is still to be done."""
    if person.end is not None:
        person.end.write_eof()


def _rename(person: Person) -> None:
    person.ask("NICK", person.random.choice((person.nick, f"{person.nick}2")))


def _ping(person: Person) -> None:
    person.ask("PING", person.town.words())


DEEDS: Final[tuple[tuple[Callable[[Person], None], int], ...]] = (
    (_talk, 30),
    (_chatter, 5),
    (_whisper, 9),
    (_come, 7),
    (_leave, 3),
    (_topic, 3),
    (_kick, 3),
    (_quarrel, 4),
    (_mode, 10),
    (_invite, 3),
    (_cut, 3),
    (_silence, 1),
    (_stall, 1),
    (_hang_up, 1),
    (_rename, 1),
    (_ping, 3),
)
