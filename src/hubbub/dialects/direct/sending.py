"""Sending: what was said at this end goes to the other one from the log, live or late alike.

A page at a time, the next when that one is on the other's disk: while a page is on its way, the next one fills.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from hubbub.dialects.direct.frames import Said, To, encode
from hubbub.hub.events import TALK, Entry
from hubbub.hub.events import Said as Talk
from hubbub.hub.ports import Mark, Window
from hubbub.hub.promise import drive

if TYPE_CHECKING:
    from hubbub.dialects.direct.session import PeerSession

PAGE: Final = 50
"""Messages on their way at once: the other end has 256 lines' room in front of its disk."""


class Sender:
    """One conversation to one end. `wake` it whenever there may be something to send."""

    def __init__(self, session: PeerSession, to: To, log: str, has: int) -> None:
        """They have everything up to `has`; what was said before we knew them is none of theirs."""
        self._session, self._to, self._log = session, to, log
        self._last = self._confirmed = self._scanned = 0
        self._busy = False
        self._round = 0
        self._begin(has)

    def wake(self) -> None:
        if not self._busy and self._last <= self._confirmed:
            self._busy = True
            drive(self._send(self._round), self._sent)

    def confirmed(self, at: int) -> None:
        self._confirmed = max(self._confirmed, at)
        self.wake()

    def rewind(self, at: int) -> None:
        """What went out behind `at` may be lost: send it again."""
        self._round += 1
        self._begin(at)
        self.wake()

    def _begin(self, has: int) -> None:
        self._last = self._confirmed = has
        self._scanned = max(has, self._session.friend.kept.since)

    async def _send(self, turn: int) -> bool:
        """Send the next page with something of ours in it; whether there may be more to do."""
        store, me = self._session.server.store, self._session.circle.me.account
        while True:
            window = Window(PAGE, after=Mark(ts=self._scanned), newest=False, verbs=TALK)
            entries = await store.page(self._log, window)
            if turn != self._round or self._session.closed:
                return True
            if not entries:
                return False
            self._scanned = entries[-1].place.ts
            mine = [entry for entry in entries if entry.event.who.account == me]
            if mine:
                self._session.link.write(b"".join(self._frame(entry) for entry in mine))
                return True

    def _frame(self, entry: Entry) -> bytes:
        event, after = entry.event, self._last
        self._last = entry.place.ts
        if not isinstance(event, Talk):
            raise TypeError(f"expected talk, as was asked for, got {event!r}")
        verb: Literal["PRIVMSG", "NOTICE"] = "NOTICE" if event.verb == "NOTICE" else "PRIVMSG"
        return encode(Said(self._to, entry.place.ts, after, verb, event.text))

    def _sent(self, more: bool | None, error: BaseException | None) -> None:
        self._busy = False
        if isinstance(error, Exception):
            self._session.fail(error)
        elif more:
            self.wake()
