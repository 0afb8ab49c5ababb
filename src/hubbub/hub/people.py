"""What people ask about themselves, and operators of the server about people: names, hosts, roles, bans."""

from __future__ import annotations

from hubbub.hub.events import (
    AUDIT,
    Announced,
    Fact,
    HostChanged,
    Killed,
    Promoted,
    RealnameChanged,
    ServerBanChanged,
)
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right, demand
from hubbub.hub.server_bans import ServerBan, Stranger, fact_of, read_mask
from hubbub.hub.staying import Staying
from hubbub.hub.user import User, newest, without

ACCEPTED_MAX = 100
"""Whom somebody with +R listens to; of more, the oldest is forgotten."""


class People(Staying):
    # Oneself

    def change_realname(self, user: User, text: str) -> RealnameChanged:
        if not text or len(text) > self.rules.realname_length or not text.isprintable():
            raise Refused(Why.REALNAME_ILLEGAL, f"A real name is 1 to {self.rules.realname_length} visible characters")
        return RealnameChanged(user.who, (), text, facts=self.restating(user, realname=text))

    def accept(self, user: User, other: User) -> None:
        """`other` may write to them, whatever +R says."""
        user.accepted = newest({**without(user.accepted, other.identity), other.identity: None}, ACCEPTED_MAX)

    def stop_accepting(self, user: User, other: User) -> None:
        user.accepted = without(user.accepted, other.identity)

    def check_private(self, user: User, other: User, text: str) -> None:
        """Whether `other`, who has set user modes, takes a message from `user`."""
        if "R" in other.modes and not user.account and user is not other and user.identity not in other.accepted:
            raise Refused(Why.STRANGER, other.nick)
        if "T" in other.modes and text[:1] == "\x01" and not text.startswith("\x01ACTION"):
            raise Refused(Why.CTCP_UNWANTED, other.nick)

    # Operators

    def promote(self, user: User, login: str, role: str, *, reads: bool = False) -> Promoted:
        """They have shown that they are `login`; "" and "" to be an operator no longer."""
        return Promoted(user.who, (AUDIT,), login, role, reads)

    def kill(self, user: User, nick: str, text: str) -> Killed:
        demand(user, Right.KILL, user)  # whether somebody is here is told to those who may
        other = self.user(nick)
        demand(user, Right.KILL, other)
        return Killed(user.who, (AUDIT,), other.nick, text[: self.rules.kick_length])

    def announce(self, user: User, text: str) -> Announced:
        demand(user, Right.WALLOPS)
        return Announced(user.who, (AUDIT,), text)

    def change_host(self, user: User, nick: str, host: str) -> HostChanged:
        """`host` was checked by those who know what a host is."""
        demand(user, Right.CHANGE_HOST)
        other = self.user(nick)
        facts = self.restating(other, host=host)
        return HostChanged(user.who, (AUDIT,), other.nick, other.who.mask, other.username, host, facts=facts)

    # Server bans

    def ban(self, user: User, mask: str, text: str, now: int, until: int = 0) -> ServerBanChanged:
        """Ban from the server what `read_mask` makes of `mask`; times in ms."""
        demand(user, Right.BAN)
        kept = self._ban_mask(mask)
        for other in self.banned_people(kept):
            if other is user:
                raise Refused(Why.BAN_ILLEGAL, mask, "That would ban yourself; say more exactly who is meant")
            demand(user, Right.KILL, other)
        ban = ServerBan(kept, user.nick, text, now, until)
        facts = (fact_of(ban), *self._outdated(now))
        return ServerBanChanged(user.who, (AUDIT,), kept, True, text, now, until, facts=facts)

    def unban(self, user: User, mask: str, now: int) -> ServerBanChanged:
        demand(user, Right.BAN)
        kept = self._ban_mask(mask)
        if kept not in self.bans:
            raise Refused(Why.BAN_ILLEGAL, mask, "That is not banned; UBAN LIST shows what is")
        facts = (fact_of(ServerBan(kept, "", "", now), holds=False), *self._outdated(now))
        return ServerBanChanged(user.who, (AUDIT,), kept, False, facts=facts)

    def banned_people(self, mask: str) -> list[User]:
        """Who is here and fits."""
        return [user for user in self.users.values() if self.bans.fits(mask, self.stranger(user))]

    def stranger(self, user: User) -> Stranger:
        return Stranger(self.masks(user), user.address, user.account)

    def _ban_mask(self, mask: str) -> str:
        if not mask or " " in mask or mask[0] == ":" or len(mask.encode()) > 200:
            raise Refused(Why.BAN_ILLEGAL, mask, "Expected an address, a network, an account or nick!user@host")
        return read_mask(mask, self.fold, self.rules.normalise)

    def _outdated(self, now: int) -> tuple[Fact, ...]:
        return tuple(fact_of(ban, holds=False) for ban in self.bans.over(now))
