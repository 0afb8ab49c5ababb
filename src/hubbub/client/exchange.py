"""One HTTP connection to where files go: requests, a file as a body, answers.

https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from typing import Final
from urllib.parse import urlsplit

import h11

from hubbub.client.stream import Stream
from hubbub.wire.clean import clean

_PIECE: Final = 262_144
_ANSWER_S: Final = 120.0
"""For the server to say yes: it may have to make the file durable, and look at a picture."""

_BID_S: Final = 2.0
"""For the server to bid us send. "A client that will wait for a 100 response SHOULD NOT wait indefinitely"."""

_STALLED_S: Final = 60.0
"""In which a piece has gone, also by the slowest of lines."""

_SENTENCE_MAX: Final = 300


class NotHttp(Exception):
    """What answers there is no place for files."""


class Cut(Exception):
    """The connection ended, or went silent, before the answer."""


class Exchange:
    """All of it raises `NotHttp`, and `Cut` or ConnectionError. `heard` are the informational answers so far."""

    def __init__(self, stream: Stream, place: str, basic: str) -> None:
        self._reader, self._writer = stream
        self._place, self._basic = urlsplit(place), basic
        self._http = h11.Connection(h11.CLIENT)
        self._ended = False
        self.heard: list[h11.InformationalResponse] = []

    def ask(self, method: str, url: str, headers: dict[str, str]) -> None:
        place = urlsplit(url)
        told = {"Host": self._place.netloc.rpartition("@")[2], "Authorization": f"Basic {self._basic}", **headers}
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        self._write(h11.Request(method=method, target=target, headers=list(told.items())))

    async def bid(self) -> h11.Response | None:
        """Wait to be bid to send, for a while; an answer that comes instead: who is refused has sent nothing."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_BID_S):
                event = await self._next()
                return event if isinstance(event, h11.Response) else None
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
        if isinstance(event, h11.InformationalResponse):
            self.heard.append(event)
        return event
