"""Happenings read as entries: the same for what is heard now and for a page of history."""

from collections.abc import Callable
from sys import intern
from typing import Any, Final

from hubbub.client.events import (
    Happening,
    Invited,
    Joined,
    Kicked,
    ModeSet,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicSet,
)
from hubbub.client.model.entry import Entry, EntryKind, More
from hubbub.client.model.mentions import is_mention
from hubbub.client.posting import REPLY
from hubbub.client.waits import said_at

_REPLIES: Final = (REPLY, "+reply")
_EDITED: Final = "hubbub.chat/edited"

# For each kind of happening: what its entry is called, and what its text is.
_KINDS: Final[dict[type[Happening], tuple[EntryKind, Callable[[Any], str]]]] = {
    Joined: ("joined", lambda _: ""),
    Parted: ("parted", lambda event: event.reason),
    Quit: ("quit", lambda event: event.reason),
    Kicked: ("kicked", lambda event: event.reason),
    Renamed: ("renamed", lambda event: event.new),
    TopicSet: ("topic", lambda event: event.topic),
    ModeSet: ("modes", lambda event: event.modes),
    Invited: ("invited", lambda event: event.who),
}


def entry_of(event: Happening, nick: str) -> Entry | None:
    """The entry for a happening, or None for what only changes others. `nick` is ours."""
    if isinstance(event, Said):
        return _said(event, nick)
    kind, text = _KINDS.get(type(event), (None, None))
    if kind is None or text is None:
        return None
    more = More(by=event.by) if isinstance(event, Kicked) else None
    return Entry(kind, event.at, event.nick, text(event), event.msgid, event.own, more=more)


def _said(event: Said, nick: str) -> Entry:
    # Who talks a lot has one name, however often it was read.
    entry = Entry(event.kind, event.at, intern(event.nick), event.text, event.msgid, event.own)
    entry.mention = not event.own and is_mention(event.text, nick)
    entry.more = _more(event)
    return entry


def _more(event: Said) -> More | None:
    reply = next((event.tags[tag] for tag in _REPLIES if tag in event.tags), "")
    edited = _EDITED in event.tags
    target = event.target if event.target != event.conversation and event.target.endswith(event.conversation) else ""
    said = said_at(event)
    if not (reply or edited or target or said):
        return None
    return More(reply=reply, edited=edited, target=target, said=said)
