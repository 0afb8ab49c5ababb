"""A connection that speaks HTTP/1.1: the page, shared files, and the way over to WebSocket.

`h11` parses and writes; bodies go by way of threads to the disk and back, a piece at a time, and nothing more is read
from a client until its last piece is written. https://www.rfc-editor.org/rfc/rfc9110 and
https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
"""

from __future__ import annotations

import asyncio
import os
from base64 import b64decode
from binascii import Error as BadBase64
from email.utils import formatdate
from http import HTTPStatus
from ipaddress import ip_address
from typing import Final

import h11

from hubbub import logs
from hubbub.net.connection import Connection, Remote
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.files import NoRoom, Stored, TooLarge, Upload
from hubbub.net.media import disposition, name_in
from hubbub.net.origins import may_connect
from hubbub.net.pages import Asset
from hubbub.net.ranges import Unsatisfiable, wanted
from hubbub.net.site import NotLetIn, Site
from hubbub.net.unavailable import unavailable
from hubbub.net.websocket import WebSocket

_LOG: Final = logs.logger("net")

_HEAD_MAX: Final = 16_384
_HEAD_SECONDS: Final = 30.0
"""In which a request has to be asked, and how long a connection is kept for another one."""

_REQUEST_SECONDS: Final = 3_600.0
"""In which one has to be over: 10 MiB in an hour come by the slowest of lines."""

_LINGER_SECONDS: Final = 5.0
_PIECE: Final = 65_536
_WRITE_BUFFER: Final = 262_144
_METHODS: Final = "OPTIONS, POST, GET, HEAD"

_SOCKET: Final = b"/ws"
_HEALTH: Final = "/healthz"

_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "sandbox; default-src 'none'",
}
"""Nothing that somebody shared may run in a reader's browser, whatever it is taken for."""


class _Gone(Exception):
    """The client has left."""


class Http(Connection):
    """`flowing` is clear while more waits to be sent than a reader should have in memory."""

    __slots__ = ("flowing",)

    def __init__(self, crowd: Crowd, door: Door, remote: Remote | None = None) -> None:
        super().__init__(crowd, door, remote)
        self.flowing = asyncio.Event()
        self.flowing.set()

    def allow(self, seconds: float) -> None:
        """Be cut off after so long."""
        self._deadline = self._crowd.instant() + seconds

    def asker(self, forwarded: str) -> str:
        """Whose request it is: a trusted proxy says so in the last place of `X-Forwarded-For`."""
        said = forwarded.rpartition(",")[2].strip()
        return said if _is_address(said) and self.address in self._crowd.gate.trusted else self.address

    @property
    def origins(self) -> tuple[str, ...]:
        return self._crowd.terms.origins

    def switch(self, asker: str, request: bytes) -> None:
        """From here on it is a WebSocket, which begins with this request, on behalf of whoever asks."""
        refusal = self.stand_for(asker, self.secure, "") if asker != self.address else ""
        if refusal:
            self._refuse(refusal)
        else:
            self.hand_over(WebSocket(self._crowd, self._door), request)

    def pause_writing(self) -> None:
        """Here a slow reader is waited for."""
        self.flowing.clear()

    def resume_writing(self) -> None:
        self._heard = True  # a reader that takes something in is not silent
        self.flowing.set()

    def _welcome(self) -> None:
        if self._door.site is None:
            raise LookupError("expected a site behind an http:// door, got none")
        self._transport.set_write_buffer_limits(high=_WRITE_BUFFER)
        self._peer = Visit(self, self._door.site)

    def _late(self) -> None:
        self.cut("It took too long")

    def _words(self, reason: str) -> bytes:
        return unavailable(reason)


class Visit:
    """What one client asks, one request after the other."""

    def __init__(self, link: Http, site: Site) -> None:
        self._link, self._site = link, site
        self._http = h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_MAX)
        self._news = asyncio.Event()
        self._gone = self._deaf = self._is_head = False
        site.begin(self._serve())

    # What net tells.

    def receive(self, data: bytes) -> None:
        if not self._deaf:
            self._link.pause()
            self._http.receive_data(data)
            self._news.set()

    def lost(self, reason: str) -> None:
        self._gone = True
        self._news.set()
        self._link.flowing.set()

    def overdue(self) -> None: ...

    def idle(self, seconds: float) -> None:
        self._link.cut("Nothing was heard or taken for too long")

    # One request after the other.

    async def _serve(self) -> None:
        try:
            while await self._one():
                self._http.start_next_cycle()
        except _Gone:
            pass
        except h11.RemoteProtocolError as error:
            self._complain(error)
        except Exception:
            _LOG.exception("fault", address=self._link.address)
            self._give_up()

    async def _one(self) -> bool:
        """Whether another may follow."""
        self._link.allow(_HEAD_SECONDS)
        request = await self._next()
        if not isinstance(request, h11.Request):
            self._link.close("Connection closed")
            return False
        self._link.allow(_REQUEST_SECONDS)
        self._is_head = request.method == b"HEAD"
        if _switches(request):
            await self._switch(request)
            return False
        await self._answer(request)
        if self._http.our_state is h11.DONE and self._http.their_state is h11.DONE:
            return True
        self._leave()
        return False

    def _leave(self) -> None:
        """Who still sends would lose our answer if we closed now: let them, for a while, and listen no more."""
        if self._http.their_state is h11.SEND_BODY or self._http.their_state is h11.ERROR:
            self._deaf = True
            self._link.allow(_LINGER_SECONDS)
            self._link.resume()
        else:
            self._link.close("Connection closed")

    def _complain(self, error: h11.RemoteProtocolError) -> None:
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self._say(error.error_status_hint, f"Expected HTTP/1.1: {error}")
        self._leave()

    def _give_up(self) -> None:
        """The fault is ours; who has heard half an answer must not take it for a whole one."""
        if self._http.our_state is h11.SEND_RESPONSE:
            self._say(500, "Internal error: whoever runs this server finds it in the log")
            self._leave()
        else:
            self._link.cut("Internal error")

    async def _next(self) -> object:
        """What the client says next. Raises `_Gone`, h11.RemoteProtocolError."""
        while (event := self._http.next_event()) is h11.NEED_DATA:
            if self._gone:
                raise _Gone
            self._news.clear()
            self._link.resume()
            await self._news.wait()
        return event

    async def _switch(self, request: h11.Request) -> None:
        while isinstance(await self._next(), h11.Data):
            pass
        rows = [b"%s: %s" % row for row in request.headers]
        head = b"\r\n".join([b"GET %s HTTP/1.1" % request.target, *rows, b"", b""])
        asker = self._link.asker(",".join(_all(request, b"x-forwarded-for")))
        self._link.switch(asker, head + self._http.trailing_data[0])

    async def _answer(self, request: h11.Request) -> None:
        asked = self._site.asked_for(request.target.decode("ascii"))
        if request.method == b"POST" and asked == "":
            await self._take(request)
            return
        while isinstance(await self._next(), h11.Data):
            pass
        if request.method == b"OPTIONS":
            most = self._site.files.allowance.max_bytes
            offer = {"Allow": _METHODS, "Accept-Post": "*/*", "Upload-Limit": f"maxsize={most}"}
            self._head(204, offer)
            self._send(h11.EndOfMessage())
        elif request.method in {b"GET", b"HEAD"}:
            await self._show(request, asked)
        else:
            self._say(405, "Expected POST to share a file, GET or HEAD to have one", {"Allow": _METHODS})

    # Showing the page.

    async def _show(self, request: h11.Request, link: str | None) -> None:
        target = request.target.decode("ascii")
        if self._land(request):
            return
        asset = await self._site.page(target)
        if asset is not None:
            self._show_asset(request, asset)
        elif target == _HEALTH:
            self._say(200, "ok", {"Cache-Control": "no-store"})
        else:
            await self._give(request, link)

    def _show_asset(self, request: h11.Request, asset: Asset) -> None:
        headers = dict(asset.headers)
        if headers["ETag"] in _first(request, b"if-none-match"):
            self._head(304, headers)
        else:
            packed = bool(asset.packed) and "gzip" in _first(request, b"accept-encoding")
            body = asset.packed if packed else asset.body
            self._head(
                200, headers | ({"Content-Encoding": "gzip"} if packed else {}) | {"Content-Length": str(len(body))}
            )
            if not self._is_head:
                self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())

    def _land(self, request: h11.Request) -> bool:
        """Whether it is for a program, about who we are or an invite, and answered: browsers get the page."""
        landing, path = self._site.landing, request.target.partition(b"?")[0].decode("ascii")
        if landing is None or "text/html" in _first(request, b"accept"):
            return False
        words = landing.find(path, self._link.asker(",".join(_all(request, b"x-forwarded-for"))))
        if words is not None:
            self._say(words.status, words.text.rstrip("\n"), {"Content-Type": words.type, "Cache-Control": "no-store"})
        return words is not None

    # Taking a file.

    async def _take(self, request: h11.Request) -> None:
        try:
            stored = await self._stored(request)
        except NotLetIn as refusal:
            challenge = {"WWW-Authenticate": 'Basic realm="hubbub", charset="UTF-8"'} if refusal.status == 401 else {}
            self._say(refusal.status, str(refusal), challenge)
        except TooLarge:
            most = self._site.files.allowance.max_bytes
            self._say(413, f"Expected at most {most} bytes", {"Upload-Limit": f"maxsize={most}"})
        except NoRoom as full:
            self._say(507, f"{full}: try again later, or with less")
        else:
            self._say(201, self._site.url_of(stored), {"Location": self._site.url_of(stored)})

    async def _stored(self, request: h11.Request) -> Stored:
        if not may_connect(_all(request, b"origin"), _all(request, b"host"), self._link.origins):
            raise NotLetIn(403, "This server does not know the site that you come from")
        account = await self._who(request)
        length = _first(request, b"content-length")
        upload = await self._site.run(self._site.files.begin, account, int(length) if length else None)
        try:
            await self._read_into(upload)
            return await self._site.run(upload.finish, name_in(_first(request, b"content-disposition")))
        finally:
            await self._site.run(upload.drop)

    async def _who(self, request: h11.Request) -> str:
        scheme, _, told = _first(request, b"authorization").partition(" ")
        try:
            name, colon, password = b64decode(told.strip(), validate=True).decode().partition(":")
        except (BadBase64, ValueError):
            name = colon = password = ""
        if scheme.lower() != "basic" or not colon or not name:
            raise NotLetIn(401, "Expected the name and password of an account")
        return await self._site.login(name, password, self._link.asker(",".join(_all(request, b"x-forwarded-for"))))

    async def _read_into(self, upload: Upload) -> None:
        if self._http.they_are_waiting_for_100_continue:
            self._send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))
        while isinstance(event := await self._next(), h11.Data):
            await self._site.run(upload.write, bytes(event.data))
        if not isinstance(event, h11.EndOfMessage):
            raise _Gone

    # Giving one.

    async def _give(self, request: h11.Request, link: str | None) -> None:
        stored = await self._site.run(self._site.files.find, link) if link else None
        descriptor = await self._site.open(stored) if stored else None
        if stored is None or descriptor is None:
            self._say(404, "There is no such file here, or not any more")
            return
        try:
            await self._give_from(request, stored, descriptor)
        finally:
            await self._site.run(os.close, descriptor)

    async def _give_from(self, request: h11.Request, stored: Stored, descriptor: int) -> None:
        tag = f'"{stored.digest}"'
        headers = {"ETag": tag, "Cache-Control": "public, max-age=31536000, immutable", "Accept-Ranges": "bytes"}
        if tag in _first(request, b"if-none-match"):
            self._head(304, headers)
            self._send(h11.EndOfMessage())
            return
        said = _first(request, b"range") if _first(request, b"if-range") in {"", tag} else ""
        try:
            part = wanted(said, stored.size) if request.method == b"GET" else None
        except Unsatisfiable:
            self._say(416, "Expected a range within the file", {"Content-Range": f"bytes */{stored.size}"})
            return
        start, end = part or (0, stored.size)
        headers["Content-Type"] = stored.type or "application/octet-stream"
        headers["Content-Disposition"] = disposition(stored.name, shown=bool(stored.type))
        headers["Content-Length"] = str(end - start)
        if part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
        self._head(206 if part else 200, headers)
        if request.method == b"GET":
            await self._pour(descriptor, start, end)
        self._send(h11.EndOfMessage())

    async def _pour(self, descriptor: int, start: int, end: int) -> None:
        while start < end:
            data = await self._site.read(descriptor, min(_PIECE, end - start), start)
            await self._link.flowing.wait()
            if self._gone or not data:
                raise _Gone
            self._send(h11.Data(data=data))
            start += len(data)

    # Saying something.

    def _say(self, status: int, sentence: str, more: dict[str, str] | None = None) -> None:
        """A line of text; who was not heard out cannot ask anything more on this connection."""
        body = f"{sentence}\n".encode()
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **(more or {})}
        if self._http.their_state is not h11.DONE:
            headers["Connection"] = "close"
        self._head(status, headers)
        if not self._is_head:
            self._send(h11.Data(data=body))
        self._send(h11.EndOfMessage())

    def _head(self, status: int, headers: dict[str, str]) -> None:
        told = {"Date": formatdate(usegmt=True), **_SAFE, **headers}
        rows = [(name.encode(), value.encode("latin-1", "replace")) for name, value in told.items()]
        self._send(h11.Response(status_code=status, headers=rows, reason=HTTPStatus(status).phrase.encode()))

    def _send(self, event: h11.Event) -> None:
        self._link.write(self._http.send(event) or b"")


def _switches(request: h11.Request) -> bool:
    """Whether it asks for WebSocket where that is spoken."""
    upgrade = _first(request, b"upgrade").lower() == "websocket"
    return upgrade and request.method == b"GET" and request.target.partition(b"?")[0] == _SOCKET


def _is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return "%" not in text


def _all(request: h11.Request, name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in request.headers if key == name]


def _first(request: h11.Request, name: bytes) -> str:
    return next(iter(_all(request, name)), "")
