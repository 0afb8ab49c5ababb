"""What each line of a server means to us: one function for each command, in a table that can be read.

https://modern.ircdocs.horse and https://ircv3.net/irc/
"""

from collections.abc import Callable
from typing import Final

from hubbub.client.batches import Batch
from hubbub.client.events import (
    Happening,
    Joined,
    Kicked,
    Marked,
    Names,
    Parted,
    Presence,
    Quit,
    Renamed,
    Said,
    Seen,
    Told,
    Topic,
)
from hubbub.client.multiline import MULTILINE, flat, whole
from hubbub.client.parts import Parts
from hubbub.client.reading import READERS, Scene, parse_time, read
from hubbub.client.reflect import reflect
from hubbub.client.registration import SEARCH, Step
from hubbub.wire.line import Line
from hubbub.wire.masks import parse_prefix
from hubbub.wire.numerics import (
    ERR_NOMOTD,
    RPL_ENDOFMOTD,
    RPL_ENDOFNAMES,
    RPL_MONOFFLINE,
    RPL_MONONLINE,
    RPL_NAMREPLY,
    RPL_NOTOPIC,
    RPL_TOPIC,
    RPL_WELCOME,
)

Hear = Callable[[Parts, Line, str], None]

HEARD: Final[dict[str, Hear]] = {}

_HISTORY: Final = frozenset({"chathistory", "draft/chathistory-targets"})


def hear(parts: Parts, item: Line | Batch, label: str = "") -> None:
    """Deal with a line or a batch from the server. A label stands for all that is in it."""
    label = label or (item.label if isinstance(item, Batch) else item.tags.get("label", ""))
    if isinstance(item, Batch):
        _hear_batch(parts, item, label)
    else:
        HEARD.get(item.command, _other)(parts, item, label)


def hear_all(parts: Parts, item: Line | Batch) -> None:
    """The same for what is not inside of a batch: it is then all of the answer to its label."""
    hear(parts, item)
    label = item.label if isinstance(item, Batch) else item.tags.get("label", "")
    if label:
        parts.posting.answered(label)


def _hears(*commands: str) -> Callable[[Hear], Hear]:
    def register(heard: Hear) -> Hear:
        HEARD.update(dict.fromkeys(commands, heard))
        return heard

    return register


def _hear_batch(parts: Parts, batch: Batch, label: str) -> None:
    if batch.kind in _HISTORY:
        parts.catchup.answer(batch)
        return
    if batch.kind == SEARCH:
        parts.searches.answer("", tuple(flat(batch)), parts.mirror.features.same)
        return
    if batch.kind == MULTILINE:
        line = whole(batch)
        if line is not None:
            hear(parts, line, label)
        return
    for item in batch.items:
        hear(parts, item, label)


@_hears("PING")
def _ping(parts: Parts, line: Line, _label: str) -> None:
    parts.output.send("PONG", *line.params)


@_hears("PONG")
def _pong(parts: Parts, line: Line, _label: str) -> None:
    parts.output.pong(line.params[-1] if line.params else "")


@_hears("ERROR")
def _error(parts: Parts, line: Line, _label: str) -> None:
    parts.ending = line.params[-1] if line.params else "the server hung up"


@_hears("ACK", RPL_NAMREPLY)
def _nothing(parts: Parts, line: Line, _label: str) -> None:
    reflect(parts.mirror, line)


@_hears("CAP", "AUTHENTICATE")
def _negotiate(parts: Parts, line: Line, _label: str) -> None:
    parts.registration.take(line)


@_hears(RPL_WELCOME)
def _welcome(parts: Parts, line: Line, label: str) -> None:
    parts.welcome(line)
    _other(parts, line, label)


@_hears(RPL_ENDOFMOTD, ERR_NOMOTD)
def _greeted(parts: Parts, line: Line, label: str) -> None:
    if parts.registration.step is Step.WELCOME:
        parts.greeted()
    parts.emit(Told(line.command, line.params[1:]))


@_hears(RPL_ENDOFNAMES)
def _names(parts: Parts, line: Line, _label: str) -> None:
    room = parts.mirror.room(line.params[1]) if len(line.params) > 1 else None
    if room is not None:
        parts.emit(Names(room.name, parts.mirror.names(room)))


@_hears(RPL_TOPIC, RPL_NOTOPIC)
def _topic(parts: Parts, line: Line, _label: str) -> None:
    reflect(parts.mirror, line)
    if len(line.params) > 2:
        parts.emit(Topic(line.params[1], line.params[2] if line.command == RPL_TOPIC else ""))


@_hears("AWAY")
def _presence(parts: Parts, line: Line, _label: str) -> None:
    reflect(parts.mirror, line)
    parts.emit(Presence(parse_prefix(line.source or "").nick, line.params[0] if line.params else None))


@_hears(RPL_MONONLINE, RPL_MONOFFLINE)
def _seen(parts: Parts, line: Line, _label: str) -> None:
    """ "730 <nick> :target[!user@host][,target[!user@host]]*": https://ircv3.net/specs/extensions/monitor"""
    for source in line.params[-1].split(",") if line.params else ():
        parts.emit(Seen(parse_prefix(source).nick, line.command == RPL_MONONLINE))


@_hears("MARKREAD")
def _marked(parts: Parts, line: Line, _label: str) -> None:
    """ "MARKREAD <target> timestamp=<time>", or "*": https://ircv3.net/specs/extensions/read-marker"""
    if len(line.params) > 1:
        at = parse_time(line.params[1].removeprefix("timestamp="), parts.clock())
        parts.emit(Marked(line.params[0], None if line.params[1] == "*" else at))


@_hears("INVITATION")
def _invitation(parts: Parts, line: Line, label: str) -> None:
    """ "INVITATION USED <code> <channel>": we were asked in there."""
    if line.params[:1] == ("USED",) and parts.mirror.features.is_room(line.params[-1]):
        parts.asked_in(line.params[-1])
    else:
        _other(parts, line, label)


@_hears("ACCOUNT", "CHGHOST", "SETNAME")
def _detail(parts: Parts, line: Line, _label: str) -> None:
    reflect(parts.mirror, line)


@_hears(*READERS)
def _happening(parts: Parts, line: Line, label: str) -> None:
    """Read first, then change the mirror, then give it out: a Quit names the rooms that were shared until now."""
    event = read(line, Scene(parts.mirror, parts.clock(), label=label))
    reflect(parts.mirror, line)
    if event is None:
        return
    if event.own and isinstance(event, Joined) and parts.mirror.features.is_room(event.conversation):
        parts.entered(event)
    else:
        parts.catchup.offer(event)
    if event.own and isinstance(event, Said):
        parts.posting.echoed(event)
    elif event.own and isinstance(event, Parted | Kicked):
        parts.left(event.conversation)
    _mind_nick(parts, event)


@_hears("FAIL", "WARN", "NOTE")
def _standard_reply(parts: Parts, line: Line, label: str) -> None:
    """`FAIL command code [context...] description`: https://ircv3.net/specs/extensions/standard-replies"""
    told = Told(line.command, line.params)
    refusal = parts.registration.take(line)
    if refusal is not None:
        parts.emit(refusal)
    elif told.code == "FAIL" and len(line.params) > 2:
        command, code, *context, _ = line.params
        _refuse(parts, told, code, [*context, command], label)
    else:
        parts.emit(told)


def _other(parts: Parts, line: Line, label: str) -> None:
    """Numerics without a row of their own: some are known to the mirror, and errors may be about something of ours."""
    reflect(parts.mirror, line)
    refusal = parts.registration.take(line)
    told = Told(line.command, line.params[1:] if line.command.isdigit() else line.params)
    if refusal is not None:
        parts.emit(refusal)
    elif told.is_error and parts.registration.step is Step.WELCOME:
        _refuse(parts, told, line.command, list(told.params[:-1]), label)
    else:
        parts.emit(told)


def _refuse(parts: Parts, told: Told, code: str, context: list[str], label: str) -> None:
    """An error is told once: as the fate of a question, of a message, of a room, otherwise as it came.

    `context` are the names that it gives: of targets, of commands.
    """
    if "CHATHISTORY" in context and parts.requests.refuse(told.text):
        return
    if "SEARCH" in context and parts.searches.refuse(told.text):
        return
    if parts.posting.refused(code, told.text, label, context):
        return
    kept_out = [room for room in context if parts.visits.refuse(room, code, told.text)]
    if not kept_out:
        parts.emit(told)


def _mind_nick(parts: Parts, event: Happening) -> None:
    """Our nick was changed; or the one we want became free while we go by another."""
    wanted = parts.registration.wanted
    if not isinstance(event, Quit | Renamed):
        return
    if isinstance(event, Renamed) and event.own:
        parts.registration.renamed(event.new)
    elif parts.mirror.features.same(event.nick, wanted) and not parts.mirror.is_me(wanted):
        parts.output.send("NICK", wanted)
        parts.posting.renaming()
