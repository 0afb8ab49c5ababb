"""A channel: who is in it, in which order of rank, under which modes; the verbs a room has."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

from hubbub.hub import modes
from hubbub.hub.events import ModeChange
from hubbub.hub.modes import Kind
from hubbub.hub.patterns import Pattern
from hubbub.hub.ports import Look, Session
from hubbub.hub.user import User, without


class Hearers(list[Session]):
    """The sessions of one look, never changed once they were handed out. Whoever delivers keeps `way`, what it found
    out about reaching all of them, for as long as the list is kept."""

    __slots__ = ("way",)

    def __init__(self, sessions: Iterable[Session] = ()) -> None:
        super().__init__(sessions)
        self.way: Any = None


Audience: TypeAlias = Mapping[Look, Hearers]
"""Who hears an entry, by look, so that it is written down once for each."""

NOBODY: Final[Audience] = {}


@dataclass(slots=True, eq=False)
class Membership:
    """One user in one channel; `status` is their letters, the highest first."""

    channel: Channel
    user: User
    status: str = ""
    spoke: float = float("-inf")
    """When they last spoke where talk is slowed down, on a clock that never goes back."""


@dataclass(frozen=True, slots=True)
class Topic:
    """`setter` is a nick, `at` is in ms."""

    text: str
    setter: str
    at: int


@dataclass(frozen=True, slots=True)
class Listed:
    """One line of a ban, exception or invitation list; `at` and `until` are in ms, 0 is for good."""

    mask: str
    setter: str
    at: int
    reason: str = ""
    until: int = 0


@dataclass(frozen=True, slots=True)
class Access:
    """The letters that somebody has in an owned room whenever they are logged in as `account`."""

    account: str
    status: str


class Channel:
    """`name` as its founder spelled it; `key`, the folded name, also names its log.

    `owner` is the identity of the account that it belongs to: then it lasts, with its modes, topic and lists, and
    those in `access` (by identity, the owner among them) have their letters in it. `former` are names it had before,
    which lead to it.
    """

    __slots__ = (
        "_audience",
        "access",
        "created",
        "filters",
        "former",
        "forward",
        "guarded",
        "key",
        "limit",
        "lists",
        "members",
        "metadata",
        "modes",
        "name",
        "news",
        "owner",
        "pace",
        "secret",
        "settings",
        "topic",
    )

    def __init__(self, name: str, key: str, created: int) -> None:
        self.name = name
        self.key = key
        self.created = created
        self.topic: Topic | None = None
        self.modes: set[str] = set("nt")
        self.secret = ""
        self.limit = 0
        self.forward = ""
        self.pace = 0
        self.lists: dict[str, dict[str, Listed]] = {letter: {} for letter in _LISTS}
        self.members: dict[User, Membership] = {}
        self.owner = ""
        self.access: dict[str, Access] = {}
        self.settings: dict[str, str] = {}
        self.filters: tuple[Pattern, ...] = ()
        self.metadata: dict[str, str] = {}
        self.former: tuple[str, ...] = ()
        self.news = 0
        """Rises with all that is said here, edited and taken back."""
        self.guarded = False
        """Whether there is more to ask than membership before somebody without a rank may speak."""
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
        if self.key in user.invitations:
            user.invitations = without(user.invitations, self.key)
        if self._audience is not None:
            self._audience = grown(self._audience, user.sessions)

    def remove(self, user: User) -> None:
        del self.members[user], user.memberships[self.key]
        self.stale()

    @property
    def ends(self) -> bool:
        """Whether everybody's QUIT is on its way, and nothing keeps the room: that cannot be called off."""
        return not self.owner and all(user.leaving for user in self.members)

    def status(self, user: User) -> str:
        """Their letters, "" for those without any and those outside."""
        member = self.members.get(user)
        return member.status if member else ""

    def standing(self, user: User) -> str:
        """The letters that their account has here, whether they are in or not."""
        access = self.access.get(user.identity)
        return access.status if access else ""

    def ranks(self, user: User, letter: str) -> bool:
        """By what they wear in the room, or by what their account has in it."""
        return modes.at_least(self.status(user) + self.standing(user), letter)

    def of_rank(self, letter: str) -> Iterator[User]:
        return (user for user, member in self.members.items() if modes.at_least(member.status, letter))

    def visible_to(self, user: User) -> bool:
        """Members know of a secret room, and those who have a standing in it or were asked in."""
        return (
            "s" not in self.modes
            or user in self.members
            or user.identity in self.access
            or user.invitations.get(self.key) is self
        )

    def set_topic(self, text: str, setter: str, at: int) -> None:
        """ "" removes it."""
        self.topic = Topic(text, setter, at) if text else None

    def set_mode(self, change: ModeChange, key: str, listed: Listed) -> None:
        """Take a change of any mode but a status in; `key` is its argument folded, `listed` its line in a list."""
        letter, adding = change.letter, change.adding
        mode = modes.CHANNEL_MODES.get(letter)
        match mode and mode.kind:
            case Kind.LIST if adding:
                self.lists[letter][key] = listed
            case Kind.LIST:
                self.lists[letter].pop(key, None)
            case Kind.KEY:
                self.secret = change.argument if adding else ""
            case Kind.LIMIT:
                self._set_argument(letter, change.argument if adding else "")
            case Kind.FLAG:
                (self.modes.add if adding else self.modes.discard)(letter)
        self.reckon()

    def reckon(self) -> None:
        """What guards the room has changed."""
        self.guarded = bool(self.modes & _GUARDS or self.pace or self.filters or self.lists["b"])

    def _set_argument(self, letter: str, argument: str) -> None:
        match letter:
            case "l":
                self.limit = int(argument or 0)
            case "f":
                self.forward = argument
            case "W":
                self.pace = int(argument or 0)

    def argument(self, letter: str) -> str:
        """What stands behind a mode's letter, "" for flags and for modes that are not set."""
        match letter:
            case "k":
                return self.secret
            case "l":
                return str(self.limit or "")
            case "f":
                return self.forward
            case "W":
                return str(self.pace or "")
        return ""

    def mode_letters(self) -> str:
        """The modes that are set, sorted, without their arguments."""
        return "".join(sorted(self.modes.union(letter for letter in _WITH_ARGUMENT if self.argument(letter))))


_GUARDS: Final = frozenset("mM")
_LISTS: Final = modes.letters(Kind.LIST)
_WITH_ARGUMENT: Final = modes.letters(Kind.KEY) + modes.letters(Kind.LIMIT)


def grown(audience: Audience, sessions: Iterable[Session]) -> Audience:
    """With some more: who was handed an audience keeps it as it was. Looking at everybody anew for each that joins
    would be most of what it costs when a thousand do."""
    more = dict(audience)
    for session in sessions:
        more[session.look] = Hearers([*more.get(session.look, ()), session])
    return more


def by_look(sessions: Iterable[Session]) -> Audience:
    groups: dict[Look, Hearers] = {}
    for session in sessions:
        hearers = groups.get(session.look)
        if hearers is None:
            hearers = groups[session.look] = Hearers()
        hearers.append(session)
    return groups
