"""Who watches whom: sessions that want to know whether a nick is here. https://ircv3.net/specs/extensions/monitor

Who watches closely also hears what the wearer of a nick changes about themselves, as those around them do.
https://ircv3.net/specs/extensions/extended-monitor
"""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.hub.ports import Session


class Watch:
    """Nicks are asked for by their folded form, `key`; the lists keep them as they were spelled."""

    def __init__(self) -> None:
        self._watchers: dict[str, dict[Session, None]] = {}
        self._lists: dict[Session, dict[str, str]] = {}
        self._close: set[Session] = set()

    def __contains__(self, key: str) -> bool:
        """Whether anybody watches it."""
        return key in self._watchers

    def add(self, session: Session, key: str, nick: str, most: int) -> bool:
        """From now on it hears when that nick comes and goes; False where its list has `most` already."""
        listed = self._lists.setdefault(session, {})
        if key not in listed and len(listed) >= most:
            return False
        listed.setdefault(key, nick)
        self._watchers.setdefault(key, {})[session] = None
        return True

    def remove(self, session: Session, key: str) -> None:
        if self._lists.get(session, {}).pop(key, None) is not None:
            self._drop(session, key)

    def clear(self, session: Session) -> None:
        for key in self._lists.pop(session, {}):
            self._drop(session, key)

    def listed(self, session: Session) -> list[str]:
        """The nicks it asked for, in that order."""
        return list(self._lists.get(session, {}).values())

    def closely(self, session: Session, on: bool) -> None:
        (self._close.add if on else self._close.discard)(session)

    def leave(self, session: Session) -> None:
        """The session is gone."""
        self.clear(session)
        self._close.discard(session)

    def watchers(self, key: str) -> Iterable[Session]:
        return self._watchers.get(key, ())

    def close_watchers(self, key: str) -> list[Session]:
        return [session for session in self.watchers(key) if session in self._close]

    def _drop(self, session: Session, key: str) -> None:
        watchers = self._watchers[key]
        del watchers[session]
        if not watchers:
            del self._watchers[key]
