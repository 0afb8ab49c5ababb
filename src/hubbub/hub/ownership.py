"""What owners ask of a room: to have it, to give it away, who else has a say in it, how it is called and set."""

from __future__ import annotations

from contextlib import suppress

from hubbub.hub import modes
from hubbub.hub.channel import Access, Channel
from hubbub.hub.deeds import facts_between, set_setting, sketch_of
from hubbub.hub.events import AUDIT, AccessChanged, Fact, OwnerChanged, RoomRenamed, SettingChanged, Who
from hubbub.hub.holdings import known_fact, known_facts, moved
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.settings import SETTINGS
from hubbub.hub.tenure import Tenure
from hubbub.hub.user import User

ACCESS_MAX = 200
"""Accounts with letters in one room: all are read at each start."""


class Ownership(Tenure):
    def register_room(self, user: User, name: str) -> OwnerChanged:
        """The room is theirs from now on, if they run it and nobody owns it."""
        channel = self.channel_of(user, name)
        if not user.account:
            raise Refused(Why.ACCOUNT_NEEDED, channel.name)
        if channel.owner:
            raise Refused(Why.OWNED_ALREADY, channel.name)
        if not channel.ranks(user, "o"):
            raise Refused(Why.NOT_OPERATOR, channel.name)
        if len(self.rooms_of(user.identity)) >= self.rules.rooms_per_account:
            raise Refused(Why.TOO_MANY_ROOMS, channel.name)
        return self._owned_by(user, channel, user.account)

    def founding(self, user: User, name: str) -> OwnerChanged | None:
        """What follows a join that made the room, where the house gives rooms to who makes them."""
        if not self.rules.makers_own:
            return None
        with suppress(Refused):  # guests own nothing, and nobody all: then it is a room of the moment
            return self.register_room(user, name)
        return None

    def give_house_room(self, name: str, account: str) -> OwnerChanged | None:
        """For who runs the server: it belongs to `account`, and may be one that is not there yet.

        None where it belongs to somebody, under this name or another.
        """
        key = self.fold(name)
        channel = self.channels.get(key) or Channel(name, key, created=0)
        if channel.owner or key in self.forwards:
            return None
        return self._given(Who(self.rules.server_name), channel, account)

    def transfer_room(self, user: User, name: str, account: str) -> OwnerChanged:
        """It belongs to `account`, which somebody has looked up, from now on; who gave it stays its operator."""
        channel = self._owned(user, name)
        if len(self.rooms_of(self.fold(account))) >= self.rules.rooms_per_account:
            raise Refused(Why.TOO_MANY_ROOMS, channel.name)
        return self._owned_by(user, channel, account)

    def drop_room(self, user: User, name: str) -> OwnerChanged:
        return self._owned_by(user, self._owned(user, name), "")

    def rooms_of(self, identity: str) -> list[Channel]:
        """The rooms that an account owns."""
        return [channel for channel in self.channels.values() if channel.owner == identity]

    def grant(self, user: User, name: str, account: str, status: str) -> AccessChanged | None:
        """Letters for whoever is logged in as `account`, "" to take them away; None where they have just those.

        The owner gives all; operators give what is less than their own.
        """
        channel = self.owned_room(user, name)
        identity = self.fold(account)
        held = channel.access.get(identity, Access(account, ""))
        self._check_giving(user, channel, identity, status + held.status)
        if status == held.status:
            return None
        if not held.status and len(channel.access) >= ACCESS_MAX:
            raise Refused(Why.LIST_FULL, channel.name, "access")
        facts = self.recording(channel, lambda room: self.give(room, account, status))
        return AccessChanged(user.who, (channel.key, AUDIT), channel.name, held.account, status, facts=facts)

    def _check_giving(self, user: User, channel: Channel, identity: str, letters: str) -> None:
        if self.owns(user, channel):
            allowed = identity != channel.owner  # who owns it has all, until they give it away
        else:
            own = modes.STATUSES.index((channel.standing(user) or modes.STATUSES[-1])[0])
            allowed = bool(channel.standing(user)) and all(modes.STATUSES.index(letter) > own for letter in letters)
        if not allowed:
            raise Refused(Why.NOT_OWNER, channel.name)

    def set_room(self, user: User, name: str, setting: str, value: str) -> SettingChanged | None:
        """None where it is set so already."""
        channel = self._owned(user, name)
        row = SETTINGS.get(setting)
        if row is None:
            known = ", ".join(SETTINGS)
            raise Refused(Why.SETTING_ILLEGAL, channel.name, setting or "*", f"expected one of these settings: {known}")
        try:
            read = row.read(value)
        except ValueError as wrong:
            raise Refused(Why.SETTING_ILLEGAL, channel.name, setting, str(wrong)) from None
        if channel.settings.get(setting, "") == read:
            return None
        facts = self.recording(channel, lambda room: set_setting(room, setting, read))
        return SettingChanged(user.who, (channel.key, AUDIT), channel.name, setting, read, facts=facts)

    def rename_room(self, user: User, name: str, wanted: str, text: str) -> RoomRenamed:
        """All of the room goes on under the name `wanted`; of an owned one, the old name leads there."""
        channel = self.ruled_by(user, name, "o")
        key = self.fold(wanted)
        if channel.owner and not self.owns(user, channel):
            raise Refused(Why.NOT_OWNER, channel.name)
        if key != channel.key and (key in self.channels or self._leads_elsewhere(key, channel)):
            raise Refused(Why.NAME_IN_USE, channel.name, wanted)
        if not self.rules.legal_channel(wanted) or wanted == channel.name:
            why = "a channel is # and visible characters without comma and colon, and not what it is called already"
            raise Refused(Why.CANNOT_RENAME, channel.name, wanted, why)
        facts = self._renaming(channel, wanted, key)
        logs, text = self.logs_of(channel, user), text[: self.rules.kick_length]
        return RoomRenamed(user.who, logs, channel.name, wanted, key, text, facts=facts)

    def _leads_elsewhere(self, key: str, channel: Channel) -> bool:
        leads_to = self.forwards.get(key)
        return leads_to is not None and self.fold(leads_to) != channel.key

    def _renaming(self, channel: Channel, wanted: str, key: str) -> tuple[Fact, ...]:
        facts: tuple[Fact, ...] = ()
        for member in channel.members.values():
            if key != channel.key:
                facts += self.leaving(member.user, channel.key)
            facts += self.entering(member.user, key, wanted, member.status)
        if key != channel.key:
            facts += self.markers.relocating(channel.key, key)
        facts += self.invites.relocating(channel.name, wanted)
        if channel.owner:
            facts += self.recording(channel, lambda room: self.call_room(room, wanted, key)) + moved(channel, key)
        return facts

    def _owned_by(self, user: User, channel: Channel, account: str) -> OwnerChanged:
        return self._given(user.who, channel, account)

    def _given(self, who: Who, channel: Channel, account: str) -> OwnerChanged:
        after = sketch_of(channel)
        self.own(after, account)
        facts = facts_between(channel, after)
        if not account:
            facts += tuple(known_fact(channel.key, name, None) for name in channel.metadata)
        elif not channel.owner:
            facts += known_facts(channel.key, channel.metadata)
        return OwnerChanged(who, (channel.key, AUDIT), channel.name, account, facts=facts)

    def _owned(self, user: User, name: str) -> Channel:
        """A room, for its owner."""
        channel = self.owned_room(user, name)
        if not self.owns(user, channel):
            raise Refused(Why.NOT_OWNER, channel.name)
        return channel

    def owned_room(self, user: User, name: str) -> Channel:
        """A room that somebody owns."""
        channel = self.channel_for(user, name)
        if not channel.owner:
            raise Refused(Why.NOT_OWNED, channel.name)
        return channel
