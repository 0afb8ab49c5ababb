"""Rooms that belong to somebody, and what is known about rooms and people: what entries do to them. Part of the intake.

The same changes are made to a sketch of a room when a request asks what would have to be remembered, and to the room
itself when the entry is taken in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush
from typing import Final

from msgspec import json

from hubbub.hub.channel import NOBODY, Access, Audience, Channel, by_look
from hubbub.hub.deeds import FILTER, facts_between, rooms_of, set_setting, sketch_of
from hubbub.hub.events import (
    AUDIT,
    AccessChanged,
    Fact,
    MetadataChanged,
    ModeChange,
    ModesChanged,
    OwnerChanged,
    Ranked,
    RoomRenamed,
    SettingChanged,
    Who,
)
from hubbub.hub.house import House
from hubbub.hub.user import User, without

METADATA: Final = "metadata"
"""The scope of facts about rooms and accounts, keyed by folded name, in which each key of metadata is a field."""

FORMER_MAX: Final = 5
"""Names that lead to one room: nobody keeps names from others by giving them up."""


class Holdings(House):
    # After a restart

    def restore(self, facts: Iterable[Fact]) -> None:
        """Owned rooms are there again, with nobody in them yet, and what is known about them and about accounts."""
        facts = list(facts)
        for channel in rooms_of(facts):
            self.channels[channel.key] = channel
            self._lead(channel)
            self.note_ends(channel)
        for fact in facts:
            if fact.scope == METADATA and fact.value is not None:
                self._known_about(fact.key)[fact.field] = json.decode(fact.value, type=str)

    def _known_about(self, key: str) -> dict[str, str]:
        channel = self.channels.get(key)
        return channel.metadata if channel is not None else self.profiles.setdefault(key, {})

    # What changes

    def own(self, channel: Channel, account: str) -> None:
        """It belongs to that account, "" for none; who had it before stays its operator."""
        if account:
            channel.owner = self.fold(account)
            channel.access[channel.owner] = Access(account, "o")
        else:
            channel.owner, channel.former = "", ()
            channel.access.clear()
            channel.settings.clear()
            set_setting(channel, FILTER, "")

    def give(self, channel: Channel, account: str, status: str) -> None:
        if status:
            channel.access[self.fold(account)] = Access(account, status)
        else:
            channel.access.pop(self.fold(account), None)

    def call_room(self, channel: Channel, name: str, key: str) -> None:
        """It is called `name`; of an owned one, the latest names that it had before are kept."""
        if channel.owner and key != channel.key:
            former = (*(old for old in channel.former if self.fold(old) != key), channel.name)
            channel.former = former[-FORMER_MAX:]
        channel.name, channel.key = name, key

    def _lead(self, channel: Channel) -> None:
        """The names that it had before lead to it."""
        self.forwards.update((self.fold(name), channel.name) for name in channel.former)

    def _lead_no_more(self, channel: Channel) -> None:
        self.forwards = {old: to for old, to in self.forwards.items() if self.fold(to) != channel.key}

    # Entries

    def _owner_changed(self, event: OwnerChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is None and event.owner and event.facts:  # what is remembered is there
            channel = self.channels[event.logs[0]] = Channel(event.channel, event.logs[0], at)
        if channel is None:
            return NOBODY
        self.own(channel, event.owner)
        if not event.owner:
            self._lead_no_more(channel)
            if not channel.members:
                del self.channels[channel.key]
        return channel.audience()

    def _access_changed(self, event: AccessChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is not None and channel.owner:
            self.give(channel, event.account, event.status)
        return NOBODY

    def _setting_changed(self, event: SettingChanged, at: int) -> Audience:
        channel = self.channels.get(event.logs[0])
        if channel is not None and channel.owner:
            set_setting(channel, event.name, event.value)
        return NOBODY

    def _room_renamed(self, event: RoomRenamed, at: int) -> Audience:
        old = event.logs[0]
        channel = self.channels.get(old)
        if channel is None or (event.key != old and event.key in self.channels):
            return NOBODY
        self._lead_no_more(channel)
        self.call_room(channel, event.name, event.key)
        self._lead(channel)
        self.channels[event.key] = self.channels.pop(old)
        self.markers.relocate(old, event.key)
        self.invites.take(event.facts)
        for user in channel.members:
            user.memberships[event.key] = user.memberships.pop(old)
        for user in self.users.values():
            if user.invitations.get(old) is channel:
                user.invitations = {**without(user.invitations, old), event.key: channel}
            if user.admitted:
                user.admitted = frozenset((event.key if room == old else room, at) for room, at in user.admitted)
        return channel.audience()

    def _metadata_changed(self, event: MetadataChanged, at: int) -> Audience:
        """Those hear it who notice the room or the person, on the sessions that asked for this key."""
        channel = self.channels.get(self.fold(event.target))
        user = self.users.get(self.fold(event.target))
        if channel is not None:
            known, audience = channel.metadata, channel.audience()
        elif user is not None:
            known, audience = self.profiles.setdefault(user.identity, {}), self._curious(user)
        else:
            return NOBODY
        if event.value is None:
            known.pop(event.key, None)
        else:
            known[event.key] = event.value
        return by_look(s for sessions in audience.values() for s in sessions if event.key in s.heeds)

    def _curious(self, user: User) -> Audience:
        """All around them, and those who watch for them."""
        near = (session for neighbour in self.neighbours(user) for session in neighbour.sessions)
        return by_look(dict.fromkeys((*near, *self.watch.watchers(user.key))))

    def _ranked(self, event: Ranked, at: int) -> Audience:
        channel = self.channels.get(self.fold(event.channel))
        return channel.audience() if channel is not None else NOBODY

    # Lines of lists that end by themselves

    def note_ends(self, channel: Channel) -> None:
        """Some of its lines may have an end that nobody waits for yet."""
        for letter, lines in channel.lists.items():
            for key, line in lines.items():
                if line.until and (note := (line.until, channel.name, letter, key)) not in self.ends:
                    heappush(self.ends, note)

    def over(self, now: int) -> Iterator[ModesChanged]:
        """What the server takes off lists because its time is over at `now` (ms)."""
        while self.ends and self.ends[0][0] <= now:
            until, name, letter, key = heappop(self.ends)
            channel = self.channels.get(self.fold(name))
            line = channel.lists[letter].get(key) if channel is not None else None
            if channel is not None and line is not None and line.until == until:
                yield self._ended(channel, ModeChange(False, letter, line.mask))

    def _ended(self, channel: Channel, change: ModeChange) -> ModesChanged:
        facts: tuple[Fact, ...] = ()
        if channel.owner:
            after = sketch_of(channel)
            after.lists[change.letter].pop(self.fold(change.argument), None)
            facts = facts_between(channel, after)
        logs = (channel.key, AUDIT) if channel.owner else (channel.key,)
        return ModesChanged(Who(self.rules.server_name), logs, channel.name, (change,), facts=facts)


def moved(channel: Channel, key: str) -> tuple[Fact, ...]:
    """What is known about a room goes with it when it is called otherwise."""
    gone = tuple(Fact(METADATA, channel.key, name, None) for name in channel.metadata)
    return gone + known_facts(key, channel.metadata) if key != channel.key else ()


def known_facts(key: str, known: dict[str, str]) -> tuple[Fact, ...]:
    return tuple(Fact(METADATA, key, name, json.encode(value).decode()) for name, value in known.items())


def known_fact(key: str, name: str, value: str | None) -> Fact:
    return Fact(METADATA, key, name, None if value is None else json.encode(value).decode())


def identity_of(user: User) -> str:
    """Under which key is remembered what is known about them; "" for guests, whose things go with them."""
    return user.identity if user.account else ""
