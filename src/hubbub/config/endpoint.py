"""Where a listener stands, as an operator writes it: `ircs://HOST:PORT`, `wss://HOST:PORT`, `unix:PATH`.

The form of the URLs follows https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2 (an IPv6 address in brackets).
"""

import re
from typing import Final

from msgspec import Struct

from hubbub.config.problems import did_you_mean

SCHEMES: Final = {"irc": 6667, "ircs": 6697, "ws": 80, "wss": 443, "http": 80, "https": 443, "unix": 0}
"""Scheme to the port that stands for "none given"; those of IRC are of common use and RFC 7194, the
others of RFC 6455 and RFC 9110."""

FORMS: Final = (
    "irc://HOST:PORT, ircs://HOST:PORT, ws://HOST:PORT, wss://HOST:PORT, http://HOST:PORT, https://HOST:PORT "
    "or unix:PATH"
)
_AUTHORITY: Final = re.compile(r"//(?:\[(?P<v6>[0-9A-Fa-f:.]+(?:%\w+)?)\]|(?P<host>[\w.-]*))(?::(?P<port>\d{1,5}))?/?")


class Endpoint(Struct, frozen=True):
    """A host and port, or else a path. Port 0 asks the system for a free one."""

    scheme: str
    host: str = ""
    port: int = 0
    path: str = ""

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
    def url(self) -> str:
        if self.scheme == "unix":
            return f"unix:{self.path}"
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{self.scheme}://{host}:{self.port}"


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
    return Endpoint(scheme, host, port)
