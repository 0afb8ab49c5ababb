"""Events as rows and back: who, as which account, what kind, the text of talk, and everything else as JSON.

Pure, and used by every store that keeps rows. A row belongs to one log, so an event read back names that log alone;
a nonce matters to storing, not to what was said, and is not part of the row.
"""

from typing import Any, Final

import msgspec

from hubbub.hub.events import (
    GONE,
    REPLACED,
    TALK,
    AccessChanged,
    Announced,
    Detail,
    Edited,
    Event,
    FileRemoved,
    HostChanged,
    InviteMade,
    InviteRevoked,
    InviteUsed,
    Joined,
    Kicked,
    Killed,
    ModesChanged,
    OwnerChanged,
    Parted,
    Promoted,
    Quit,
    Redacted,
    Renamed,
    RoomRenamed,
    Said,
    ServerBanChanged,
    SettingChanged,
    Tended,
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
    11: (Redacted, "REDACT"),
    12: (Edited, "EDIT"),
    13: (Said, GONE),
    14: (Edited, REPLACED),
    15: (OwnerChanged, ""),
    16: (AccessChanged, ""),
    17: (SettingChanged, ""),
    18: (RoomRenamed, ""),
    19: (Promoted, ""),
    20: (Killed, ""),
    21: (Announced, ""),
    22: (HostChanged, ""),
    23: (ServerBanChanged, ""),
    24: (InviteMade, ""),
    25: (InviteRevoked, ""),
    26: (InviteUsed, ""),
    27: (FileRemoved, ""),
    28: (Tended, ""),
}
"""What the numbers in stored rows mean. Only ever append: they are in people's files."""

_SPOKEN: Final = {verb: number for number, (kind, verb) in KINDS.items() if kind is Said}
_NUMBERS: Final = {kind: number for number, (kind, _) in reversed(KINDS.items())}  # an event is of its first kind
_VERBS: Final = {verb: number for number, (_, verb) in KINDS.items() if verb}

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
_BOT: Final = "bot"  # of whoever did it
_PLACES: Final = ("channel", "target")  # fields that mostly spell the log's own name


def kinds_of(verbs: tuple[str, ...] | None, without: tuple[str, ...] = ()) -> tuple[int, ...]:
    """The kinds a reader wants; every kind we know for None, so a newer version's rows are passed over."""
    if verbs is not None:
        return tuple(_VERBS[verb] for verb in verbs if verb in _VERBS)
    return tuple(number for number, (_, verb) in KINDS.items() if verb not in without)


def encode(event: Event) -> Row:
    """The columns of an event. TypeError where it is of a kind that is never stored."""
    who = event.who
    if not isinstance(event, Said):
        return who.mask, who.account, _number(event), None, _extra(event)
    number = _SPOKEN[event.verb]
    if event.tags is None and event.detail is None and not who.bot and event.logs == (event.target,):
        return who.mask, who.account, number, event.text, None  # nearly every message of a room
    return who.mask, who.account, number, event.text, _extra(event)


def decode(log: str, row: Row) -> Event:
    """The event of a row, as `log` keeps it."""
    mask, account, number, body, tags = row
    kind, verb = KINDS[number]
    if kind is not Said:
        fields = msgspec.json.decode(tags) if tags else {}
        who = Who(mask, account, fields.pop(_BOT, False))
        return _restored(kind, {"who": who, "logs": (log,), **fields})
    if tags is None:
        return Said(Who(mask, account), (log,), verb, log, body or "")
    fields = {"target": log, **msgspec.json.decode(tags)}
    detail = msgspec.convert(fields["detail"], Detail) if "detail" in fields else None
    who = Who(mask, account, fields.get(_BOT, False))
    return Said(who, (log,), verb, fields["target"], body or "", fields.get("tags"), "", detail)


def _number(event: Event) -> int:
    number = _NUMBERS.get(type(event))
    if number is None:
        raise TypeError(f"expected an event that logs keep, got {event!r}: give it a number in rows.KINDS")
    return number


def _extra(event: Event) -> str | None:
    """The fields that no column holds as JSON, without those that say nothing new; None where none is left."""
    fields = {name: getattr(event, name) for name, default in _FIELDS[type(event)] if getattr(event, name) != default}
    if "detail" in fields:
        _drop_quote(fields)
    for name in _PLACES:
        if event.logs == (fields.get(name),):
            del fields[name]
    if event.who.bot:
        fields[_BOT] = True
    return msgspec.json.encode(fields).decode() if fields else None


def _drop_quote(fields: dict[str, Any]) -> None:
    """Of what a message answers its id is kept, not its words: they may be taken back."""
    fields["detail"] = msgspec.structs.replace(fields["detail"], quote="")
    if fields["detail"] == Detail():
        del fields["detail"]


def _restored(kind: type[Event], fields: dict[str, Any]) -> Event:
    for name in _PLACES:
        if name in kind.__struct_fields__:
            fields.setdefault(name, fields["logs"][0])
    return msgspec.convert(fields, kind)
