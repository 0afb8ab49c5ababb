"""The hub alone: people whose sessions only listen, and entries with places made by hand."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from hubbub.hub.channel import Audience, Channel
from hubbub.hub.events import Entry, Event, ModeChange, Place, Who
from hubbub.hub.hub import Hub
from hubbub.hub.ports import Link, Look
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rules import Rules
from hubbub.hub.user import User
from hubbub.wire.casemap import fold
from hubbub.wire.masks import matches, normalise
from tests.scene import Cable

NOON = 1_790_000_000_000
RULES = Rules(fold=fold, matches=matches, normalise=normalise)
STRANGER = Who("nobody!n@elsewhere.example")


class Plain:
    """A look that shows which kind of thing happened, and by whom."""

    def render(self, entry: Entry) -> bytes:
        return f"{type(entry.event).__name__} {entry.event.who.nick}\n".encode()


PLAIN = Plain()


class Ear:
    """A session that listens."""

    def __init__(self, user: User, look: Look = PLAIN) -> None:
        self.look: Look = look
        self.user: User | None = user
        self.outbox: list[bytes] = []
        self.link: Link = Cable()
        self.heeds: frozenset[str] = frozenset()
        self.absent = False
        self.pinged = False

    def flush(self) -> None:
        self.outbox.clear()


class Hall:
    """`does` takes an event in, a second after the one before, and tells who heard it."""

    def __init__(self, rules: Rules = RULES) -> None:
        self.hub = Hub(rules)
        self.now = NOON
        self._heads: Counter[str] = Counter()

    def enter(self, nick: str, account: str = "", *, host: str = "home.example") -> User:
        key = self.hub.check_nick(nick)
        user = User(nick, key, nick.lower(), host, nick.title())
        user.account, user.identity = account, account or f"~{key}"
        user.sign()
        self.hub.enter(user)
        self.hub.attach(user, Ear(user))
        return user

    def does(self, event: Event | None) -> list[str]:
        """Who heard it: nicks, sorted, one for each of their sessions."""
        return names(self.hub.apply(self.entry(event)))

    def entry(self, event: Event | None) -> Entry:
        assert event is not None, "the hub saw nothing to do"
        self.now += 1000
        log = event.logs[0] if event.logs else ""
        self._heads[log] += 1
        return Entry(event, Place(log, self._heads[log], self.now, f"m{self.now}"))

    def room(self, name: str, *people: User) -> Channel:
        """A room that they entered in this order."""
        for user in people:
            self.does(self.hub.join(user, name))
        return self.hub.channel(name)

    def mode(self, user: User, room: str, letters: str, argument: str = "") -> list[str]:
        """One change, which must be granted."""
        event, refused = self.hub.change_modes(user, room, changes(letters, argument))
        assert not refused
        return self.does(event)


def changes(letters: str, *arguments: str) -> list[ModeChange]:
    """`+ov`, with one argument for each letter or none at all."""
    left, wanted, adding = list(arguments), [], True
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
        else:
            wanted.append(ModeChange(adding, letter, left.pop(0) if left else ""))
    return wanted


def names(audience: Audience) -> list[str]:
    sessions = (session for group in audience.values() for session in group)
    return sorted(session.user.nick for session in sessions if session.user is not None)


@contextmanager
def refused(why: Why, *about: str) -> Iterator[None]:
    """Expect the hub to say no, for this reason, about these words."""
    with pytest.raises(Refused) as no:
        yield
    assert (no.value.why, no.value.about) == (why, about)


def scenery(hub: Hub) -> dict[str, Any]:
    """All that a house knows, to compare."""
    return {
        "rooms": {
            key: (room.mode_letters(), room.secret, room.limit, room.topic, copy.deepcopy(room.lists), ranks(room))
            for key, room in hub.channels.items()
        },
        "holdings": {
            key: (room.name, room.owner, dict(room.access), dict(room.settings), dict(room.metadata))
            for key, room in hub.channels.items()
        },
        "ways": dict(hub.forwards),
        "profiles": {key: dict(known) for key, known in hub.profiles.items()},
        "people": {
            key: (user.who.mask, sorted(user.memberships), sorted(user.invitations), user.away, sorted(user.modes))
            for key, user in hub.users.items()
        },
        "past": list(hub.past),
        "claims": dict(hub.claims),
        "operators": {user.nick: (user.login, user.role) for user in hub.operators},
        "bans": hub.bans.holding(0),
        "invites": hub.invites.holding(0),
    }


def ranks(room: Channel) -> dict[str, str]:
    """Members and their letters."""
    return {user.nick: member.status for user, member in room.members.items()}
