"""Where somebody may be reached: what people write, and what the local network says."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from hubbub.net.direct.code import code_of, looks_like_code, prefix_of
from hubbub.net.lan import Neighbour

KIND: Final = "_hubbub-direct._tcp.local."
"""Ends of direct conversations; the port is that of the main listener."""

PORT: Final = 6690
"""Where the main listener is, unless that port is taken: one number to open in a firewall."""

KEY: Final = "key"
"""In what is announced: how the fingerprint begins, in hex, as much of it as the code carries."""

_FOUND_MAX: Final = 64
"""Neighbours that are remembered: more than anybody talks to, few enough to list."""

_HEX: Final = frozenset("0123456789abcdef")
_PREFIX: Final = 20


class BadPlace(ValueError):
    """Text that is no place; says what was expected and what to write."""


@dataclass(frozen=True, slots=True)
class Place:
    """Whom to call: at `host` and `port`, or wherever the key is found that `pinned` begins; or a `name` to look up."""

    host: str = ""
    port: int = 0
    pinned: str = ""
    name: str = ""


def parse_place(text: str) -> Place:
    """NAME, CODE, HOST:PORT or CODE@HOST:PORT. Raises `BadPlace`, and `BadCode` for a code with a slip."""
    code, at, rest = text.rpartition("@")
    if at:
        host, port = _host(rest)
        return Place(host, port, prefix_of(code))
    if looks_like_code(text):
        return Place(pinned=prefix_of(text))
    if ":" in text or "." in text:
        return Place(*_host(text))
    if not text or not text.isprintable() or " " in text:
        raise BadPlace(f"{text!r}: expected a name, a code, HOST:PORT or CODE@HOST:PORT")
    return Place(name=text)


def _host(text: str) -> tuple[str, int]:
    """An IPv6 address stands in brackets, with a port behind them or without."""
    bracketed, closing, rest = text.removeprefix("[").partition("]")
    host, colon, port = (bracketed, rest[:1], rest[1:]) if closing else text.partition(":")
    if not host or (colon and not (port.isascii() and port.isdigit() and 0 < int(port) < 65536)):
        raise BadPlace(f"{text}: expected HOST:PORT as 192.168.1.20:{PORT} or [fe80::1]:{PORT}")
    return host, int(port or PORT)


@dataclass(frozen=True, slots=True)
class Found:
    """Somebody who is said to be there; their key is only known when they are called."""

    name: str
    prefix: str
    host: str
    port: int
    by: str = ""
    """Who told us of them, "" for the network itself."""

    @property
    def code(self) -> str:
        return code_of(self.prefix)


class Directory:
    """Who was heard of, by the beginning of their fingerprint. Hearsay: whoever is called has to show the key."""

    def __init__(self, own: str) -> None:
        self._own = own[:_PREFIX]
        self._found: dict[str, Found] = {}

    def __iter__(self) -> Iterator[Found]:
        return iter(tuple(self._found.values()))

    def hear(self, neighbour: Neighbour) -> Found | None:
        """What the network says: the entry, if it tells us something new."""
        prefix = neighbour.about.get(KEY, "")
        if len(prefix) != _PREFIX or not _HEX.issuperset(prefix) or not neighbour.addresses:
            return None
        return self.add(Found(neighbour.name, prefix, neighbour.addresses[0], neighbour.port))

    def add(self, found: Found) -> Found | None:
        """The entry, if it tells us something new; of too many, the oldest is forgotten."""
        known = self._found.get(found.prefix)
        if found.prefix == self._own or (known and (known.host, known.port) == (found.host, found.port)):
            return None
        if known and found.by and not known.by:
            return None  # the network knows better than somebody who was told
        self._found.pop(found.prefix, None)
        self._found[found.prefix] = found
        if len(self._found) > _FOUND_MAX:
            del self._found[next(iter(self._found))]
        return found

    def by_key(self, fingerprint: str) -> Found | None:
        return self._found.get(fingerprint[:_PREFIX])

    def called(self, name: str) -> list[Found]:
        return [found for found in self._found.values() if found.name.lower() == name.lower()]
