"""What operators ask of a room: kick, topic, invite, modes."""

from __future__ import annotations

from collections.abc import Iterable

from hubbub.hub import modes
from hubbub.hub.channel import Channel
from hubbub.hub.events import Fact, Invited, Kicked, ModeChange, ModesChanged, TopicChanged
from hubbub.hub.modes import Kind, Mode
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.staying import Staying
from hubbub.hub.user import User


class Moderation(Staying):
    def kick(self, user: User, name: str, nick: str, text: str) -> Kicked:
        channel = self._ruled_by(user, name, "h")
        other = self._member(channel, nick)
        if channel.ranks(other, "o") and not channel.ranks(user, "o"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        reason, facts = text[: self.rules.kick_length], self.leaving(other, channel.key)
        return Kicked(user.who, (channel.key,), channel.name, other.nick, reason, facts=facts)

    def topic(self, user: User, name: str, text: str) -> TopicChanged:
        channel = self.channel_of(user, name)
        if "t" in channel.modes and not channel.ranks(user, "h"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return TopicChanged(user.who, (channel.key,), channel.name, text[: self.rules.topic_length])

    def invite(self, user: User, nick: str, name: str) -> Invited:
        channel = self.channel_of(user, name)
        other = self.user(nick)
        if other in channel.members:
            raise Refused(Why.ALREADY_THERE, other.nick, channel.name)
        if "i" in channel.modes and not channel.ranks(user, "o"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return Invited(user.who, (), channel.name, other.nick)

    def change_modes(
        self, user: User, name: str, wanted: Iterable[ModeChange]
    ) -> tuple[ModesChanged | None, list[Refused]]:
        """What of `wanted` can be done and changes anything, as one event, and why the rest cannot."""
        channel = self.channel(name)
        granted: list[ModeChange] = []
        refused: list[Refused] = []
        for change in self._last_words(wanted):
            try:
                granted += self._mode(user, channel, change)
            except Refused as no:
                refused.append(no)
        facts = self._seats(channel, granted)
        event = ModesChanged(user.who, (channel.key,), channel.name, tuple(granted), facts=facts) if granted else None
        return event, _once(refused)

    def _seats(self, channel: Channel, granted: Iterable[ModeChange]) -> tuple[Fact, ...]:
        """The statuses that outlast a restart: those of members who stay."""
        facts: tuple[Fact, ...] = ()
        statuses: dict[User, str] = {}
        for change in granted:
            if modes.CHANNEL_MODES[change.letter].kind is Kind.STATUS:
                other = self.user(change.argument)
                held = statuses.get(other, channel.status(other)).replace(change.letter, "")
                statuses[other] = modes.highest_first(held + change.letter) if change.adding else held
        for other, status in statuses.items():
            facts += self.entering(other, channel.key, channel.name, status)
        return facts

    def _last_words(self, wanted: Iterable[ModeChange]) -> Iterable[ModeChange]:
        """Where a line changes one thing twice (`+i-i`), the last counts: each is judged by the room as it is now."""
        return {(change.letter, self._concerns(change)): change for change in wanted}.values()

    def _concerns(self, change: ModeChange) -> str:
        """Which member, or which line of a list; "" for modes that a room has once."""
        mode = modes.CHANNEL_MODES.get(change.letter)
        match mode and mode.kind:
            case Kind.STATUS:
                return self.fold(change.argument)
            case Kind.LIST:
                return self.fold(self.rules.normalise(change.argument))
        return ""

    def _mode(self, user: User, channel: Channel, change: ModeChange) -> list[ModeChange]:
        """The change as it will be told, or nothing where it stands already."""
        mode = modes.CHANNEL_MODES.get(change.letter)
        if mode is None:
            raise Refused(Why.MODE_UNKNOWN, change.letter, channel.name)
        if not channel.ranks(user, "h" if mode.letter == "v" else "o"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        argument = self._argument(channel, mode, change)
        return [] if argument is None else [ModeChange(change.adding, mode.letter, argument)]

    def _argument(self, channel: Channel, mode: Mode, change: ModeChange) -> str | None:
        """The argument as it will be told; None where the change would change nothing."""
        match mode.kind:
            case Kind.FLAG:
                return None if (mode.letter in channel.modes) == change.adding else ""
            case Kind.LIMIT:
                return self._limit(channel, change)
            case Kind.KEY:
                return self._key(channel, change)
            case Kind.LIST:
                return self._listed(channel, change)
            case Kind.STATUS:
                return self._status(channel, change)

    def _limit(self, channel: Channel, change: ModeChange) -> str | None:
        if not change.adding:
            return "" if channel.limit else None
        if not (change.argument.isascii() and change.argument.isdigit() and 0 < int(change.argument) < 2**31):
            wants = "a limit is a whole number above 0"
            raise Refused(Why.MODE_ARGUMENT, channel.name, change.letter, change.argument, wants)
        return None if channel.limit == int(change.argument) else str(int(change.argument))

    def _key(self, channel: Channel, change: ModeChange) -> str | None:
        if not change.adding:
            return channel.secret or None
        key = change.argument
        if not key or len(key) > self.rules.key_length or any(c in " ,:" or not c.isprintable() for c in key):
            wants = f"a key is up to {self.rules.key_length} visible characters without comma or colon"
            # What cannot be a key may also not be a word on a line: it is not said back.
            raise Refused(Why.MODE_ARGUMENT, channel.name, change.letter, "*", wants)
        return None if channel.secret == key else key

    def _listed(self, channel: Channel, change: ModeChange) -> str | None:
        mask = self.rules.normalise(change.argument)
        listed = channel.lists[change.letter]
        known = self.fold(mask) in listed
        if change.adding and not known and sum(map(len, channel.lists.values())) >= self.rules.list_entries:
            raise Refused(Why.LIST_FULL, channel.name, change.letter)
        return None if known == change.adding else mask

    def _status(self, channel: Channel, change: ModeChange) -> str | None:
        other = self._member(channel, change.argument)
        held = change.letter in channel.status(other)
        return None if held == change.adding else other.nick

    def _ruled_by(self, user: User, name: str, letter: str) -> Channel:
        channel = self.channel_of(user, name)
        if not channel.ranks(user, letter):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return channel

    def _member(self, channel: Channel, nick: str) -> User:
        """Somebody in the room; not under a nick that they are on their way out of, which would miss them."""
        other = self.user(nick)
        if any(user is other and key != other.key for key, user in self.claims.items()):
            raise Refused(Why.NO_SUCH_NICK, nick)
        if other not in channel.members:
            raise Refused(Why.NOT_THERE, other.nick, channel.name)
        return other


def _once(refused: list[Refused]) -> list[Refused]:
    """Each answer once: ten modes without the right to any are one refusal."""
    return list({(no.why, no.about): no for no in refused}.values())
