"""The circle: this end and those it is in direct conversation with, as people of a house in this process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from msgspec.structs import replace

from hubbub.dialects.direct.frames import ROOM, YOU, Declined, To, With
from hubbub.dialects.direct.friends import Friend, Kept, friends_of
from hubbub.dialects.direct.seating import seat, seat_owner
from hubbub.dialects.direct.session import PeerSession
from hubbub.dialects.direct.waiting import Waiting
from hubbub.hub.account import Account
from hubbub.hub.events import Entry, Fact, PeerNoted, Said, pair_log
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from hubbub.server import Link, Server


class Watcher(Protocol):
    """Who finds the words for what happens."""

    def arrived(self, friend: Friend) -> None: ...
    def parted(self, friend: Friend, reason: str) -> None: ...
    def declined(self, friend: Friend, why: str) -> None: ...
    def introduced(self, friend: Friend, other: With) -> None: ...


class Circle:
    """`me` is who sits at this end, `room` the conversation of all; `friends` are by fingerprint."""

    def __init__(self, server: Server, room: str, watcher: Watcher) -> None:
        self.server, self.room = server, room
        self.friends: dict[str, Friend] = {}
        self.waiting = Waiting(self)
        self._watcher = watcher
        self._me: User | None = None
        server.overhear = self._overhear

    @property
    def me(self) -> User:
        if self._me is None:
            raise RuntimeError("nobody sits at this end yet: open it first")
        return self._me

    @property
    def seated(self) -> bool:
        """Whether it has been opened."""
        return self._me is not None

    def user(self, friend: Friend) -> User:
        return self.server.hub.user(friend.nick)

    def log(self, friend: Friend, to: To) -> str:
        if to == ROOM:
            return self.server.hub.fold(self.room)
        return pair_log(self.me.identity, self.user(friend).identity)

    def conversations(self) -> Iterator[tuple[tuple[To, str], str]]:
        """Each as `Waiting` names it, with its log."""
        yield (ROOM, ""), self.server.hub.fold(self.room)
        for friend in self.friends.values():
            yield (YOU, friend.fingerprint), self.log(friend, YOU)

    def called(self, nick: str) -> Friend | None:
        """The friend of that nick."""
        fold = self.server.hub.fold
        return next((friend for friend in self.friends.values() if fold(friend.nick) == fold(nick)), None)

    # Who is there

    async def open(self, nick: str, account: Account, facts: list[Fact]) -> None:
        """Somebody sits down at this end, who knows of whom `facts` tell."""
        self._me = await seat_owner(self.server, nick, account, self.room)
        self.friends = friends_of(facts)

    async def befriend(self, fingerprint: str, nick: str, host: str, port: int, account: Account) -> Friend:
        """Let somebody in for good. What was said until now is none of theirs."""
        await seat(self.server, nick, account, self.room)
        now = self.server.clock.now()
        friend = Friend(fingerprint, Kept(nick, now, host, port))
        await self.server.commit(PeerNoted(self.me.who, (), facts=(friend.fact(),)), None)
        self.friends[fingerprint] = friend
        return friend

    def note(self, friend: Friend, **changes: object) -> None:
        """Keep something else about a friend; the names are those of `Kept`."""
        kept = replace(friend.kept, **changes)
        if kept != friend.kept:
            friend.kept = kept
            self.server.submit(PeerNoted(self.me.who, (), facts=(friend.fact(),)), None)

    async def forget(self, friend: Friend) -> None:
        """They are a stranger again; what they said stays."""
        del self.friends[friend.fingerprint]
        if friend.session is not None:
            friend.session.close("you are not known here any more")
        user = self.user(friend)
        await self.server.commit(PeerNoted(self.me.who, (), facts=friend.forgotten()), None)
        await self.server.expel(user, "forgotten", "forgotten")
        await self.server.accounts.delete(self.server.hub.fold(friend.nick), erase=True)
        self.waiting.changed()

    def accept(self, friend: Friend, link: Link) -> PeerSession:
        """They are in contact; an older contact of theirs has been replaced by this one."""
        if friend.session is not None:
            friend.session.close("another contact took the place of this one")
        session = PeerSession(self, friend, link)
        user = self.user(friend)
        session.user, friend.session = user, session
        self.server.newcomers.discard(session)
        self.server.hub.attach(user, session)
        session.greet()
        return session

    # What happens to sessions

    def arrived(self, session: PeerSession) -> None:
        friend, user = session.friend, self.user(session.friend)
        if user.away == NOT_CONNECTED:
            self.server.submit(self.server.hub.away(user, ""), None)
        self._watcher.arrived(friend)
        for other in self.friends.values():
            if other is not friend and other.session is not None and other.present:
                other.session.introduce(friend)
                session.introduce(other)

    def parted(self, session: PeerSession, reason: str) -> None:
        friend = session.friend
        if friend.session is not session:
            return
        friend.session = None
        self.waiting.changed()
        if session.heard or session.left:
            self._watcher.parted(friend, reason)

    def moved(self, friend: Friend, to: To) -> None:
        """They have more of ours than before."""
        fact = friend.cursor("has", to, friend.has[to])
        self.server.submit(PeerNoted(self.me.who, (), facts=(fact,)), None)
        self.waiting.changed()

    def declined(self, friend: Friend, frame: Declined) -> None:
        self._watcher.declined(friend, frame.why[:300])

    def introduced(self, friend: Friend, other: With) -> None:
        self._watcher.introduced(friend, other)

    # What is said here

    def _overhear(self, entry: Entry) -> None:
        event = entry.event
        if not isinstance(event, Said) or event.verb == "TAGMSG" or event.who.account != self.me.account:
            return
        log = entry.place.log
        if log == self.server.hub.fold(self.room):
            self._said(entry, ROOM, None)
        for friend in self.friends.values():
            if log == self.log(friend, YOU):
                self._said(entry, YOU, friend)

    def _said(self, entry: Entry, to: To, friend: Friend | None) -> None:
        self.waiting.said(entry, to, friend)
        for other in [friend] if friend else self.friends.values():
            if other.session is not None:
                other.session.wake(to)
