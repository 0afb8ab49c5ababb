"""CHATHISTORY: what was said before. https://ircv3.net/specs/extensions/chathistory"""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from datetime import datetime
from functools import partial
from typing import Any, Final, TypeAlias

from msgspec.structs import replace

from hubbub.dialects.irc.commands.revisions import PLAYED
from hubbub.dialects.irc.look import iso_time
from hubbub.dialects.irc.registry import capability, command, token
from hubbub.dialects.irc.request import BATCH_TAG, Request
from hubbub.dialects.irc.spelling import spelled
from hubbub.hub.events import GONE, REPLACED, TALK, Entry, parties
from hubbub.hub.ports import Mark, NotFound, StoreFailed, Target, Window
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused
from hubbub.wire.line import Line, encode

CHATHISTORY: Final = capability("draft/chathistory", "https://ircv3.net/specs/extensions/chathistory")

EVENT_PLAYBACK: Final = capability("draft/event-playback", "https://ircv3.net/specs/extensions/chathistory")

token("MSGREFTYPES", "msgid,timestamp")


_NO_SUCH_KIND: Final = "INVALID_MSGREFTYPE"


class _Bad(Exception):
    """The request cannot be read; `about` and the sentence of an INVALID_PARAMS or INVALID_MSGREFTYPE."""

    def __init__(self, *about: str, code: str = "INVALID_PARAMS") -> None:
        super().__init__(code, *about)
        self.code = code
        self.about = about


@command(
    "CHATHISTORY",
    usage="LATEST|BEFORE|AFTER|AROUND|BETWEEN|TARGETS <target> <msgid=...|timestamp=...> [...] <limit>",
    help="Fetch what was said before.",
)
async def chathistory(request: Request, line: Line) -> None:
    subcommand = line.params[0].upper() if line.params else "*"
    try:
        await _answer(request, subcommand, line.params)
    except _Bad as bad:
        target = line.params[1:2] if bad.code == _NO_SUCH_KIND else ()
        request.fail(bad.code, subcommand, *target, *bad.about)
    except Refused:
        request.fail("INVALID_TARGET", subcommand, line.params[1], "Messages could not be retrieved")
    except NotFound:
        about = (subcommand, line.params[1], "That msgid is not known in this conversation; try a timestamp")
        request.fail("MESSAGE_ERROR", *about)
    except StoreFailed as fault:
        request.server.report(fault, request.session)
        request.fail("MESSAGE_ERROR", subcommand, line.params[1], "The server could not read its log; try again")


async def _answer(request: Request, subcommand: str, params: tuple[str, ...]) -> None:
    run, count = _SUBCOMMANDS.get(subcommand, (None, 0))
    if run is None:
        raise _Bad("Unknown command; known are LATEST, BEFORE, AFTER, AROUND, BETWEEN and TARGETS")
    if len(params) != count:
        raise _Bad("Insufficient parameters" if len(params) < count else "Too many parameters")
    await run(request, params)


async def _latest(request: Request, params: tuple[str, ...]) -> None:
    log, name = _meant(request, params[1])
    after = None if params[2] == "*" else _mark(params[2])
    await _page(request, log, name, _window(request, params[3], after=after))


async def _before(request: Request, params: tuple[str, ...]) -> None:
    log, name = _meant(request, params[1])
    await _page(request, log, name, _window(request, params[3], before=_mark(params[2])))


async def _after(request: Request, params: tuple[str, ...]) -> None:
    log, name = _meant(request, params[1])
    await _page(request, log, name, _window(request, params[3], after=_mark(params[2]), newest=False))


async def _page(request: Request, log: str, name: str, window: Window) -> None:
    await _play(request, name, window, partial(request.server.store.page, log))


async def _around(request: Request, params: tuple[str, ...]) -> None:
    log, name = _meant(request, params[1])
    around = partial(request.server.store.around, log, _mark(params[2]))
    await _play(request, name, _window(request, params[3]), around)


async def _between(request: Request, params: tuple[str, ...]) -> None:
    log, name = _meant(request, params[1])
    between = partial(request.server.store.between, log, _mark(params[2]), _mark(params[3]))
    await _play(request, name, _window(request, params[4]), between)


async def _targets(request: Request, params: tuple[str, ...]) -> None:
    after, before = _mark(params[1]), _mark(params[2])
    if after.msgid or before.msgid:
        raise _Bad("Expected timestamps, got a msgid", code=_NO_SUCH_KIND)
    me = request.user
    limit = _window(request, params[3]).limit
    found = await request.server.store.targets(list(me.memberships), me.identity, after.ts, before.ts, limit)
    named = ((_name(request, target), target.ts) for target in found)
    lines = [Line("CHATHISTORY", ("TARGETS", name, iso_time(ts)), request.irc.name) for name, ts in named if name]
    request.batch("draft/chathistory-targets", (), map(encode, lines))


Fetch: TypeAlias = Callable[[Window], Promise[list[Entry]]]
Subcommand: TypeAlias = Callable[[Request, tuple[str, ...]], Coroutine[Promise[Any], None, None]]

_SUBCOMMANDS: Final[dict[str, tuple[Subcommand, int]]] = {
    "LATEST": (_latest, 4),
    "BEFORE": (_before, 4),
    "AFTER": (_after, 4),
    "AROUND": (_around, 4),
    "BETWEEN": (_between, 5),
    "TARGETS": (_targets, 4),
}
"""Each subcommand with the number of parameters it takes, itself counted."""


def _meant(request: Request, target: str) -> tuple[str, str]:
    """The log that is asked for and what to call it: a room by its own name, a person as whoever asks calls them."""
    log, name = request.hub.log_for(request.user, target)
    return log, name if "#" in name else target


def _mark(word: str) -> Mark:
    kind, _, value = word.partition("=")
    if kind == "msgid" and value:
        return Mark(msgid=value)
    if kind != "timestamp":
        raise _Bad(word, "Expected msgid=... or timestamp=...", code=_NO_SUCH_KIND if value else "INVALID_PARAMS")
    try:
        when = datetime.fromisoformat(value)
    except ValueError:
        raise _Bad(word, "Invalid timestamp; expected one like timestamp=2026-01-31T09:30:00.000Z") from None
    if when.tzinfo is None:
        raise _Bad(word, "Invalid timestamp; expected UTC with a Z at its end")
    return Mark(ts=round(when.timestamp() * 1000))


def _window(request: Request, limit: str, **bounds: Any) -> Window:
    if not (limit.isascii() and limit.isdigit() and int(limit)):
        raise _Bad(limit or "*", f"Expected a limit of 1 to {request.irc.settings.page}")
    verbs, without = _kinds(request.session.caps)
    return Window(min(int(limit), request.irc.settings.page), verbs=verbs, without=without, **bounds)


def _kinds(caps: frozenset[str]) -> tuple[tuple[str, ...] | None, tuple[str, ...]]:
    """The verbs to play back, None for all, and those not to: what is left of redacted messages never is."""
    if EVENT_PLAYBACK not in caps:
        return (*TALK, *(verb for name, verb in PLAYED.items() if name in caps)), ()
    return None, (GONE, REPLACED, *(verb for name, verb in PLAYED.items() if name not in caps))


async def _play(request: Request, name: str, window: Window, fetch: Fetch) -> None:
    """A page of history: fewer entries than were asked for where so many would overflow the send queue."""
    look, room = request.session.plain, request.irc.settings.page_bytes
    while True:
        written = [look.render(spelled(entry, name)) for entry in await fetch(window)]
        used = sum(map(len, written)) + len(written) * BATCH_TAG
        if used <= room or window.limit == 1:
            break
        window = replace(window, limit=max(len(written) * room // used, 1))
    request.batch("chathistory", (name,), filter(None, written))


def _name(request: Request, target: Target) -> str:
    """What a conversation is called to whoever asks; "" for a guest who is gone and whose nick means nobody now."""
    if target.log[0] == "#":
        channel = request.hub.channels.get(target.log)
        return channel.name if channel is not None else target.log
    ends = parties(target.log)
    other = ends[1] if ends[0] == request.user.identity else ends[0]
    wearers = request.hub.wearers(other)
    if wearers:
        return wearers[0].nick
    return "" if other[0] == "~" else other
