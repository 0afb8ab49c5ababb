"""Where a listener stands, as an operator writes it: `ircs://HOST:PORT`, `plain://HOST:PORT/?room=%23den`, `unix:PATH`.

The form of the URLs follows https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2 (an IPv6 address in brackets).
"""

import re
import unicodedata
from typing import Final
from urllib.parse import parse_qsl, quote

from msgspec import Struct

from hubbub.config.problems import did_you_mean

TUTORIALS: Final = {"nick": 55555, "addressed": 12345, "raw": 12346, "getname": 5051, "classic": 12347}
"""The ports that the tutorials use; two of them the same, of which one is moved by one, and one has none of its own."""

ROOM_DOORS: Final = {"plain": 4000, "ssh": 2222, **TUTORIALS}
"""Doors that lead into a room; talkers have stood at 4000 since before IRC."""

SCHEMES: Final = {"irc": 6667, "ircs": 6697, "ws": 80, "wss": 443, "http": 80, "https": 443, **ROOM_DOORS, "unix": 0}
"""Scheme to the port that stands for "none given"; those of IRC are of common use and RFC 7194, those of the web of
RFC 6455 and RFC 9110."""

LOBBY: Final = "#lobby"

FORMS: Final = (
    "irc://HOST:PORT, ircs://HOST:PORT, ws://HOST:PORT, wss://HOST:PORT, http://HOST:PORT, https://HOST:PORT, "
    f"{', '.join(f'{scheme}://HOST:PORT' for scheme in ROOM_DOORS)} or unix:PATH"
)
_AUTHORITY: Final = re.compile(
    r"//(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<host>[\w.-]*))(?::(?P<port>\d{1,5}))?/?(?:\?(?P<query>.+))?"
)


class Endpoint(Struct, frozen=True):
    """A host and port, or else a path. Port 0 asks the system for a free one.

    `room` is where a door leads to that leads into one, `face` is "plain" where ssh:// is to show lines alone.
    """

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""
    room: str = ""
    face: str = ""

    @property
    def secure(self) -> bool:
        return self.scheme in {"ircs", "wss", "https"}

    @property
    def web(self) -> bool:
        """Whether WebSocket is spoken there."""
        return self.scheme in {"ws", "wss"}

    @property
    def shares_files(self) -> bool:
        """Whether HTTP is spoken there, to share files."""
        return self.scheme in {"http", "https"}

    @property
    def leads_to_a_room(self) -> bool:
        return self.scheme in ROOM_DOORS

    @property
    def url(self) -> str:
        if self.scheme == "unix":
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        options = {"room": self.room if self.room != LOBBY else "", "face": self.face}
        query = "&".join(f"{name}={quote(value, safe='')}" for name, value in options.items() if value)
        return f"{self.scheme}://{host}:{self.port}{'/?' if query else ''}{query}"


def parse(url: str) -> Endpoint:
    """Raises ValueError with a sentence that says what was expected."""
    scheme, colon, rest = url.partition(":")
    if not colon or not rest:
        raise ValueError(f"expected {FORMS}, got {url!r}")
    if scheme not in SCHEMES:
        raise ValueError(f"unknown scheme '{scheme}'{did_you_mean(scheme, SCHEMES) or f'; expected {FORMS}'}")
    return Endpoint("unix", path=rest) if scheme == "unix" else _tcp(scheme, rest)


def _tcp(scheme: str, rest: str) -> Endpoint:
    found = _AUTHORITY.fullmatch(rest)
    if found is None:
        raise ValueError(f"expected {scheme}://HOST:PORT ([…] around an IPv6 address), got '{scheme}:{rest}'")
    host = found["v6"] or found["host"]
    if not host:
        raise ValueError("expected a host: 127.0.0.1 for this machine alone, 0.0.0.0 for every network it is on")
    port = int(found["port"] or SCHEMES[scheme])
    if port > 65535:
        raise ValueError(f"expected a port from 0 to 65535, got {port}")
    query = found["query"] or ""
    if scheme not in ROOM_DOORS and query:
        raise ValueError(f"expected {scheme}://HOST:PORT and no more, got '?{query}'")
    return Endpoint(scheme, host, port, **(_options(scheme, query) if scheme in ROOM_DOORS else {}))


def _options(scheme: str, query: str) -> dict[str, str]:
    """`?room=%23den` at doors that lead into a room, and at ssh:// `face=plain`."""
    asked = parse_qsl(query, keep_blank_values=True)
    options = {"room": LOBBY, **dict(asked)}
    name, face = options["room"], options.get("face")
    known = options.keys() <= {"room", *(["face"] if scheme == "ssh" else [])} and len(dict(asked)) == len(asked)
    if not known or face not in {None, "plain"} or not name.removeprefix("#") or any(map(_forbidden, name)):
        raise ValueError(f"expected ?room=NAME{' or ?face=plain' if scheme == 'ssh' else ''}, got '?{query}'")
    return {**options, "room": name if name[0] == "#" else f"#{name}"}


def _forbidden(letter: str) -> bool:
    return letter in " ,:" or unicodedata.category(letter)[0] in "CZ"
