"""A connection that speaks HTTP/1.1: the page, shared files, and the way over to WebSocket.

`h11` parses heads and writes; `body` takes in what it would copy. Nothing more is read from a client until what it
sent last is done with.
https://www.rfc-editor.org/rfc/rfc9110
"""

from __future__ import annotations

import asyncio
from email.utils import formatdate
from http import HTTPStatus
from typing import Final

import h11

from hubbub import logs
from hubbub.hub.addresses import plain
from hubbub.net.body import Body, body_of, check_lengths, check_lines
from hubbub.net.connection import Connection, Remote
from hubbub.net.counter import METHODS, Counter, Gone
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.headers import every, first, forwarded_for
from hubbub.net.hosts import is_ours
from hubbub.net.origins import may_connect
from hubbub.net.pages import Asset
from hubbub.net.resuming import UPLOADS
from hubbub.net.site import Site
from hubbub.net.unavailable import unavailable
from hubbub.net.websocket import WebSocket

_LOG: Final = logs.logger("net")

_HEAD_MAX: Final = 16_384
_HEAD_SECONDS: Final = 30.0
"""In which a request has to be asked, and how long a connection is kept for another one."""

_REQUEST_SECONDS: Final = 3_600.0
"""In which one has to be over: 10 MiB in an hour come by the slowest of lines."""

_LINGER_SECONDS: Final = 5.0
_WRITE_BUFFER: Final = 262_144

_SOCKET: Final = b"/ws"
_HEALTH: Final = "/healthz"
_METRICS: Final = "/metrics"
_CHALLENGE: Final = "/.well-known/acme-challenge/"

_MISDIRECTED: Final = """\
This server does not know that it is called {}.
If it is, whoever runs it adds that name, without a port, to [web] hosts; by an address it can be opened in any case."""

_SAFE: Final = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": (
        "sandbox; default-src 'none'; img-src 'self'; media-src 'self'; style-src 'unsafe-inline'"
    ),
}
"""Nothing that somebody shared may run in a reader's browser, whatever it is taken for; it may be looked at and heard,
in the frame and the style that browsers make around what is opened alone."""

_TO_OTHERS: Final = {
    "Access-Control-Expose-Headers": (
        "Content-Disposition, Content-Location, Hubbub-Pixels, Link, Location, Upload-Complete, Upload-Length, "
        "Upload-Limit, Upload-Offset"
    ),
    "Access-Control-Allow-Methods": METHODS,
    "Access-Control-Allow-Headers": (
        "Authorization, Content-Disposition, Content-Type, Range, Upload-Complete, Upload-Length, Upload-Offset"
    ),
    "Access-Control-Max-Age": "7200",
    "Vary": "Origin",
}
"""Pages of the sites in `[web] origins` may ask what ours may. https://fetch.spec.whatwg.org/#http-cors-protocol"""


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

    def asker(self, said: str) -> str:
        """Whose request it is, if a trusted proxy says so."""
        return plain(said) or self.address if self.address in self._crowd.gate.trusted else self.address

    @property
    def origins(self) -> tuple[str, ...]:
        return self._crowd.terms.origins

    @property
    def names(self) -> frozenset[str] | None:
        """Those that browsers may call us by; None where a certificate shows them that it is us."""
        return None if self.secure else self._crowd.terms.names

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
        self._http = _parser()
        self._body: Body | None = None
        self._news = asyncio.Event()
        self._counter = Counter(self, site)
        self._gone = self._deaf = self._is_head = False
        self._origin = ""
        site.begin(self._serve())

    # What net tells.

    def receive(self, data: bytes) -> None:
        if not self._deaf:
            self._link.pause()
            (self._http.receive_data if self._body is None else self._body.receive)(data)
            self._news.set()

    def lost(self, reason: str) -> None:
        self._gone = True
        self._news.set()
        self._link.flowing.set()

    def overdue(self) -> None: ...

    def idle(self, seconds: float) -> None:
        self._link.cut("Nothing was heard or taken for too long")

    # What is known of who asks.

    def asker(self, request: h11.Request) -> str:
        """The address that a request comes from."""
        return self._link.asker(forwarded_for(request))

    def knows_origin(self, request: h11.Request) -> bool:
        """Whether a page may ask this, if one does."""
        return may_connect(every(request, b"origin"), every(request, b"host"), self._link.origins, self._link.names)

    def _knows_host(self, request: h11.Request) -> bool:
        """Pages of their own host need not say where they come from. A health check tells nothing."""
        names, target = self._link.names, request.target.decode("ascii")
        return names is None or target == _HEALTH or is_ours(first(request, b"host"), names)

    # One request after the other.

    async def _serve(self) -> None:
        try:
            while await self._one():
                self._begin_anew()
        except Gone:
            pass
        except h11.RemoteProtocolError as error:
            self._complain(error)
        except Exception:
            _LOG.exception("fault", address=self._link.address)
            self._give_up()
        finally:
            del self._counter  # which knows us: what was received would wait for the garbage collector, 64 KiB a visit

    async def _one(self) -> bool:
        """Whether another may follow."""
        self._link.allow(_HEAD_SECONDS)
        request = await self._next()
        if not isinstance(request, h11.Request):
            self._link.close("Connection closed")
            return False
        check_lengths(request)
        self._link.allow(_REQUEST_SECONDS)
        self._is_head = request.method == b"HEAD"
        self._origin = first(request, b"origin")
        if _switches(request):
            await self._switch(request)
            return False
        await self._answer(request)
        if self._http.our_state is h11.DONE and self._heard_out:
            return True
        self._leave()
        return False

    def _begin_anew(self) -> None:
        if self._body is None:
            self._http.start_next_cycle()
        else:
            rest, self._http, self._body = self._body.rest, _parser(), None
            if rest:
                self._http.receive_data(rest)

    @property
    def _heard_out(self) -> bool:
        return self._http.their_state is h11.DONE if self._body is None else not self._body.left

    def _leave(self) -> None:
        """Who still sends would lose our answer if we closed now: let them, for a while, and listen no more."""
        if self._http.their_state in {h11.SEND_BODY, h11.ERROR} and not self._heard_out:
            self._deaf = True
            self._link.allow(_LINGER_SECONDS)
            self._link.resume()
        else:
            self._link.close("Connection closed")

    def _complain(self, error: h11.RemoteProtocolError) -> None:
        if self._http.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            self.say(error.error_status_hint, f"Expected HTTP/1.1: {error}")
        self._leave()

    def _give_up(self) -> None:
        """The fault is ours; who has heard half an answer must not take it for a whole one."""
        if self._http.our_state is h11.SEND_RESPONSE:
            self.say(500, "Internal error: whoever runs this server finds it in the log")
            self._leave()
        else:
            self._link.cut("Internal error")

    async def piece(self) -> bytes:
        """What comes next of a body, b"" at its end. Raises `Gone`, h11.RemoteProtocolError."""
        if self._body is None:
            event = await self._next()
            return bytes(event.data) if isinstance(event, h11.Data) else b""
        while not (data := self._body.take()) and self._body.left:
            await self._more()
        return data

    async def _next(self) -> object:
        while (event := self._next_now()) is h11.NEED_DATA:
            await self._more()
        return event

    def _next_now(self) -> object:
        if self._http.their_state is h11.IDLE:
            check_lines(self._http.trailing_data[0])
        return self._http.next_event()

    async def _more(self) -> None:
        if self._gone:
            raise Gone
        self._news.clear()
        self._link.resume()
        await self._news.wait()

    async def _switch(self, request: h11.Request) -> None:
        while await self.piece():
            pass
        rows = [b"%s: %s" % row for row in request.headers]
        head = b"\r\n".join([b"GET %s HTTP/1.1" % request.target, *rows, b"", b""])
        asker = self.asker(request)
        self._link.switch(asker, head + self._http.trailing_data[0])

    async def _answer(self, request: h11.Request) -> None:
        asked = self._site.asked_for(request.target.decode("ascii"))
        self._body = body_of(request, self._http.trailing_data[0])
        if not self._knows_host(request):
            self._misdirected(first(request, b"host"))
            return
        upload = asked.removeprefix(UPLOADS) if asked and asked.startswith(UPLOADS) else ""
        if request.method == b"POST" and asked == "":
            await self._counter.take(request)
            return
        if request.method == b"PATCH" and upload:
            await self._counter.resume(request, upload)
            return
        while await self.piece():
            pass
        if request.method == b"OPTIONS":
            self._counter.offer()
        elif upload:
            await self._counter.resume(request, upload)
        elif request.method in {b"GET", b"HEAD"}:
            await self._show(request, asked)
        elif request.method == b"DELETE" and asked:
            await self._counter.remove(request, asked)
        else:
            self.say(405, "Expected POST to share a file, GET or HEAD to have one", {"Allow": METHODS})

    def _misdirected(self, host: str) -> None:
        """https://www.rfc-editor.org/rfc/rfc9110#section-15.5.20"""
        _LOG.info("called by a name that is not ours", host=host, address=self._link.address, setting="[web] hosts")
        self.say(421, _MISDIRECTED.format(host))

    # Showing the page.

    async def _show(self, request: h11.Request, link: str | None) -> None:
        target = request.target.decode("ascii")
        if self._land(request):
            return
        asset = await self._site.page(target)
        if asset is not None:
            self._show_asset(request, asset)
        elif target == _HEALTH:
            await self._tell_health()
        elif target == _METRICS:
            await self._tell_metrics(self.asker(request))
        elif target.startswith(_CHALLENGE) and (shown := self._site.challenges.get(target.removeprefix(_CHALLENGE))):
            self.say(200, shown, {"Content-Type": "application/octet-stream"})
        elif link:
            await self._counter.give(request, link)
        else:
            self.say(404, "There is nothing here")

    async def _tell_health(self) -> None:
        """That anybody may know, but not what the trouble is."""
        trouble = await self._site.vitals.trouble() if self._site.vitals is not None else ""
        if trouble:
            _LOG.warning("not healthy", reason=trouble)
        self.say(
            503 if trouble else 200, "messages cannot be stored" if trouble else "ok", {"Cache-Control": "no-store"}
        )

    async def _tell_metrics(self, address: str) -> None:
        if self._site.vitals is None or address not in self._site.watchers:
            self.say(403, "Expected an address in [metrics] allow")
            return
        text = (await self._site.vitals.metrics()).decode().rstrip("\n")
        self.say(200, text, {"Content-Type": "text/plain; version=0.0.4; charset=utf-8", "Cache-Control": "no-store"})

    def _show_asset(self, request: h11.Request, asset: Asset) -> None:
        headers = dict(asset.headers)
        if headers["ETag"] in first(request, b"if-none-match"):
            self.head(304, headers)
        else:
            packed = bool(asset.packed) and "gzip" in first(request, b"accept-encoding")
            body = asset.packed if packed else asset.body
            self.head(
                200, headers | ({"Content-Encoding": "gzip"} if packed else {}) | {"Content-Length": str(len(body))}
            )
            if not self._is_head:
                self.send(h11.Data(data=body))
        self.send(h11.EndOfMessage())

    def _land(self, request: h11.Request) -> bool:
        """Whether it is for a program, about who we are or an invite, and answered: browsers get the page."""
        landing, path = self._site.landing, request.target.partition(b"?")[0].decode("ascii")
        if landing is None or "text/html" in first(request, b"accept"):
            return False
        words = landing.find(path, self.asker(request))
        if words is not None:
            self.say(words.status, words.text.rstrip("\n"), {"Content-Type": words.type, "Cache-Control": "no-store"})
        return words is not None

    # Saying something.

    def say(self, status: int, sentence: str, more: dict[str, str] | None = None) -> None:
        """A line of text; who was not heard out cannot ask anything more on this connection."""
        body = f"{sentence}\n".encode()
        headers = {"Content-Type": "text/plain; charset=utf-8", "Content-Length": str(len(body)), **(more or {})}
        if not self._heard_out:
            headers["Connection"] = "close"
        self.head(status, headers)
        if not self._is_head:
            self.send(h11.Data(data=body))
        self.send(h11.EndOfMessage())

    def head(self, status: int, headers: dict[str, str]) -> None:
        told = {"Date": formatdate(usegmt=True), **_SAFE, **self._to_others(), **headers}
        rows = [(name.encode(), value.encode("latin-1", "replace")) for name, value in told.items()]
        self.send(h11.Response(status_code=status, headers=rows, reason=HTTPStatus(status).phrase.encode()))

    def send(self, event: h11.Event) -> None:
        self._link.write(self._http.send(event) or b"")

    async def pour(self, data: bytes) -> None:
        """A piece of a body, when there is room for it. Raises `Gone`."""
        await self._link.flowing.wait()
        if self._gone:
            raise Gone
        self.send(h11.Data(data=data))

    def inform(self, status: int, headers: dict[str, str]) -> None:
        """Before the answer."""
        rows = [(name.encode(), value.encode()) for name, value in headers.items()]
        self.send(h11.InformationalResponse(status_code=status, headers=rows))

    def bid_send(self) -> None:
        """To who waits to be asked for what they have."""
        if self._http.they_are_waiting_for_100_continue:
            self.send(h11.InformationalResponse(status_code=100, headers=[], reason=b"Continue"))

    def _to_others(self) -> dict[str, str]:
        known = self._origin in self._link.origins
        return {"Access-Control-Allow-Origin": self._origin, **_TO_OTHERS} if known else {}


def _parser() -> h11.Connection:
    return h11.Connection(h11.SERVER, max_incomplete_event_size=_HEAD_MAX)


def _switches(request: h11.Request) -> bool:
    """Whether it asks for WebSocket where that is spoken."""
    upgrade = first(request, b"upgrade").lower() == "websocket"
    return upgrade and request.method == b"GET" and request.target.partition(b"?")[0] == _SOCKET
