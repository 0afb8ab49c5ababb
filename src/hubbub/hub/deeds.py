"""What is remembered of a room that belongs to somebody, as facts, and the room as those facts make it.

Facts of scope "channel", keyed by the room's folded name: "room" is its name, age and owner, "topic" and "modes" are
those, and each line of a list ("b nick!*@*"), each account with letters ("access maya") and each setting ("set
retention") is a field of its own.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, Final, TypeAlias

from msgspec import Struct, json

from hubbub.hub.channel import Access, Channel, Listed, Topic
from hubbub.hub.events import Fact
from hubbub.hub.patterns import Pattern

CHANNEL: Final = "channel"

Deed: TypeAlias = dict[str, str]
"""All fields of one room with their values."""

FILTER: Final = "filter"
"""The setting that holds what a room does not want to hear, a pattern to a line."""


class _Room(Struct, frozen=True, omit_defaults=True):
    """`created` is 0 where that was made together with the room."""

    name: str
    created: int
    owner: str
    former: tuple[str, ...] = ()


class _Modes(Struct, frozen=True, omit_defaults=True):
    letters: str
    key: str = ""
    limit: int = 0
    forward: str = ""
    pace: int = 0


class _Topic(Struct, frozen=True):
    text: str
    setter: str
    at: int


class _Listed(Struct, frozen=True, omit_defaults=True):
    mask: str
    setter: str
    at: int
    reason: str = ""
    until: int = 0


def deed_of(channel: Channel) -> Deed:
    """Nothing for a room that nobody owns."""
    return {field: json.encode(value).decode() for field, value in _fields(channel)} if channel.owner else {}


def _fields(channel: Channel) -> Iterator[tuple[str, Any]]:
    yield "room", _Room(channel.name, channel.created, channel.owner, channel.former)
    letters = "".join(sorted(channel.modes))
    yield "modes", _Modes(letters, channel.secret, channel.limit, channel.forward, channel.pace)
    if channel.topic is not None:
        yield "topic", _Topic(channel.topic.text, channel.topic.setter, channel.topic.at)
    for letter, lines in channel.lists.items():
        for key, line in lines.items():
            yield f"{letter} {key}", _Listed(line.mask, line.setter, line.at, line.reason, line.until)
    for identity, access in channel.access.items():
        yield f"access {identity}", (access.account, access.status)
    for name, value in channel.settings.items():
        yield f"set {name}", value


def facts_between(before: Channel, after: Channel) -> tuple[Fact, ...]:
    """What has to be remembered, and forgotten, when a room that was `before` is `after`."""
    old, new = deed_of(before), deed_of(after)
    if before.key != after.key:
        gone = tuple(Fact(CHANNEL, before.key, field, None) for field in old)
        return gone + tuple(Fact(CHANNEL, after.key, field, value) for field, value in new.items())
    changed = tuple(Fact(CHANNEL, after.key, field, value) for field, value in new.items() if old.get(field) != value)
    return changed + tuple(Fact(CHANNEL, after.key, field, None) for field in old if field not in new)


def sketch_of(channel: Channel) -> Channel:
    """The room without its people, to try a change out on."""
    sketch = Channel(channel.name, channel.key, channel.created)
    sketch.topic, sketch.modes = channel.topic, set(channel.modes)
    sketch.secret, sketch.limit, sketch.forward, sketch.pace = (
        channel.secret,
        channel.limit,
        channel.forward,
        channel.pace,
    )
    sketch.lists = {letter: dict(lines) for letter, lines in channel.lists.items()}
    sketch.owner, sketch.access, sketch.settings = channel.owner, dict(channel.access), dict(channel.settings)
    sketch.former = channel.former
    return sketch


def rooms_of(facts: Iterable[Fact]) -> list[Channel]:
    """The rooms that these facts make, without members."""
    known: dict[str, dict[str, Fact]] = {}
    for fact in facts:
        if fact.scope == CHANNEL and fact.value is not None:
            known.setdefault(fact.key, {})[fact.field] = fact
    return [_room(key, fields) for key, fields in known.items() if "room" in fields]


def _room(key: str, fields: dict[str, Fact]) -> Channel:
    fact = fields.pop("room")
    room = json.decode(fact.value or "", type=_Room)
    channel = Channel(room.name, key, room.created or fact.ts)
    channel.owner, channel.former = room.owner, room.former
    for field, fact in fields.items():
        kind, _, name = field.partition(" ")
        _restore(channel, kind, name, fact)
    channel.reckon()
    return channel


def _restore(channel: Channel, kind: str, name: str, fact: Fact) -> None:
    value = fact.value or ""
    match kind:
        case "modes":
            modes = json.decode(value, type=_Modes)
            channel.modes, channel.secret, channel.limit = set(modes.letters), modes.key, modes.limit
            channel.forward, channel.pace = modes.forward, modes.pace
        case "topic":
            topic = json.decode(value, type=_Topic)
            channel.topic = Topic(topic.text, topic.setter, topic.at or fact.ts)
        case "access":
            channel.access[name] = Access(*json.decode(value, type=tuple[str, str]))
        case "set":
            set_setting(channel, name, json.decode(value, type=str))
        case letter if letter in channel.lists:
            line = json.decode(value, type=_Listed)
            channel.lists[letter][name] = Listed(line.mask, line.setter, line.at or fact.ts, line.reason, line.until)


def set_setting(channel: Channel, name: str, value: str) -> None:
    """Take a setting in; "" for what holds without it."""
    if value:
        channel.settings[name] = value
    else:
        channel.settings.pop(name, None)
    if name == FILTER:
        channel.filters = tuple(map(Pattern, value.splitlines()))
        channel.reckon()
