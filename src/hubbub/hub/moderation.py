"""What operators ask of a room: kick, topic, invite, modes."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec.structs import replace

from hubbub.hub import modes
from hubbub.hub.channel import Channel, Listed
from hubbub.hub.events import Fact, Invited, Kicked, ModeChange, ModesChanged, TopicChanged, Who
from hubbub.hub.listings import canonical
from hubbub.hub.modes import Kind, Mode
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.tenure import Tenure
from hubbub.hub.user import User


class Moderation(Tenure):
    def kick(self, user: User, name: str, nick: str, text: str) -> Kicked:
        channel = self.ruled_by(user, name, "h")
        other = self.member(channel, nick)
        if self._stands_above(other, user, channel):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        reason, facts = text[: self.rules.kick_length], self.leaving(other, channel.key)
        return Kicked(user.who, self.logs_of(channel, user), channel.name, other.nick, reason, facts=facts)

    def _stands_above(self, other: User, user: User, channel: Channel) -> bool:
        """Half an operator does not put an operator out, and nobody puts the owner out of their room but themselves."""
        if self.is_owner(other, channel):
            return not self.owns(user, channel)
        return channel.ranks(other, "o") and not self.rules_in(user, channel, "o")

    def topic(self, user: User, name: str, text: str) -> TopicChanged:
        channel = self.channel_for(user, name)
        ruling = self.rules_in(user, channel, "h")
        if user not in channel.members and not ruling:
            raise Refused(Why.NOT_ON_CHANNEL, channel.name)
        if "t" in channel.modes and not ruling:
            raise Refused(Why.NOT_OPERATOR, channel.name)
        text = text[: self.rules.topic_length]
        facts = self.recording(channel, lambda room: room.set_topic(text, user.who.mask, 0))
        return TopicChanged(user.who, self.logs_of(channel, user), channel.name, text, facts=facts)

    def invite(self, user: User, nick: str, name: str) -> Invited:
        channel = self.channel_for(user, name)
        if user not in channel.members and not channel.standing(user):
            raise Refused(Why.NOT_ON_CHANNEL, channel.name)
        other = self.user(nick)
        if other in channel.members:
            raise Refused(Why.ALREADY_THERE, other.nick, channel.name)
        if "i" in channel.modes and not channel.ranks(user, "o"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return Invited(user.who, (), channel.name, other.nick, opens=channel.ranks(user, "o"))

    def change_modes(
        self, user: User, name: str, wanted: Iterable[ModeChange]
    ) -> tuple[ModesChanged | None, list[Refused]]:
        """What of `wanted` can be done and changes anything, as one event, and why the rest cannot."""
        channel = self.channel_for(user, name)
        granted: list[ModeChange] = []
        refused: list[Refused] = []
        for change in self._last_words(wanted):
            try:
                granted += self._mode(user, channel, change)
            except Refused as no:
                refused.append(no)
        return (self._modes_changed_by(user, channel, granted) if granted else None), _once(refused)

    def _modes_changed_by(self, user: User, channel: Channel, granted: list[ModeChange]) -> ModesChanged:
        facts = self._seats(channel, granted) + self.recording(channel, lambda room: self.take(room, user.who, granted))
        return ModesChanged(user.who, self.logs_of(channel, user), channel.name, tuple(granted), facts=facts)

    def take(self, channel: Channel, who: Who, changes: Iterable[ModeChange], at: int = 0) -> None:
        """Take the changes in that are not about members."""
        for change in changes:
            listed = Listed(change.argument, who.mask, at, change.reason, change.until)
            channel.set_mode(change, self.fold(change.argument), listed)

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
                return self.fold(canonical(change.argument, self.rules.normalise))
        return ""

    def _mode(self, user: User, channel: Channel, change: ModeChange) -> list[ModeChange]:
        """The change as it will be told, or nothing where it stands already."""
        mode = modes.CHANNEL_MODES.get(change.letter)
        if mode is None:
            raise Refused(Why.MODE_UNKNOWN, change.letter)
        rank = "h" if mode.letter == "v" else "o"
        if not self.rules_in(user, channel, rank) and not self._own(user, channel, change):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        argument = self._argument(user, channel, mode, change)
        return [] if argument is None else [replace(change, argument=argument)]

    def _own(self, user: User, channel: Channel, change: ModeChange) -> bool:
        """Whether it is a letter that their account has here, given to or taken from themselves."""
        return change.letter in channel.standing(user) and self.fold(change.argument) == user.key

    def _argument(self, user: User, channel: Channel, mode: Mode, change: ModeChange) -> str | None:
        """The argument as it will be told; None where the change would change nothing."""
        match mode.kind:
            case Kind.FLAG:
                return None if (mode.letter in channel.modes) == change.adding else ""
            case Kind.LIMIT if mode.letter == "f":
                return self._forward(user, channel, change)
            case Kind.LIMIT:
                return self._number(channel, change)
            case Kind.KEY:
                return self._key(channel, change)
            case Kind.LIST:
                return self._listed(channel, change)
            case Kind.STATUS:
                return self._status(user, channel, change)

    def _number(self, channel: Channel, change: ModeChange) -> str | None:
        """How many may be in, or how many seconds to wait."""
        held, most = channel.argument(change.letter), _MOST[change.letter]
        if not change.adding:
            return "" if held else None
        given = change.argument
        if not (given.isascii() and given.isdigit() and 0 < int(given) <= most):
            wants = f"a whole number above 0 and up to {most}"
            raise Refused(Why.MODE_ARGUMENT, channel.name, change.letter, given, wants)
        return None if held == str(int(given)) else str(int(given))

    def _forward(self, user: User, channel: Channel, change: ModeChange) -> str | None:
        """Another room, in which they have a say, too: nobody is sent to people who did not ask for them."""
        if not change.adding:
            return "" if channel.forward else None
        other = self.channels.get(self.fold(change.argument))
        if other is None or other is channel or not other.visible_to(user):
            wants = "expected another channel that exists"
            raise Refused(Why.MODE_ARGUMENT, channel.name, change.letter, change.argument, wants)
        if not self.rules_in(user, other, "o"):
            raise Refused(Why.NOT_OPERATOR, other.name)
        return None if channel.forward == other.name else other.name

    def _key(self, channel: Channel, change: ModeChange) -> str | None:
        if not change.adding:
            return "*" if channel.secret else None  # whoever takes it off need not have known it
        key = change.argument
        if not key or len(key) > self.rules.key_length or any(c in " ,:" or not c.isprintable() for c in key):
            wants = f"a key is up to {self.rules.key_length} visible characters without comma or colon"
            # What cannot be a key may also not be a word on a line: it is not said back.
            raise Refused(Why.MODE_ARGUMENT, channel.name, change.letter, "*", wants)
        return None if channel.secret == key else key

    def _listed(self, channel: Channel, change: ModeChange) -> str | None:
        mask = canonical(change.argument, self.rules.normalise)
        known = channel.lists[change.letter].get(self.fold(mask))
        if not change.adding:
            return mask if known else None
        if known is not None:
            return known.mask if (change.reason or change.until) and not _same_terms(known, change) else None
        if sum(map(len, channel.lists.values())) >= self.rules.list_entries:
            raise Refused(Why.LIST_FULL, channel.name, change.letter)
        return mask

    def _status(self, user: User, channel: Channel, change: ModeChange) -> str | None:
        other = self.member(channel, change.argument)
        held = change.letter in channel.status(other)
        if (
            change.letter == "o"
            and not change.adding
            and other is not user
            and self._stands_above(other, user, channel)
        ):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return None if held == change.adding else other.nick

    def member(self, channel: Channel, nick: str) -> User:
        """Somebody in the room; not under a nick that they are on their way out of, which would miss them."""
        other = self.user(nick)
        if any(user is other and key != other.key for key, user in self.claims.items()):
            raise Refused(Why.NO_SUCH_NICK, nick)
        if other not in channel.members:
            raise Refused(Why.NOT_THERE, other.nick, channel.name)
        return other


_MOST: Final = {"l": 2**31 - 1, "W": 21_600}
"""The greatest arguments: nobody is made to wait longer than six hours."""


def _same_terms(listed: Listed, change: ModeChange) -> bool:
    return (listed.reason, listed.until) == (change.reason, change.until)


def _once(refused: list[Refused]) -> list[Refused]:
    """Each answer once: ten modes without the right to any are one refusal."""
    return list({(no.why, no.about): no for no in refused}.values())
