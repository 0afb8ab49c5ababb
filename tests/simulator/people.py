"""People at their clients: some have ours, with all it does by itself, some type lines. All do things at random."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from random import Random
from typing import TYPE_CHECKING, Final

from hubbub.client.connection import CannotConnect, Link, Patience, connect
from hubbub.client.events import Event
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.client.stream import Stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.wire.framing import LineReader
from hubbub.wire.line import Line, parse
from tests.simulator.house import NOON, WORD
from tests.simulator.wires import End

if TYPE_CHECKING:
    from tests.simulator.town import Town

NAMES: Final = ("maya", "leo", "sam", "priya", "tom")
ROOMS: Final = ("#tea", "#den")
PATIENCE: Final = Patience(silence=3, registration=20, quiet=15, answer=10, first=0.5, most=4, leave=1)
SILENCE: Final = 40.0
"""Seconds in which servers say something, were it only a PING."""

CAPS: Final = "message-tags server-time echo-message labeled-response batch standard-replies account-tag multi-prefix"


class Person:
    """Somebody with a nick, and the connections they had, the last of which may still be there."""

    def __init__(self, town: Town, name: str, nick: str, account: bool) -> None:
        self.town, self.name, self.nick, self.account = town, name, nick, account
        self.random = Random(f"{town.seed}/{name}")
        self.ends: list[End] = []

    async def live(self) -> None:
        """Be connected, again and again, as long as the town is there."""
        raise NotImplementedError

    @property
    def settled(self) -> bool:
        """Whether they are in, and wait for nothing."""
        raise NotImplementedError

    def say(self, target: str, text: str) -> None:
        raise NotImplementedError

    def ask(self, command: str, *params: str) -> None:
        """Say a line, if anybody is there to hear it."""
        raise NotImplementedError

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


@dataclass
class Life:
    """Our client, from its start to its end, and all it told; `left` is how much that was when they left a room."""

    protocol: Protocol
    events: list[Event] = field(default_factory=list)
    left: list[tuple[str, int]] = field(default_factory=list)


class Regular(Person):
    """Somebody with our client. Whoever was never let in starts it again."""

    def __init__(self, town: Town, name: str, nick: str, account: bool) -> None:
        super().__init__(town, name, nick, account)
        self.lives: list[Life] = []
        self._link: Link | None = None
        self._skew = timedelta(seconds=self.random.choice((0, 0, 40, -300)))

    async def live(self) -> None:
        while True:
            try:
                await self._start()
            except* CannotConnect:
                pass
            self._link = None
            await asyncio.sleep(self.random.choice((0.1, 2.0)))

    async def _start(self) -> None:
        identity = Identity(self.nick, self.nick, password=WORD if self.account else "")
        life = Life(Protocol(identity, backlog=self.random.choice((0, 3)), clock=self._clock))
        self.lives.append(life)
        for room in ROOMS:
            life.protocol.join(room)
        async with connect(Address(self.name), life.protocol, Trust(), PATIENCE) as self._link:
            async for event in self._link:
                self.town.loop.note(self.name, event)
                life.events.append(event)

    async def open_stream(self) -> Stream:
        loop = self.town.loop
        reader = asyncio.StreamReader(loop=loop)
        protocol = asyncio.StreamReaderProtocol(reader, loop=loop)
        self.ends.append(await self.town.dial(self, protocol))
        return reader, asyncio.StreamWriter(self.ends[-1], protocol, reader, loop)

    @property
    def settled(self) -> bool:
        protocol = self.lives[-1].protocol
        return (
            protocol.settled
            and not protocol.unconfirmed
            and self.end is not None
            and not (self.end.silent or self.end.stalled)
        )

    def say(self, target: str, text: str) -> None:
        if self._link is not None:
            self._link.protocol.say(target, text)
            self._link.flush()

    def ask(self, command: str, *params: str) -> None:
        if self._link is not None and self._link.protocol.online:
            protocol = self._link.protocol
            (protocol.nick if command == "NICK" else partial(protocol.raw, command))(*params)
            self._link.flush()

    def go(self, room: str) -> None:
        if self._link is not None:
            self._link.protocol.join(room)
            self._link.flush()

    def part(self, room: str) -> None:
        if self._link is not None and self._link.protocol.online:
            self._link.protocol.part(room)
            self._link.flush()
            life = self.lives[-1]
            life.left.append((room, len(life.events) + self._link._events.qsize()))

    def _clock(self) -> datetime:
        return datetime.fromtimestamp(NOON / 1000 + self.town.loop.time(), UTC) + self._skew


@dataclass
class Draft:
    """What was said under a label, and nobody has answered yet.

    It is said again under the same nick alone, and not at all where a NICK was on its way: then nobody knows which.
    """

    nick: str
    target: str
    text: str


class Typist(Person, asyncio.Protocol):
    """Somebody who speaks lines: says what got no answer again after a cut, under the nonce that it had."""

    bare = False
    """Whether they know nothing of capabilities, as `nc`: what got no answer is not said again."""

    def __init__(self, town: Town, name: str, nick: str, account: bool) -> None:
        super().__init__(town, name, nick, account)
        self.drafts: dict[str, Draft] = {}
        self._asked_for = self._worn = nick
        self._rooms = dict.fromkeys(ROOMS)
        self._gone = asyncio.Event()
        self._online = self._renaming = False
        self._reader = LineReader()

    async def live(self) -> None:
        while True:
            try:
                end = await self.town.dial(self, self)
            except OSError:
                pass
            else:
                self._begin(end)
                await self._listen(end)
            await asyncio.sleep(self.random.choice((0.05, 0.5, 3.0)))

    async def _listen(self, end: End) -> None:
        """Until it is over, or nothing was heard for so long that it must be."""
        heard = -1
        while not self._gone.is_set() and heard < len(end.heard):
            heard = len(end.heard)
            with suppress(TimeoutError):
                await asyncio.wait_for(self._gone.wait(), SILENCE)
        end.abort()

    @property
    def settled(self) -> bool:
        return self._online and self.end is not None and not (self.end.silent or self.end.stalled) and not self.drafts

    def say(self, target: str, text: str) -> None:
        if self._online and self.bare:
            self._send(f"PRIVMSG {target} :{text}")
        elif self._online:
            label = f"{self.random.getrandbits(64):016x}"
            self.drafts[label] = Draft("" if self._renaming else self._worn, target, text)
            self._send(f"@label={label} PRIVMSG {target} :{text}")

    def ask(self, command: str, *params: str) -> None:
        if self._online:
            self._renaming = self._renaming or command == "NICK"
            self._send(" ".join((command, *params)))

    def go(self, room: str) -> None:
        self._rooms[room] = None
        super().go(room)

    def part(self, room: str) -> None:
        self._rooms.pop(room, None)
        super().part(room)

    # What asyncio tells.

    def data_received(self, data: bytes) -> None:
        for raw in self._reader.feed(data):
            assert isinstance(raw, bytes)
            self._hear(parse(raw.decode()))

    def connection_lost(self, exc: Exception | None) -> None:
        self._online = False
        self._gone.set()

    def _begin(self, end: End) -> None:
        self._gone.clear()
        self._reader, self._asked_for = LineReader(), self.nick
        self.ends.append(end)
        if not self.bare:
            self._send(f"CAP REQ :{CAPS}{' sasl' if self.account else ''}")
        if self.account and self.bare:
            self._send(f"PASS {self.nick}:{WORD}")
        self._send(f"NICK {self.nick}", f"USER {self.nick} 0 * :x")
        if self.account and not self.bare:
            word = b64encode(f"\0{self.nick}\0{WORD}".encode()).decode()
            self._send("AUTHENTICATE PLAIN", f"AUTHENTICATE {word}")
        elif not self.bare:
            self._send("CAP END")

    def _send(self, *lines: str) -> None:
        self.ends[-1].write("".join(f"{line}\r\n" for line in lines).encode())

    def _hear(self, line: Line) -> None:
        label = line.tags.get("label", "")
        if label and line.command != "BATCH":
            self.drafts.pop(label, None)
        match line.command:
            case "PING":
                self._send(f"PONG :{line.params[0]}")
            case "433":
                self._asked_for += "_"
                self._send(f"NICK {self._asked_for}")
            case "903":
                self._send("CAP END")
            case "001":
                self._come_in(line.params[0])
            case "NICK" if (line.source or "").partition("!")[0] == self._worn:
                self._worn = line.params[0]

    def _come_in(self, nick: str) -> None:
        self._online, self._worn, self._renaming = True, nick, False
        self._send(*(f"JOIN {room}" for room in self._rooms))
        for label, draft in list(self.drafts.items()):
            if draft.nick == nick:
                self._send(f"@label={label} PRIVMSG {draft.target} :{draft.text}")
            else:
                del self.drafts[label]


class Bystander(Typist):
    """Somebody with `nc`."""

    bare = True
