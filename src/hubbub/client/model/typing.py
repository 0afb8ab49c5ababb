"""Who is typing: what others tell of it, and how often we do.

https://ircv3.net/specs/client-tags/typing
"""

from datetime import datetime, timedelta
from typing import Final

# "it is assumed that the sender has stopped typing [...] after 6 seconds" (active), "30 seconds" (paused).
_LASTS: Final = {"active": timedelta(seconds=6), "paused": timedelta(seconds=30)}

# "a typing notification MUST NOT be sent more than once every 3 seconds"
_PACE: Final = timedelta(seconds=3)

# A room of thousands is not a line of names, and a server that makes up people may not fill our memory.
_MOST: Final = 50


class Typists:
    """Those who type in one conversation, each until some time."""

    def __init__(self) -> None:
        self._until: dict[str, datetime] = {}

    def hear(self, nick: str, state: str, now: datetime) -> None:
        """Someone types, pauses, or is done."""
        self._until = {other: until for other, until in self._until.items() if other != nick and until > now}
        if state in _LASTS and len(self._until) < _MOST:
            self._until[nick] = now + _LASTS[state]

    def done(self, nick: str) -> None:
        """What someone was typing has come."""
        self._until.pop(nick, None)

    def at(self, now: datetime) -> tuple[str, ...]:
        """Who types now."""
        return tuple(nick for nick, until in self._until.items() if until > now)


class OwnTyping:
    """What to tell others of our own typing, no more often than they want to hear."""

    def __init__(self) -> None:
        self._told: datetime | None = None
        self._state = "done"

    def changed(self, text: str, now: datetime) -> str:
        """Our draft was changed; returns the state to tell, or "". A command is nobody's business."""
        state = "active" if text.strip() and not text.startswith("/") else "done"
        if state == "active" and self._told is not None and now - self._told < _PACE:
            return ""
        if state == "done" and self._state == "done":
            return ""
        self._told, self._state = now, state
        return state

    def sent(self) -> None:
        """Our message says that we are done."""
        self._told, self._state = None, "done"
