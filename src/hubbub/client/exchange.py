"""One HTTP connection to where files are: requests, a file as a body either way, answers.

https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import asyncio
import base64
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from typing import Final
from urllib.parse import urlsplit

import h11

from hubbub.client.stream import Stream, explain, open_stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Way
from hubbub.wire.clean import clean

Progress = Callable[[int, int], None]
"""Told how many bytes have gone over, of how many."""

PORTS: Final = {"http": 80, "https": 443}

_PIECE: Final = 262_144
_ANSWER_S: Final = 120.0
"""For the server to say yes: it may have to make the file durable, and look at a picture."""

_BID_S: Final = 2.0
"""For the server to bid us send. "A client that will wait for a 100 response SHOULD NOT wait indefinitely"."""

_STALLED_S: Final = 60.0
"""In which a piece has gone, also by the slowest of lines."""

_SENTENCE_MAX: Final = 300


class NoWay(OSError):
    """There is no connection, for now; says why."""


class NotHttp(Exception):
    """What answers there is no place for files."""


class Cut(Exception):
    """The connection ended, or went silent, before the answer."""


@asynccontextmanager
async def reach(way: Way, place: str, basic: str = "") -> AsyncIterator[Exchange]:
    """A connection to a place of http or https, where `basic` shows who asks. Raises `NoWay`.

    What is on the computer of the server that we came to by that `way` has to show the same certificate.
    """
    there = urlsplit(place)
    host, tls = there.hostname or "", there.scheme == "https"
    address = Address(host=host, port=there.port or PORTS[there.scheme], tls=tls)
    trust = Trust()
    if host == way.address.host:  # the same house has the same certificate at all its doors
        trust = Trust(way.trust.expected(way.address), way.trust.insecure)
    try:
        stream = await open_stream(address, trust)
    except OSError as error:
        raise NoWay(await explain(error, address)) from None
    try:
        yield Exchange(stream, place, basic)
    finally:
        stream[1].transport.abort()


def basic_of(way: Way) -> str:
    """Who we are, as a place for files is shown it: https://www.rfc-editor.org/rfc/rfc7617"""
    who = f"{way.identity.account or way.identity.nick}:{way.identity.password}"
    return base64.b64encode(who.encode()).decode()


def header(answer: h11.Response | h11.InformationalResponse, name: bytes) -> str:
    """What an answer says there, or ""."""
    return next((value.decode("latin-1") for key, value in answer.headers if key == name), "")


class Exchange:
    """All of it raises `NotHttp`, and `Cut` or ConnectionError."""

    def __init__(self, stream: Stream, place: str, basic: str) -> None:
        self._reader, self._writer = stream
        self._place = urlsplit(place)
        self._who = {"Authorization": f"Basic {basic}"} if basic else {}
        self._http = h11.Connection(h11.CLIENT)
        self._ended = False

    def ask(self, method: str, url: str, headers: dict[str, str]) -> None:
        place = urlsplit(url)
        told = {"Host": self._place.netloc.rpartition("@")[2], **self._who, **headers}
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        self._write(h11.Request(method=method, target=target, headers=list(told.items())))

    async def bid(self) -> h11.Response | h11.InformationalResponse | None:
        """Wait to be bid to send, for a while; an answer that comes instead: who is refused has sent nothing."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_BID_S):
                event = await self._next()
                return event if isinstance(event, h11.Response | h11.InformationalResponse) else None
        return None

    async def send(self, data: bytes) -> None:
        try:
            async with asyncio.timeout(_STALLED_S):
                self._write(h11.Data(data=data))
                await self._writer.drain()
        except TimeoutError:
            raise Cut from None

    def end(self) -> None:
        self._write(h11.EndOfMessage())

    async def answer(self) -> h11.Response:
        """The answer itself."""
        try:
            async with asyncio.timeout(_ANSWER_S):
                while isinstance(event := await self._next(), h11.InformationalResponse):
                    pass
        except TimeoutError:
            raise Cut from None
        if not isinstance(event, h11.Response):
            raise Cut
        return event

    async def body(self) -> AsyncIterator[bytes]:
        """What is answered, in pieces, to its end."""
        while not isinstance(event := await self._next(), h11.EndOfMessage):
            if not isinstance(event, h11.Data):
                raise Cut
            yield bytes(event.data)

    async def sentence(self) -> str:
        """What a server of ours says of an answer, "" for what others do. Another request may follow then."""
        said = b""
        with suppress(TimeoutError):
            async with asyncio.timeout(_BID_S):
                while len(said) < _SENTENCE_MAX and isinstance(event := await self._next(), h11.Data):
                    said += event.data
        words = clean(said[:_SENTENCE_MAX].decode(errors="replace").strip().partition("\n")[0])
        return words if words[:1] != "<" else ""

    async def begin_anew(self) -> None:
        """Ask something more, after an answer without a body. Raises `Cut` where the server wants no more."""
        await self._next()
        try:
            self._http.start_next_cycle()
        except h11.LocalProtocolError:
            raise Cut from None

    def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")

    async def _next(self) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                data = await self._reader.read(_PIECE)
                self._ended = not data
                self._http.receive_data(data)
        except h11.RemoteProtocolError:
            raise (Cut if self._ended else NotHttp) from None
        return event
