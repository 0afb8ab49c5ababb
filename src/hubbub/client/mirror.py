"""What we know of a server: who we are there, which rooms we are in, and who else is."""

from dataclasses import dataclass, field

from hubbub.client.isupport import Features
from hubbub.wire.masks import Prefix


@dataclass(slots=True)
class User:
    """Someone who shares a room with us. `away` is the reason, None for someone who is here."""

    nick: str
    user: str = ""
    host: str = ""
    account: str = ""
    realname: str = ""
    away: str | None = None


@dataclass(slots=True)
class Member:
    """A user in a room; `ranks` are mode letters, "ov"."""

    user: User
    ranks: str = ""


@dataclass(slots=True)
class Room:
    """A room we are in; its members by folded nick."""

    name: str
    topic: str = ""
    members: dict[str, Member] = field(default_factory=dict)


class Mirror:
    """Rooms and users as the server's lines left them. Only `reflect` writes here; everyone may read."""

    def __init__(self, nick: str) -> None:
        self.nick = nick
        self.account = ""
        self.is_operator = False
        self.features = Features()
        self.rooms: dict[str, Room] = {}
        self._users: dict[str, User] = {}

    def reset(self) -> None:
        """Forget what belongs to one connection. Our nick stays: it is the one to ask for next time."""
        self.account, self.is_operator = "", False
        self.features.forget()
        self.rooms.clear()
        self._users.clear()

    @property
    def network(self) -> str:
        """What the network calls itself, or ""."""
        return self.features.get("NETWORK")

    def is_me(self, nick: str) -> bool:
        """Whether a nick is ours."""
        return self.features.same(nick, self.nick)

    def room(self, name: str) -> Room | None:
        """The room of that name, if we are in it."""
        return self.rooms.get(self.features.fold(name))

    def user(self, nick: str) -> User | None:
        """The user of that nick, if we share a room."""
        return self._users.get(self.features.fold(nick))

    def rooms_with(self, nick: str) -> tuple[str, ...]:
        """The names of the rooms that we share with someone."""
        key = self.features.fold(nick)
        return tuple(room.name for room in self.rooms.values() if key in room.members)

    def names(self, room: Room) -> tuple[str, ...]:
        """The nicks in a room, with the signs of their ranks: the highest first, then by the alphabet."""
        order = list(self.features.prefixes)
        signs = self.features.prefixes

        def place(member: Member) -> tuple[int, str]:
            ranks = [order.index(rank) for rank in member.ranks if rank in order]
            return min(ranks, default=len(order)), member.user.nick.lower()

        members = sorted(room.members.values(), key=place)
        return tuple("".join(signs.get(rank, "") for rank in one.ranks) + one.user.nick for one in members)

    # What lines do to us: called by `reflect`.

    def enter(self, name: str, who: Prefix) -> User:
        """Someone is in a room now; the room is made when that is us."""
        room = self.room(name)
        if room is None:
            if not self.is_me(who.nick):
                return User(who.nick)  # a room we are not in is none of our business
            room = self.rooms[self.features.fold(name)] = Room(name)
        user = self._met(who)
        room.members.setdefault(self.features.fold(who.nick), Member(user))
        return user

    def leave(self, name: str, nick: str) -> None:
        """Someone is in a room no more; the room goes when that is us."""
        room = self.room(name)
        if room is None:
            return
        key = self.features.fold(nick)
        gone = list(room.members) if self.is_me(nick) else [key]
        room.members.pop(key, None)
        if self.is_me(nick):
            del self.rooms[self.features.fold(name)]
        self._forget_strangers(gone)

    def quit(self, nick: str) -> None:
        """Someone is in no room any more."""
        key = self.features.fold(nick)
        self._users.pop(key, None)
        for room in self.rooms.values():
            room.members.pop(key, None)

    def rename(self, old: str, new: str) -> None:
        """Someone has another nick."""
        if self.is_me(old):
            self.nick = new
        before, after = self.features.fold(old), self.features.fold(new)
        user = self._users.pop(before, None)
        if user is None:
            return
        user.nick = new
        self._users[after] = user
        for room in self.rooms.values():
            if before in room.members:
                room.members[after] = room.members.pop(before)

    def rank(self, name: str, nick: str, mode: str, setting: bool) -> None:
        """Someone has a rank in a room, or no more."""
        room = self.room(name)
        member = room.members.get(self.features.fold(nick)) if room else None
        if member is not None:
            ranks = {*member.ranks, mode} if setting else {*member.ranks} - {mode}
            member.ranks = "".join(rank for rank in self.features.prefixes if rank in ranks)

    def _met(self, who: Prefix) -> User:
        user = self._users.setdefault(self.features.fold(who.nick), User(who.nick))
        user.user, user.host = who.user or user.user, who.host or user.host
        return user

    def _forget_strangers(self, keys: list[str]) -> None:
        for key in keys:
            if not any(key in room.members for room in self.rooms.values()):
                self._users.pop(key, None)
