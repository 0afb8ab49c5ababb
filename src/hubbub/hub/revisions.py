"""Second thoughts: who may take a message back, and who may give it other words.

What one said oneself may be taken back and edited; what others said in a room may be taken back by those who may put
them out of it, which the audit log keeps, and never be edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hubbub.hub import modes
from hubbub.hub.events import GONE, TALK, Detail, Edited, Entry, Redacted, Said
from hubbub.hub.refusals import Refused, Why

if TYPE_CHECKING:
    from hubbub.hub.hub import Hub
    from hubbub.hub.user import User

MOST_EDITS: Final = 50
"""Versions of one message: nobody reads more, and each is kept."""


def redact(hub: Hub, user: User, target: str, entry: Entry, reason: str, now: int) -> Redacted:
    """Take back what `entry` says, which was found in `target`. `now` is in ms."""
    log, name = hub.log_for(user, target)
    said = _said(entry, log, name)
    mine = wrote(hub, user, entry)
    channel = hub.channels.get(log.lstrip(modes.SYMBOLS))
    if not mine and (channel is None or not hub.rules_in(user, channel, "h")):
        raise Refused(Why.REDACT_FORBIDDEN, name, entry.place.msgid)
    logs = (log,) if mine or channel is None else (log, *hub.logs_of(channel, user)[1:])
    author = said.who.nick if said.verb in TALK else ""
    return Redacted(user.who, logs, name, entry.place.msgid, reason, author, max(now - entry.place.ts, 0))


def edit(hub: Hub, user: User, target: str, entry: Entry, text: str) -> Edited:
    """Give what `entry` says other words: said now, under the rules of now, by whoever said it then."""
    log, name = hub.log_for(user, target)
    said = _said(entry, log, name)
    before = said.detail or Detail()
    if said.verb not in TALK or not wrote(hub, user, entry) or len(before.edits) >= MOST_EDITS:
        raise Refused(Why.EDIT_FORBIDDEN, name, entry.place.msgid)
    hub.say(user, said.verb, target, text)
    return Edited(user.who, (log,), said.verb, name, entry.place.msgid, text)


def wrote(hub: Hub, user: User, entry: Entry) -> bool:
    """Whether it was they who said it: their account did, or a guest under the nick they have worn since."""
    who = entry.event.who
    if who.account:
        return hub.fold(who.account) == hub.fold(user.account)
    return hub.fold(who.nick) == user.key and entry.place.ts >= max(user.since, user.signed_on)


def _said(entry: Entry, log: str, name: str) -> Said:
    event = entry.event
    if not isinstance(event, Said) or event.verb == GONE or entry.place.log != log:
        raise Refused(Why.UNKNOWN_MESSAGE, name, entry.place.msgid)
    return event
