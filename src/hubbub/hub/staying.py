"""Staying: somebody with an account may be present while none of their devices is, over restarts, too.

Their presence is made of facts of scope "presence", keyed by identity: the field "user" says who they are, and each
room they are in is a field of its name. Joins, leaves and renames change those facts in their own transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from typing import Final

from msgspec import Struct, json
from msgspec.structs import replace

from hubbub.hub.channel import Channel
from hubbub.hub.events import Fact, Stayed
from hubbub.hub.house import House
from hubbub.hub.user import User

PRESENCE: Final = "presence"
NOT_CONNECTED: Final = "Not connected"
"""Why somebody is away whose devices all are."""

_USER: Final = "user"


class _Person(Struct, frozen=True):
    """Who is present, as the fact keeps it."""

    nick: str
    username: str
    host: str
    address: str
    realname: str
    account: str


class Staying(House):
    def stay(self, user: User, on: bool) -> Stayed:
        """From now on they stay when their last device goes, or leave with it; only for those with an account."""
        facts = [_fact(user, _USER, _person(user) if on else None)]
        for key, member in user.memberships.items():
            facts.append(_fact(user, key, _seat(member.channel.name, member.status) if on else None))
        return Stayed(user.who, (), on, facts=tuple(facts))

    def entering(self, user: User, key: str, name: str, status: str) -> tuple[Fact, ...]:
        """What an event must remember that brings them into a room, or gives them another status in it."""
        return (_fact(user, key, _seat(name, status)),) if user.stays else ()

    def leaving(self, user: User, key: str) -> tuple[Fact, ...]:
        """What an event must forget that takes them out of one."""
        return (_fact(user, key, None),) if user.stays else ()

    def renaming(self, user: User, nick: str) -> tuple[Fact, ...]:
        return self.restating(user, nick=nick)

    def restating(self, user: User, **changes: str) -> tuple[Fact, ...]:
        """What an event must remember that changes how somebody is seen; the names are those of a `_Person`."""
        return (_fact(user, _USER, _person(user, **changes)),) if user.stays else ()

    def bring_back(self, facts: Iterable[Fact], now: int) -> None:
        """After a restart: everybody who stays is where they were, as if nothing had happened; `now` is in ms."""
        known: dict[str, dict[str, str]] = defaultdict(dict)
        for fact in facts:
            if fact.scope == PRESENCE and fact.value is not None:
                known[fact.key][fact.field] = fact.value
        for identity, fields in known.items():
            person = fields.pop(_USER, "")
            if person:
                self._bring_back(identity, json.decode(person, type=_Person), fields, now)

    def _bring_back(self, identity: str, person: _Person, rooms: dict[str, str], now: int) -> None:
        user = User(person.nick, self.fold(person.nick), person.username, person.host, person.realname)
        user.account, user.identity, user.address, user.stays = person.account, identity, person.address, True
        user.signed_on = user.last_spoke = now
        user.away = NOT_CONNECTED
        user.sign()
        self.users[user.key] = user
        self.identities.setdefault(identity, []).append(user)
        for key, seat in rooms.items():
            name, status = json.decode(seat, type=tuple[str, str])
            channel = self.channels.get(key) or self.channels.setdefault(key, Channel(name, key, now))
            channel.add(user, status)


def _person(user: User, **changes: str) -> str:
    person = _Person(user.nick, user.username, user.host, user.address, user.realname, user.account)
    return json.encode(replace(person, **changes)).decode()


def _seat(name: str, status: str) -> str:
    return json.encode((name, status)).decode()


def _fact(user: User, field: str, value: str | None) -> Fact:
    return Fact(PRESENCE, user.identity, field, value)
