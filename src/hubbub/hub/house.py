"""The house's live state: who is here, in which rooms, under which names; look-ups, and no rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

from msgspec import Struct

from hubbub.hub.channel import Audience, Channel, by_look
from hubbub.hub.markers import Markers
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rules import Rules
from hubbub.hub.user import User


class Past(Struct, frozen=True):
    """Somebody who was here: what WHOWAS tells. `left` is in ms."""

    key: str
    nick: str
    username: str
    host: str
    realname: str
    account: str
    left: int


class House:
    """`users` and `channels` are keyed by folded name, `claims` are nicks that a rename is on its way to."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.users: dict[str, User] = {}
        self.channels: dict[str, Channel] = {}
        self.past: deque[Past] = deque(maxlen=rules.whowas)
        self.most_users = 0
        self.claims: dict[str, User] = {}
        self.identities: dict[str, list[User]] = {}
        self.markers = Markers()

    @property
    def fold(self) -> Callable[[str], str]:
        return self.rules.fold

    def user(self, nick: str) -> User:
        user = self.users.get(self.rules.fold(nick))
        if user is None:
            raise Refused(Why.NO_SUCH_NICK, nick)
        return user

    def channel(self, name: str) -> Channel:
        channel = self.channels.get(name) or self.channels.get(self.rules.fold(name))
        if channel is None:
            raise Refused(Why.NO_SUCH_CHANNEL, name)
        return channel

    def channel_of(self, user: User, name: str) -> Channel:
        """The channel, for somebody who must be in it."""
        channel = self.channel(name)
        if user not in channel.members:
            raise Refused(Why.NOT_ON_CHANNEL, channel.name)
        return channel

    def neighbours(self, user: User) -> set[User]:
        """Everybody who shares a room with them, themselves among them."""
        around = {user}
        for member in user.memberships.values():
            around.update(member.channel.members)
        return around

    def around(self, user: User) -> Audience:
        """The sessions of all neighbours, each once."""
        return by_look(session for neighbour in self.neighbours(user) for session in neighbour.sessions)

    def wearers(self, identity: str) -> list[User]:
        """The users present under an identity."""
        return self.identities.get(identity, [])

    def masks(self, user: User) -> tuple[str, ...]:
        """What bans are matched against: the mask that all see, and the address where it differs."""
        shown = user.who.mask
        return (shown, f"{user.nick}!{user.username}@{user.address}") if user.address != user.host else (shown,)

    def banned(self, user: User, channel: Channel) -> bool:
        if not channel.lists["b"]:
            return False
        masks, matches = self.masks(user), self.rules.matches
        return channel.lists_match("b", masks, matches) and not channel.lists_match("e", masks, matches)
