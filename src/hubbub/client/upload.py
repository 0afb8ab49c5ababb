"""Sharing a file: it goes to where the server says files go, and what comes back is a link to say.

https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
"""

from __future__ import annotations

import asyncio
import base64
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, urljoin, urlsplit

import h11

from hubbub.client.isupport import Features
from hubbub.client.stream import Stream, explain, open_stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Way
from hubbub.wire.clean import clean

Progress = Callable[[int, int], None]
"""Told how many bytes are gone, of how many."""

_PIECE: Final = 262_144
_ANSWER_S: Final = 120.0
"""For the server to say yes: it may have to make the file durable, and look at a picture."""

_BID_S: Final = 2.0
"""For the server to bid us send. "A client that will wait for a 100 response SHOULD NOT wait indefinitely"."""

_PORTS: Final = {"http": 80, "https": 443}
_CREATED: Final = 201
_SENTENCE_MAX: Final = 300


class CannotShare(OSError):
    """The file was not shared; says why, and what to do."""


async def upload(way: Way, features: Features, path: Path, target: str, progress: Progress) -> str:
    """The link to a file that is shared with `target`, a room we are in or somebody. Raises `CannotShare`.

    `features` are what the server said when we came in by that `way`. May be cancelled: then nothing is kept.
    """
    place = _place(way, features)
    room = f"?room={quote(target, safe='')}" if features.is_room(target) else ""
    try:
        with path.open("rb") as file:
            async with _connected(way, place) as stream:
                size = os.fstat(file.fileno()).st_size
                return await _Post(stream, place + room, way, path.name).send(file, size, progress)
    except CannotShare:
        raise
    except OSError as error:
        if error.filename:
            raise CannotShare(f"cannot read {clean(str(path))}: {error.strerror}") from None
        raise CannotShare(f"the file was not sent: {error.strerror or error}") from None


def _place(way: Way, features: Features) -> str:
    url = features.get("draft/FILEHOST") or features.get("soju.im/FILEHOST")
    if not url:
        raise CannotShare("files cannot be shared on this server")
    scheme = urlsplit(url).scheme
    if scheme not in _PORTS or (
        way.address.tls and scheme != "https"
    ):  # the clause says so: the password would be seen
        raise CannotShare(f"the server wants files at {clean(url)}, where everybody would read the password")
    if not way.identity.password:
        raise CannotShare("sharing files needs an account, and its password in HUBBUB_PASSWORD")
    return url


@asynccontextmanager
async def _connected(way: Way, url: str) -> AsyncIterator[Stream]:
    place = urlsplit(url)
    host, scheme = place.hostname or "", place.scheme
    address = Address(host=host, port=place.port or _PORTS[scheme], tls=scheme == "https")
    trust = Trust()
    if host == way.address.host:  # the same house has the same certificate at all its doors
        trust = Trust(way.trust.expected(way.address), way.trust.insecure)
    try:
        stream = await open_stream(address, trust)
    except OSError as error:
        raise CannotShare(await explain(error, address)) from None
    try:
        yield stream
    finally:
        stream[1].transport.abort()


class _Post:
    """One request. It waits to be bid before it sends the file: who is refused has sent nothing."""

    def __init__(self, stream: Stream, url: str, way: Way, name: str) -> None:
        self._reader, self._writer = stream
        self._url, self._name = url, name
        who = f"{way.identity.account or way.identity.nick}:{way.identity.password}"
        self._basic = base64.b64encode(who.encode()).decode()
        self._http = h11.Connection(h11.CLIENT)

    async def send(self, file: BinaryIO, size: int, progress: Progress) -> str:
        self._write(self._request(size))
        answer = await self._within(_BID_S)
        if answer is None or isinstance(answer, h11.InformationalResponse):
            with suppress(ConnectionError):  # who hangs up has said why
                await self._send_body(file, size, progress)
            answer = await self._answer()
        return await self._link_in(answer)

    def _request(self, size: int) -> h11.Request:
        place = urlsplit(self._url)
        target = (place.path or "/") + (f"?{place.query}" if place.query else "")
        headers = {
            "Host": place.netloc.rpartition("@")[2],
            "Authorization": f"Basic {self._basic}",
            "Content-Length": str(size),
            "Content-Disposition": f"attachment; filename*=UTF-8''{quote(self._name, safe='')}",
            "Expect": "100-continue",
        }
        return h11.Request(method="POST", target=target, headers=list(headers.items()))

    async def _send_body(self, file: BinaryIO, size: int, progress: Progress) -> None:
        gone = 0
        while data := await asyncio.to_thread(file.read, min(_PIECE, size - gone)):
            self._write(h11.Data(data=data))
            await self._writer.drain()
            gone += len(data)
            progress(gone, size)
        if gone < size:
            raise CannotShare("the file became shorter while it was sent")
        self._write(h11.EndOfMessage())

    def _write(self, event: h11.Event) -> None:
        self._writer.write(self._http.send(event) or b"")

    async def _within(self, seconds: float) -> object:
        try:
            async with asyncio.timeout(seconds):
                return await self._next()
        except TimeoutError:
            return None

    async def _answer(self) -> object:
        answer = await self._within(_ANSWER_S)
        while isinstance(answer, h11.InformationalResponse):
            answer = await self._within(_ANSWER_S)
        return answer

    async def _next(self) -> object:
        try:
            while (event := self._http.next_event()) is h11.NEED_DATA:
                self._http.receive_data(await self._reader.read(_PIECE))
        except h11.RemoteProtocolError:
            raise CannotShare(f"{clean(self._url)} does not answer as a place for files does") from None
        return event

    async def _link_in(self, answer: object) -> str:
        if not isinstance(answer, h11.Response):
            raise CannotShare("the server did not answer; whether it has the file is not known")
        location = next((value.decode("latin-1") for key, value in answer.headers if key == b"location"), "")
        if answer.status_code == _CREATED and location:
            return urljoin(self._url, location)
        raise CannotShare(await self._why(answer.status_code))

    async def _why(self, status: int) -> str:
        """What a server of ours says in a sentence, and others in whatever they say."""
        said = b""
        while len(said) < _SENTENCE_MAX and isinstance(event := await self._within(_BID_S), h11.Data):
            said += event.data
        sentence = clean(said[:_SENTENCE_MAX].decode(errors="replace").strip().partition("\n")[0])
        return sentence if sentence and sentence[0] != "<" else f"the server refused the file (HTTP status {status})"
