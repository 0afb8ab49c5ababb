"""What is asked of invites: to make one, to take one back, to come in by one."""

from __future__ import annotations

from msgspec.structs import replace

from hubbub.hub.channel import Channel
from hubbub.hub.events import AUDIT, Fact, InviteMade, InviteRevoked, InviteUsed, Who
from hubbub.hub.invites import LASTS_MAX, USES_MAX, Invite, Terms, fact_of, no_fact
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, can
from hubbub.hub.tenure import Tenure
from hubbub.hub.user import User


class Inviting(Tenure):
    def make_invite(self, user: User, code: str, room: str, terms: Terms) -> InviteMade:
        """`code` is new and cannot be guessed; `room` is "" for the house alone."""
        house = can(user, Right.INVITE) or (self.rules.members_invite and bool(user.account))
        if not room and not house:
            raise Refused(Why.NOT_PERMITTED, f"You may not {Right.INVITE.value} to this server")
        channel = self._hosted(user, room) if room else None
        if sum(invite.identity == user.identity for invite in self.invites.holding(terms.now)) >= self.rules.invites:
            raise Refused(Why.INVITE_ILLEGAL, f"You have {self.rules.invites} invites; take one back first")
        name, since = (channel.name, channel.created) if channel is not None else ("", 0)
        invite = Invite(code, name, since, house, user.account or user.nick, user.identity, terms.now)
        return self._made(user.who, invite, terms)

    def make_house_invite(self, code: str, room: str, terms: Terms) -> InviteMade:
        """The same for who runs the server; the room may be one that is not there yet."""
        if room and not self.rules.legal_channel(room):
            raise Refused(Why.CHANNEL_ILLEGAL, room)
        channel = self.channels.get(self.fold(room))
        name, since = (channel.name, channel.created) if channel is not None else (room, 0)
        server = self.rules.server_name
        return self._made(Who(server), Invite(code, name, since, True, server, "", terms.now), terms)

    def revoke_invite(self, user: User | None, code: str, now: int) -> InviteRevoked:
        """By whoever may see it; None is who runs the server. To others it is as good as unknown."""
        invite = self.invites.find(code)
        if invite is None or (user is not None and not self._may_see(user, invite)):
            raise Refused(Why.INVITE_UNKNOWN, code)
        trouble = invite.trouble(now)
        if trouble:
            raise Refused(Why.INVITE_OVER, code, trouble)
        who = user.who if user is not None else Who(self.rules.server_name)
        facts = fact_of(replace(invite, revoked=now))
        return InviteRevoked(who, (AUDIT,), code, invite.room, facts=(facts,))

    def use_invite(self, who: Who, code: str, guest: str, now: int) -> InviteUsed | None:
        """`guest` marks somebody who, coming again, is not counted again; "" marks nobody. None for who does."""
        invite = self.known_invite(code, guest, now)
        after = invite.used_by(guest, now)
        if after == invite:
            return None
        return InviteUsed(who, (AUDIT,), code, invite.room, facts=(fact_of(after),))

    def known_invite(self, code: str, guest: str, now: int) -> Invite:
        """One that holds. Raises `Refused`."""
        invite = self.invites.find(code)
        if invite is None:
            raise Refused(Why.INVITE_UNKNOWN, code)
        trouble = invite.trouble(now, guest)
        if trouble:
            raise Refused(Why.INVITE_OVER, code, trouble)
        return invite

    def visible_invites(self, user: User, now: int) -> list[Invite]:
        return [invite for invite in self.invites.holding(now) if self._may_see(user, invite)]

    def _may_see(self, user: User, invite: Invite) -> bool:
        """Whoever made it, whoever runs its room, and who may invite anywhere."""
        channel = self.channels.get(self.fold(invite.room))
        runs = channel is not None and self.rules_in(user, channel, "o")
        return runs or invite.identity == user.identity or can(user, Right.INVITE)

    def _hosted(self, user: User, name: str) -> Channel:
        """The room, for somebody who may bring guests into it."""
        channel = self.channel_for(user, name)
        if self.rules_in(user, channel, "o"):
            return channel
        if user not in channel.members:
            raise Refused(Why.NOT_ON_CHANNEL, channel.name)
        if not (self.rules.members_invite and user.account) or "i" in channel.modes:
            raise Refused(Why.NOT_OPERATOR, channel.name)
        return channel

    def _made(self, who: Who, invite: Invite, terms: Terms) -> InviteMade:
        if not 0 <= terms.uses <= USES_MAX:
            raise Refused(Why.INVITE_ILLEGAL, f"An invite is used 1 to {USES_MAX} times, or * for any number")
        if terms.until and not terms.now < terms.until <= terms.now + LASTS_MAX:
            raise Refused(Why.INVITE_ILLEGAL, "An invite lasts up to 366 days, or * for good")
        invite = replace(invite, until=terms.until, uses=terms.uses)
        facts = (fact_of(invite), *self._forgotten(terms.now))
        return InviteMade(who, (AUDIT,), invite.code, invite.room, terms.until, terms.uses, facts=facts)

    def _forgotten(self, now: int) -> tuple[Fact, ...]:
        return tuple(no_fact(invite) for invite in self.invites.forgettable(now))
