"""Sharing a file: it goes to where the server says files go, and what comes back is a link to say.

Where the server knows how, it goes on after a cut from where it was.
https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/ and
https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
"""

from __future__ import annotations

import asyncio
import os
from contextlib import AbstractAsyncContextManager, suppress
from pathlib import Path
from typing import BinaryIO, Final
from urllib.parse import quote, urljoin, urlsplit

import h11

from hubbub.client.exchange import PORTS, Cut, Exchange, NotHttp, NoWay, Progress, basic_of, header, reach
from hubbub.client.isupport import Features
from hubbub.client.waits import TOKEN as DIRECT
from hubbub.client.way import Way
from hubbub.wire.clean import clean

_PIECE: Final = 262_144
_BACK_OFF_S: Final = (0.5, 1.0, 2.0, 4.0, 8.0, 15.0, 30.0)
"""Between two tries, while nothing more gets through: a minute in all."""

_FAREWELL_S: Final = 2.0

_CREATED: Final = 201
_NO_CONTENT: Final = 204
_OVER: Final = frozenset({404, 410})
_AGAIN: Final = frozenset({409, 502, 503, 504})
"""Somebody is in the way for now: an older connection of ours, or a server that starts."""


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
            return await _Sharing(way, place + room, path.name, file, progress).run()
    except CannotShare:
        raise
    except NotHttp:
        raise CannotShare(f"{clean(place)} does not answer as a place for files does") from None
    except Cut:
        raise CannotShare("the server did not answer; whether it has the file is not known") from None
    except NoWay as error:
        raise CannotShare(str(error)) from None
    except OSError as error:
        if error.filename:
            raise CannotShare(f"cannot read {clean(str(path))}: {error.strerror}") from None
        raise CannotShare(f"the file was not sent: {error.strerror or error}") from None


def _place(way: Way, features: Features) -> str:
    url = features.filehost
    if not url and DIRECT in features:
        raise CannotShare("a direct conversation is of words alone; files are shared on a server, which hubbub starts")
    if not url:
        raise CannotShare("files cannot be shared on this server")
    scheme = urlsplit(url).scheme
    if scheme not in PORTS or (way.address.tls and scheme != "https"):  # the clause says so: the password would be seen
        raise CannotShare(f"the server wants files at {clean(url)}, where everybody would read the password")
    if not way.identity.password:
        raise CannotShare("sharing files needs an account, and its password in HUBBUB_PASSWORD")
    return url


class _Sharing:
    """One file on its way, over as many connections as it takes. `gone` is how much of it the server has."""

    def __init__(self, way: Way, place: str, name: str, file: BinaryIO, progress: Progress) -> None:
        self._way, self._place, self._file, self._progress = way, place, file, progress
        self._name = f"attachment; filename*=UTF-8''{quote(name, safe='')}"
        self._size, self._gone = os.fstat(file.fileno()).st_size, 0
        self._upload = ""  # where to go on after a cut, if the server has said so
        self._kept = self._tries = 0  # how much the server had when last asked, and tries since it had more

    async def run(self) -> str:
        """The link."""
        try:
            return await self._persist()
        except asyncio.CancelledError:
            await self._give_up()
            raise

    async def _persist(self) -> str:
        while True:
            try:
                return await self._try()
            except (Cut, OSError) as error:
                if isinstance(error, CannotShare) or not self._upload or self._tries == len(_BACK_OFF_S):
                    raise
            await asyncio.sleep(_BACK_OFF_S[self._tries])
            self._tries += 1

    async def _give_up(self) -> None:
        """What has come counts against whoever sent it, until the server is told that no more will."""
        if not self._upload:
            return
        with suppress(Cut, NotHttp, OSError):
            async with asyncio.timeout(_FAREWELL_S), self._reach() as exchange:
                exchange.ask("DELETE", self._upload, {})
                exchange.end()
                await exchange.answer()

    def _reach(self) -> AbstractAsyncContextManager[Exchange]:
        return reach(self._way, self._place, basic_of(self._way))

    async def _try(self) -> str:
        async with self._reach() as exchange:
            return await (self._go_on(exchange) if self._upload else self._begin(exchange))

    async def _begin(self, exchange: Exchange) -> str:
        """All at once. A server that knows how to go on tells where, before it takes anything in."""
        self._gone = self._kept = 0
        told = {"Content-Disposition": self._name, "Upload-Complete": "?1", "Expect": "100-continue"}
        exchange.ask("POST", self._place, {**told, "Content-Length": str(self._size)})
        answer = await exchange.bid()
        if isinstance(answer, h11.InformationalResponse):
            self._upload, answer = self._location(answer), None
        return await self._link_in(answer or await self._send(exchange), exchange)

    async def _go_on(self, exchange: Exchange) -> str:
        exchange.ask("HEAD", self._upload, {})
        exchange.end()
        answer = await exchange.answer()
        if answer.status_code in _OVER:  # it waited too long, or the server was started anew
            self._upload = ""
            return await self._try()
        offset = header(answer, b"upload-offset")
        if link := header(answer, b"content-location"):
            return urljoin(self._place, link)
        if answer.status_code != _NO_CONTENT or not offset.isdigit() or int(offset) > self._size:
            raise Cut
        self._gone = int(offset)
        if self._gone > self._kept:
            self._kept, self._tries = self._gone, 0
        await exchange.begin_anew()
        told = {"Content-Type": "application/partial-upload", "Upload-Offset": offset, "Upload-Complete": "?1"}
        exchange.ask("PATCH", self._upload, {**told, "Content-Length": str(self._size - self._gone)})
        return await self._link_in(await self._send(exchange), exchange)

    async def _send(self, exchange: Exchange) -> h11.Response:
        with suppress(ConnectionError):  # who hangs up may have said why
            self._file.seek(self._gone)
            while data := await asyncio.to_thread(self._file.read, min(_PIECE, self._size - self._gone)):
                await exchange.send(data)
                self._gone += len(data)
                self._progress(self._gone, self._size)
            if self._gone < self._size:
                raise CannotShare("the file became shorter while it was sent")
            exchange.end()
        return await exchange.answer()

    async def _link_in(self, answer: h11.Response, exchange: Exchange) -> str:
        location = self._location(answer)
        if answer.status_code == _CREATED and location:
            return location
        if self._upload and answer.status_code in _AGAIN:
            raise Cut
        status = answer.status_code
        raise CannotShare(await exchange.sentence() or f"the server refused the file (HTTP status {status})")

    def _location(self, answer: h11.Response | h11.InformationalResponse) -> str:
        said = header(answer, b"location")
        return urljoin(self._place, said) if said else ""
