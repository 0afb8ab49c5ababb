"""The hub: it answers requests with events or refusals, and takes entries in.

Requests (`join`, `say`, `kick`, …) change nothing: they return an event, or raise `Refused`. `apply` takes in an
entry, whoever decided it, and says who hears it. The one thing a request leaves behind is the claim on a nick that a
`Renamed` is on its way to wear, and `abandon` gives it back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from hubbub.hub import modes
from hubbub.hub.admission import Admission
from hubbub.hub.channel import Channel
from hubbub.hub.events import (
    AUDIT,
    KEPT_TAGS,
    Fact,
    Joined,
    ModeChange,
    Parted,
    Quit,
    Renamed,
    Said,
    Tended,
    UserModesChanged,
    WentAway,
    Who,
    pair_log,
)
from hubbub.hub.guards import Guards
from hubbub.hub.intake import Intake
from hubbub.hub.inviting import Inviting
from hubbub.hub.moderation import Moderation
from hubbub.hub.ownership import Ownership
from hubbub.hub.people import People
from hubbub.hub.ports import Session
from hubbub.hub.profiles import Profiles
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.hub.sharing import Sharing
from hubbub.hub.user import User


class Hub(Admission, People, Guards, Ownership, Profiles, Moderation, Inviting, Sharing, Intake):
    """Presence, rooms and talk; who is who stands in `Admission` and `People`, who may come in and speak in `Guards`,
    what operators do to rooms in `Moderation`, who brings guests in `Inviting`, who shares files in `Sharing`, what
    owners do in `Ownership`, what is known about whom in `Profiles`, what entries do in `Intake`."""

    def remember(self, facts: Sequence[Fact], now: int) -> None:
        """After a restart: what held before holds, owned rooms and those who stay first of all; `now` is in ms."""
        self.restore(facts)
        self.bring_back(facts, now)
        self.markers.bring_back(facts)
        self.bans.bring_back(facts)
        self.pushes.bring_back(facts)
        self.invites.take(facts)

    def tended(self, text: str) -> Tended:
        """What was done by the command line, for the audit log."""
        return Tended(Who(self.rules.server_name), (AUDIT,), text)

    # Presence

    def check_legal(self, nick: str) -> None:
        if not self.rules.legal_nick(nick):
            raise Refused(Why.NICK_ILLEGAL, nick)
        if self.fold(nick) in self.rules.services:
            raise Refused(Why.NICK_OF_SERVICE, nick)

    def check_nick(self, nick: str, wearer: User | None = None) -> str:
        """The folded nick, if `wearer` may wear it."""
        self.check_legal(nick)
        key = self.fold(nick)
        holder = self.users.get(key) or self.claims.get(key)
        if holder is not None and holder is not wearer:
            raise Refused(Why.NICK_TAKEN, nick)
        return key

    def enter(self, user: User) -> None:
        """A user is present from now on; their nick was checked.

        `user.identity` names their end of private conversations: the account, so that history follows the person,
        or a name nobody else will ever have, so that a guest's history never falls to the next wearer of the nick.
        """
        self.users[user.key] = user
        self.identities.setdefault(user.identity, []).append(user)
        self.most_users = max(self.most_users, len(self.users))

    def present(self, account: str, nick: str) -> User | None:
        """The user that another device of `account` joins: it is here already, and asked for by its name."""
        key = self.fold(account)
        for user in self.wearers(key) if account else ():
            if self.fold(nick) in (user.key, key):
                return user
        return None

    def attach(self, user: User, session: Session) -> None:
        user.sessions.append(session)
        self.refresh(user)

    def refresh(self, user: User) -> None:
        """A session of theirs came, went or changed its look."""
        for member in user.memberships.values():
            member.channel.stale()

    def rename(self, user: User, nick: str) -> Renamed | None:
        key = self.check_nick(nick, user)
        if nick == user.nick:
            return None
        self.claims[key] = user
        return Renamed(user.who, tuple(user.memberships), nick, facts=self.renaming(user, nick))

    def quit(self, user: User, text: str) -> Quit:
        return Quit(user.who, tuple(user.memberships), text)

    def away(self, user: User, text: str) -> WentAway:
        return WentAway(user.who, (), text[: self.rules.away_length])

    def change_user_modes(self, user: User, wanted: Iterable[ModeChange]) -> tuple[UserModesChanged | None, str]:
        """What of `wanted` changes anything, as one event, and the letters that nobody knows.

        Who wants to be an operator is not answered: "the attempt SHOULD be ignored", since OPER alone makes one.
        """
        last = {change.letter: change for change in wanted}  # of two words about one thing the last counts
        wanted = [change for change in last.values() if change.letter != "o" or not change.adding]
        unknown = "".join(change.letter for change in wanted if change.letter not in modes.USER_MODES)
        granted = tuple(c for c in wanted if c.letter not in unknown and (c.letter in user.modes) != c.adding)
        return (UserModesChanged(user.who, (), granted) if granted else None), unknown

    # Rooms

    def join(self, user: User, name: str, key: str = "") -> Joined | None:
        """None where they are in already."""
        folded = self.fold(name)
        if folded in user.memberships:
            return None
        channel = self.channels.get(folded)
        if channel is None and not self.rules.legal_channel(name):
            raise Refused(Why.CHANNEL_ILLEGAL, name)
        if len(user.memberships) >= self.rules.channels_per_user:
            raise Refused(Why.TOO_MANY_CHANNELS, name)
        if channel is None:
            if folded in self.forwards:
                raise Refused(Why.ROOM_RENAMED, name, self.forwards[folded])
            status = self.founders_status(user, folded)
            seat = self.entering(user, folded, name, status)
            return Joined(user.who, (folded,), name, user.realname, status, facts=seat)
        self.check_door(user, channel, key)
        status, counted = channel.standing(user), bool(channel.limit)
        seat = self.entering(user, folded, channel.name, status)
        return Joined(user.who, (folded,), channel.name, user.realname, status, counted, facts=seat)

    def part(self, user: User, name: str, text: str) -> Parted:
        channel = self.channel_of(user, name)
        opened, facts = "n" not in channel.modes, self.leaving(user, channel.key)
        return Parted(user.who, (channel.key,), channel.name, text, opened, facts=facts)

    # Talk

    def say(
        self, user: User, verb: str, target: str, text: str, tags: dict[str, str] | None = None, nonce: str = ""
    ) -> Said:
        """What `user` says to a room (`#room`), to those of a rank in it (`@#room`), or to a person.

        A TAGMSG is told and not kept, unless its tags make it a part of the conversation.
        """
        if target[0] == "#":
            channel = self.channels.get(target) or self.channel(target)
            self.check_voice(user, channel, text)
            log, name = channel.key, channel.name
        elif target[0] in modes.SYMBOLS and target[1:2] == "#":
            channel = self.channel(target[1:])
            self.check_voice(user, channel, text)
            log, name = target[0] + channel.key, target[0] + channel.name
        else:
            other = self.user(target)
            if other.modes:
                self.check_private(user, other, text)
            log, name = pair_log(user.identity, other.identity), other.nick
        kept = verb != "TAGMSG" or (tags is not None and not KEPT_TAGS.isdisjoint(tags))
        return Said(user.who, (log,) if kept else (), verb, name, text, tags, nonce)

    # Reading

    def log_for(self, user: User, target: str) -> tuple[str, str]:
        """The log that `target` means to `user`, and the target as it is spelled; for those who may read it.

        A room one is not in, a room that is not there and a nick that is not there are one answer.
        """
        folded = self.fold(target)
        bare = folded.lstrip(modes.SYMBOLS)
        if bare[:1] == "#":
            channel = self.channels.get(bare)
            if channel is None or not self._may_read(user, channel, folded[0]):
                raise Refused(Why.HISTORY_HIDDEN, target)
            return folded, folded[: len(folded) - len(bare)] + channel.name
        other = self.users.get(folded)
        if other is None:
            return pair_log(user.identity, folded), target
        return pair_log(user.identity, other.identity), other.nick

    @staticmethod
    def _may_read(user: User, channel: Channel, symbol: str) -> bool:
        """What was said to those of a rank is theirs, and theirs above it."""
        if symbol == "#" or Right.READ_ROOM in user.rights:
            return can(user, Right.READ_ROOM, channel)
        return channel.ranks(user, modes.STATUSES[modes.SYMBOLS.index(symbol)])
