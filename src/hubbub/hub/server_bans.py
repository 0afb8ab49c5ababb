"""Bans from the whole server: by mask, by account, by address or network, each with a reason and maybe an end.

They are facts of scope "ban", keyed by the mask as it is kept, so that they hold after a restart.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from ipaddress import ip_address, ip_network
from typing import Final

from msgspec import Struct, json

from hubbub.hub.events import Fact
from hubbub.hub.listings import ACCOUNT

BAN: Final = "ban"


class ServerBan(Struct, frozen=True):
    """`setter` is a nick, `at` and `until` are ms, `until` 0 for good."""

    mask: str
    setter: str
    text: str
    at: int
    until: int = 0

    def over(self, now: int) -> bool:
        return 0 < self.until <= now


class Stranger(Struct, frozen=True):
    """Whom a ban is held against: `masks` are what globs match; a local socket's `address` is in no network."""

    masks: tuple[str, ...]
    address: str
    account: str


class ServerBans:
    """`matches` and `fold` are the house's."""

    def __init__(self, matches: Callable[[str, str], bool], fold: Callable[[str], str]) -> None:
        self._matches, self._fold = matches, fold
        self._bans: dict[str, ServerBan] = {}

    def __bool__(self) -> bool:
        return bool(self._bans)

    def __contains__(self, mask: str) -> bool:
        return mask in self._bans

    def add(self, ban: ServerBan) -> None:
        self._bans[ban.mask] = ban

    def remove(self, mask: str) -> None:
        self._bans.pop(mask, None)

    def holding(self, now: int) -> list[ServerBan]:
        """The oldest first."""
        return [ban for ban in self._bans.values() if not ban.over(now)]

    def over(self, now: int) -> list[ServerBan]:
        return [ban for ban in self._bans.values() if ban.over(now)]

    def against(self, stranger: Stranger, now: int) -> ServerBan | None:
        """The first that holds against somebody."""
        return next((b for b in self._bans.values() if not b.over(now) and self.fits(b.mask, stranger)), None)

    def fits(self, mask: str, stranger: Stranger) -> bool:
        if mask.startswith(ACCOUNT):
            return bool(stranger.account) and self._fold(stranger.account) == mask.removeprefix(ACCOUNT)
        if "@" not in mask:
            return _is_within(stranger.address, mask)
        return any(self._matches(mask, text) for text in stranger.masks)

    def bring_back(self, facts: Iterable[Fact]) -> None:
        """After a restart: what was banned is."""
        for fact in facts:
            if fact.scope == BAN and fact.value is not None:
                self.add(json.decode(fact.value, type=ServerBan))


def fact_of(ban: ServerBan, *, holds: bool = True) -> Fact:
    return Fact(BAN, ban.mask, BAN, json.encode(ban).decode() if holds else None)


def read_mask(text: str, fold: Callable[[str], str], normalise: Callable[[str], str]) -> str:
    """The form a ban is kept in: a network, `a:account` for a plain word, else `nick!user@host` with wildcards."""
    try:
        return str(ip_network(text, strict=False))
    except ValueError:
        pass
    plain = text.removeprefix("~").removeprefix(ACCOUNT)
    return fold(normalise(text)) if set(plain) & set("!@*?") else ACCOUNT + fold(plain)


def _is_within(address: str, network: str) -> bool:
    try:
        return ip_address(address) in ip_network(network)
    except ValueError:
        return False
