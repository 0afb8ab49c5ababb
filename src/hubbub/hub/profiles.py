"""What people let be known about themselves and their rooms, by key. https://ircv3.net/specs/extensions/metadata"""

from __future__ import annotations

from collections.abc import Mapping

from hubbub.hub.events import MetadataChanged, Who
from hubbub.hub.holdings import identity_of, known_fact
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.tenure import Tenure
from hubbub.hub.user import User

KEYS_MAX = 20
"""Keys of one person or room: who comes into a room is told those of everybody there that they asked for."""


class Profiles(Tenure):
    def known(self, user: User, target: str) -> tuple[str, Mapping[str, str]]:
        """How `target`, a room or a nick, is spelled, and what `user` may know about it."""
        if target[:1] != "#":
            other = self.user(target)
            return other.nick, self.known_about(other)
        channel = self.channel_for(user, target)
        if user not in channel.members and not channel.standing(user):
            raise Refused(Why.METADATA_HIDDEN, channel.name, "*")
        return channel.name, channel.metadata

    def known_about(self, user: User) -> Mapping[str, str]:
        return self.profiles.get(user.identity, {})

    def set_metadata(self, user: User, target: str, key: str, value: str | None) -> MetadataChanged | None:
        """One key of oneself or of a room one runs, None to remove it; None where it is so already."""
        name, known, remembered = self._settable(user, target, key)
        if known.get(key) == value:
            return None
        if value is not None and key not in known and len(known) >= KEYS_MAX:
            raise Refused(Why.METADATA_FULL, name, str(KEYS_MAX))
        facts = (known_fact(remembered, key, value),) if remembered else ()
        return MetadataChanged(Who(self.rules.server_name), (), name, key, value, facts=facts)

    def clear_metadata(self, user: User, target: str) -> tuple[str, list[MetadataChanged]]:
        """How it is spelled, and an event for each key that is removed."""
        name, known, _ = self._settable(user, target, "*")
        events = (self.set_metadata(user, target, key, None) for key in sorted(known))
        return name, [event for event in events if event is not None]

    def _settable(self, user: User, target: str, key: str) -> tuple[str, Mapping[str, str], str]:
        """How it is spelled, what is known, and the key under which it is remembered, "" where it is not."""
        if target[:1] != "#":
            other = self.user(target)
            if other is not user:
                raise Refused(Why.METADATA_HIDDEN, other.nick, key)
            return other.nick, self.known_about(other), identity_of(other)
        channel = self.channel_for(user, target)
        if not self.rules_in(user, channel, "o"):
            raise Refused(Why.METADATA_HIDDEN, channel.name, key)
        return channel.name, channel.metadata, channel.key if channel.owner else ""
