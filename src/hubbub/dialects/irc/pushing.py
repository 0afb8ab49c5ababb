"""Pushing what was said to devices that are not there: whom, is the hub's to say; as what, is said here.

"Each push notification MUST contain exactly one IRC message as the payload, without the final CRLF":
https://github.com/ircv3/ircv3-specifications/pull/471
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Final

from hubbub.dialects.irc.fit import BODY_MAX, cut
from hubbub.dialects.irc.look import ACCOUNT_TAG, MESSAGE_TAGS, SERVER_TIME, iso_time
from hubbub.hub.events import Entry, Said, Subscription
from hubbub.hub.ports import Pusher
from hubbub.hub.promise import drive
from hubbub.hub.pushes import called, is_there, unsubscribe
from hubbub.server import Server
from hubbub.wire.line import escape_tag

SHOWN: Final = frozenset({SERVER_TIME, MESSAGE_TAGS, ACCOUNT_TAG})
"""The capabilities that change what is pushed."""


class Notifier:
    """Overhears what is said, and pushes it to those it is for who are not there to read it."""

    def __init__(self, server: Server, pusher: Pusher) -> None:
        self._server, self._pusher = server, pusher

    def overhear(self, entry: Entry) -> None:
        hub = self._server.hub
        if hub.pushes and isinstance(entry.event, Said):
            for identity in called(hub, entry.event):
                if not is_there(hub, identity):
                    drive(self._tell(identity, entry), self._told)

    async def _tell(self, identity: str, entry: Entry) -> None:
        """To devices alone whose login still stands: a password that was taken back reads nothing more."""
        account = await self._server.accounts.find(identity)
        marks = account.marks if account is not None else ()
        for subscription in self._server.hub.pushes.of(identity):
            gone = partial(self._forget, identity, subscription)
            if subscription.proof in marks:
                self._pusher.push(subscription, payload(entry, subscription.caps), gone)
            else:
                gone()

    def _told(self, _: None, error: BaseException | None) -> None:
        if isinstance(error, Exception):
            self._server.report(error, None)

    def _forget(self, identity: str, subscription: Subscription) -> None:
        """Unless it has been renewed since."""
        hub = self._server.hub
        event = unsubscribe(hub, identity, subscription.endpoint) if subscription in hub.pushes.of(identity) else None
        if event is not None and not self._server.stopping:
            self._server.submit(event, None)


def payload(entry: Entry, caps: Iterable[str]) -> bytes:
    """What was said, as one line; of several lines the first. "Servers MUST NOT drop the msgid tag if present"."""
    said, place = entry.event, entry.place
    if not isinstance(said, Said):
        raise TypeError(f"expected something that was said, got {type(said).__name__}")
    tags = [f"time={iso_time(place.ts)}"] if SERVER_TIME in caps else []
    if MESSAGE_TAGS in caps:
        tags.append(f"msgid={place.msgid}")
    if ACCOUNT_TAG in caps and said.who.account:
        tags.append(f"account={escape_tag(said.who.account)}")
    text = cut(f":{said.who.mask} {said.verb} {said.target} :{said.text.partition(chr(10))[0]}", BODY_MAX)
    return (f"@{';'.join(tags)} {text}" if tags else text).encode()
