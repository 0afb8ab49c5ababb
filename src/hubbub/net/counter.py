"""The counter of a site: files are handed in here, given out and taken back, a piece at a time.

https://codeberg.org/emersion/soju/src/branch/master/doc/ext/filehost.md
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final
from urllib.parse import parse_qs

import h11

from hubbub import logs
from hubbub.net.files import NoRoom, Stored, TooLarge, Upload
from hubbub.net.headers import basic, first
from hubbub.net.media import disposition, name_in
from hubbub.net.ranges import Unsatisfiable, wanted
from hubbub.net.resuming import Resuming
from hubbub.net.site import Asker, NotLetIn, Site

if TYPE_CHECKING:
    from hubbub.net.http import Visit

_LOG: Final = logs.logger("net")

_PIECE: Final = 262_144
METHODS: Final = "OPTIONS, POST, PATCH, GET, HEAD, DELETE"
_CHALLENGE: Final = {"WWW-Authenticate": 'Basic realm="hubbub", charset="UTF-8"'}
_FOR_ALL: Final = "public, max-age=31536000, immutable"
_FOR_MEMBERS: Final = "private, no-cache"
"""Whoever may read it today may not tomorrow."""

_NOT_HERE: Final = "There is no such file here, or not any more"


class Gone(Exception):
    """The client has left."""


class Counter:
    """It answers what is asked of one `visit`. The requests that reach it were heard out, but for what is handed in."""

    def __init__(self, visit: Visit, site: Site) -> None:
        self._visit, self._site = visit, site
        self._resuming = Resuming(visit, site)

    def offer(self) -> None:
        """What may be asked."""
        most = self._site.files.allowance.max_bytes
        self._visit.head(204, {"Allow": METHODS, "Accept-Post": "*/*", "Upload-Limit": f"maxsize={most}"})
        self._visit.send(h11.EndOfMessage())

    # Taking a file.

    async def take(self, request: h11.Request) -> None:
        """What is POSTed; `?room=` names the room that it is shared with."""
        with self._refusals(), self._resuming.refusals():
            account, room = await self._site.keeper.share(self._asker(request), _room_in(request))
            if first(request, b"upload-complete"):
                await self._resuming.begin(request, account, room)
                return
            stored = await self._stored(request, account, room)
            self._visit.say(201, self._site.url_of(stored), {"Location": self._site.url_of(stored)})

    async def resume(self, request: h11.Request, token: str) -> None:
        """One of the requests about an upload of several."""
        with self._refusals(), self._resuming.refusals():
            account, _ = await self._site.keeper.share(self._asker(request), "")
            one = await self._resuming.find(token, account)
            if request.method == b"PATCH":
                await self._resuming.go_on(request, one)
            elif request.method == b"DELETE":
                await self._resuming.give_up(one)
            else:
                await self._resuming.tell(one)

    async def _stored(self, request: h11.Request, account: str, room: str) -> Stored:
        length = first(request, b"content-length")
        upload = await self._site.run(self._site.files.begin, account, int(length) if length else None, room)
        try:
            await self._read_into(upload)
            return await self._site.finish(upload.finish, name_in(first(request, b"content-disposition")))
        finally:
            await self._site.run(upload.drop)

    async def _read_into(self, upload: Upload) -> None:
        self._visit.bid_send()
        while data := await self._visit.piece():
            await self._site.run(upload.write, data)

    # Giving one.

    async def give(self, request: h11.Request, link: str) -> None:
        """Or its preview."""
        name, _, preview = link.partition("/")
        try:
            stored = await self._found(request, name, bool(preview))
            descriptor = await self._site.open(stored, preview=bool(preview))
        except NotLetIn as refusal:
            self._refuse(refusal)
            return
        if descriptor is None:
            self._visit.say(404, _NOT_HERE)
            return
        try:
            await self._give_from(request, _small(stored, descriptor) if preview else stored, descriptor)
        finally:
            await self._site.run(os.close, descriptor)

    async def _found(self, request: h11.Request, link: str, preview: bool) -> Stored:
        stored = await self._site.run(self._site.files.find, link)
        if stored is None or (preview and not stored.preview):
            raise NotLetIn(404, _NOT_HERE)
        if self._site.for_members:
            await self._site.keeper.read(self._asker(request), stored)
        return stored

    async def _give_from(self, request: h11.Request, stored: Stored, descriptor: int) -> None:
        headers = self._about(stored)
        if headers["ETag"] in first(request, b"if-none-match"):
            self._visit.head(304, headers)
            self._visit.send(h11.EndOfMessage())
            return
        said = first(request, b"range") if first(request, b"if-range") in {"", headers["ETag"]} else ""
        try:
            part = wanted(said, stored.size) if request.method == b"GET" else None
        except Unsatisfiable:
            self._visit.say(416, "Expected a range within the file", {"Content-Range": f"bytes */{stored.size}"})
            return
        start, end = part or (0, stored.size)
        headers["Content-Length"] = str(end - start)
        if part:
            headers["Content-Range"] = f"bytes {start}-{end - 1}/{stored.size}"
        self._visit.head(206 if part else 200, headers)
        if request.method == b"GET":
            await self._pour(descriptor, start, end)
        self._visit.send(h11.EndOfMessage())

    def _about(self, stored: Stored) -> dict[str, str]:
        headers = {
            "ETag": f'"{stored.digest}"',
            "Cache-Control": _FOR_MEMBERS if self._site.for_members else _FOR_ALL,
            "Accept-Ranges": "bytes",
            "Content-Type": stored.type or "application/octet-stream",
            "Content-Disposition": disposition(stored.name, shown=bool(stored.type)),
        }
        if stored.preview:  # https://www.rfc-editor.org/rfc/rfc6903#section-4
            headers["Link"] = f'<{self._site.url_of(stored)}/preview>; rel="preview"; type="image/webp"'
        if stored.width:
            headers["Hubbub-Pixels"] = f"{stored.width}x{stored.height}"
        return headers

    async def _pour(self, descriptor: int, start: int, end: int) -> None:
        while start < end:
            data = await self._site.read(descriptor, min(_PIECE, end - start), start)
            if not data:
                raise Gone
            await self._visit.pour(data)
            start += len(data)

    # Taking one back.

    async def remove(self, request: h11.Request, link: str) -> None:
        """By who shared it, who runs its room, or who runs the server."""
        try:
            stored = await self._site.run(self._site.files.find, link)
            if stored is None:
                raise NotLetIn(404, _NOT_HERE)
            await self._site.keeper.remove(self._asker(request), stored)
        except NotLetIn as refusal:
            self._refuse(refusal)
            return
        await self._site.run(self._site.files.remove, stored)
        _LOG.info("a shared file was taken back", by=basic(request)[0], of=stored.account, name=stored.name)
        self._visit.head(204, {})
        self._visit.send(h11.EndOfMessage())

    # Who asks.

    def _asker(self, request: h11.Request) -> Asker:
        """Raises `NotLetIn`."""
        if not self._visit.knows_origin(request):
            raise NotLetIn(403, "This server does not know the site that you come from")
        name, password = basic(request)
        if not name:
            raise NotLetIn(401, "Expected the name and password of an account")
        return Asker(name, password, self._visit.asker(request))

    @contextmanager
    def _refusals(self) -> Iterator[None]:
        """Who may not share something is told why."""
        try:
            yield
        except NotLetIn as refusal:
            self._refuse(refusal)
        except TooLarge:
            most = self._site.files.allowance.max_bytes
            self._visit.say(413, f"Expected at most {most} bytes", {"Upload-Limit": f"maxsize={most}"})
        except NoRoom as full:
            self._visit.say(507, f"{full}: try again later, or with less")

    def _refuse(self, refusal: NotLetIn) -> None:
        self._visit.say(refusal.status, str(refusal), _CHALLENGE if refusal.status == 401 else {})


def _room_in(request: h11.Request) -> str:
    query = request.target.partition(b"?")[2].decode("ascii")
    return parse_qs(query, max_num_fields=10).get("room", [""])[0]


def _small(stored: Stored, descriptor: int) -> Stored:
    """The preview, as a file of its own."""
    return stored._replace(
        digest=f"{stored.digest}-preview",
        type="image/webp",
        name="",
        size=os.fstat(descriptor).st_size,
        width=0,
        preview=0,
    )
