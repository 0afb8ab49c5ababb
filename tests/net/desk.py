"""A front desk for guests: sessions that keep what they are told, doors that lead to them, a clock moved by hand."""

import asyncio
import resource
import ssl
from collections.abc import AsyncIterator, Callable, Coroutine, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from hubbub.config import Endpoint
from hubbub.config.endpoint import parse
from hubbub.net.door import Door, Terms
from hubbub.net.limits import Gate
from hubbub.net.listeners import Listeners
from hubbub.net.ports import Link
from hubbub.net.tls import Certificates

PATIENCE = 20.0
"""Seconds a test waits for what must come; none takes a tenth of a second."""

Run = Callable[[Coroutine[Any, Any, None]], None]


@contextmanager
def limited(what: int, most: int) -> Iterator[None]:
    """This process may have no more of something meanwhile, one of `resource.RLIMIT_*`."""
    soft, hard = resource.getrlimit(what)
    resource.setrlimit(what, (most, hard))
    try:
        yield
    finally:
        resource.setrlimit(what, (soft, hard))


class Guest:
    """A session. `echo` says everything back; a `clumsy` one raises in the method of that name."""

    def __init__(self, link: Link, desk: "Desk") -> None:
        self.link, self._desk = link, desk
        self.received = b""
        self.ends: list[str] = []
        self.silences: list[float] = []
        self.overdues = 0

    def receive(self, data: bytes) -> None:
        self._stumble("receive")
        self.received += data
        if self._desk.echo:
            self.link.write(data)
        self._desk.changed()

    def lost(self, reason: str) -> None:
        self.ends.append(reason)
        self._desk.changed()
        self._stumble("lost")

    def overdue(self) -> None:
        self._stumble("overdue")
        self.overdues += 1
        self._desk.changed()

    def idle(self, seconds: float) -> None:
        self._stumble("idle")
        self.silences.append(seconds)

    def _stumble(self, step: str) -> None:
        if self._desk.clumsy == step:
            raise LookupError(f"stumbled in {step}")


@dataclass
class Desk:
    """Welcomes guests and lets a test wait for what happens to them."""

    echo: bool = False
    clumsy: str = ""
    greeting: bytes = b""
    guests: list[Guest] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)

    def accept(self, link: Link) -> Guest:
        if self.clumsy == "accept":
            raise LookupError("stumbled in accept")
        guest = Guest(link, self)
        self.guests.append(guest)
        if self.greeting:
            link.write(self.greeting)
        self.changed()
        return guest

    def refuse(self, reason: str) -> bytes:
        return f"SORRY {reason}\n".encode()

    def changed(self) -> None:
        self._news.set()

    async def until(self, happened: Callable[[], bool]) -> None:
        async with asyncio.timeout(PATIENCE):
            while not happened():
                self._news.clear()
                await self._news.wait()

    async def guest(self, number: int = 0) -> Guest:
        await self.until(lambda: len(self.guests) > number)
        return self.guests[number]

    async def heard(self, data: bytes, number: int = 0) -> Guest:
        guest = await self.guest(number)
        await self.until(lambda: guest.received.endswith(data))
        return guest

    async def end_of(self, guest: Guest) -> str:
        await self.until(lambda: bool(guest.ends))
        return guest.ends[0]


@dataclass
class Clock:
    """Seconds that pass when a test says so."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds

    def tick(self, listeners: Listeners, seconds: int) -> None:
        """Let seconds pass, with a sweep at the end of each."""
        for _ in range(seconds):
            self.seconds += 1
            listeners.crowd.sweep()


@dataclass
class Client:
    """The other end."""

    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    def say(self, data: bytes) -> None:
        self.writer.write(data)

    async def read(self, size: int) -> bytes:
        async with asyncio.timeout(PATIENCE):
            return await self.reader.readexactly(size)

    async def rest(self) -> bytes:
        """All that comes until the end, however rude the end is."""
        got = b""
        async with asyncio.timeout(PATIENCE):
            with suppress(ConnectionError, ssl.SSLError):
                while more := await self.reader.read(65536):
                    got += more
        return got

    async def leave(self) -> None:
        self.writer.close()
        with suppress(ConnectionError, ssl.SSLError):  # the server was quicker
            await self.writer.wait_closed()


@dataclass
class Place:
    """An open door with a desk behind it."""

    desk: Desk
    listeners: Listeners
    endpoint: Endpoint
    clients: list[Client] = field(default_factory=list)

    async def connect(self, tls: ssl.SSLContext | None = None) -> Client:
        if self.endpoint.path:
            streams = await asyncio.open_unix_connection(self.endpoint.path, ssl=tls)
        else:
            name = "localhost" if tls else None
            streams = await asyncio.open_connection(
                self.endpoint.host, self.endpoint.port, ssl=tls, server_hostname=name
            )
        self.clients.append(Client(*streams))
        return self.clients[-1]


@asynccontextmanager
async def a_place(
    desk: Desk | None = None,
    *,
    url: str = "irc://127.0.0.1:0",
    terms: Terms | None = None,
    gate: Gate | None = None,
    clock: Clock | None = None,
    certificates: Certificates | None = None,
    proxy: bool = False,
) -> AsyncIterator[Place]:
    desk = desk or Desk()
    listeners = Listeners(terms, gate, clock or Clock())
    door = Door(parse(url), desk.accept, desk.refuse, certificates, proxy)
    endpoint = (await listeners.open(door))[0]
    place = Place(desk, listeners, endpoint)
    try:
        yield place
    finally:
        for client in place.clients:
            client.writer.close()
        await listeners.close("The server stops", PATIENCE)
        assert listeners.crowd.gate.inside == 0, "everyone who came in must have left the gate"


def trusting(cert: Path | str) -> ssl.SSLContext:
    """A client's view: the one certificate in this file, for the name localhost."""
    return ssl.create_default_context(cafile=str(cert))
