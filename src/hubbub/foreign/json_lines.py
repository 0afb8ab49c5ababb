"""Entries as lines of JSON: what `hubbub log --json` and `hubbub export` write, and `hubbub import` reads."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any, Final

import msgspec
from msgspec.structs import fields

from hubbub.foreign.heard import Bad, Heard, Read, Unreadable
from hubbub.hub.events import AccessChanged, Edited, Entry, Event, Redacted, Who
from hubbub.stores.rows import KINDS

_KINDS: Final = {kind.__name__: kind for kind, _ in KINDS.values()}
_OTHERWISE: Final[dict[type[Event], dict[str, str]]] = {
    Redacted: {"msgid": "of"},
    Edited: {"msgid": "of"},
    AccessChanged: {"account": "whom"},
}
"""Fields that are called as something about the entry itself."""

_OWN: Final = ("who", "logs", "nonce", "facts")
_LOG: Final = re.compile(r"[~&@%+]?#[^\s,:\x07]*( \d+)?|[^\s,]+,[^\s,]+")
_MASK: Final = re.compile(r"[^\s!@,*?]+(![^\s@]+@\S+)?")
_ONE_LINE: Final = re.compile("[\\x00\\r\\n]")
_LINES: Final = re.compile("[\\x00\\r]")
_OF_LINES: Final = ("text", "value", "first")


def line_of(entry: Entry) -> str:
    """One line, without its end."""
    event, place = entry.event, entry.place
    about: dict[str, Any] = {
        "ts": f"{datetime.fromtimestamp(place.ts // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{place.ts % 1000:03}Z",
        "seq": place.seq,
        "msgid": place.msgid,
        "log": place.log,
        "kind": type(event).__name__,
        "from": event.who.nick,
        "source": event.who.mask,
        "account": event.who.account or None,
    }
    if event.who.bot:
        about["bot"] = True
    # In ASCII, as msgspec would not write it: `hubbub log --json` is read on a terminal.
    return json.dumps(msgspec.to_builtins(about | _fields(event)), separators=(",", ":"))


def read(lines: Iterable[str]) -> Read:
    for number, line in enumerate(lines, 1):
        try:
            if line.strip():
                yield _heard(number, msgspec.json.decode(line, type=dict[str, Any]))
        except (Unreadable, KeyError, TypeError, ValueError, msgspec.MsgspecError) as bad:
            yield Bad(number, f"there is no {bad}" if isinstance(bad, KeyError) else str(bad))


def checked_log(name: str) -> str:
    """A name that a log of talk can have. Raises `Unreadable`."""
    if not _LOG.fullmatch(name):
        raise Unreadable(f"expected a room (#tea) or two people (leo,maya), got {name!r}")
    return name


def _fields(event: Event) -> dict[str, Any]:
    names = _OTHERWISE.get(type(event), {})
    given = msgspec.to_builtins(event)
    return {names.get(key, key): value for key, value in given.items() if key not in _OWN and value is not None}


def _heard(number: int, found: dict[str, Any]) -> Heard:
    kind = _KINDS.get(found["kind"])
    if kind is None:
        raise Unreadable(f"{found['kind']!r} is no kind of entry that this hubbub knows")
    if not _MASK.fullmatch(found["source"]):
        raise Unreadable(f"expected a source as nick!user@host, got {found['source']!r}")
    log = checked_log(found["log"])
    _check(found)
    who = Who(found["source"], found.get("account") or "", found.get("bot", False))
    names = _OTHERWISE.get(kind, {})
    given = {name: found[names.get(name, name)] for name in _names(kind) if names.get(name, name) in found}
    event = msgspec.convert({**given, "who": who, "logs": (log,)}, kind)
    ts = datetime.fromisoformat(found["ts"])
    return Heard(number, log, round(ts.timestamp() * 1000), event, found.get("seq", 0), found.get("msgid", ""))


def _names(kind: type[Event]) -> list[str]:
    return [field.name for field in fields(kind) if field.name not in _OWN]


def _check(value: object, key: str = "") -> None:
    """Nothing in it can end a line of what clients are sent but where there may be several lines."""
    if isinstance(value, dict):
        for name, each in value.items():
            _check(name)
            _check(each, name)
    elif isinstance(value, list):
        for each in value:
            _check(each)
    elif isinstance(value, str) and (_LINES if key in _OF_LINES else _ONE_LINE).search(value):
        raise Unreadable(f"{key or 'a text'} has a character that no message can have")
