"""What people have in front of them: our client, with all it does by itself, lines that they type, or `nc`."""

from __future__ import annotations

import asyncio
from base64 import b64encode
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
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
from tests.simulator.people import ROOMS, Person
from tests.simulator.wires import End

if TYPE_CHECKING:
    from tests.simulator.town import Town


PATIENCE: Final = Patience(silence=3, registration=20, quiet=15, answer=10, first=0.5, most=4, leave=1)
SILENCE: Final = 40.0
"""Seconds in which servers say something, were it only a PING."""

CAPS: Final = "message-tags server-time echo-message labeled-response batch standard-replies account-tag multi-prefix"


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
