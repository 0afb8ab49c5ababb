"""A channel: who is in it, in which order of rank, under which modes; the verbs a room has."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from hubbub.hub import modes
from hubbub.hub.modes import Kind
from hubbub.hub.ports import Look, Session
from hubbub.hub.user import User

Audience: TypeAlias = Mapping[Look, Sequence[Session]]
"""Who hears an entry, by look, so that it is written down once for each."""


@dataclass(slots=True, eq=False)
class Membership:
    """One user in one channel; `status` is their letters, the highest first."""

    channel: Channel
    user: User
    status: str = ""


@dataclass(frozen=True, slots=True)
class Topic:
    """`setter` is a nick, `at` is in ms."""

    text: str
    setter: str
    at: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a ban, exception or invitation list; `at` is in ms."""

    mask: str
    setter: str
    at: int


class Channel:
    """`name` as its founder spelled it; `key`, the folded name, also names its log."""

    __slots__ = ("_audience", "created", "key", "limit", "lists", "members", "modes", "name", "secret", "topic")

    def __init__(self, name: str, key: str, created: int) -> None:
        self.name = name
        self.key = key
        self.created = created
        self.topic: Topic | None = None
        self.modes: set[str] = set("nt")
        self.secret = ""
        self.limit = 0
        self.lists: dict[str, dict[str, Listed]] = {letter: {} for letter in modes.letters(Kind.LIST)}
        self.members: dict[User, Membership] = {}
        self._audience: Audience | None = None

    def audience(self) -> Audience:
        """All sessions of all members, kept until `stale` says that something about them changed."""
        if self._audience is None:
            self._audience = by_look(session for user in self.members for session in user.sessions)
        return self._audience

    def stale(self) -> None:
        self._audience = None

    def add(self, user: User, status: str) -> None:
        self.members[user] = user.memberships[self.key] = Membership(self, user, status)
        user.invitations.pop(self.key, None)
        self.stale()

    def remove(self, user: User) -> None:
        del self.members[user], user.memberships[self.key]
        self.stale()

    def status(self, user: User) -> str:
        """Their letters, "" for those without any and those outside."""
        member = self.members.get(user)
        return member.status if member else ""

    def ranks(self, user: User, letter: str) -> bool:
        return modes.at_least(self.status(user), letter)

    def of_rank(self, letter: str) -> Iterator[User]:
        return (user for user, member in self.members.items() if modes.at_least(member.status, letter))

    def lists_match(self, letter: str, masks: Iterable[str], matches: Callable[[str, str], bool]) -> bool:
        """Whether one of somebody's `masks` stands in the list."""
        listed = self.lists[letter]
        return bool(listed) and any(matches(mask, text) for mask in listed for text in masks)

    def visible_to(self, user: User) -> bool:
        return "s" not in self.modes or user in self.members

    def mode_letters(self) -> str:
        """The modes that are set, sorted, without their arguments."""
        held = self.modes | ({"k"} if self.secret else set()) | ({"l"} if self.limit else set())
        return "".join(sorted(held))


def by_look(sessions: Iterable[Session]) -> Audience:
    groups: dict[Look, list[Session]] = {}
    for session in sessions:
        groups.setdefault(session.look, []).append(session)
    return groups
