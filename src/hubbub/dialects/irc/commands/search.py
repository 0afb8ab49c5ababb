"""SEARCH: who said what, where and when. https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, Final

from msgspec import Struct

from hubbub.dialects.irc.registry import capability, command
from hubbub.dialects.irc.request import BATCH_TAG, Request
from hubbub.dialects.irc.spelling import spelled
from hubbub.hub.events import Entry
from hubbub.hub.modes import SYMBOLS
from hubbub.hub.ports import Mark, Sought, StoreFailed, Window
from hubbub.hub.refusals import Refused
from hubbub.wire.line import Line, unescape_tag

SEARCH: Final = capability("soju.im/search", "https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md")

USUAL: Final = 100
"""Messages, where no limit is given: what people look through."""


class _Bad(Exception):
    """The attribute that cannot be read, its value and why."""


class _Wish(Struct):
    """The attributes as they were read; times in ms, both of them belong to what is wanted."""

    text: str = ""
    sender: str = ""
    target: str = ""
    after: int | None = None
    before: int | None = None
    limit: int = USUAL


@command(
    "SEARCH",
    usage="text=<words>;in=<target>;from=<nick>;after=<time>;before=<time>;limit=<count>",
    help="Find what was said: all of the words, words\\sin\\sorder in quotation marks, or the beginning* of a word.",
)
async def search(request: Request, line: Line) -> None:
    try:
        wish = _read(" ".join(line.params))
        logs, identity = _where(request, wish.target)
        found = await request.server.store.search(
            logs, identity, Sought(wish.text, wish.sender), _window(request, wish)
        )
    except _Bad as bad:
        request.fail("INVALID_PARAMS", *bad.args)
    except Refused:
        request.fail("INVALID_PARAMS", "in", wish.target, "Messages could not be retrieved")
    except StoreFailed as fault:
        request.server.report(fault, request.session)
        request.fail("INTERNAL_ERROR", "The server could not read its log; try again")
    else:
        _tell(request, found, newest=wish.after is None)


def _read(attributes: str) -> _Wish:
    wish = _Wish()
    for attribute in filter(None, attributes.split(";")):
        name, _, raw = attribute.partition("=")
        if name not in _ATTRIBUTES:
            raise _Bad(name or "*", f"Unknown attribute; known are {', '.join(_ATTRIBUTES)}")
        field, convert = _ATTRIBUTES[name]
        value = unescape_tag(raw)
        try:
            setattr(wish, field, convert(value))
        except ValueError as why:
            raise _Bad(name, value or "*", str(why)) from None
    if wish == _Wish(limit=wish.limit):
        raise _Bad("*", "Nothing to search for; say text=, in=, from=, after= or before=")
    return wish


def _some(value: str) -> str:
    if not value:
        raise ValueError("Expected a value")
    return value


def _time(value: str) -> int:
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise ValueError("Invalid timestamp; expected one like 2026-01-31T09:30:00.000Z") from None
    if when.tzinfo is None:
        raise ValueError("Invalid timestamp; expected UTC with a Z at its end")
    return round(when.timestamp() * 1000)


def _count(value: str) -> int:
    if not (value.isascii() and value.isdigit() and int(value)):
        raise ValueError("Expected a number above 0")
    return int(value)


_ATTRIBUTES: Final[dict[str, tuple[str, Callable[[str], Any]]]] = {
    "text": ("text", _some),
    "in": ("target", _some),
    "from": ("sender", _some),
    "after": ("after", _time),
    "before": ("before", _time),
    "limit": ("limit", _count),
}
"""Each attribute with the field of a wish that it fills, and how its value is read."""


def _where(request: Request, target: str) -> tuple[Sequence[str], str]:
    """The logs to look into, and whose private ones: of all that they may read where they name none."""
    if target:
        return [request.hub.log_for(request.user, target)[0]], ""
    return list(request.user.memberships), request.user.identity


def _window(request: Request, wish: _Wish) -> Window:
    """From the time that is given first, else from now back: "messages SHOULD be searched from that time"."""
    limit = min(wish.limit, request.irc.settings.page)
    after = None if wish.after is None else Mark(ts=wish.after - 1)
    before = None if wish.before is None else Mark(ts=wish.before + 1)
    return Window(limit, after=after, before=before, newest=after is None)


def _tell(request: Request, found: list[Entry], *, newest: bool) -> None:
    """What was found, as much of it as the send queue takes: from where the search began."""
    look, room = request.session.plain, request.irc.settings.page_bytes
    written: list[bytes] = []
    for entry in reversed(found) if newest else found:
        data = look.render(spelled(entry, _room(request, entry)))
        room -= len(data) + BATCH_TAG
        if room < 0 and written:
            break
        written.append(data)
    request.batch("soju.im/search", (), filter(None, reversed(written) if newest else written))


def _room(request: Request, entry: Entry) -> str:
    """What the room is called now; "" where its own spelling is right, and for people."""
    log = entry.place.log
    bare = log.lstrip(SYMBOLS)
    channel = request.hub.channels.get(bare)
    return "" if channel is None else log[: len(log) - len(bare)] + channel.name
