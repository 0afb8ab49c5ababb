"""What every change to an owned room has in common: it is remembered, and it stands in the audit log."""

from __future__ import annotations

from collections.abc import Callable

from hubbub.hub.channel import Channel
from hubbub.hub.deeds import facts_between, sketch_of
from hubbub.hub.events import AUDIT, Fact
from hubbub.hub.holdings import Holdings
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.hub.staying import Staying
from hubbub.hub.user import User


class Tenure(Staying, Holdings):
    def rules_in(self, user: User, channel: Channel, letter: str) -> bool:
        """Whether they rank as high as `letter` there, or may rule rooms of others."""
        return channel.ranks(user, letter) or can(user, Right.RULE_ROOM, channel)

    def owns(self, user: User, channel: Channel) -> bool:
        """Whether it is theirs, or they may rule rooms of others."""
        return self.is_owner(user, channel) or can(user, Right.RULE_ROOM, channel)

    def ruled_by(self, user: User, name: str, letter: str) -> Channel:
        """The room, for somebody who rules in it: from inside, or by what their account or their role gives them."""
        channel = self.channel_for(user, name)
        if self.rules_in(user, channel, letter):
            return channel
        raise Refused(Why.NOT_OPERATOR if user in channel.members else Why.NOT_ON_CHANNEL, channel.name)

    def logs_of(self, channel: Channel, user: User) -> tuple[str, ...]:
        """Where it is kept what `user` does to a room: in the audit log, too, if it is not a room of the moment."""
        foreign = not channel.ranks(user, "h") and can(user, Right.RULE_ROOM, channel)
        return (channel.key, AUDIT) if channel.owner or foreign else (channel.key,)

    def recording(self, channel: Channel, change: Callable[[Channel], object]) -> tuple[Fact, ...]:
        """What `change` makes to be remembered of the room: nothing, as long as nobody owns it."""
        if not channel.owner:
            return ()
        after = sketch_of(channel)
        change(after)
        return facts_between(channel, after)

    @staticmethod
    def is_owner(user: User, channel: Channel) -> bool:
        return bool(channel.owner) and user.identity == channel.owner
