"""Invites: codes that bring guests into the house, and into a room, for a while and so many times.

They are facts of scope "invite", keyed by their code, so that they hold after a restart.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from msgspec import Struct, json
from msgspec.structs import replace

from hubbub.hub.events import Fact

INVITE: Final = "invite"

ALPHABET: Final = "0123456789abcdefghjkmnpqrstvwxyz"
"""Crockford's base 32: nothing in it looks like something else. https://www.crockford.com/base32.html"""

_MEANT: Final = {ord("o"): "0", ord("i"): "1", ord("l"): "1", ord("-"): "", ord(" "): ""}

LENGTHS: Final = (6, 8, 12)
"""Characters of a code. Somebody who is stopped after 10 guesses in 10 minutes makes 120 in two hours: a thousand such
find one code of 6 with 1 in 9,000, one of 8 in 30 days with 1 in 25,000; 12 are for what lasts longer, or is not
guarded."""

HOUR: Final = 3_600_000
DAY: Final = 24 * HOUR

USES_MAX: Final = 100
"""Uses that are counted: each of them is remembered with its guest's mark."""

LASTS_MAX: Final = 366 * DAY

_KEPT_MS: Final = 7 * DAY
"""How long it is remembered that an invite is over, to say so to who comes late."""

_SET_BACK_MS: Final = HOUR
"""A clock that says so much less than when the invite was made was put right since: nobody knows how long it holds."""


class Terms(Struct, frozen=True):
    """An invite of now that lasts until then (both in ms, 0 for good), and may be used so often, 0 for any number."""

    now: int
    until: int = 0
    uses: int = 0


class Invite(Struct, frozen=True, omit_defaults=True):
    """`room` as it is spelled, "" for the house alone; `since` is when that room was made. Times in ms.

    `house` says that it opens the house, too, where guests are not let in; `maker` names who made it, `identity` is
    theirs. `guests` are marks of those who used it and are not counted again.
    """

    code: str
    room: str
    since: int
    house: bool
    maker: str
    identity: str
    made: int
    until: int = 0
    uses: int = 0
    used: int = 0
    guests: tuple[str, ...] = ()
    revoked: int = 0
    last: int = 0

    def trouble(self, now: int, guest: str = "") -> str:
        """Why it does not hold, in a sentence, or ""; whoever it has let in already is not one more."""
        if self.revoked:
            return "That invite was taken back; ask for a new one"
        if 0 < self.until <= now or now < self.made - _SET_BACK_MS:
            return "That invite has expired; ask for a new one"
        if 0 < self.uses <= self.used and not (guest and guest in self.guests):
            return "That invite has been used as often as it may be; ask for a new one"
        return ""

    def used_by(self, guest: str, now: int) -> Invite:
        """The invite when one more has used it; the same where it let them in before."""
        if guest and guest in self.guests:
            return self
        guests = (*self.guests, guest) if guest and self.uses else self.guests
        return replace(self, used=self.used + 1, guests=guests, last=now)

    def forgettable(self, now: int) -> bool:
        """Whether it has been over for so long that nobody comes with it any more."""
        end = self.revoked or self.until or self.last
        return bool(self.trouble(now)) and end + _KEPT_MS <= now


class Invites:
    """All that are remembered, by code."""

    def __init__(self) -> None:
        self._known: dict[str, Invite] = {}

    def find(self, code: str) -> Invite | None:
        return self._known.get(code)

    def holding(self, now: int) -> list[Invite]:
        """The oldest first."""
        return [invite for invite in self._known.values() if not invite.trouble(now)]

    def latest(self, now: int, most: int) -> list[Invite]:
        """The newest of those that hold, and then of those that are over."""
        known = list(self._known.values())[::-1]
        return sorted(known, key=lambda invite: bool(invite.trouble(now)))[:most]

    def forgettable(self, now: int) -> list[Invite]:
        return [invite for invite in self._known.values() if invite.forgettable(now)]

    def relocating(self, name: str, wanted: str) -> tuple[Fact, ...]:
        """What has to be remembered when the room called `name` is called otherwise."""
        return tuple(fact_of(replace(invite, room=wanted)) for invite in self._known.values() if invite.room == name)

    def take(self, facts: Iterable[Fact]) -> None:
        """Know what these facts say of invites."""
        for fact in facts:
            if fact.scope == INVITE:
                self._known.pop(fact.key, None)
                if fact.value is not None:
                    self._known[fact.key] = json.decode(fact.value, type=Invite)


def fact_of(invite: Invite) -> Fact:
    return Fact(INVITE, invite.code, INVITE, json.encode(invite).decode())


def no_fact(invite: Invite) -> Fact:
    return Fact(INVITE, invite.code, INVITE, None)


def read_code(text: str) -> str:
    """The code that was meant, however it was typed: K7Q4-M2 is k7q4m2; "" for what cannot be one."""
    plain = text.strip().lower().translate(_MEANT)
    return plain if len(plain) in LENGTHS and set(plain) <= set(ALPHABET) else ""


def code_length(terms: Terms, *, guarded: bool) -> int:
    """Characters that a code needs; `guarded` says that guesses are counted."""
    lasts = terms.until - terms.now if terms.until else 0
    if not guarded or not 0 < lasts <= 30 * DAY:
        return LENGTHS[2]
    return LENGTHS[0] if lasts <= 2 * HOUR else LENGTHS[1]
