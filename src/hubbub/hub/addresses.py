"""Where people connect from: how an address is written, and what counts as one place."""

from __future__ import annotations

from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from typing import Final

_PREFIX: Final = 64
"""What one customer is given, and may change their address within at will."""


def plain(text: str) -> str:
    """The address as it counts, is banned and is shown: IPv4 also where it wears IPv6; "" for what is none."""
    try:
        return str(_bare(ip_address(text.partition("%")[0])))
    except ValueError:
        return ""


def neighbourhood(address: str) -> str:
    """What counts as one at the gate, where guesses are counted and in a cloak: an IPv4 address, the network around an
    IPv6 one, and what is no address ("unix") as it is."""
    if ":" not in address:  # IPv4, most often: what `ip_address` takes 8 us to find out
        return address
    try:
        ip = _bare(IPv6Address(address.partition("%")[0]))
    except ValueError:
        return address
    return str(IPv6Network((ip, _PREFIX), strict=False) if isinstance(ip, IPv6Address) else ip)


def _bare(ip: IPv4Address | IPv6Address) -> IPv4Address | IPv6Address:
    return ip.ipv4_mapped or ip if isinstance(ip, IPv6Address) else ip
