"""Forms: entries as lines for people, one form to a door. A form is a look, so each entry is written once for all."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final, TypeAlias

from hubbub.dialects import readable
from hubbub.dialects.seats.ascii import in_ascii
from hubbub.hub.ctcp import ACTION, is_query
from hubbub.hub.events import Edited, Entry, Event, Kicked, Redacted, RoomRenamed, Said, TopicChanged
from hubbub.wire.clean import clean

Tell: TypeAlias = Callable[[Any], str]
"""One event as one line, "" for none."""


class Form:
    """`told` says what is told besides talk. `only_ascii` is for readers who break at anything else."""

    told: Mapping[type[Event], Tell] = {}

    def __init__(self, *, only_ascii: bool = False) -> None:
        self._only_ascii = only_ascii

    def render(self, entry: Entry) -> bytes:
        return self.write(self.lines(entry))

    def write(self, lines: Iterable[str]) -> bytes:
        """Lines as bytes: each ends with a line end, so that two that arrive as one can be told apart."""
        text = "".join(f"{line}\n" for line in map(clean, lines) if line)
        return (in_ascii(text) if self._only_ascii else text).encode()

    def lines(self, entry: Entry) -> Iterable[str]:
        event = entry.event
        if isinstance(event, Said):
            return self.said(event)
        tell = self.told.get(type(event))
        return (tell(event),) if tell is not None else ()

    def said(self, said: Said) -> Iterable[str]:
        """Talk: who said it stands before each line, and whom it was for, unless that is everybody."""
        for_whom = "" if to_room(said) else f"(private to {said.target}) "
        return (f"{for_whom}{line}" for line in spoken(said))


def to_room(said: Said | Edited) -> bool:
    """Whether it is for all in a room; those of a rank, as in @#room, are not all."""
    return said.target[:1] == "#"


def spoken(said: Said) -> Iterator[str]:
    """What was said, line by line, with its speaker; nothing of what only programs ask each other."""
    nick = said.who.nick
    if said.verb == "TAGMSG":
        done = readable.reacted(said)
        if done:
            yield f"* {nick} {done}"
        return
    if is_query(said.text):
        return
    if said.detail is not None and said.detail.quote:
        yield f"> {said.detail.quote}"
    yield from _voiced(said.text, nick, _FRONTS.get(said.verb, "{nick}: "))


_FRONTS: Final = {"NOTICE": "-{nick}- "}


def _voiced(text: str, nick: str, front: str) -> Iterator[str]:
    if text.startswith(ACTION):
        yield f"* {nick} {text.removeprefix(ACTION)}"
        return
    shown = front.format(nick=nick)
    yield from (f"{shown}{line}" for line in text.split("\n") if line)


# What else happens


def topic_changed(event: TopicChanged) -> str:
    nick = event.who.nick
    return f"{nick} set the topic: {event.text}" if event.text else f"{nick} took the topic away"


def kicked(event: Kicked) -> str:
    return f"{event.nick} was put out by {event.who.nick}{because(event.text)}"


def room_renamed(event: RoomRenamed) -> str:
    return f"{event.who.nick} renamed {event.old}: it is {event.name} now{because(event.text)}"


def redacted(event: Redacted) -> str:
    done = readable.took_back(event)
    return f"* {event.who.nick} {done}" if done else ""


def edited(event: Edited) -> str:
    """The message once more, with a pen before it."""
    for_whom = "" if to_room(event) else f"(private to {event.target}) "
    return for_whom + " ".join(_voiced(event.text, event.who.nick, f"{{nick}}: {readable.PEN}"))


def because(text: str) -> str:
    """The reason that somebody gave, without the words that servers put before it."""
    reason = text.removeprefix("Quit: ")
    return f" ({reason})" if reason else ""
