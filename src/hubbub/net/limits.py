"""Who may come in: connections in all, at a time from one address, and in ten seconds from one address."""

from collections import Counter
from collections.abc import Sequence
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from typing import Final

from hubbub.hub.addresses import neighbourhood

WINDOW: Final = 10.0
"""Seconds over which new connections are counted; a fixed window costs one number per address."""


def is_local(address: str) -> bool:
    return address in {"unix", "::1"} or address.startswith("127.")


class Trusted:
    """Networks whose hosts may speak for others."""

    def __init__(self, networks: Sequence[str] = ()) -> None:
        self._networks: list[IPv4Network | IPv6Network] = [ip_network(network) for network in networks]

    def __contains__(self, address: str) -> bool:
        """Who can reach a unix socket was let there by its owner's rights."""
        if address == "unix":
            return True
        host = ip_address(address)
        return any(host in network for network in self._networks)


class Gate:
    """Counts who is inside. A limit of 0 is none.

    This machine's own connections and those of trusted proxies are not held to the limits per address: a bouncer or
    a proxy would share one.
    """

    def __init__(
        self, total: int = 0, per_address: int = 0, per_window: int = 0, trusted: Trusted | None = None
    ) -> None:
        self.total, self.per_address, self.per_window = total, per_address, per_window
        self.trusted = trusted or Trusted()
        self.inside = 0
        self.refused = 0
        """How many were not let in."""
        self._by_network: Counter[str] = Counter()
        self._recent: Counter[str] = Counter()
        self._window_ends = 0.0

    def enter(self, address: str) -> str:
        """Let a connection in, and answer ""; or answer the reason why not. Each that is in has to `leave`."""
        reason = self._reason_against(address)
        if reason:
            self.refused += 1
        else:
            self.inside += 1
        return reason

    def leave(self, address: str) -> None:
        self.inside -= 1
        network = neighbourhood(address)
        if network not in self._by_network:
            return
        self._by_network[network] -= 1
        if not self._by_network[network]:
            del self._by_network[network]

    def adopt(self, other: "Gate") -> None:
        """Hold everyone who comes from here on to the other's limits; who is inside stays counted."""
        self.total, self.per_address, self.per_window = other.total, other.per_address, other.per_window
        self.trusted = other.trusted

    def tick(self, now: float) -> None:
        """Begin a new window where the last one is over. `now` in seconds."""
        if now >= self._window_ends:
            self._recent.clear()
            self._window_ends = now + WINDOW

    def _reason_against(self, address: str) -> str:
        if self.total and self.inside >= self.total:
            return f"The server is full ({self.total} connections): try again later"
        return "" if self._is_exempt(address) else self._too_many(neighbourhood(address))

    def _is_exempt(self, address: str) -> bool:
        return is_local(address) or address in self.trusted

    def _too_many(self, network: str) -> str:
        if self.per_window and self._recent[network] >= self.per_window:
            return f"Too many new connections from your address: wait {WINDOW:.0f} seconds"
        if self.per_address and self._by_network[network] >= self.per_address:
            return f"Too many connections from your address (at most {self.per_address})"
        self._recent[network] += 1
        self._by_network[network] += 1
        return ""
