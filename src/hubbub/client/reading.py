"""Lines read as happenings: the same for what is heard live and for what a page of history holds.

https://modern.ircdocs.horse, https://ircv3.net/specs/extensions/server-time and
https://ircv3.net/specs/extensions/message-ids
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final, NamedTuple, TypeVar

from hubbub.client.events import (
    Edited,
    Happening,
    Invited,
    Joined,
    Kicked,
    Kind,
    ModeSet,
    Parted,
    Quit,
    Redacted,
    Renamed,
    Said,
    Tagged,
    TopicSet,
)
from hubbub.client.mirror import Mirror
from hubbub.wire.line import Line
from hubbub.wire.masks import parse_prefix

T = TypeVar("T")

_ACTION: Final = "\x01ACTION"


@dataclass(frozen=True, slots=True)
class Scene:
    """What a line does not say itself: who we are, the time when it has none, and where a page of history is from.

    `page` is the conversation of the page, "" for a line heard live.
    """

    mirror: Mirror
    now: datetime
    page: str = ""
    label: str = ""


class _Common(NamedTuple):
    """The fields that every happening has."""

    at: datetime
    nick: str
    own: bool
    history: bool
    msgid: str
    tags: dict[str, str]


Reader = Callable[[Line, Scene], Happening]

# With the number of parameters that the reader needs; a shorter line is not read, nor one about what has no name.
READERS: Final[dict[str, tuple[int, Reader]]] = {}


def read(line: Line, scene: Scene) -> Happening | None:
    """What a line tells, or None for a line that is no happening. Call it before `reflect`: rooms are those before."""
    arity, reader = READERS.get(line.command, (0, None))
    if reader is None or len(line.params) < arity or not line.source or (arity and not line.params[0]):
        return None
    return reader(line, scene)


def time_of(line: Line, now: datetime) -> datetime:
    """When a line was said: the server's time where it tells, otherwise `now`."""
    text = line.tags.get("time")
    return parse_time(text, now) if text else now


def parse_time(text: str, otherwise: T) -> datetime | T:
    """A time in UTC, or `otherwise` where the text is none, or one too far off to reckon with."""
    try:
        at = datetime.fromisoformat(text)
        at = at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)
    except (ValueError, OverflowError):
        return otherwise
    return at if 1970 < at.year < 9000 else otherwise


def _reads(command: str, arity: int) -> Callable[[Reader], Reader]:
    def register(reader: Reader) -> Reader:
        READERS[command] = (arity, reader)
        return reader

    return register


@_reads("PRIVMSG", 2)
def _message(line: Line, scene: Scene) -> Said:
    kind, text = _unwrap(line.params[1])
    return _said(line, scene, kind, text)


@_reads("NOTICE", 2)
def _notice(line: Line, scene: Scene) -> Said:
    return _said(line, scene, "notice", line.params[1])


@_reads("TAGMSG", 1)
def _tagged(line: Line, scene: Scene) -> Tagged:
    place = _conversation(line, scene)
    return Tagged(**_common(line, scene)._asdict(), conversation=place, target=line.params[0])


@_reads("EDIT", 3)
def _edited(line: Line, scene: Scene) -> Edited:
    """Our own extension: docs/extensions.md."""
    _, msgid, text = line.params[:3]
    place = _conversation(line, scene)
    return Edited(**_common(line, scene)._asdict(), conversation=place, edited=msgid, text=_unwrap(text)[1])


@_reads("REDACT", 2)
def _redacted(line: Line, scene: Scene) -> Redacted:
    """https://ircv3.net/specs/extensions/message-redaction"""
    place = _conversation(line, scene)
    return Redacted(
        **_common(line, scene)._asdict(), conversation=place, redacted=line.params[1], reason=_param(line, 2)
    )


@_reads("JOIN", 1)
def _joined(line: Line, scene: Scene) -> Joined:
    account, realname = line.params[1:3] if len(line.params) > 2 else ("", "")
    return Joined(
        **_common(line, scene)._asdict(),
        conversation=scene.page or line.params[0],
        account="" if account == "*" else account,
        realname=realname,
    )


@_reads("PART", 1)
def _parted(line: Line, scene: Scene) -> Parted:
    place = scene.page or line.params[0]
    return Parted(**_common(line, scene)._asdict(), conversation=place, reason=_param(line, 1))


@_reads("KICK", 2)
def _kicked(line: Line, scene: Scene) -> Kicked:
    common = _common(line, scene)
    who = line.params[1]
    return Kicked(
        **common._replace(nick=who, own=scene.mirror.is_me(who))._asdict(),
        conversation=scene.page or line.params[0],
        by=common.nick,
        reason=_param(line, 2),
    )


@_reads("QUIT", 0)
def _quit(line: Line, scene: Scene) -> Quit:
    common = _common(line, scene)
    return Quit(**common._asdict(), conversation=scene.page, rooms=_rooms(common.nick, scene), reason=_param(line, 0))


@_reads("NICK", 1)
def _renamed(line: Line, scene: Scene) -> Renamed:
    common = _common(line, scene)
    return Renamed(**common._asdict(), conversation=scene.page, rooms=_rooms(common.nick, scene), new=line.params[0])


@_reads("TOPIC", 2)
def _topic(line: Line, scene: Scene) -> TopicSet:
    place = scene.page or line.params[0]
    return TopicSet(**_common(line, scene)._asdict(), conversation=place, topic=line.params[1])


@_reads("MODE", 2)
def _modes(line: Line, scene: Scene) -> ModeSet:
    place = scene.page or line.params[0]
    return ModeSet(**_common(line, scene)._asdict(), conversation=place, modes=" ".join(line.params[1:]))


@_reads("INVITE", 2)
def _invited(line: Line, scene: Scene) -> Invited:
    who = line.params[0]
    common = _common(line, scene)._replace(own=scene.mirror.is_me(who))
    return Invited(**common._asdict(), conversation=scene.page or line.params[1], who=who)


def _common(line: Line, scene: Scene) -> _Common:
    nick = parse_prefix(line.source or "").nick
    at = time_of(line, scene.now)
    return _Common(at, nick, scene.mirror.is_me(nick), bool(scene.page), line.tags.get("msgid", ""), line.tags)


def _said(line: Line, scene: Scene, kind: Kind, text: str) -> Said:
    return Said(
        **_common(line, scene)._asdict(),
        conversation=_conversation(line, scene),
        target=line.params[0],
        text=text,
        kind=kind,
        label=scene.label,
    )


def _conversation(line: Line, scene: Scene) -> str:
    """A room's name, or the other person's nick: theirs when they speak to us, the target when we do."""
    if scene.page:
        return scene.page
    features, target = scene.mirror.features, line.params[0]
    room = features.room_of(target)
    if features.is_room(room):
        return room
    nick = parse_prefix(line.source or "").nick
    return target if scene.mirror.is_me(nick) else nick


def _unwrap(text: str) -> tuple[Kind, str]:
    """CTCP, whose closing \\x01 some leave out. https://modern.ircdocs.horse/ctcp"""
    if not text.startswith("\x01"):
        return "message", text
    if text == _ACTION or text.startswith(_ACTION + " ") or text == _ACTION + "\x01":
        return "action", text[len(_ACTION) + 1 :].removesuffix("\x01")
    return "ctcp", text[1:].removesuffix("\x01")


def _rooms(nick: str, scene: Scene) -> tuple[str, ...]:
    return (scene.page,) if scene.page else scene.mirror.rooms_with(nick)


def _param(line: Line, index: int) -> str:
    return line.params[index] if len(line.params) > index else ""
