"""Events as rows and back: who, as which account, what kind, the text of talk, and everything else as JSON.

Pure, and used by every store that keeps rows. A row belongs to one log, so an event read back names that log alone;
a nonce matters to storing, not to what was said, and is not part of the row.
"""

from typing import Any, Final

import msgspec

from hubbub.hub.events import (
    TALK,
    Event,
    Joined,
    Kicked,
    ModesChanged,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicChanged,
    Who,
)

Row = tuple[str, str, int, str | None, str | None]
"""who, account, kind, body, tags: the columns an event fills."""

KINDS: Final[dict[int, tuple[type[Event], str]]] = {
    1: (Said, "PRIVMSG"),
    2: (Said, "NOTICE"),
    3: (Said, "TAGMSG"),
    4: (Joined, ""),
    5: (Parted, ""),
    6: (Kicked, ""),
    7: (TopicChanged, ""),
    8: (ModesChanged, ""),
    9: (Renamed, ""),
    10: (Quit, ""),
}
"""What the numbers in stored rows mean. Only ever append: they are in people's files."""

_NUMBERS: Final = {meaning: number for number, meaning in KINDS.items()}
_SPOKEN: Final = {verb: number for (kind, verb), number in _NUMBERS.items() if kind is Said}

TALK_KINDS: Final = frozenset(_SPOKEN[verb] for verb in TALK)
"""The kinds that make a conversation one that people talk in."""

_COLUMNS: Final = {"who", "logs", "verb", "text", "nonce"}  # of Said, whose text is the body
_FIELDS: Final = {
    kind: tuple(
        (field.name, field.default)
        for field in msgspec.structs.fields(kind)
        if field.name not in (_COLUMNS if kind is Said else ("who", "logs", "facts"))
    )
    for kind, _ in KINDS.values()
}
_PLACES: Final = ("channel", "target")  # fields that mostly spell the log's own name


def kinds_of(verbs: tuple[str, ...] | None) -> tuple[int, ...]:
    """The kinds a reader wants; every kind we know for None, so a newer version's rows are passed over."""
    return tuple(KINDS) if verbs is None else tuple(_SPOKEN[verb] for verb in verbs if verb in _SPOKEN)


def encode(event: Event) -> Row:
    """The columns of an event. TypeError where it is of a kind that is never stored."""
    who = event.who
    if not isinstance(event, Said):
        return who.mask, who.account, _number(event, ""), None, _extra(event)
    logs = event.logs
    if event.tags is None and len(logs) == 1 and logs[0] == event.target:  # nearly every message of a room
        return who.mask, who.account, _number(event, event.verb), event.text, None
    return who.mask, who.account, _number(event, event.verb), event.text, _extra(event)


def decode(log: str, row: Row) -> Event:
    """The event of a row, as `log` keeps it."""
    mask, account, number, body, tags = row
    kind, verb = KINDS[number]
    if kind is not Said:
        fields = msgspec.json.decode(tags) if tags else {}
        return _restored(kind, {"who": Who(mask, account), "logs": (log,), **fields})
    if tags is None:
        return Said(Who(mask, account), (log,), verb, log, body or "")
    fields = {"target": log, **msgspec.json.decode(tags)}
    return Said(Who(mask, account), (log,), verb, fields["target"], body or "", fields.get("tags"))


def _number(event: Event, verb: str) -> int:
    number = _NUMBERS.get((type(event), verb))
    if number is None:
        raise TypeError(f"expected an event that logs keep, got {event!r}: give it a number in rows.KINDS")
    return number


def _extra(event: Event) -> str | None:
    """The fields that no column holds as JSON, without those that say nothing new; None where none is left."""
    fields = {name: getattr(event, name) for name, default in _FIELDS[type(event)] if getattr(event, name) != default}
    for name in _PLACES:
        if event.logs == (fields.get(name),):
            del fields[name]
    return msgspec.json.encode(fields).decode() if fields else None


def _restored(kind: type[Event], fields: dict[str, Any]) -> Event:
    if "channel" in kind.__struct_fields__:
        fields.setdefault("channel", fields["logs"][0])
    return msgspec.convert(fields, kind)
