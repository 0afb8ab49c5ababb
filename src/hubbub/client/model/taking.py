"""What each event does to a network's buffers: one function for each, in a table that can be read."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Final, TypeVar

from hubbub.client.answers import sentence
from hubbub.client.events import (
    CaughtUp,
    Edited,
    Event,
    Failed,
    Gap,
    Happening,
    Invited,
    Joined,
    JoinRefused,
    Kicked,
    Marked,
    ModeSet,
    Offline,
    Online,
    Page,
    Parted,
    People,
    Presence,
    Quit,
    Redacted,
    Refused,
    Renamed,
    Said,
    Seen,
    Sent,
    Tagged,
    Told,
    Topic,
    TopicSet,
    Waiting,
    Written,
)
from hubbub.client.model import arriving
from hubbub.client.model.buffer import Buffer, Place
from hubbub.client.model.entry import SPOKEN, Entry, More, State
from hubbub.client.model.network import PEOPLE_MAX, Condition, Network
from hubbub.client.model.reading import entry_of
from hubbub.client.posting import REPLY
from hubbub.client.protocol import REACT, TYPING, UNREACT
from hubbub.client.render import words
from hubbub.wire.numerics import RPL_AWAY, RPL_ISUPPORT, RPL_MYINFO, RPL_NOWAWAY, RPL_UNAWAY

Taking = Callable[[Network, Any], None]
T = TypeVar("T", bound=Taking)

TAKINGS: Final[dict[type, Taking]] = {}

# Different emoji on one message, and people for each: more are not shown, and may not fill our memory.
_REACTIONS_MAX: Final = 50
_REACTING_MAX: Final = 200


# What a server says of itself that only programs read.
_FOR_PROGRAMS: Final = frozenset({RPL_MYINFO, RPL_ISUPPORT, "042"})


def take(network: Network, event: Event) -> None:
    """Take in one event."""
    if isinstance(event, Said | Tagged | Invited) and _unheard(network, event):
        return
    taking = TAKINGS.get(type(event))
    if taking is not None:
        taking(network, event)


def _unheard(network: Network, event: Said | Tagged | Invited) -> bool:
    """What is said by somebody who is ignored stands in its log, so that this is whole; it opens no conversation."""
    logged = isinstance(event, Said) and network.find(event.conversation) is not None
    return not event.own and not logged and network.ignores(event.nick)


def _takes(*kinds: type) -> Callable[[T], T]:
    def register(taking: T) -> T:
        TAKINGS.update(dict.fromkeys(kinds, taking))
        return taking

    return register


# What people say.


@_takes(Said)
def _said(network: Network, event: Said) -> None:
    buffer = _place(network, event)
    if event.own and event.label:
        _drop_awaited(network, event.label)
    _add(network, buffer, event)
    network.typing_in(buffer).done(event.nick)


@_takes(Written)
def _written(network: Network, event: Written) -> None:
    buffer = network.open(event.conversation)
    known = buffer.awaited(event.label)
    if known is not None:
        known.state = State.SENDING
        buffer.touch(known)
        return
    more = More(label=event.label, target=event.target, reply=event.tags.get(REPLY, ""))
    entry = Entry(event.kind, network.clock(), network.nick, event.text, own=True, state=State.SENDING, more=more)
    buffer.wait(entry)


@_takes(Sent)
def _sent(network: Network, event: Sent) -> None:
    _drop_awaited(network, event.label)


@_takes(Failed)
def _failed(network: Network, event: Failed) -> None:
    for buffer in [*network.buffers, network.status]:
        entry = buffer.awaited(event.label)
        if entry is not None:
            entry.state, entry.own_detail().reason = State.FAILED, event.reason
            buffer.touch(entry)


@_takes(Tagged)
def _tagged(network: Network, event: Tagged) -> None:
    msgid = event.tags.get(REPLY, event.tags.get("+reply", ""))
    if TYPING in event.tags and not event.own and not event.history:
        buffer = network.find(event.conversation)
        if buffer is not None:
            network.typing_in(buffer).hear(event.nick, event.tags[TYPING], network.clock())
    elif arriving.tells(event):
        arriving.told(network, event)
    elif msgid:
        _about(network, event, msgid)


@_takes(Edited)
def _edited(network: Network, event: Edited) -> None:
    _about(network, event, event.edited)


@_takes(Redacted)
def _redacted(network: Network, event: Redacted) -> None:
    _about(network, event, event.redacted)


def _about(network: Network, event: Happening, msgid: str) -> None:
    """Something changes a message, now or when that comes."""
    buffer = network.find(event.conversation)
    entry = buffer.find(msgid) if buffer else None
    if buffer is not None and entry is not None:
        _change(entry, event)
        buffer.touch(entry)
    elif buffer is not None:
        buffer.put_off(msgid, event)


def _change(entry: Entry, event: object) -> None:
    if isinstance(event, Edited):
        if entry.detail.redacted:
            return  # what was taken back stays gone, in whatever order we hear of it
        entry.text, entry.own_detail().edited = event.text, True
    elif isinstance(event, Redacted):
        entry.text, entry.own_detail().redacted = "", event.nick
    elif isinstance(event, Tagged) and arriving.tells(event):
        arriving.wait(entry, arriving.names_of(event))
    elif isinstance(event, Tagged):
        _react(entry.own_detail(), event)


def _react(more: More, event: Tagged) -> None:
    emoji = event.tags.get(REACT) or event.tags.get("+react") or ""
    gone = event.tags.get(UNREACT) or event.tags.get("+unreact") or ""
    if emoji and (emoji in more.reactions or len(more.reactions) < _REACTIONS_MAX):
        people = more.reactions.setdefault(emoji, [])
        if event.nick not in people and len(people) < _REACTING_MAX:
            people.append(event.nick)
    if event.nick in more.reactions.get(gone, ()):
        more.reactions[gone].remove(event.nick)
        if not more.reactions[gone]:
            del more.reactions[gone]


# Who comes and goes.


@_takes(Joined)
def _joined(network: Network, event: Joined) -> None:
    buffer = network.open(event.conversation)
    if event.own and not event.history:
        if buffer.left:
            network.came_back(buffer)
        buffer.name = event.conversation  # as the server writes it
        if not event.msgid and network.client.can("draft/chathistory"):
            return  # nothing happened: a device of ours is told where we are already
    _add(network, buffer, event)


@_takes(Parted, Kicked)
def _left(network: Network, event: Parted | Kicked) -> None:
    buffer = network.find(event.conversation)
    if buffer is not None:
        _add(network, buffer, event)
        buffer.left = buffer.left or (event.own and not event.history)


@_takes(TopicSet)
def _topic_set(network: Network, event: TopicSet) -> None:
    buffer = network.find(event.conversation)
    if buffer is not None:
        _add(network, buffer, event)
        buffer.topic = buffer.topic if event.history else event.topic


@_takes(Topic)
def _topic(network: Network, event: Topic) -> None:
    buffer = network.find(event.room)
    if buffer is not None:
        buffer.topic = event.topic


@_takes(Quit, Renamed)
def _everywhere(network: Network, event: Quit | Renamed) -> None:
    """In the rooms that we shared; a private conversation goes by the new name, unless there is one."""
    private = network.find(event.nick)
    buffers = [network.find(room) for room in event.rooms]
    for buffer in {id(buffer): buffer for buffer in [*buffers, private] if buffer is not None}.values():
        _add(network, buffer, event)
    if isinstance(event, Renamed) and private is not None and not event.history and network.find(event.new) is None:
        private.rename(event.new)


@_takes(Invited)
def _invited(network: Network, event: Invited) -> None:
    buffer = network.find(event.conversation) or network.front
    if event.own:
        network.note(network.front, words(event))
    else:
        _add(network, buffer, event)


@_takes(ModeSet)
def _modes(network: Network, event: ModeSet) -> None:
    """What is set on ourselves is nobody's business."""
    buffer = network.find(event.conversation)
    if buffer is not None:
        _add(network, buffer, event)


@_takes(Presence)
def _presence(network: Network, event: Presence) -> None:
    if network.client.mirror.is_me(event.nick):
        network.away = event.away is not None


@_takes(Seen)
def _seen(network: Network, event: Seen) -> None:
    if network.find(event.nick) is not None:
        network.seen[network.client.mirror.features.fold(event.nick)] = event.online


@_takes(People)
def _people(network: Network, event: People) -> None:
    for nick in event.nicks[-PEOPLE_MAX:]:
        if not network.ignores(nick):
            network.open(nick)


@_takes(Marked)
def _marked(network: Network, event: Marked) -> None:
    buffer = network.find(event.conversation)
    if buffer is not None:
        buffer.mark(event.at)


# History.


@_takes(CaughtUp)
def _caught_up(network: Network, event: CaughtUp) -> None:
    buffer = network.find(event.conversation) if event.conversation else None
    if buffer is not None:
        network.opened(buffer)


@_takes(Gap)
def _gap(network: Network, event: Gap) -> None:
    buffer = network.find(event.conversation) if event.conversation else network.status
    if buffer is not None:
        buffer.add(Entry("gap", event.since, "", event.reason, more=More(until=event.until)))


@_takes(Page)
def _page(network: Network, event: Page) -> None:
    entries = [_entry(network, line) for line in event.lines]
    network.page(event, [entry for entry in entries if entry is not None])
    buffer = network.find(event.conversation)
    for line, entry in zip(event.lines, entries, strict=True):
        if entry is None:
            take(network, line)
        elif buffer is not None:
            _catch_up(buffer, entry)


# The connection.


@_takes(Online)
def _online(network: Network, event: Online) -> None:
    network.condition, network.trouble, network.retry_at = Condition.ONLINE, "", None
    network.title = event.network or network.title
    network.status.name = network.title
    network.note(network.status, words(event))
    network.began()


@_takes(Offline)
def _offline(network: Network, event: Offline) -> None:
    network.condition, network.trouble = Condition.OFFLINE, event.reason
    network.seen.clear()
    for buffer in network.buffers:
        buffer.paging = False
    network.note(network.status, words(event))


@_takes(Waiting)
def _waiting(network: Network, event: Waiting) -> None:
    network.condition, network.trouble = Condition.OFFLINE, event.reason
    network.retry_at = network.clock() + timedelta(seconds=event.seconds)


@_takes(Refused)
def _refused(network: Network, event: Refused) -> None:
    network.condition, network.trouble = Condition.REFUSED, event.reason
    network.note(network.status, words(event), refused=True)


@_takes(JoinRefused)
def _join_refused(network: Network, event: JoinRefused) -> None:
    network.note(network.find(event.room) or network.front, words(event), refused=True)


@_takes(Told)
def _told(network: Network, event: Told) -> None:
    """What a server says to everyone who comes stands in its own buffer, an answer where the person asked."""
    if event.code == "INVITATION":
        network.invites.take(event.params)
        return
    if network.listing.take(event.code, event.params):
        return
    if event.code in {RPL_NOWAWAY, RPL_UNAWAY}:
        network.away = event.code == RPL_NOWAWAY
    text = words(event)
    if text:
        network.note(_asked(network, event), text, refused=event.is_error)
    elif event.text and event.code not in _FOR_PROGRAMS:
        said = sentence(event.code, event.params)
        if said != "":
            network.note(network.status, said or " ".join(event.params))


def _asked(network: Network, event: Told) -> Buffer:
    """Where somebody looks for an answer: that who is written to is away stands where it was written."""
    written = network.find(event.params[0]) if event.code == RPL_AWAY else None
    return written or (network.front if network.client.online else network.status)


def _place(network: Network, event: Said) -> Buffer:
    """The buffer of what was said. Servers speak in their own; a notice alone does not begin a conversation."""
    known = network.find(event.conversation)
    room = network.client.mirror.features.is_room(event.conversation)
    if known is not None:
        return known
    if not room and ("." in event.nick or (event.kind in {"notice", "ctcp"} and not event.own)):
        return network.status
    return network.open(event.conversation)


def _add(network: Network, buffer: Buffer, event: Happening) -> None:
    entry = _entry(network, event)
    if entry is None:
        return
    entry.mention = entry.mention or (entry.kind in SPOKEN and buffer.place is Place.PERSON and not event.own)
    if isinstance(event, Said) and event.own and not event.history:
        arriving.hold(network, entry)
    buffer.add(entry)
    _catch_up(buffer, entry)


def _entry(network: Network, event: Happening) -> Entry | None:
    entry = entry_of(event, network.nick)
    if entry is not None:
        network.wishes.mark(entry, event, ignored=bool(network.wishes.ignore) and network.ignores(event.nick))
    return entry


def _catch_up(buffer: Buffer, entry: Entry) -> None:
    """What was about an entry before it came."""
    for event in buffer.overdue(entry.msgid) if entry.msgid else ():
        _change(entry, event)
        buffer.touch(entry)


def _drop_awaited(network: Network, label: str) -> None:
    for buffer in [*network.buffers, network.status]:
        entry = buffer.awaited(label)
        if entry is not None:
            buffer.settle(entry)
