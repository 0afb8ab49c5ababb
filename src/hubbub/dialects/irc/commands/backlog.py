"""The backlog: what was said last in a room, for clients that enter it and cannot ask.

Those that negotiated draft/chathistory ask for what they lack, and "the server SHOULD NOT play back any history":
https://ircv3.net/specs/extensions/chathistory
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final

from msgspec.structs import replace

from hubbub.dialects.irc.commands.history import CHATHISTORY
from hubbub.dialects.irc.commands.talk import overflows
from hubbub.dialects.irc.look import SERVER_TIME
from hubbub.dialects.irc.request import Request
from hubbub.dialects.irc.spelling import spelled
from hubbub.hub.channel import Channel
from hubbub.hub.ctcp import ACTION, is_query
from hubbub.hub.events import TALK, Entry, Said
from hubbub.hub.ports import Mark, StoreFailed, Window
from hubbub.wire.line import Line

_MOMENT: Final = 1.0
"""Seconds for which a page serves others, too."""

_ROOMS: Final = 200
"""Pages that are kept, some 10 KiB each."""

_LATELY_MS: Final = 20 * 60 * 60 * 1000
"""How old a message may be for the time of day to say when it was."""


@dataclass(frozen=True, slots=True)
class Shown:
    """What stood last in a room when `news` was its count, until a second later: then retention may have taken some."""

    page: list[Entry]
    news: int
    until: float


class Backlogs:
    """What newcomers were shown a moment ago: after a restart all come at once, and reading the log for each would be
    a third of what their joins cost."""

    def __init__(self) -> None:
        self._shown: dict[Channel, Shown] = {}

    def find(self, channel: Channel, now: float) -> list[Entry] | None:
        shown = self._shown.get(channel)
        return shown.page if shown is not None and shown.news == channel.news and now < shown.until else None

    def keep(self, channel: Channel, shown: Shown) -> None:
        if len(self._shown) >= _ROOMS:
            self._shown.clear()
        self._shown[channel] = shown


async def send_backlog(requests: Iterable[Request], channel: Channel, before: Mark | None) -> None:
    """Tell these sessions, who are in the room, the last messages of it, those `before` they came."""
    readers = [request for request in requests if CHATHISTORY not in request.session.caps]
    if not readers or not readers[0].irc.settings.backlog:
        return
    try:
        page = await _page(readers[0], channel, before)
    except StoreFailed as fault:
        readers[0].server.report(fault, readers[0].session)
        return
    found = [spelled(entry, channel.name) for entry in page if _is_to_read(entry)]
    for request in readers if found else ():
        (_send if SERVER_TIME in request.session.caps else _send_stamped)(request, channel, found)


async def _page(request: Request, channel: Channel, before: Mark | None) -> list[Entry]:
    """From the store, unless somebody else was shown the same a moment ago."""
    irc, now, news = request.irc, request.server.clock.monotonic(), channel.news
    known = irc.backlogs.find(channel, now) if before is not None else None
    if known is not None:
        return known
    page = await request.server.store.page(channel.key, Window(irc.settings.backlog, before=before, verbs=TALK))
    if before is not None:  # else there may be talk in it that is delivered later, and counted then
        irc.backlogs.keep(channel, Shown(page, news, now + _MOMENT))
    return page


def _is_to_read(entry: Entry) -> bool:
    """Not a question from client to client, which would be answered once more."""
    said = entry.event
    return isinstance(said, Said) and not is_query(said.text)


def _send(request: Request, channel: Channel, found: list[Entry]) -> None:
    request.batch("chathistory", (channel.name,), _written(request, found))


def _send_stamped(request: Request, channel: Channel, found: list[Entry]) -> None:
    """Each message with its time before it: `<maya> [09:30] hello`."""
    request.send(Line("NOTICE", (channel.name, "What was said before (times are UTC):"), request.irc.name))
    now = request.server.clock.now()
    request.batch("chathistory", (channel.name,), _written(request, [_stamped(entry, now) for entry in found]))


def _written(request: Request, found: list[Entry]) -> list[bytes]:
    """As many of the last as the send queue takes."""
    written = [request.session.plain.render(entry) for entry in found]
    while len(written) > 1 and sum(map(len, written)) > request.irc.settings.page_bytes:
        del written[0]
    return written


def _stamped(entry: Entry, now: int) -> Entry:
    """Without the time where the line has no room for it: words come first."""
    said, ts = entry.event, entry.place.ts
    if not isinstance(said, Said):
        return entry
    form = "[%H:%M]" if now - ts < _LATELY_MS else "[%m-%d %H:%M]"
    front = ACTION if said.text.startswith(ACTION) else ""
    stamp = f"{front}{datetime.fromtimestamp(ts / 1000, UTC):{form}} "
    text = stamp + said.text.removeprefix(front)
    detail = said.detail and replace(
        said.detail, joints=tuple(at + len(stamp) - len(front) for at in said.detail.joints)
    )
    dated = replace(said, text=text, detail=detail)
    return entry if overflows(dated) else Entry(dated, entry.place)
