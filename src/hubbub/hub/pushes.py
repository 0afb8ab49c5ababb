"""Pushes: whom a message is for, and whether they are there to read it; and where their devices can be told if not.

Subscriptions are facts of scope "push", keyed by identity, with a field for each endpoint. A message is for the other
end of a private conversation, and in a room for those whom it names by their nick or their account. They are there to
read it if one of their devices is connected, answers, and neither it nor they are away.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, KeysView
from typing import TYPE_CHECKING, Final

from msgspec import json

from hubbub.hub.ctcp import is_query
from hubbub.hub.events import TALK, Fact, Said, Subscribed, Subscription, Who, parties
from hubbub.hub.modes import SYMBOLS
from hubbub.hub.refusals import Refused

if TYPE_CHECKING:
    from hubbub.hub.hub import Hub
    from hubbub.hub.user import User

PUSH: Final = "push"

MOST: Final = 8
"""Subscriptions of one person; a new one takes the place of the one that was renewed longest ago."""

_LINK: Final = re.compile(r"\S+://\S+")
_WORD: Final = re.compile(r"[\w\[\]\\`^{|}-]+")
_EDGES: Final = "[]\\`^{|}-"
_EDGE: Final = re.compile(r"[\[\]\\`^{|}-]")


class Pushes:
    """Subscriptions by identity and endpoint."""

    def __init__(self) -> None:
        self._known: dict[str, dict[str, Subscription]] = {}

    def __bool__(self) -> bool:
        return bool(self._known)

    @property
    def identities(self) -> KeysView[str]:
        """Whoever has any."""
        return self._known.keys()

    def of(self, identity: str) -> list[Subscription]:
        return list(self._known.get(identity, {}).values())

    def keep(self, identity: str, endpoint: str, subscription: Subscription | None) -> None:
        """Put it in the place of the one for that endpoint; None takes that away."""
        known = self._known.setdefault(identity, {})
        known.pop(endpoint, None)
        if subscription is not None:
            if len(known) >= MOST:
                del known[_stalest(known)]
            known[endpoint] = subscription
        if not known:
            del self._known[identity]

    def displaced(self, identity: str, endpoint: str) -> str:
        """The endpoint that must go for this one to be kept, "" where there is room."""
        known = self._known.get(identity, {})
        return _stalest(known) if endpoint not in known and len(known) >= MOST else ""

    def bring_back(self, facts: Iterable[Fact]) -> None:
        """After a restart."""
        for fact in facts:
            if fact.scope == PUSH and fact.value is not None:
                self.keep(fact.key, fact.field, json.decode(fact.value, type=Subscription))


def subscribe(hub: Hub, identity: str, subscription: Subscription) -> Subscribed:
    """What is for them is pushed there, too."""
    endpoint = subscription.endpoint
    displaced = hub.pushes.displaced(identity, endpoint)
    gone = (Fact(PUSH, identity, displaced, None),) if displaced else ()
    facts = (*gone, Fact(PUSH, identity, endpoint, json.encode(subscription).decode()))
    return Subscribed(Who(hub.rules.server_name), (), identity, endpoint, subscription, facts=facts)


def unsubscribe(hub: Hub, identity: str, endpoint: str) -> Subscribed | None:
    """Nothing is pushed there any more; None where nothing was."""
    if all(known.endpoint != endpoint for known in hub.pushes.of(identity)):
        return None
    facts = (Fact(PUSH, identity, endpoint, None),)
    return Subscribed(Who(hub.rules.server_name), (), identity, endpoint, None, facts=facts)


def called(hub: Hub, said: Said) -> list[str]:
    """The identities that a message is for, of those who have subscriptions; never whoever said it."""
    if not hub.pushes or said.verb not in TALK or not said.logs or is_query(said.text):
        return []
    speaker = hub.fold(said.who.account)
    found: Iterable[str] = parties(said.logs[0]) or _named(hub, said)
    return [identity for identity in dict.fromkeys(found) if identity in hub.pushes.identities and identity != speaker]


def is_there(hub: Hub, identity: str) -> bool:
    """Whether they are there to read it."""
    return any(_reads(user) for user in hub.wearers(identity))


def _reads(user: User) -> bool:
    return not user.away and any(not session.absent and not session.pinged for session in user.sessions)


def _named(hub: Hub, said: Said) -> Iterator[str]:
    """Those of whoever may read it that it names."""
    words = _words(hub.fold(said.text))
    nicks = (hub.users[nick].identity for nick in hub.users.keys() & words)
    for identity in {*nicks, *words} & hub.pushes.identities:
        if any(_hears(hub, user, said) for user in hub.wearers(identity)):
            yield identity


def _hears(hub: Hub, user: User, said: Said) -> bool:
    """Whether they are in the room, and may read what was said to a rank in it; the question that history asks."""
    if said.logs[0].lstrip(SYMBOLS) not in user.memberships:
        return False
    try:
        hub.log_for(user, said.logs[0])
    except Refused:
        return False
    return True


def _words(text: str) -> set[str]:
    """What could be names, with the brackets and dashes that may stand around them and without; links name nobody."""
    words = set(_WORD.findall(_LINK.sub(" ", text) if "://" in text else text))
    return words | {word.strip(_EDGES) for word in words} if _EDGE.search(text) else words


def _stalest(known: dict[str, Subscription]) -> str:
    return min(known.values(), key=lambda subscription: subscription.at).endpoint
