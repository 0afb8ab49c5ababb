"""Read markers: up to where each person has read each conversation. They only ever move forward.

Those of people with accounts are facts of scope "marker", keyed by identity, with a field for each log: the time in ms.
A guest's last as long as the guest.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from hubbub.hub.events import Fact, MarkedRead, Who

if TYPE_CHECKING:
    from hubbub.hub.hub import Hub
    from hubbub.hub.user import User

MARKER: Final = "marker"

MOST: Final = 1000
"""Conversations whose markers are kept for one person; a new one takes the place of the one read longest ago."""


class Markers:
    """Times in ms by identity and log."""

    def __init__(self) -> None:
        self._read: dict[str, dict[str, int]] = {}

    def at(self, identity: str, log: str) -> int:
        """0 where they have marked nothing."""
        return self._read.get(identity, {}).get(log, 0)

    def move(self, identity: str, log: str, at: int) -> None:
        read = self._read.setdefault(identity, {})
        if log not in read and len(read) >= MOST:
            del read[_stalest(read)]
        read[log] = max(at, read.get(log, 0))

    def displaced(self, identity: str, log: str) -> str:
        """The log whose marker must go for one of `log` to be kept, "" where there is room."""
        read = self._read.get(identity, {})
        return _stalest(read) if log not in read and len(read) >= MOST else ""

    def forget(self, identity: str) -> None:
        self._read.pop(identity, None)

    def relocate(self, log: str, name: str) -> None:
        """The log goes on as `name`."""
        for read in self._read.values():
            if log in read:
                read[name] = read.pop(log)

    def relocating(self, log: str, name: str) -> tuple[Fact, ...]:
        """What has to be remembered for that."""
        facts: tuple[Fact, ...] = ()
        for identity, read in self._read.items():
            if log in read and identity[0] != "~":  # a guest's are not remembered
                facts += Fact(MARKER, identity, log, None), Fact(MARKER, identity, name, str(read[log]))
        return facts

    def bring_back(self, facts: Iterable[Fact]) -> None:
        """After a restart."""
        for fact in facts:
            if fact.scope == MARKER and fact.value is not None:
                self.move(fact.key, fact.field, int(fact.value))


def mark_read(hub: Hub, user: User, target: str, at: int, now: int) -> MarkedRead | None:
    """They have read up to `at`, which is no later than `now` (both ms); None where they had read as far before."""
    log, name = buffer(hub, user, target)
    at = min(at, now)
    if at <= hub.markers.at(user.identity, log):
        return None
    facts = _facts(hub, user.identity, log, at) if user.account else ()
    return MarkedRead(Who(hub.rules.server_name), (), user.identity, log, name, at, facts=facts)


def buffer(hub: Hub, user: User, target: str) -> tuple[str, str]:
    """The log that `target` means to them and how it is spelled; whether it is there is not told here."""
    if target[:1] == "#":
        folded = hub.fold(target)
        member = user.memberships.get(folded)
        return folded, member.channel.name if member else target
    return hub.log_for(user, target)


def _facts(hub: Hub, identity: str, log: str, at: int) -> tuple[Fact, ...]:
    gone = hub.markers.displaced(identity, log)
    news = (Fact(MARKER, identity, log, str(at)),)
    return (Fact(MARKER, identity, gone, None), *news) if gone else news


def _stalest(read: dict[str, int]) -> str:
    return min(read, key=read.__getitem__)
