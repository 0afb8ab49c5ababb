"""The house's live state: who is here, in which rooms, under which names; look-ups, and no rules."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable

from msgspec import Struct

from hubbub.hub import listings
from hubbub.hub.channel import Audience, Channel, by_look
from hubbub.hub.invites import Invites
from hubbub.hub.markers import Markers
from hubbub.hub.pushes import Pushes
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.hub.rules import Rules
from hubbub.hub.server_bans import ServerBans
from hubbub.hub.user import User
from hubbub.hub.watch import Watch


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
        self.invisible: set[User] = set()
        self.claims: dict[str, User] = {}
        self.forwards: dict[str, str] = {}
        """Folded names that owned rooms had before, and what those are called now."""
        self.profiles: dict[str, dict[str, str]] = {}
        """What people let be known about themselves, by identity."""
        self.ends: list[tuple[int, str, str, str]] = []
        """Lines of lists that end by themselves, a heap: when (ms), and the room, the list and the line."""
        self.seconds: Callable[[], float] = lambda: 0.0
        """A clock that never goes back, for rooms where talk is slowed down; the server gives it."""
        self.identities: dict[str, list[User]] = {}
        self.operators: set[User] = set()
        self.watch = Watch()
        self.bans = ServerBans(rules.matches, rules.fold)
        self.markers = Markers()
        self.pushes = Pushes()
        self.invites = Invites()

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

    def channel_for(self, user: User, name: str) -> Channel:
        """The channel, for somebody who may know of it: to all others a secret one is as good as none."""
        channel = self.channel(name)
        if not can(user, Right.SEE_ROOM, channel):
            raise Refused(Why.NO_SUCH_CHANNEL, name)
        return channel

    def channel_of(self, user: User, name: str) -> Channel:
        """The channel, for somebody who must be in it."""
        channel = self.channel_for(user, name)
        if user not in channel.members:
            raise Refused(Why.NOT_ON_CHANNEL, channel.name)
        return channel

    @staticmethod
    def founders_status(user: User, key: str) -> str:
        """What they are in a room that they make: its operator. A guest who was asked into it is not: the room is
        theirs who asked, and only empty just now."""
        asked = not user.account and any(room == key for room, _ in user.admitted)
        return "" if asked else "o"

    def neighbours(self, user: User) -> set[User]:
        """Everybody who shares a room with them, themselves among them."""
        around = {user}
        for member in user.memberships.values():
            around.update(member.channel.members)
        return around

    def around(self, user: User) -> Audience:
        """The sessions of all neighbours, each once."""
        return by_look(session for neighbour in self.neighbours(user) for session in neighbour.sessions)

    def noticing(self, user: User) -> Audience:
        """Who notices a change about somebody: all around them, and those who watch them closely."""
        watchers = self.watch.close_watchers(user.key)
        if not watchers:
            return self.around(user)
        near = (session for neighbour in self.neighbours(user) for session in neighbour.sessions)
        return by_look(dict.fromkeys((*near, *watchers)))

    def wearers(self, identity: str) -> list[User]:
        """The users present under an identity."""
        return self.identities.get(identity, [])

    def masks(self, user: User) -> tuple[str, ...]:
        """What bans are matched against: the mask that all see, and the address where it differs."""
        shown = user.who.mask
        return (shown, f"{user.nick}!{user.username}@{user.address}") if user.address != user.host else (shown,)

    def banned(self, user: User, channel: Channel, *, speaking: bool = False) -> bool:
        """Whether a ban keeps them out, and no exception helps; where they are `speaking`, mutes count, too."""
        return self.listed(user, channel, "b", speaking=speaking) and not self.listed(
            user, channel, "e", speaking=speaking
        )

    def listed(self, user: User, channel: Channel, letter: str, *, speaking: bool = False) -> bool:
        """Whether a line of that list means them; those about speaking alone only where they are `speaking`."""
        lines = channel.lists[letter]
        if not lines:
            return False
        counted = (line for line in lines if speaking or not listings.mutes_only(line))
        return self.meant(user, counted)

    def meant(self, user: User, lines: Iterable[str]) -> bool:
        """Whether one of those lines of a list means them."""
        masks, account, matches = self.masks(user), user.account and user.identity, self.rules.matches
        return any(listings.means(line, masks, account, matches) for line in lines)
