"""Events as lines of text that a terminal, a screen reader and `grep` can read.

[09:12] maya: hello
[09:12] * maya waves
[09:13] -> leo joined
[09:14] (private) sam: are you there?
"""

from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final, TypeVar

import msgspec

from hubbub.client.answers import sentence
from hubbub.client.events import (
    Edited,
    Event,
    Failed,
    Gap,
    Happening,
    Invited,
    Joined,
    JoinRefused,
    Kicked,
    ModeSet,
    Names,
    Offline,
    Online,
    Page,
    Parted,
    Quit,
    Reached,
    Redacted,
    Refused,
    Renamed,
    Said,
    Told,
    Topic,
    TopicSet,
    Waiting,
)
from hubbub.client.isupport import ROOM_SIGNS
from hubbub.client.waits import said_at
from hubbub.wire.clean import clean
from hubbub.wire.numerics import (
    ERR_NOMOTD,
    RPL_CREATED,
    RPL_ENDOFMOTD,
    RPL_ISUPPORT,
    RPL_MOTD,
    RPL_MOTDSTART,
    RPL_MYINFO,
    RPL_TOPICWHOTIME,
    RPL_VISIBLEHOST,
    RPL_WELCOME,
    RPL_YOURHOST,
)

E = TypeVar("E", bound=msgspec.Struct)

# What a server says to everyone who comes, and what only other programs want to know.
_GREETING: Final = frozenset(
    {
        RPL_WELCOME,
        RPL_YOURHOST,
        RPL_CREATED,
        RPL_MYINFO,
        RPL_ISUPPORT,
        RPL_MOTD,
        RPL_MOTDSTART,
        RPL_ENDOFMOTD,
        ERR_NOMOTD,
        RPL_TOPICWHOTIME,
        RPL_VISIBLEHOST,
        "042",  # "your unique ID"
        *map(str, range(250, 270)),  # how many users there are
        "328",  # the home page of a room
        "329",  # when a room was made
        "900",
        "903",
    }
)

# A room of thousands is not a screen of names. Those of rank come first.
_NAMES_MAX: Final = 60

Renderer = Callable[["Lines", Any], str | None]

RENDERERS: Final[dict[type[msgspec.Struct], Renderer]] = {}


def cleaned(event: Event) -> Event:
    """The same event, all its text safe to draw. Cleaned piece by piece, so that no piece can eat into the next."""
    fields = {name: _clean_value(getattr(event, name)) for name in event.__struct_fields__}
    return msgspec.structs.replace(event, **fields)


def words(event: Event) -> str:
    """An event in words, for faces that mark lines in a way of their own; "" for what a person need not read."""
    renderer = RENDERERS.get(type(event))
    text = renderer(Lines(lambda: datetime.now().astimezone()), cleaned(event)) if renderer else None
    return (text or "").removeprefix("-- ").removeprefix("!! ")


class Lines:
    """Turns events into lines. `room` is the one the person is in; lines from others are marked with their name."""

    def __init__(
        self, clock: Callable[[], datetime], waits_for: Callable[[Said], tuple[str, ...]] = lambda said: ()
    ) -> None:
        """`clock` tells now, aware; its time zone is the one that all times are shown in.

        `waits_for` says who has not got a message of ours yet.
        """
        self.room = ""
        self.known_trouble = ""
        self._clock = clock
        self._waits_for = waits_for
        self._day: date = clock().date()

    def render(self, event: Event) -> Iterator[str]:
        """The lines for an event, none for what a person need not read."""
        if isinstance(event, Page):
            yield from self._page(event)
            return
        if isinstance(event, Said) and "\n" in event.text:
            for line in filter(None, event.text.split("\n")):
                yield from self.render(msgspec.structs.replace(event, text=line))
            return
        renderer = RENDERERS.get(type(event))
        text = renderer(self, cleaned(event)) if renderer else None
        if text is None:
            return
        at = (event.at if isinstance(event, Happening) else self._clock()).astimezone(self._clock().tzinfo)
        if at.date() != self._day:
            self._day = at.date()
            yield f"--- {at:%A} {at.day} {at:%B %Y} ---"
        yield f"[{at:%H:%M}] {text}{self._later(event)}"

    def _later(self, event: Event) -> str:
        """Where there is no server, a message of ours may wait for somebody, and one of theirs may have waited."""
        if not isinstance(event, Said):
            return ""
        names, at = self._waits_for(event), said_at(event)
        if names:
            return f" (waits for {', '.join(map(clean, names))})"
        return f" (said at {self.time(at)})" if at else ""

    def _page(self, page: Page) -> Iterator[str]:
        name = clean(page.conversation)
        if page.problem:
            yield f"!! no history of {name}: {clean(page.problem)}"
            return
        yield f"-- the last {len(page.lines)} lines of {name}"
        for event in page.lines:
            yield from self.render(event)
        yield "-- now"

    def place(self, name: str) -> str:
        """What marks a line from a room that is not the one in front."""
        return "" if name in {self.room, ""} else f"{name} "

    def time(self, at: datetime) -> str:
        """A time of day, with the day if that is another one."""
        at = at.astimezone(self._clock().tzinfo)
        return f"{at:%H:%M}" if at.date() == self._clock().date() else f"{at:%H:%M} on {at:%A} {at.day} {at:%B}"


def _renders(kind: type[E]) -> Callable[[Callable[[Lines, E], str | None]], Callable[[Lines, E], str | None]]:
    def register(renderer: Callable[[Lines, E], str | None]) -> Callable[[Lines, E], str | None]:
        RENDERERS[kind] = renderer
        return renderer

    return register


_SPOKEN: Final = {
    "message": "{nick}: {text}",
    "action": "* {nick} {text}",
    "notice": "-{nick}- {text}",
    "ctcp": "{nick} asks your program: {text}",
}


@_renders(Said)
def _said(lines: Lines, said: Said) -> str:
    spoken = _SPOKEN[said.kind].format(nick=said.nick, text=said.text)
    if "." in said.nick:  # no nick has a dot: it is the server that speaks
        spoken = _by_server(said.text) if said.kind == "notice" else spoken
    elif said.conversation[:1] not in ROOM_SIGNS:
        return f"(private to {said.target}) {spoken}" if said.own else f"(private) {spoken}"
    return (lines.place(said.conversation) if said.conversation[:1] in ROOM_SIGNS else "") + spoken


@_renders(Edited)
def _edited(lines: Lines, event: Edited) -> str:
    return f"* {lines.place(event.conversation)}{event.nick} edited: {event.text}"


@_renders(Redacted)
def _redacted(lines: Lines, event: Redacted) -> str:
    return f"* {lines.place(event.conversation)}{event.nick} took back a message{_reason(event.reason)}"


def _by_server(text: str) -> str:
    return text if text.startswith("!! ") else f"-- {text}"


@_renders(Joined)
def _joined(lines: Lines, event: Joined) -> str:
    if event.own and not event.history:
        return f"-> you are in {event.conversation}"
    return f"-> {lines.place(event.conversation)}{event.nick} joined"


@_renders(Parted)
def _parted(lines: Lines, event: Parted) -> str:
    if event.own and not event.history:
        return f"<- you left {event.conversation}"
    return f"<- {lines.place(event.conversation)}{event.nick} left{_reason(event.reason)}"


@_renders(Quit)
def _quit(_lines: Lines, event: Quit) -> str:
    given = "" if event.reason.strip() == "Quit:" else event.reason  # servers say that before every reason, even none
    return f"<- {event.nick} quit{_reason(given)}"


@_renders(Kicked)
def _kicked(lines: Lines, event: Kicked) -> str:
    if event.own and not event.history:
        return f"<- you were put out of {event.conversation} by {event.by}{_reason(event.reason)}"
    return f"<- {lines.place(event.conversation)}{event.nick} was put out by {event.by}{_reason(event.reason)}"


@_renders(Renamed)
def _renamed(_lines: Lines, event: Renamed) -> str:
    return f"-- {'you are' if event.own else f'{event.nick} is'} now called {event.new}"


@_renders(TopicSet)
def _topic_set(lines: Lines, event: TopicSet) -> str:
    place = lines.place(event.conversation)
    return (
        f"-- {place}{event.nick} set the topic: {event.topic}"
        if event.topic
        else f"-- {place}{event.nick} took the topic away"
    )


@_renders(Topic)
def _topic(_lines: Lines, event: Topic) -> str:
    return f"-- topic of {event.room}: {event.topic}" if event.topic else f"-- {event.room} has no topic"


@_renders(Names)
def _names(_lines: Lines, event: Names) -> str:
    shown, more = event.members[:_NAMES_MAX], len(event.members) - _NAMES_MAX
    rest = f" and {more} more" if more > 0 else ""
    return f"-- {len(event.members)} in {event.room}: {' '.join(shown)}{rest}"


@_renders(ModeSet)
def _modes(lines: Lines, event: ModeSet) -> str | None:
    if event.conversation[:1] not in ROOM_SIGNS:
        return None  # our own user modes
    return f"-- {lines.place(event.conversation)}{event.nick} set {event.modes}"


@_renders(Invited)
def _invited(_lines: Lines, event: Invited) -> str:
    if event.own:
        return f"-- {event.nick} invites you: /join {event.conversation}"
    return f"-- {event.nick} invites {event.who} to {event.conversation}"


@_renders(Failed)
def _failed(_lines: Lines, event: Failed) -> str:
    return f'!! not sent to {event.target}: "{event.text}" ({event.reason})'


@_renders(Gap)
def _gap(lines: Lines, event: Gap) -> str:
    what = f"lines in {event.conversation}" if event.conversation else "private messages"
    times = f"between {lines.time(event.since)} and {lines.time(event.until)}"
    return f"-- {what} {times} may be missing: {event.reason}"


@_renders(JoinRefused)
def _join_refused(_lines: Lines, event: JoinRefused) -> str:
    return f"!! not let into {event.room}: {event.reason}"


@_renders(Told)
def _told(_lines: Lines, told: Told) -> str | None:
    said = sentence(told.code, told.params)
    if said is not None and told.code not in _GREETING:
        return f"{'!!' if told.is_error else '--'} {said}" if said else None
    if told.is_error and told.code not in _GREETING:
        return f"!! {': '.join([*(about for about in told.params[-2:-1] if about != '*'), told.text]).strip()}"
    return None if told.code in _GREETING else f"-- {' '.join(told.params)}"


@_renders(Reached)
def _reached(_lines: Lines, event: Reached) -> str:
    if len(event.texts) == 1:
        return f"-- {event.name} has it now: {event.texts[0]}"
    return f"-- {event.name} has them now: the {len(event.texts)} messages that waited, from: {event.texts[0]}"


@_renders(Online)
def _online(_lines: Lines, event: Online) -> str:
    network = f" to {event.network}" if event.network else ""
    return f"-- connected{network}{' again' if event.resumed else ''} as {event.nick}"


@_renders(Offline)
def _offline(lines: Lines, event: Offline) -> str:
    lines.known_trouble = event.reason
    return f"-- offline: {event.reason}"


@_renders(Waiting)
def _waiting(lines: Lines, event: Waiting) -> str:
    """The reason is told once, not with every attempt that it spoils."""
    known, lines.known_trouble = lines.known_trouble, event.reason
    return f"-- trying again in {max(round(event.seconds), 1)} s" + (
        "" if event.reason == known else f": {event.reason}"
    )


@_renders(Refused)
def _refused(_lines: Lines, event: Refused) -> str:
    return f"!! not let in: {event.reason}"


def _reason(reason: str) -> str:
    return f" ({reason})" if reason else ""


def _clean_value(value: object) -> object:
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, tuple):
        return tuple(_clean_value(item) for item in value)
    return value
