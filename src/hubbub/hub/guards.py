"""Who may come into a room, and who may speak in it. https://modern.ircdocs.horse/#channel-modes"""

from __future__ import annotations

from math import ceil

from hubbub.hub.channel import Channel, Membership
from hubbub.hub.house import House
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.user import User


class Guards(House):
    def check_door(self, user: User, channel: Channel, key: str) -> None:
        """Those who were asked in, and those whose account has a standing here, come in whatever the room's modes."""
        if user.invitations.get(channel.key) is channel or user.identity in channel.access:
            return
        if not user.admitted or user.admitted.isdisjoint({(channel.key, 0), (channel.key, channel.created)}):
            self._check_lock(user, channel, key)
        if channel.limit and len(channel.members) >= channel.limit:
            raise Refused(Why.CHANNEL_FULL, channel.name)
        if self.banned(user, channel):
            raise Refused(Why.BANNED, channel.name)

    def _check_lock(self, user: User, channel: Channel, key: str) -> None:
        """What an invite opens; it helps against no ban, since anybody may come by the same one again."""
        if channel.secret and key != channel.secret:
            raise Refused(Why.KEY_WRONG, channel.name)
        if "i" in channel.modes and not self.listed(user, channel, "I"):
            raise Refused(Why.INVITE_ONLY, channel.name)
        if "R" in channel.modes and not user.account:
            raise Refused(Why.ACCOUNT_NEEDED, channel.name)

    def check_voice(self, user: User, channel: Channel, text: str) -> None:
        member = channel.members.get(user)
        if member is None:
            self._check_outsider(user, channel)
        if "C" in channel.modes and text[:1] == "\x01" and not text.startswith("\x01ACTION"):
            raise Refused(Why.CTCP_FORBIDDEN, channel.name)
        if channel.guarded and (member is None or not member.status):
            self._check_guards(user, channel, member, text)

    def _check_outsider(self, user: User, channel: Channel) -> None:
        """They learn why, unless that would tell them of a secret room."""
        if "n" in channel.modes:
            self.channel_for(user, channel.name)
            raise Refused(Why.CANNOT_SPEAK, channel.name, "only those in the room may speak in it")
        if channel.ends:  # the words would stand in the log behind its end: heard by nobody, or in another's room
            raise Refused(Why.NO_SUCH_CHANNEL, channel.name)

    def _check_guards(self, user: User, channel: Channel, member: Membership | None, text: str) -> None:
        if "m" in channel.modes:
            raise Refused(Why.CANNOT_SPEAK, channel.name, "the room is moderated, and you have no voice in it")
        if "M" in channel.modes and not user.account:
            raise Refused(Why.CANNOT_SPEAK, channel.name, "only those who are logged in may speak in it (+M)")
        if self.banned(user, channel, speaking=True):
            why = "you are banned from it" if self.banned(user, channel) else "you are muted in it"
            raise Refused(Why.CANNOT_SPEAK, channel.name, why)
        if any(pattern.finds(text) for pattern in channel.filters):
            raise Refused(Why.CANNOT_SPEAK, channel.name, "the room does not want to hear that; say it otherwise")
        if channel.pace and text:
            self._check_pace(channel, member)

    def _check_pace(self, channel: Channel, member: Membership | None) -> None:
        """Slow mode. It counts by the clock that never goes back, and is forgotten with the membership."""
        if member is None:
            raise Refused(Why.CANNOT_SPEAK, channel.name, "only those in the room may speak while it is slow (+W)")
        left = member.spoke + channel.pace - self.seconds()
        if left > 0:
            raise Refused(Why.CANNOT_SPEAK, channel.name, f"it is slow (+W): wait {ceil(left)} more seconds")
        member.spoke = self.seconds()
