"""What of ours waits for whom: told to our own devices, so that nothing looks delivered that is not.

A message counts as delivered to somebody once it is on their disk. Our devices hold it back until the first word on
it, which comes when all who are here have it, or after a second; and are told again whenever that changes. The word is
a TAGMSG from ourselves: `+draft/reply` names the message, `+hubbub.chat/waits-for` those that it, and some of
those before it, still wait for; nobody else is waited for by anything up to it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Final

from hubbub.dialects.direct.frames import ROOM, YOU, To
from hubbub.dialects.direct.friends import Friend
from hubbub.hub.events import Entry, Event, Said
from hubbub.hub.ports import Mark, Window

if TYPE_CHECKING:
    from hubbub.dialects.direct.circle import Circle

WAITS_FOR: Final = "+hubbub.chat/waits-for"
MEANT: Final = "+draft/reply"

PATIENCE_S: Final = 1.0
"""After which it is said that somebody who is here has not confirmed: far longer than two disks and a network take."""

_SHOWN_MAX: Final = 200
"""Messages that are told of when a device comes: about what it reads of the past."""


_OPEN_MAX: Final = 1_000
"""Messages of one conversation that are told of one by one; a word on a later one holds for those before it, too."""


@dataclass(slots=True)
class _Open:
    """A message of ours that not all have, as far as is known. `told` is for whom we said that it waits."""

    at: int
    msgid: str
    told: tuple[str, ...] | None = None


class Waiting:
    def __init__(self, circle: Circle) -> None:
        self._circle = circle
        self._open: dict[tuple[To, str], list[_Open]] = {}

    def said(self, entry: Entry, to: To, friend: Friend | None) -> None:
        """Something was said at our end, to one or to all."""
        where = (to, friend.fingerprint if friend else "")
        waiting = self._open.setdefault(where, [])
        waiting.append(_Open(entry.place.ts, entry.place.msgid))
        del waiting[:-_OPEN_MAX]
        self._circle.server.later(PATIENCE_S, partial(self._look, where, entry.place.ts))
        self._look(where)

    def changed(self) -> None:
        """Somebody has more than before, or came, or went."""
        for where in list(self._open):
            self._look(where)

    async def recall(self) -> None:
        """A device is about to come: look up what waits."""
        for where, log in self._circle.conversations():
            since = min((self._has(friend, where[0]) for friend in self._meant(where)), default=None)
            if since is None:
                continue
            window = Window(_SHOWN_MAX, after=Mark(ts=since), verbs=("PRIVMSG", "NOTICE"))
            entries = await self._circle.server.store.page(log, window)
            known = {message.at: message for message in self._open.get(where, ())}
            mine = [entry.place for entry in entries if entry.event.who.account == self._circle.me.account]
            self._open[where] = [known.get(place.ts) or _Open(place.ts, place.msgid) for place in mine]

    def words(self) -> list[Event]:
        """Of each message that waits, for whom it does."""
        told: list[Event] = []
        for where, messages in self._open.items():
            for message in messages:
                message.told = self._waits(where, message)
                told.append(self._word(where, message))
        return told

    def _look(self, where: tuple[To, str], overdue: int = 0) -> None:
        """Say what there is to say of a conversation; what was said by `overdue` (ms) is not held back any more."""
        news: list[_Open] = []
        for message in self._open.get(where, ()):
            names = self._waits(where, message)
            if names == message.told or (message.told is None and message.at > overdue and self._held(where, message)):
                continue
            if news and news[-1].told == names:
                news.pop()  # the later one speaks for it
            message.told = names
            news.append(message)
        self._open[where] = [message for message in self._open.get(where, ()) if message.told != ()]
        for message in news:
            self._circle.server.submit(self._word(where, message), None)

    def _waits(self, where: tuple[To, str], message: _Open) -> tuple[str, ...]:
        return tuple(sorted(friend.nick for friend in self._lacking(where, message)))

    def _held(self, where: tuple[To, str], message: _Open) -> bool:
        """Whether somebody who is here may have it any moment."""
        return any(friend.present for friend in self._lacking(where, message))

    def _lacking(self, where: tuple[To, str], message: _Open) -> list[Friend]:
        return [friend for friend in self._meant(where) if self._has(friend, where[0]) < message.at]

    def _word(self, where: tuple[To, str], message: _Open) -> Event:
        me = self._circle.me
        target = self._circle.room if where[0] == ROOM else next(f.nick for f in self._meant(where))
        tags = {MEANT: message.msgid, WAITS_FOR: ",".join(message.told or ())}
        return Said(me.who, (), "TAGMSG", target, "", tags)

    def _meant(self, where: tuple[To, str]) -> Iterable[Friend]:
        to, fingerprint = where
        friends = self._circle.friends
        if to == YOU:
            return [friends[fingerprint]] if fingerprint in friends else []
        return list(friends.values())

    @staticmethod
    def _has(friend: Friend, to: To) -> int:
        """What was said before we knew them does not wait for them."""
        return max(friend.has[to], friend.kept.since)
