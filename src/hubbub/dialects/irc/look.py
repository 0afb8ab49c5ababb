"""Looks: an entry as bytes, for one set of the capabilities that change them. Pure, and written once for each look."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Final

from hubbub.dialects.irc.fit import BODY_MAX, SURELY_FITS, cut
from hubbub.dialects.irc.registry import CAPABILITIES, RENDERERS, capability
from hubbub.hub.events import Entry, Said
from hubbub.wire.line import escape_tag

MESSAGE_TAGS: Final = capability(
    "message-tags", "https://ircv3.net/specs/extensions/message-tags", shows=True
)  # and msgid: https://ircv3.net/specs/extensions/message-ids
SERVER_TIME: Final = capability("server-time", "https://ircv3.net/specs/extensions/server-time", shows=True)
ACCOUNT_TAG: Final = capability("account-tag", "https://ircv3.net/specs/extensions/account-tag", shows=True)


@lru_cache(maxsize=4096)
def iso_time(ms: int) -> str:
    """A time as server-time writes it; made once per millisecond, though many entries share it."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


class IrcLook:
    """`has` tells renderers what the session negotiated."""

    __slots__ = ("_account", "_tags", "_time", "caps")

    def __init__(self, caps: frozenset[str]) -> None:
        self.caps = caps
        self._tags = MESSAGE_TAGS in caps
        self._time = SERVER_TIME in caps
        self._account = ACCOUNT_TAG in caps

    def has(self, name: str) -> bool:
        return name in self.caps

    def render(self, entry: Entry) -> bytes:
        """One line with CR LF, or b"" where this look does not show such an entry."""
        text = self.text(entry)
        if not text:
            return b""
        if len(text) > SURELY_FITS:
            text = cut(text, BODY_MAX)
        tags = self.tags(entry)
        return f"@{tags} {text}\r\n".encode() if tags else f"{text}\r\n".encode()

    def text(self, entry: Entry) -> str:
        """The line without its tags."""
        return RENDERERS[type(entry.event)](entry.event, self)

    def tags(self, entry: Entry) -> str:
        """The tags between `@` and the space; those of the server first: no client pushes them out of the line."""
        place, event = entry.place, entry.event
        tags = [f"time={iso_time(place.ts)}"] if self._time else []
        if self._tags and place.msgid:
            tags.append(f"msgid={place.msgid}")
        if self._account and event.who.account:
            tags.append(f"account={escape_tag(event.who.account)}")
        if self._tags and isinstance(event, Said) and event.tags:
            tags += [f"{key}={escape_tag(value)}" if value else key for key, value in event.tags.items()]
        return ";".join(tags)


_LOOKS: Final[dict[frozenset[str], IrcLook]] = {}


def look_for(caps: set[str]) -> IrcLook:
    """The look of a session with these capabilities: the same object for all that differ in nothing visible."""
    visible = frozenset(name for name in caps if CAPABILITIES[name].shows)
    look = _LOOKS.get(visible)
    if look is None:
        look = _LOOKS[visible] = IrcLook(visible)
    return look
