"""Three people talk through a bad network: delays, cuts in the middle of a line, halves that close, silence.

The clients are those that people use, the server is a real one, and what stands between them relays bytes and has
accidents. When the weather has calmed down, everybody waits for the last word, and then tells what they were shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from random import Random
from typing import Final

from hubbub.client.connection import Link, Patience, connect
from hubbub.client.events import Event, Failed, Gap, Said, Sent
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.client.url import Address
from hubbub.compose import new_account
from hubbub.hub.events import Entry
from hubbub.hub.events import Said as Stored
from hubbub.stores.sqlite import SqliteAccounts, Visit, open_reader
from tests.stores.shelf import EVERYTHING
from tests.system.running import Running

ROOM: Final = "#den"
PEOPLE: Final = ("maya", "leo", "sam")
ACCIDENTS: Final = 12
"""How many each of them has before the weather calms down."""

MESSAGES: Final = 60
LAST: Final = "that was all"
PATIENCE: Final = 60.0
HASTY: Final = Patience(quiet=0.3, answer=0.3, registration=5, first=0.01, most=0.02, leave=1)
"""A silence costs them the time that they are patient; everything else is as quick as the machine."""


class Weather:
    """What stands between one client and the server. Every connection has one accident, until there were enough."""

    def __init__(self, port: int, chance: Random) -> None:
        self._port = port
        self._chance = chance
        self._begun = False
        self._last: asyncio.StreamWriter | None = None
        self.accidents: list[str] = []

    def begin(self) -> None:
        """Up to here it was calm."""
        self._begun = True
        assert self._last is not None
        self._last.transport.abort()

    @property
    def over(self) -> bool:
        return len(self.accidents) == ACCIDENTS

    @asynccontextmanager
    async def open(self) -> AsyncIterator[Address]:
        server = await asyncio.start_server(self._carry, "127.0.0.1", 0)
        async with server:
            yield Address("127.0.0.1", server.sockets[0].getsockname()[1])

    async def _carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, onwards = await asyncio.open_connection("127.0.0.1", self._port)
        self._last = onwards
        up, down = self._accidents()
        try:
            async with asyncio.TaskGroup() as pumps:
                pumps.create_task(self._pump(reader, onwards, *up))
                pumps.create_task(self._pump(there, writer, *down))
        except* (_Over, ConnectionError):
            pass
        finally:
            onwards.transport.abort()
            writer.transport.abort()

    def _accidents(self) -> tuple[tuple[str, int], tuple[str, int]]:
        """What happens to each direction, and after how many bytes."""
        calm = ("", 1 << 60)
        if not self._begun or self.over:
            return calm, calm
        kind = self._chance.choices(("cut", "half-close", "silence"), (6, 3, 1))[0]
        self.accidents.append(kind)
        accident = (kind, self._chance.randrange(200, 4000))
        return (accident, calm) if self._chance.random() < 0.5 else (calm, accident)

    async def _pump(self, source: asyncio.StreamReader, sink: asyncio.StreamWriter, kind: str, left: int) -> None:
        """Pass on so many bytes, in pieces of any size. Raises `_Over` where both directions end."""
        while data := await source.read(self._chance.choice((1, 50, 1400, 65536))):
            if left > 0:
                sink.write(data[:left])
            left -= len(data)
            if left <= 0 and kind == "cut":
                raise _Over
            if left <= 0 and kind == "half-close" and not sink.is_closing():
                sink.write_eof()
                kind = "silence"
            await asyncio.sleep(0)
        raise _Over


class _Over(Exception):
    """A connection has ended."""


@dataclass
class Guest:
    """Somebody with a client, and all that it told them."""

    nick: str
    link: Link
    weather: Weather
    shown: list[Said] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    failed: list[Failed] = field(default_factory=list)
    gaps: list[Gap] = field(default_factory=list)
    spoken: int = 0
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    async def listen(self) -> None:
        async for event in self.link:
            self._take(event)
            self._news.set()

    def _take(self, event: Event) -> None:
        match event:
            case Said(conversation="#den"):
                self.shown.append(event)
            case Sent():
                self.sent.append(event)
            case Failed():
                self.failed.append(event)
            case Gap():
                self.gaps.append(event)
            case _:
                pass

    async def until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._news.clear()
            await self._news.wait()

    async def talk(self) -> None:
        """Say something whenever little is under way, until all is said and the storm is over."""
        protocol = self.link.protocol
        while self.spoken < MESSAGES or not self.weather.over:
            await self.until(lambda: protocol.online and protocol.unconfirmed < 5)
            self.spoken += 1
            protocol.say(ROOM, f"{self.nick} {self.spoken}")
            self.link.flush()
        await self.until(lambda: not protocol.unconfirmed)

    async def settled(self) -> None:
        await self.until(lambda: self.link.protocol.settled)

    async def heard(self, text: str) -> None:
        await self.until(lambda: self.link.protocol.settled and any(said.text == text for said in self.shown))


@dataclass(frozen=True, slots=True)
class Storm:
    """What everybody says of it, and what the server has."""

    guests: tuple[Guest, ...]
    log: tuple[Entry, ...]
    """All that was said."""

    @property
    def accidents(self) -> int:
        return sum(len(guest.weather.accidents) for guest in self.guests)


def storm(server: Running, chance: Random) -> Storm:
    """From the calm before it to the calm behind it. People have accounts: so their nick is theirs at once again."""
    accounts = SqliteAccounts(Visit(server.data))
    for nick in PEOPLE:
        assert accounts.save(nick, new_account(nick, "hunter2"), new=True).result()
    guests = asyncio.run(_storm(int(server.urls[0].rpartition(":")[2]), chance))
    with open_reader(server.data) as reader:
        log = reader.page(ROOM, EVERYTHING)
    return Storm(tuple(guests), tuple(entry for entry in log if isinstance(entry.event, Stored)))


async def _storm(port: int, chance: Random) -> list[Guest]:
    async with asyncio.timeout(PATIENCE), AsyncExitStack() as stack:
        guests = [await _guest(stack, nick, Weather(port, Random(chance.random()))) for nick in PEOPLE]
        ears = [asyncio.create_task(guest.listen()) for guest in guests]
        for guest in guests:
            await guest.settled()
        for guest in guests:
            guest.weather.begin()
        async with asyncio.TaskGroup() as talks:
            for guest in guests:
                talks.create_task(guest.talk())
        guests[0].link.protocol.say(ROOM, LAST)
        guests[0].link.flush()
        for guest in guests:
            await guest.heard(LAST)
            await guest.link.leave()
        await asyncio.wait(ears)
    return guests


async def _guest(stack: AsyncExitStack, nick: str, weather: Weather) -> Guest:
    address = await stack.enter_async_context(weather.open())
    protocol = Protocol(Identity(nick, password="hunter2"))
    protocol.join(ROOM)
    return Guest(nick, await stack.enter_async_context(connect(address, protocol, patience=HASTY)), weather)
