"""Looks: an entry as bytes, for one set of the capabilities that change them. Pure, and written once for each look."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from functools import lru_cache
from typing import Final, TypeAlias

from hubbub.dialects.irc.fit import BODY_MAX, SURELY_FITS, cut
from hubbub.dialects.irc.registry import CAPABILITIES, DETAIL_TAGS, REFERENCE, RENDERERS, capability
from hubbub.hub.events import Entry, Said
from hubbub.wire.line import escape_tag

MESSAGE_TAGS: Final = capability(
    "message-tags", "https://ircv3.net/specs/extensions/message-tags", shows=True
)  # and msgid: https://ircv3.net/specs/extensions/message-ids
SERVER_TIME: Final = capability("server-time", "https://ircv3.net/specs/extensions/server-time", shows=True)
ACCOUNT_TAG: Final = capability("account-tag", "https://ircv3.net/specs/extensions/account-tag", shows=True)
OPER_TAG: Final = capability("draft/oper-tag", "https://ircv3.net/specs/extensions/oper-tag", shows=True)


Framing: TypeAlias = Callable[[bytes], bytes]


@lru_cache(maxsize=4096)
def iso_time(ms: int) -> str:
    """A time as server-time writes it; made once per millisecond, though many entries share it."""
    return f"{datetime.fromtimestamp(ms // 1000, UTC):%Y-%m-%dT%H:%M:%S}.{ms % 1000:03}Z"


def ms_of(text: str) -> int:
    """A time as server-time writes it, in ms. Raises ValueError."""
    return round(datetime.fromisoformat(text).timestamp() * 1000)


class IrcLook:
    """`has` tells renderers what the session negotiated."""

    __slots__ = ("_account", "_operators", "_tags", "_time", "caps")

    def __init__(self, caps: frozenset[str]) -> None:
        self.caps = caps
        self._tags = MESSAGE_TAGS in caps
        self._time = SERVER_TIME in caps
        self._account = ACCOUNT_TAG in caps
        self._operators = OPER_TAG in caps

    def has(self, name: str) -> bool:
        return name in self.caps

    def render(self, entry: Entry) -> bytes:
        """Lines with CR LF: one of nearly every entry, none where this look does not show it."""
        text = RENDERERS[type(entry.event)](entry.event, self)
        if not text:
            return b""
        if "\n" in text:
            return self._block(text, entry)
        if len(text) > SURELY_FITS:
            text = cut(text, BODY_MAX)
        tags = self.tags(entry) if self.caps else ""
        return f"@{tags} {text}\r\n".encode() if tags else f"{text}\r\n".encode()

    def _block(self, text: str, entry: Entry) -> bytes:
        """Several lines. "Servers MUST only include a message ID on the first message"."""
        tags, reference = self.tags(entry), f"m{entry.place.msgid[:12]}".replace("_", "-")
        written = []
        for line in text.replace(REFERENCE, reference).split("\n"):
            if line[0] != ":":
                written.append(f"{line}\r\n")
                continue
            written.append(f"@{tags} {cut(line, BODY_MAX)}\r\n" if tags else f"{cut(line, BODY_MAX)}\r\n")
            tags = self.tags(entry, named=False)
        return "".join(written).encode()

    def text(self, entry: Entry) -> str:
        """The line without its tags."""
        return RENDERERS[type(entry.event)](entry.event, self)

    def tags(self, entry: Entry, *, named: bool = True) -> str:
        """The tags between `@` and the space; those of the server first: no client pushes them out of the line."""
        place, event = entry.place, entry.event
        tags = [f"time={iso_time(place.ts)}"] if self._time else []
        if self._tags and place.msgid and named:
            tags.append(f"msgid={place.msgid}")
        if self._account and event.who.account:
            tags.append(f"account={escape_tag(event.who.account)}")
        if self._tags and event.who.bot:
            tags.append("bot")  # https://ircv3.net/specs/extensions/bot-mode
        if self._operators and event.who.operator:
            tags.append("draft/oper")  # by which login is between them and the server
        if isinstance(event, Said):
            if event.detail is not None:
                tags += filter(None, [tag(event.detail, self) for tag in DETAIL_TAGS])
            if self._tags and event.tags:
                tags += [f"{key}={escape_tag(value)}" if value else key for key, value in event.tags.items()]
        return ";".join(tags)


class FramedLook(IrcLook):
    """A look on links that want lines framed: as that is the same for all of them, it is done once, here."""

    __slots__ = ("_framing",)

    def __init__(self, caps: frozenset[str], framing: Framing) -> None:
        super().__init__(caps)
        self._framing = framing

    def render(self, entry: Entry) -> bytes:
        return self._framing(super().render(entry))


_LOOKS: Final[dict[tuple[frozenset[str], Framing | None], IrcLook]] = {}


def look_for(caps: frozenset[str], framing: Framing | None = None) -> IrcLook:
    """The look of a session with these capabilities: the same object for all that differ in nothing visible."""
    visible = frozenset(name for name in caps if CAPABILITIES[name].shows and CAPABILITIES[name].needs <= caps)
    look = _LOOKS.get((visible, framing))
    if look is None:
        look = IrcLook(visible) if framing is None else FramedLook(visible, framing)
        _LOOKS[visible, framing] = look
    return look
