"""Our own messages where there is no server: held back until it is known who has them, and for whom they wait.

Where a house says `hubbub.chat/DIRECT` in 005, it tells by TAGMSG whom a message of ours waits for, first within a
second after its echo, and then whenever that changes. docs/direct.md
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Final

import msgspec

from hubbub.client.events import Event, Reached, Said, Tagged
from hubbub.client.isupport import Features
from hubbub.client.reading import parse_time

TOKEN: Final = "hubbub.chat/DIRECT"  # noqa: S105 - what features are called
WAITS_FOR: Final = "+hubbub.chat/waits-for"
MEANT: Final = "+draft/reply"

SAID: Final = "+hubbub.chat/said"
"""On a message that waited before it came here: when it was said."""

Names = tuple[str, ...]


class _Talk(msgspec.Struct):
    """One conversation. `held` is what nobody was told of yet, `waiting` for whom a message waits, oldest first.

    `texts` are those of messages that were shown as waiting.
    """

    held: dict[str, Said]
    waiting: dict[str, Names]
    texts: dict[str, str]


class Waits:
    """Between what is heard and what is shown."""

    def __init__(self, features: Features) -> None:
        self._features = features
        self._talks: dict[str, _Talk] = {}

    def take(self, event: Event) -> Iterator[Event]:
        """What is to be shown now."""
        if TOKEN not in self._features or not isinstance(event, Said | Tagged) or not event.own:
            yield event
        elif isinstance(event, Said):
            yield from self._said(event)
        elif WAITS_FOR in event.tags:
            yield from self._told(event)

    def names(self, said: Said) -> Names:
        """For whom a message waits that is about to be shown."""
        talk = self._talk(said.conversation)
        names = talk.waiting.get(said.msgid, ()) if said.own else ()
        if names:
            talk.texts[said.msgid] = said.text
        return names

    def _said(self, said: Said) -> Iterator[Event]:
        talk = self._talk(said.conversation)
        if said.history or not said.msgid or said.msgid in talk.waiting:
            yield said
        else:
            talk.held[said.msgid] = said

    def _told(self, tagged: Tagged) -> Iterator[Event]:
        """It holds for that message and those before it: who is not named has all of them."""
        talk = self._talk(tagged.conversation)
        msgid = tagged.tags.get(MEANT, "")
        names = tuple(filter(None, tagged.tags[WAITS_FOR].split(",")))
        known = list(talk.waiting)
        yield from self._reached(tagged.conversation, talk, _up_to(known, msgid) or known, names)
        for key in _up_to(list(talk.held), msgid) or [msgid]:
            if names and key not in known:
                talk.waiting[key] = names
            if key in talk.held:
                yield talk.held.pop(key)

    @staticmethod
    def _reached(conversation: str, talk: _Talk, keys: list[str], names: Names) -> Iterator[Event]:
        """Of what waits, some has arrived."""
        arrived: dict[str, list[str]] = {}
        for key in keys:
            for name in talk.waiting[key]:
                if name not in names and key in talk.texts:
                    arrived.setdefault(name, []).append(talk.texts[key])
            talk.waiting[key] = tuple(name for name in talk.waiting[key] if name in names)
        talk.waiting = {key: left for key, left in talk.waiting.items() if left}
        talk.texts = {key: text for key, text in talk.texts.items() if key in talk.waiting}
        for name, texts in arrived.items():
            yield Reached(conversation, name, tuple(texts))

    def _talk(self, conversation: str) -> _Talk:
        return self._talks.setdefault(self._features.fold(conversation), _Talk({}, {}, {}))


def said_at(said: Said) -> datetime | None:
    """When a message was said that waited before it came."""
    text = said.tags.get(SAID, "")
    return parse_time(text, said.at) if text else None


def _up_to(keys: list[str], last: str) -> list[str]:
    """All up to that one; none where it is not among them."""
    return keys[: keys.index(last) + 1] if last in keys else []
