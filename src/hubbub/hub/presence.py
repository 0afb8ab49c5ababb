"""How people are seen: what their changes do, who notices, and what is told behind it. Part of the intake.

https://ircv3.net/specs/extensions/monitor and https://ircv3.net/specs/extensions/chghost
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Final

from hubbub.hub.channel import NOBODY, Audience, by_look
from hubbub.hub.events import (
    Announced,
    Event,
    HostChanged,
    Instead,
    Joined,
    Killed,
    ModeChange,
    ModesChanged,
    Promoted,
    Quit,
    Ranked,
    RealnameChanged,
    Renamed,
    ServerBanChanged,
    Sighted,
    UserModesChanged,
    Who,
)
from hubbub.hub.house import House
from hubbub.hub.rights import rights_of
from hubbub.hub.server_bans import ServerBan
from hubbub.hub.user import User


class Presence(House):
    def sequel(self, event: Event) -> Iterator[Event]:
        """What is told behind an entry that was taken in: ephemera, which `apply` says the audience of."""
        follow = _SEQUELS.get(type(event))
        return follow(self, event) if follow is not None else iter(())

    def sighting(self, user: User) -> Sighted | None:
        """What those are told who wait for somebody that has come; None where nobody does."""
        if user.key not in self.watch:
            return None
        return Sighted(self.myself, (), user.nick, user.who.mask, here=True)

    @property
    def myself(self) -> Who:
        """How the server signs what it says."""
        return Who(self.rules.server_name)

    # What changes

    def _realname_changed(self, event: RealnameChanged, at: int) -> Audience:
        user = self._named(event.who.nick)
        if user is None:
            return NOBODY
        user.realname = event.text
        return self.noticing(user)

    def _host_changed(self, event: HostChanged, at: int) -> Audience:
        user = self._named(event.nick)
        if user is None:
            return NOBODY
        user.username, user.host = event.username, event.host
        user.sign()
        return self.noticing(user)

    def _user_modes_changed(self, event: UserModesChanged, at: int) -> Audience:
        user = self._named(event.who.nick)
        if user is None:
            return NOBODY
        for change in event.changes:
            user.modes = user.modes | {change.letter} if change.adding else user.modes - {change.letter}
        if user.role and "o" not in user.modes:
            self._rank(user, "", "", reads=False)
        user.sign()
        (self.invisible.add if "i" in user.modes else self.invisible.discard)(user)
        return by_look(user.sessions)

    def _promoted(self, event: Promoted, at: int) -> Audience:
        user = self._named(event.who.nick)
        if user is None:
            return NOBODY
        self._rank(user, event.name, event.role, reads=event.reads)
        return by_look(user.sessions)

    def _rank(self, user: User, login: str, role: str, *, reads: bool) -> None:
        user.login, user.role, user.rights = login, role, rights_of(role, reads=reads)
        user.modes = user.modes | {"o"} if role else user.modes - {"o"}
        (self.operators.add if role else self.operators.discard)(user)
        user.sign()

    def _server_ban_changed(self, event: ServerBanChanged, at: int) -> Audience:
        for ban in self.bans.over(at):
            self.bans.remove(ban.mask)
        if event.adding:
            self.bans.add(ServerBan(event.mask, event.who.nick, event.text, event.at, event.until))
        else:
            self.bans.remove(event.mask)
        return NOBODY

    # What is told

    def _sighted(self, event: Sighted, at: int) -> Audience:
        return by_look(self.watch.watchers(self.fold(event.nick)))

    def _killed(self, event: Killed, at: int) -> Audience:
        user = self._named(event.nick)
        return by_look(user.sessions) if user is not None else NOBODY

    def _announced(self, event: Announced, at: int) -> Audience:
        return by_look(session for user in self.users.values() if "w" in user.modes for session in user.sessions)

    def _instead(self, event: Instead, at: int) -> Audience:
        user = self._named(event.nick)
        channel = self.channels.get(self.fold(event.channel))
        if user is None or (event.channel and channel is None):
            return NOBODY
        hearers = channel.members if channel is not None else self.neighbours(user)
        return by_look(session for hearer in hearers if hearer is not user for session in hearer.sessions)

    def _named(self, nick: str) -> User | None:
        return self.users.get(self.fold(nick))

    # What follows

    def _after_quit(self, event: Quit) -> Iterator[Event]:
        nick = event.who.nick
        if self.fold(nick) in self.watch and self._named(nick) is None:
            yield Sighted(self.myself, (), nick, nick, here=False)

    def _after_join(self, event: Joined) -> Iterator[Event]:
        """Whom the room's owner has given letters comes in with them: that is told, since no JOIN can."""
        channel = self.channels.get(self.fold(event.channel))
        if event.status and channel is not None and channel.owner:
            yield Ranked(self.myself, (), channel.name, event.who.nick, event.status)

    def _after_rename(self, event: Renamed) -> Iterator[Event]:
        old, user = event.who.nick, self._named(event.nick)
        if user is None or self.fold(old) == user.key:
            return
        if self.fold(old) in self.watch:
            yield Sighted(self.myself, (), old, old, here=False)
        come = self.sighting(user)
        if come is not None:
            yield come

    def _after_host(self, event: HostChanged) -> Iterator[Event]:
        """ "servers SHOULD send fallback messages to simulate the client reconnecting"."""
        user = self._named(event.nick)
        if user is None:
            return
        yield self._as(Quit(Who(event.old), (), "Changing host"), user)
        for member in user.memberships.values():
            name, status = member.channel.name, member.status
            yield self._as(Joined(user.who, (), name, user.realname), user, name)
            if status:
                given = tuple(ModeChange(True, letter, user.nick) for letter in status)
                yield self._as(ModesChanged(self.myself, (), name, given), user, name)

    @staticmethod
    def _as(event: Event, user: User, channel: str = "") -> Instead:
        return Instead(event.who, (), event, user.nick, channel)


_SEQUELS: Final[dict[type[Event], Callable[[Any, Any], Iterator[Event]]]] = {
    Joined: Presence._after_join,
    Quit: Presence._after_quit,
    Renamed: Presence._after_rename,
    HostChanged: Presence._after_host,
}
