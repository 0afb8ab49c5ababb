"""Whom this end knows: by their key, with what they have of ours and we of theirs, remembered as facts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from msgspec import Struct, json

from hubbub.dialects.direct.frames import CONVERSATIONS, To
from hubbub.hub.events import Fact

if TYPE_CHECKING:
    from hubbub.dialects.direct.session import PeerSession

SCOPE: Final = "direct"
"""Of the facts, keyed by fingerprint."""

_FRIEND: Final = "friend"


class Kept(Struct, frozen=True):
    """What is kept of somebody beside the cursors. `since` is when we accepted them, in ms: what was said before is
    none of theirs. `host` and `port` are where their main listener was last."""

    nick: str
    since: int
    host: str = ""
    port: int = 0
    compared: bool = False


class Friend:
    """`has` is what they have of ours, `got` what we have of theirs, on disk, each by conversation; in ms.

    `taken` is what we have taken from them, some of which may still be on its way to the disk.
    """

    __slots__ = ("fingerprint", "got", "has", "kept", "session", "taken")

    def __init__(self, fingerprint: str, kept: Kept) -> None:
        self.fingerprint = fingerprint
        self.kept = kept
        self.has: dict[To, int] = dict.fromkeys(CONVERSATIONS, 0)
        self.got: dict[To, int] = dict.fromkeys(CONVERSATIONS, 0)
        self.taken: dict[To, int] = dict.fromkeys(CONVERSATIONS, 0)
        self.session: PeerSession | None = None

    @property
    def nick(self) -> str:
        return self.kept.nick

    @property
    def present(self) -> bool:
        """Whether they are in contact, and have said how far they are."""
        return self.session is not None and self.session.heard

    def fact(self) -> Fact:
        return Fact(SCOPE, self.fingerprint, _FRIEND, json.encode(self.kept).decode())

    def forgotten(self) -> tuple[Fact, ...]:
        fields = (_FRIEND, *(f"{kind} {to}" for kind in ("has", "got") for to in CONVERSATIONS))
        return tuple(Fact(SCOPE, self.fingerprint, field, None) for field in fields)

    def cursor(self, kind: str, to: To, at: int) -> Fact:
        """That they have, or we got, a conversation up to `at`."""
        return Fact(SCOPE, self.fingerprint, f"{kind} {to}", str(at))


def friends_of(facts: Iterable[Fact]) -> dict[str, Friend]:
    """All that we knew before the last stop, by fingerprint."""
    facts = [fact for fact in facts if fact.scope == SCOPE and fact.value is not None]
    friends = {
        fact.key: Friend(fact.key, json.decode(fact.value or "", type=Kept)) for fact in facts if fact.field == _FRIEND
    }
    for fact in facts:
        friend = friends.get(fact.key)
        kind, _, name = fact.field.partition(" ")
        for to in CONVERSATIONS:
            if friend is not None and name == to:
                (friend.has if kind == "has" else friend.got)[to] = int(fact.value or 0)
    for friend in friends.values():
        friend.taken.update(friend.got)
    return friends
