"""The hub: it answers requests with events or refusals, and takes entries in.

Requests (`join`, `say`, `kick`, …) change nothing: they return an event, or raise `Refused`. `apply` takes in an
entry, whoever decided it, and says who hears it. The one thing a request leaves behind is the claim on a nick that a
`Renamed` is on its way to wear, and `abandon` gives it back.
"""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.hub import modes
from hubbub.hub.channel import Channel
from hubbub.hub.events import (
    KEPT_TAGS,
    Joined,
    ModeChange,
    Parted,
    Quit,
    Renamed,
    Said,
    UserModesChanged,
    WentAway,
    pair_log,
)
from hubbub.hub.intake import Intake
from hubbub.hub.moderation import Moderation
from hubbub.hub.ports import Session
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User


class Hub(Moderation, Intake):
    """Presence, rooms and talk; what operators do stands in `Moderation`, what entries do in `Intake`."""

    # Presence

    def check_legal(self, nick: str) -> None:
        if not self.rules.legal_nick(nick):
            raise Refused(Why.NICK_ILLEGAL, nick)

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
        """What of `wanted` changes anything, as one event, and the letters that nobody knows."""
        wanted = list(wanted)
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
            seat = self.entering(user, folded, name, "o")
            return Joined(user.who, (folded,), name, user.realname, "o", facts=seat)
        self._check_door(user, channel, key)
        seat = self.entering(user, folded, channel.name, "")
        return Joined(user.who, (folded,), channel.name, user.realname, counted=bool(channel.limit), facts=seat)

    def _check_door(self, user: User, channel: Channel, key: str) -> None:
        if user.invitations.get(channel.key) is channel:
            return
        if channel.secret and key != channel.secret:
            raise Refused(Why.KEY_WRONG, channel.name)
        if "i" in channel.modes and not channel.lists_match("I", self.masks(user), self.rules.matches):
            raise Refused(Why.INVITE_ONLY, channel.name)
        if channel.limit and len(channel.members) >= channel.limit:
            raise Refused(Why.CHANNEL_FULL, channel.name)
        if self.banned(user, channel):
            raise Refused(Why.BANNED, channel.name)

    def part(self, user: User, name: str, text: str) -> Parted:
        channel = self.channel_of(user, name)
        return Parted(user.who, (channel.key,), channel.name, text, facts=self.leaving(user, channel.key))

    # Talk

    def say(
        self, user: User, verb: str, target: str, text: str, tags: dict[str, str] | None = None, nonce: str = ""
    ) -> Said:
        """What `user` says to a room (`#room`), to those of a rank in it (`@#room`), or to a person.

        A TAGMSG is told and not kept, unless its tags make it a part of the conversation.
        """
        if target[0] == "#":
            channel = self.channel(target)
            self._check_voice(user, channel, text)
            log, name = channel.key, channel.name
        elif target[0] in modes.SYMBOLS and target[1:2] == "#":
            channel = self.channel(target[1:])
            self._check_voice(user, channel, text)
            log, name = target[0] + channel.key, target[0] + channel.name
        else:
            other = self.user(target)
            log, name = pair_log(user.identity, other.identity), other.nick
        kept = verb != "TAGMSG" or (tags is not None and not KEPT_TAGS.isdisjoint(tags))
        return Said(user.who, (log,) if kept else (), verb, name, text, tags, nonce)

    def _check_voice(self, user: User, channel: Channel, text: str) -> None:
        member = channel.members.get(user)
        if member is None and "n" in channel.modes:
            raise Refused(Why.CANNOT_SPEAK, channel.name, "only those in the room may speak in it")
        if "C" in channel.modes and text[:1] == "\x01" and not text.startswith("\x01ACTION"):
            raise Refused(Why.CTCP_FORBIDDEN, channel.name)
        if member is not None and member.status:
            return
        if "m" in channel.modes:
            raise Refused(Why.CANNOT_SPEAK, channel.name, "the room is moderated, and you have no voice in it")
        if self.banned(user, channel):
            raise Refused(Why.CANNOT_SPEAK, channel.name, "you are banned from it")

    # Reading

    def log_for(self, user: User, target: str) -> tuple[str, str]:
        """The log that `target` means to `user`, and the target as it is spelled; for those who may read it.

        A room one is not in, a room that is not there and a nick that is not there are one answer.
        """
        folded = self.fold(target)
        bare = folded.lstrip(modes.SYMBOLS)
        if bare[:1] == "#":
            member = user.memberships.get(bare)
            if member is None or not self._may_read(member.status, folded):
                raise Refused(Why.HISTORY_HIDDEN, target)
            return folded, folded[: len(folded) - len(bare)] + member.channel.name
        other = self.users.get(folded)
        if other is None:
            return pair_log(user.identity, folded), target
        return pair_log(user.identity, other.identity), other.nick

    @staticmethod
    def _may_read(status: str, folded: str) -> bool:
        if folded[0] == "#":
            return True
        return modes.at_least(status, modes.STATUSES[modes.SYMBOLS.index(folded[0])])
