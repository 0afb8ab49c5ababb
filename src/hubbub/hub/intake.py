"""Taking entries in: what an entry changes, and who hears of it. Nothing here refuses.

An entry may come from another place than a request decided here: what it names can be gone, so each rule looks its
people up anew and does nothing where there is nothing left to do.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from hubbub.hub import modes
from hubbub.hub.channel import NOBODY, Audience, Channel, Listed, by_look
from hubbub.hub.events import (
    AccessChanged,
    Announced,
    Edited,
    Entry,
    Event,
    FileRemoved,
    HostChanged,
    Instead,
    Invited,
    InviteMade,
    InviteRevoked,
    InviteUsed,
    Joined,
    Kicked,
    Killed,
    LoggedIn,
    LoggedOut,
    MarkedRead,
    MetadataChanged,
    ModeChange,
    ModesChanged,
    OwnerChanged,
    Parted,
    PeerNoted,
    Promoted,
    Quit,
    Ranked,
    RealnameChanged,
    Redacted,
    Renamed,
    RoomRenamed,
    Said,
    ServerBanChanged,
    SettingChanged,
    Sighted,
    Stayed,
    Subscribed,
    Tended,
    TopicChanged,
    UserModesChanged,
    WentAway,
    parties,
)
from hubbub.hub.holdings import Holdings
from hubbub.hub.house import Past
from hubbub.hub.modes import Kind
from hubbub.hub.presence import Presence
from hubbub.hub.user import User, newest, without


class Intake(Presence, Holdings):
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
            channel.news += 1
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
            return NOBODY
        hearers = dict.fromkeys(channel.of_rank(modes.STATUSES[modes.SYMBOLS.index(target[0])]))
        speaker = self._who(said)
        if speaker is not None:
            hearers[speaker] = None
        return by_look(session for user in hearers for session in user.sessions)

    def _who(self, event: Event) -> User | None:
        return self._named(event.who.nick)

    def _joined(self, event: Joined, at: int) -> Audience:
        user, key = self._who(event), event.logs[0]
        if user is None or key in user.memberships:
            return NOBODY
        channel = self.channels.get(key)
        if channel is None:
            channel = self.channels[key] = Channel(event.channel, key, at)
        channel.add(user, self._rank_of(channel, user, event))
        return channel.audience()

    def _rank_of(self, channel: Channel, user: User, event: Joined) -> str:
        """The room may have emptied while they were on their way: whoever comes into one that nobody owns makes it."""
        if channel.owner:
            return event.status
        return "" if channel.members else event.status or self.founders_status(user, channel.key)

    def _parted(self, event: Parted, at: int) -> Audience:
        return self._left(event.logs[0], event.who.nick)

    def _kicked(self, event: Kicked, at: int) -> Audience:
        return self._left(event.logs[0], event.nick)

    def _left(self, key: str, nick: str) -> Audience:
        """Who left while that was decided is gone already; it stands in the room's log, and is told to those in it."""
        channel, user = self.channels.get(key), self.users.get(self.fold(nick))
        if channel is None:
            return NOBODY
        audience = channel.audience()
        if user is not None and user in channel.members:
            self._remove(user, channel)
        return audience

    def _remove(self, user: User, channel: Channel) -> None:
        channel.remove(user)
        if not channel.members and not channel.owner:
            del self.channels[channel.key]

    def _topic_changed(self, event: TopicChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is None:
            return NOBODY
        channel.set_topic(event.text, event.who.mask, at)
        return channel.audience()

    def _modes_changed(self, event: ModesChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is None:
            return NOBODY
        for change in event.changes:
            mode = modes.CHANNEL_MODES.get(change.letter)
            if mode is not None and mode.kind is Kind.STATUS:
                self._status_changed(channel, change)
            else:
                listed = Listed(change.argument, event.who.mask, at, change.reason, change.until)
                channel.set_mode(change, self.fold(change.argument), listed)
        self.note_ends(channel)
        return channel.audience()

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
            return NOBODY
        self.past.appendleft(_past(user, at))
        del self.users[user.key]
        user.nick, user.key, user.since = event.nick, self.fold(event.nick), at
        user.sign()
        self.users[user.key] = user
        return self.around(user)

    def _quit(self, event: Quit, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return NOBODY
        user.sessions.clear()
        audience = self._hearing_of(user, event)
        self.past.appendleft(_past(user, at))
        for member in list(user.memberships.values()):
            self._remove(user, member.channel)
        del self.users[user.key]
        self.operators.discard(user)
        self.invisible.discard(user)
        self._forget_identity(user, user.identity)
        self._forget_guest(user)
        return audience

    def _hearing_of(self, user: User, event: Quit) -> Audience:
        """Those around them. Where they were put out while they went, it stands in that room's log all the same."""
        others = [self.channels[key] for key in event.logs if key in self.channels and key not in user.memberships]
        if not others:
            return self.around(user)
        audiences = (self.around(user), *(channel.audience() for channel in others))
        return by_look(dict.fromkeys(s for audience in audiences for hearers in audience.values() for s in hearers))

    def _logged_in(self, event: LoggedIn, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return NOBODY
        if user.account:
            self._forget_identity(user, user.identity)
        else:
            user.guest = user.identity  # what is on its way to the guest still finds them
        self._identify(user, event.account, self.fold(event.account))
        return self.noticing(user)

    def _logged_out(self, event: LoggedOut, at: int) -> Audience:
        user = self._who(event)
        if user is None or not user.account:
            return NOBODY
        user.stays = False
        self._forget_identity(user, user.identity)
        self._forget_guest(user)
        self._identify(user, "", event.identity)
        return self.noticing(user)

    def _identify(self, user: User, account: str, identity: str) -> None:
        user.account, user.identity = account, identity
        user.sign()
        self.identities.setdefault(identity, []).append(user)

    def _forget_guest(self, user: User) -> None:
        if user.guest:
            self._forget_identity(user, user.guest)
            user.guest = ""

    def _forget_identity(self, user: User, identity: str) -> None:
        wearers = self.identities[identity]
        wearers.remove(user)
        if not wearers:
            del self.identities[identity]
        if not wearers and identity[0] == "~":  # a guest's
            self.markers.forget(identity)
            self.profiles.pop(identity, None)

    def _marked_read(self, event: MarkedRead, at: int) -> Audience:
        devices = self.wearers(event.reader)
        if devices or event.facts:
            self.markers.move(event.reader, event.log, event.at)
        return by_look(session for user in devices for session in user.sessions)

    def _subscribed(self, event: Subscribed, at: int) -> Audience:
        self.pushes.keep(event.reader, event.endpoint, event.subscription)
        return NOBODY

    def _peer_noted(self, event: PeerNoted, at: int) -> Audience:
        return NOBODY

    def _stayed(self, event: Stayed, at: int) -> Audience:
        user = self._who(event)
        if user is not None:
            user.stays = event.on
        return NOBODY

    def _went_away(self, event: WentAway, at: int) -> Audience:
        user = self._who(event)
        if user is None:
            return NOBODY
        if event.channel:
            channel = self.channels.get(self.fold(event.channel))
            return channel.audience() if channel is not None else NOBODY
        user.away = event.text
        return self.noticing(user)

    def _invited(self, event: Invited, at: int) -> Audience:
        guest = self.users.get(self.fold(event.nick))
        channel = self.channels.get(self.fold(event.channel))
        if guest is None or channel is None:
            return NOBODY
        if event.opens:
            asked = {**without(guest.invitations, channel.key), channel.key: channel}
            guest.invitations = newest(asked, self.rules.channels_per_user)  # nobody fills another's memory
        host = self._who(event)
        hearers = [user for user in channel.of_rank("o") if user is not host] if event.openly else [guest]
        return by_look(session for user in hearers for session in user.sessions)

    def _file_removed(self, event: FileRemoved, at: int) -> Audience:
        """It lay elsewhere."""
        return NOBODY

    def _tended(self, event: Tended, at: int) -> Audience:
        """The store did it."""
        return NOBODY

    def _invite_changed(self, event: InviteMade | InviteRevoked | InviteUsed, at: int) -> Audience:
        self.invites.take(event.facts)
        return NOBODY


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
    OwnerChanged: Intake._owner_changed,
    AccessChanged: Intake._access_changed,
    SettingChanged: Intake._setting_changed,
    RoomRenamed: Intake._room_renamed,
    MetadataChanged: Intake._metadata_changed,
    Ranked: Intake._ranked,
    Renamed: Intake._renamed,
    Quit: Intake._quit,
    LoggedIn: Intake._logged_in,
    LoggedOut: Intake._logged_out,
    Stayed: Intake._stayed,
    PeerNoted: Intake._peer_noted,
    Subscribed: Intake._subscribed,
    WentAway: Intake._went_away,
    Invited: Intake._invited,
    FileRemoved: Intake._file_removed,
    Tended: Intake._tended,
    InviteMade: Intake._invite_changed,
    InviteRevoked: Intake._invite_changed,
    InviteUsed: Intake._invite_changed,
    UserModesChanged: Intake._user_modes_changed,
    RealnameChanged: Intake._realname_changed,
    HostChanged: Intake._host_changed,
    Instead: Intake._instead,
    Sighted: Intake._sighted,
    Promoted: Intake._promoted,
    Killed: Intake._killed,
    Announced: Intake._announced,
    ServerBanChanged: Intake._server_ban_changed,
}
"""What each kind of event does; called with the event and its time in ms."""


def _past(user: User, at: int) -> Past:
    return Past(user.key, user.nick, user.username, user.host, user.realname, user.account, at)
