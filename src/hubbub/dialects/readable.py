"""What has no words of its own, in words: reactions, quotes, what was edited or taken back. For every dialect."""

from __future__ import annotations

import re
from typing import Final

from hubbub.hub.ctcp import ACTION
from hubbub.hub.events import Redacted, Said

_REACTIONS: Final = ("+draft/react", "+react")
_ANSWERS: Final = ("+reply", "+draft/reply")
_REACTION_MAX: Final = 64
_QUOTE_MAX: Final = 60
"""Bytes: enough to know a message by, and to fit on a line beside everything else."""

PEN: Final = "✎ "
_UNSEEN: Final = re.compile(r"\x03(?:\d{1,2}(?:,\d{1,2})?)?|[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
"""Colours and other control characters, and those that turn the direction of what comes after them."""
_UNITS: Final = ((86_400_000, "day"), (3_600_000, "hour"), (60_000, "minute"), (1_000, "second"))


def reaction_of(tags: dict[str, str]) -> str:
    """What somebody answered with instead of words, "" where these tags are no reaction."""
    return next((_one_line(tags[key], _REACTION_MAX) for key in _REACTIONS if key in tags), "")


def answered(tags: dict[str, str]) -> str:
    """The id of the message that these tags answer, "" for none."""
    return next((tags[key] for key in _ANSWERS if key in tags), "")


def reacted(said: Said) -> str:
    """What somebody did who answered with a reaction; "" for tags that say nothing to people."""
    reaction = reaction_of(said.tags or {})
    if not reaction:
        return ""
    quote = said.detail.quote if said.detail is not None else ""
    about = f" to {quote}" if quote else ""
    return f"reacted with {reaction}{about}"


def took_back(event: Redacted) -> str:
    """What they did who took a message back; "" where there was nothing to see for those who know no ids."""
    if not event.author:
        return ""
    whose = "took back a message" if event.author == event.who.nick else f"removed a message of {event.author}"
    why = f": {event.text}" if event.text else ""
    return f"{whose} from {_age(event.age)} ago{why}"


def quote(said: Said) -> str:
    """How a message begins and whose it is, for those who are told of it once more."""
    text = said.text.removeprefix(ACTION)
    return f"{said.who.nick}: {_one_line(text, _QUOTE_MAX)}" if text else ""


def _one_line(text: str, room: int) -> str:
    """The first line of it without what is not to be seen, cut where it is longer than `room` bytes."""
    first = text.lstrip("\n").partition("\n")[0]
    seen = _UNSEEN.sub("", first).strip()
    short = seen.encode()[:room].decode(errors="ignore")
    return short if short == seen and first == text else f"{short}…"


def _age(ms: int) -> str:
    for size, name in _UNITS:
        if ms >= size:
            return f"{ms // size} {name}{'s' if ms >= 2 * size else ''}"
    return "a moment"
