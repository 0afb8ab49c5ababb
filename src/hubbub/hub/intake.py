"""Taking entries in: what an entry changes, and who hears of it. Nothing here refuses.

An entry may come from another place than a request decided here: what it names can be gone, so each rule looks its
people up anew and does nothing where there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hubbub.hub import modes
from hubbub.hub.channel import Audience, Channel, Listed, Topic, by_look
from hubbub.hub.events import (
    Edited,
    Entry,
    Event,
    Invited,
    Joined,
    Kicked,
    MarkedRead,
    ModeChange,
    ModesChanged,
    Parted,
    Quit,
    Redacted,
    Renamed,
    Said,
    Stayed,
    TopicChanged,
    UserModesChanged,
    WentAway,
    parties,
)
from hubbub.hub.house import House, Past
from hubbub.hub.modes import Kind
from hubbub.hub.user import User

_NOBODY: Audience = {}


class Intake(House):
    """The half of the hub that apply stands for."""

    def apply(self, entry: Entry) -> Audience:
        """Take an entry in; the sessions that hear it, those of whoever did it among them."""
        rule = _RULES.get(type(entry.event))
        if rule is None:
            raise TypeError(f"no rule takes in {type(entry.event).__name__}; add it to the table")
        return rule(self, entry.event, entry.place.ts)

    def abandon(self, event: Event) -> None:
        """`event` was decided and will not happen: what the request left behind goes."""
        if isinstance(event, Renamed):
            self.claims.pop(self.fold(event.nick), None)

    def audience(self, said: Said | Redacted | Edited, at: int = 0) -> Audience:
        """Who hears what is said, or unsaid: a room, those of a rank in it, or both ends of a private conversation."""
        target = said.logs[0] if said.logs else self.fold(said.target)
        channel = self.channels.get(target)
        if channel is not None:
            return channel.audience()
        if target[0] in modes.SYMBOLS:
            return self._of_rank(said, target)
        return by_look(dict.fromkeys(s for user in self._ends(said, target) for s in user.sessions))

    def _ends(self, said: Event, target: str) -> list[User]:
        if said.logs:
            return [user for identity in dict.fromkeys(parties(target)) for user in self.wearers(identity)]
        return [user for user in (self.users.get(target), self._who(said)) if user is not None]

    def _of_rank(self, said: Event, target: str) -> Audience:
        channel = self.channels.get(target[1:])
        if channel is None:
            return _NOBODY
        hearers = dict.fromkeys(channel.of_rank(modes.STATUSES[modes.SYMBOLS.index(target[0])]))
        speaker = self._who(said)
        if speaker is not None:
            hearers[speaker] = None
        return by_look(session for user in hearers for session in user.sessions)

    def _who(self, event: Event) -> User | None:
        return self.users.get(self.fold(event.who.nick))

    def _joined(self, event: Joined, at: int) -> Audience:
        user, key = self._who(event), event.logs[0]
        if user is None or key in user.memberships:
            return _NOBODY
        channel = self.channels.get(key)
        if channel is None:
            channel = self.channels[key] = Channel(event.channel, key, at)
        # The room may have emptied while they were on their way: whoever comes into an empty room runs it.
        channel.add(user, "" if channel.members else event.status or "o")
        return channel.audience()

    def _parted(self, event: Parted, at: int) -> Audience:
        return self._left(event.logs[0], event.who.nick)

    def _kicked(self, event: Kicked, at: int) -> Audience:
        return self._left(event.logs[0], event.nick)

    def _left(self, key: str, nick: str) -> Audience:
        channel, user = self.channels.get(key), self.users.get(self.fold(nick))
        if channel is None or user is None or user not in channel.members:
            return _NOBODY
        audience = channel.audience()
        self._remove(user, channel)
        return audience

    def _remove(self, user: User, channel: Channel) -> None:
        channel.remove(user)
        if not channel.members:
            del self.channels[channel.key]

    def _topic_changed(self, event: TopicChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is None:
            return _NOBODY
        channel.topic = Topic(event.text, event.who.mask, at) if event.text else None
        return channel.audience()

    def _modes_changed(self, event: ModesChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is None:
            return _NOBODY
        for change in event.changes:
            self._mode_changed(channel, change, Listed(change.argument, event.who.mask, at))
        return channel.audience()

    def _mode_changed(self, channel: Channel, change: ModeChange, listed: Listed) -> None:
        letter, adding = change.letter, change.adding
        mode = modes.CHANNEL_MODES.get(letter)
        match mode and mode.kind:
            case Kind.LIST if adding:
                channel.lists[letter][self.fold(change.argument)] = listed
            case Kind.LIST:
                channel.lists[letter].pop(self.fold(change.argument), None)
            case Kind.KEY:
                channel.secret = change.argument if adding else ""
            case Kind.LIMIT:
                channel.limit = int(change.argument) if adding else 0
            case Kind.FLAG if adding:
                channel.modes.add(letter)
            case Kind.FLAG:
                channel.modes.discard(letter)
            case Kind.STATUS:
                self._status_changed(channel, change)

    def _status_changed(self, channel: Channel, change: ModeChange) -> None:
        user = self.users.get(self.fold(change.argument))
        member = channel.members.get(user) if user else None
        if member is not None:
            others = member.status.replace(change.letter, "")
            member.status = modes.highest_first(others + change.letter) if change.adding else others

    def _renamed(self, event: Renamed, at: int) -> Audience:
        self.abandon(event)
        user = self._who(event)
        if user is None:
            return _NOBODY
        self.past.appendleft(_past(user, at))
        del self.users[user.key]
        user.nick, user.key, user.since = event.nick, self.fold(event.nick), at
        user.sign()
        self.users[user.key] = user
        return self.around(user)

    def _quit(self, event: Quit, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return _NOBODY
        user.sessions.clear()
        audience = self.around(user)
        self.past.appendleft(_past(user, at))
        for member in list(user.memberships.values()):
            self._remove(user, member.channel)
        del self.users[user.key]
        self._forget_identity(user)
        return audience

    def _forget_identity(self, user: User) -> None:
        wearers = self.identities[user.identity]
        wearers.remove(user)
        if not wearers:
            del self.identities[user.identity]
        if not wearers and not user.account:
            self.markers.forget(user.identity)

    def _marked_read(self, event: MarkedRead, at: int) -> Audience:
        devices = self.wearers(event.reader)
        if devices or event.facts:
            self.markers.move(event.reader, event.log, event.at)
        return by_look(session for user in devices for session in user.sessions)

    def _stayed(self, event: Stayed, at: int) -> Audience:
        user = self._who(event)
        if user is not None:
            user.stays = event.on
        return _NOBODY

    def _went_away(self, event: WentAway, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return _NOBODY
        if event.channel:
            channel = self.channels.get(self.fold(event.channel))
            return channel.audience() if channel is not None else _NOBODY
        user.away = event.text
        return self.around(user)

    def _invited(self, event: Invited, at: int) -> Audience:
        guest = self.users.get(self.fold(event.nick))
        channel = self.channels.get(self.fold(event.channel))
        if guest is None or channel is None:
            return _NOBODY
        guest.invitations[channel.key] = channel
        host = self._who(event)
        hearers = [user for user in channel.of_rank("o") if user is not host] if event.openly else [guest]
        return by_look(session for user in hearers for session in user.sessions)

    def _user_modes_changed(self, event: UserModesChanged, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return _NOBODY
        for change in event.changes:
            (user.modes.add if change.adding else user.modes.discard)(change.letter)
        return by_look(user.sessions)


_RULES: Final[dict[type[Event], Callable[[Any, Any, int], Audience]]] = {
    Said: Intake.audience,
    Redacted: Intake.audience,
    Edited: Intake.audience,
    MarkedRead: Intake._marked_read,
    Joined: Intake._joined,
    Parted: Intake._parted,
    Kicked: Intake._kicked,
    TopicChanged: Intake._topic_changed,
    ModesChanged: Intake._modes_changed,
    Renamed: Intake._renamed,
    Quit: Intake._quit,
    Stayed: Intake._stayed,
    WentAway: Intake._went_away,
    Invited: Intake._invited,
    UserModesChanged: Intake._user_modes_changed,
}
"""What each kind of event does; called with the event and its time in ms."""


def _past(user: User, at: int) -> Past:
    return Past(user.key, user.nick, user.username, user.host, user.realname, user.account, at)
