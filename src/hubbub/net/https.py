"""HTTPS to places that other people name: only public addresses, looked up once, and nowhere else from there.

Whoever can have a server call a URL may try to reach what is behind its firewall with it. So a name is resolved once,
an address that is not public is refused, and the connection goes to the very address that was looked at; redirects are
not followed. https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
"""

from __future__ import annotations

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Final, TypeAlias
from urllib.parse import urlsplit

URL_MAX: Final = 400
"""Characters of an endpoint: those of push services have up to about 300, and a line of IRC has to hold it."""

SECONDS: Final = 10.0
"""How long the whole of one request may take."""

_CONNECT_SECONDS: Final = 3.0
_ADDRESSES_MAX: Final = 3
_STATUS_MAX: Final = 4096
_VISIBLE: Final = re.compile(r"[\x21-\x7e]+")
_HOST: Final = re.compile(r"[a-z0-9._-]{1,253}|[0-9a-f:.]{2,45}")
_STATUS: Final = re.compile(rb"HTTP/1\.[01] (\d{3})(?: [^\r\n]*)?\r?\n")

_GLOBAL_UNICAST: Final = IPv6Network("2000::/3")
_NAT64: Final = IPv6Network("64:ff9b::/96")
_RELAYS: Final = tuple(map(ip_network, ("192.88.99.0/24", "2001::/23", "2002::/16")))
"""Addresses that lead through somebody to another address, which is not seen here: 6to4, Teredo and their like."""

Resolve: TypeAlias = "Callable[[str, int], Awaitable[list[str]]]"


class Unreachable(Exception):
    """No answer was had; the text says why."""


@dataclass(frozen=True, slots=True)
class Place:
    """A URL, taken apart. `target` is what stands in the request line."""

    host: str
    port: int
    target: str

    @property
    def authority(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == 443 else f"{host}:{self.port}"

    @property
    def origin(self) -> str:
        return f"https://{self.authority}"


def place_of(url: str) -> Place:
    """Raises ValueError with what was expected."""
    if not 0 < len(url) <= URL_MAX or not _VISIBLE.fullmatch(url):
        raise ValueError(f"expected a URL of at most {URL_MAX} visible characters")
    try:
        parts = urlsplit(url)
        port = parts.port or 443
    except ValueError as problem:
        raise ValueError(f"expected a URL: {problem}") from None
    if parts.scheme != "https":
        raise ValueError("expected a URL that begins with https://")
    host = (parts.hostname or "").lower()
    if "@" in parts.netloc or "#" in url or not _HOST.fullmatch(host):
        raise ValueError("expected a URL with a host, and without a user or a fragment")
    return Place(host, port, (parts.path or "/") + (f"?{parts.query}" if parts.query else ""))


def is_public(address: str) -> bool:
    """Whether it is an address of the open Internet; what stands in another address counts as that."""
    try:
        ip = ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, IPv6Address):
        ip = _within(ip)
    if any(ip in network for network in _RELAYS if network.version == ip.version):
        return False
    if isinstance(ip, IPv6Address) and (ip.scope_id or ip not in _GLOBAL_UNICAST):
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def _within(ip: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that stands in an IPv6 one: mapped by the system, or by a NAT64 before it."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    return IPv4Address(int(ip) & 0xFFFFFFFF) if ip in _NAT64 else ip


async def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, in the system's order. Raises OSError.

    In a thread that nothing waits for: a name server that does not answer must not hold up the end of the server.
    """
    loop = asyncio.get_running_loop()
    found: asyncio.Future[list[str]] = loop.create_future()

    def settle(outcome: list[str] | OSError) -> None:
        if not found.done():
            found.set_exception(outcome) if isinstance(outcome, OSError) else found.set_result(outcome)

    def look() -> None:
        try:
            rows = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
            outcome: list[str] | OSError = list(dict.fromkeys(str(row[4][0]) for row in rows))
        except (OSError, UnicodeError) as error:
            outcome = error if isinstance(error, OSError) else OSError(str(error))
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=look, name="hubbub-resolve", daemon=True).start()
    return await found


class Https:
    """Makes requests; `allowed` says to which addresses. The certificate must be the host's."""

    def __init__(
        self,
        resolve: Resolve = resolve,
        allowed: Callable[[str], bool] = is_public,
        context: ssl.SSLContext | None = None,
    ) -> None:
        self._resolve, self.allowed = resolve, allowed
        self._context = context or ssl.create_default_context()

    async def post(self, place: Place, headers: Mapping[str, str], body: bytes) -> int:
        """The status of the answer, of which nothing else is read. Raises `Unreachable`."""
        try:
            async with asyncio.timeout(SECONDS):
                reader, writer = await self._connect(place)
                try:
                    writer.write(_request(place, headers, body))
                    return _status(await reader.readuntil(b"\n"))
                finally:
                    writer.transport.abort()
        except TimeoutError:
            raise Unreachable(f"no answer within {SECONDS:.0f} seconds") from None
        except (OSError, EOFError, ValueError, asyncio.LimitOverrunError) as error:
            raise Unreachable(str(error) or type(error).__name__) from None

    async def _connect(self, place: Place) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        found = await self._resolve(place.host, place.port)
        addresses = [address for address in found if self.allowed(address)]
        if not addresses:
            raise Unreachable(f"{place.host} has no public address")
        fault: OSError = OSError()
        for address in addresses[:_ADDRESSES_MAX]:
            try:
                async with asyncio.timeout(_CONNECT_SECONDS):
                    return await asyncio.open_connection(
                        address, place.port, ssl=self._context, server_hostname=place.host, limit=_STATUS_MAX
                    )
            except OSError as error:  # TimeoutError among them
                fault = error
        raise fault


def _request(place: Place, headers: Mapping[str, str], body: bytes) -> bytes:
    given = {"Host": place.authority, **headers, "Content-Length": str(len(body)), "Connection": "close"}
    lines = (f"POST {place.target} HTTP/1.1", *(f"{name}: {value}" for name, value in given.items()), "", "")
    return "\r\n".join(lines).encode("ascii") + body


def _status(line: bytes) -> int:
    found = _STATUS.fullmatch(line)
    if found is None:
        raise ValueError("the answer is not HTTP")
    return int(found[1])
