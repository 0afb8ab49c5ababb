"""The counter's side of uploads that outlive a connection: begun, asked after, gone on with, given up.

Of the draft: `Upload-Complete`, `Upload-Offset`, `Upload-Length`, and 104 for who sends all at once and wants to know
where to go on. Who cannot see a 104, as a page, begins with nothing (`Upload-Complete: ?0`) and goes on from there.
https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Final

import h11

from hubbub.net.files import NoRoom, Stored, TooLarge
from hubbub.net.headers import first
from hubbub.net.media import name_in
from hubbub.net.resumable import Busy, Resumable, Superseded, Uneven
from hubbub.net.site import NotLetIn, Site

if TYPE_CHECKING:
    from hubbub.net.http import Visit

UPLOADS: Final = "uploads/"
"""Before an upload's token, in its path."""

_COMPLETE: Final = {"?0": False, "?1": True}
_DIGITS_MAX: Final = 15
_RESUMPTION_SUPPORTED: Final = 104
_PATCH: Final = "application/partial-upload"
_NOT_HERE: Final = "There is no such upload here, or not any more: begin anew"


class Resuming:
    """For one `visit`. All but `refusals` raises what `refusals` answers."""

    def __init__(self, visit: Visit, site: Site) -> None:
        self._visit, self._site = visit, site

    async def begin(self, request: h11.Request, account: str, room: str) -> None:
        whole, length = _is_last(request), _number(request, b"upload-length")
        if whole and length is None:
            length = _number(request, b"content-length")
        name = name_in(first(request, b"content-disposition"))
        one = await self._site.run(self._site.resumables.begin, account, length, room, name)
        if whole:
            self._visit.inform(_RESUMPTION_SUPPORTED, {"Location": self._url_of(one)})
        stored = await self._take_in(one, await self._site.run(one.take), whole)
        if stored is None:
            self._answer(201, one, {"Location": self._url_of(one)})

    async def tell(self, one: Resumable) -> None:
        """How far it is, to who comes back: whatever still came by another way counts no more."""
        about = {"Cache-Control": "no-store"}
        if one.stored is not None:
            about["Content-Location"] = self._site.url_of(one.stored)
        else:
            await self._site.run(one.take)
        self._answer(204, one, about)

    async def go_on(self, request: h11.Request, one: Resumable) -> None:
        whole, offset = _is_last(request), _number(request, b"upload-offset")
        if first(request, b"content-type").partition(";")[0].strip() != _PATCH:
            raise NotLetIn(415, f"Expected Content-Type: {_PATCH}")
        turn = await self._site.run(one.take)
        if offset != one.size or one.stored is not None:
            self._answer(409, one, {})
            return
        stored = await self._take_in(one, turn, whole)
        if stored is None:
            self._answer(204, one, {})

    async def give_up(self, one: Resumable) -> None:
        await self._site.run(one.take)
        await self._site.run(self._site.resumables.drop, one)
        self._visit.head(204, {})
        self._visit.send(h11.EndOfMessage())

    async def find(self, token: str, account: str) -> Resumable:
        found = await self._site.run(self._site.resumables.find, token, account)
        if found is None:
            raise NotLetIn(404, _NOT_HERE)
        return found

    @contextmanager
    def refusals(self) -> Iterator[None]:
        """What an upload of several requests may be refused for, beside what any may be."""
        try:
            yield
        except Superseded:
            self._visit.say(409, "Another request goes on with this upload")
        except Busy:
            self._visit.say(503, "The file is being looked at: ask again", {"Retry-After": "1"})
        except Uneven:
            self._visit.say(400, "Expected as many bytes as Upload-Length had told")

    async def _take_in(self, one: Resumable, turn: int, whole: bool) -> Stored | None:
        """What has come is kept, whatever happens to who sends it."""
        try:
            self._visit.bid_send()
            while data := await self._visit.piece():
                await self._site.run(one.write, turn, data)
            stored = await self._site.finish(one.finish, turn) if whole else None
        except (TooLarge, NoRoom, Uneven):
            await self._site.run(self._site.resumables.drop, one)
            raise
        finally:
            await self._site.run(one.pause, turn)
        if stored is not None:
            url = self._site.url_of(stored)
            self._visit.say(201, url, {"Location": url, "Upload-Complete": "?1"})
        return stored

    def _answer(self, status: int, one: Resumable, more: dict[str, str]) -> None:
        told = {"Upload-Offset": str(one.size), "Upload-Complete": "?0" if one.stored is None else "?1", **more}
        if one.length is not None:
            told["Upload-Length"] = str(one.length)
        if status == 204:
            self._visit.head(status, told)
            self._visit.send(h11.EndOfMessage())
        else:
            self._visit.say(status, f"There are {one.size} bytes of it", told)

    def _url_of(self, one: Resumable) -> str:
        return f"{self._site.url.rstrip('/')}/{UPLOADS}{one.token}"


def _is_last(request: h11.Request) -> bool:
    said = first(request, b"upload-complete")
    if said not in _COMPLETE:
        raise NotLetIn(400, f"Expected Upload-Complete: ?1 or ?0, got {said!r}")
    return _COMPLETE[said]


def _number(request: h11.Request, name: bytes) -> int | None:
    said = first(request, name)
    if not said:
        return None
    if not (said.isascii() and said.isdigit() and len(said) <= _DIGITS_MAX):
        raise NotLetIn(400, f"Expected a number of bytes in {name.decode().title()}, got {said!r}")
    return int(said)
