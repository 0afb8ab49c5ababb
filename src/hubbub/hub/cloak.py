"""Cloaks: what others see instead of the address that somebody connects from.

The same address always has the same cloak, so a ban on it holds; nobody can tell the address from it, since it is a
keyed hash.
"""

from __future__ import annotations

from base64 import b32encode
from hashlib import blake2s
from typing import Final

from hubbub.hub.addresses import neighbourhood

LOCAL: Final = "localhost"

_LOOPBACK: Final = neighbourhood("::1")


class Cloak:
    """`secret` has to last: with another, all bans on cloaks are lifted."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def __call__(self, address: str) -> str:
        """Thirteen letters and digits of 64 bits, as a host name; this machine's own connections are "localhost"."""
        network = _network(address)
        if not network:
            return LOCAL
        digest = blake2s(network.encode(), key=self._secret, digest_size=8).digest()
        return f"{b32encode(digest).decode().rstrip('=').lower()}.cloak"


def plain_host(address: str) -> str:
    """The address itself. "<host> CANNOT start with a colon": ::1 is written 0::1.

    https://modern.ircdocs.horse/#rplwhoisuser-311
    """
    return f"0{address}" if address.startswith(":") else address


def _network(address: str) -> str:
    """What counts as one address; "" for this machine and for what is no address, as a local socket."""
    place = neighbourhood(address)
    if ":" not in place:
        return place if place[:1].isdigit() and not place.startswith("127.") else ""
    return place if place.endswith("/64") and place != _LOOPBACK else ""
