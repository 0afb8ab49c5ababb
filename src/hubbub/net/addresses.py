"""The addresses of this machine, as others near can use them."""

from __future__ import annotations

import socket
from ipaddress import ip_address
from typing import Final

import ifaddr

_ELSEWHERE: Final = ("192.0.2.1", 9)  # for documentation, RFC 5737: a route is looked up, nothing is sent


def own_addresses(interface: str = "") -> tuple[str, ...]:
    """Our addresses (IPv4) on networks that others are on, the one that leads farthest first."""
    if interface:
        return (interface,)
    near = [
        address for address in known() if not (ip_address(address).is_loopback or ip_address(address).is_link_local)
    ]
    first = _way_out()
    return tuple(dict.fromkeys([first, *near] if first in near else near))


def to_tell(host: str) -> str:
    """Where those near find a listener on `host`: every address is none, and a bare name leads nowhere without mDNS."""
    return next(iter(own_addresses()), "127.0.0.1") if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound


def known() -> list[str]:
    """All of our addresses (IPv4)."""
    return [str(ip.ip) for adapter in ifaddr.get_adapters() for ip in adapter.ips if ip.is_IPv4]


def _way_out() -> str:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(_ELSEWHERE)
        except OSError:
            return ""
        return str(probe.getsockname()[0])
