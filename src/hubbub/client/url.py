"""Where a server is, as people write it: irc://host/#room, ircs://host, unix:PATH, or just HOST:PORT.

https://datatracker.ietf.org/doc/html/draft-butcher-irc-url-04, which never became a standard but is what links use.
"""

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Final
from urllib.parse import parse_qsl, unquote

_PORTS: Final = {"irc": 6667, "ircs": 6697}
_TLS_PORT: Final = 6697

_FORMS: Final = "write irc://HOST/#room, ircs://HOST/#room, unix:PATH or HOST:PORT"
_HERE: Final = frozenset({"localhost", "127.0.0.1", "::1"})
_OPTIONS: Final = ("fp", "key")

_SCHEME: Final = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://(.*)", re.DOTALL)
_AUTHORITY: Final = re.compile(r"([^/?#]*)(.*)", re.DOTALL)
_HOST: Final = re.compile(r"(?:\[([^\]]*)\]|([^:\[\]]*))(?::(.*))?", re.DOTALL)


class BadAddress(ValueError):
    """Text that is no address; says what was expected, what came and what to write."""


@dataclass(frozen=True, slots=True)
class Address:
    """A server, and what its address says of the rest. Either `path` (a unix socket) or `host` and `port`; or
    `descriptor`, which is a connection already, and the only one.

    `fingerprint` is the SHA-256 of the server's certificate in 64 small hex digits, or "".
    """

    host: str = ""
    port: int = 0
    tls: bool = False
    path: str = ""
    descriptor: int = -1
    rooms: tuple[str, ...] = ()
    key: str = ""
    nick: str = ""
    password: str = field(default="", repr=False)
    fingerprint: str = ""

    def __str__(self) -> str:
        host = f"[{self.host}]" if ":" in self.host else self.host
        return self.path or f"{host}:{self.port}"


def parse_address(text: str) -> Address:
    """Read an address; raises BadAddress.

    A bare HOST is TLS on port 6697 (this computer itself: 6667 without). With a port, 6697 is TLS and others are not:
    ircs:// and irc:// say it for any port.
    """
    text = text.strip()
    if text.startswith("unix:"):
        return _unix(text.removeprefix("unix:"))
    found = _SCHEME.fullmatch(text)
    scheme, rest = (found[1].lower(), found[2]) if found else ("", text)
    if scheme and scheme not in _PORTS:
        raise BadAddress(f"{text}: {_about_scheme(scheme)}")
    authority, tail = _split(_AUTHORITY, rest)
    user, _, place = authority.rpartition("@")
    host, port = _place(text, place)
    tls = scheme == "ircs" or (not scheme and (port == _TLS_PORT or (not port and host not in _HERE)))
    nick, _, password = user.partition(":")
    rooms, options = _tail(text, tail)
    return Address(
        host=host,
        port=port or _PORTS["ircs" if tls else "irc"],
        tls=tls,
        rooms=rooms,
        key=options.get("key", ""),
        nick=unquote(nick),
        password=unquote(password),
        fingerprint=parse_fingerprint(options["fp"]) if "fp" in options else "",
    )


def parse_fingerprint(text: str) -> str:
    """A SHA-256 fingerprint with or without colons, as 64 small hex digits; raises BadAddress."""
    digits = text.strip().lower().removeprefix("sha256:").replace(":", "").replace(" ", "")
    if not re.fullmatch("[0-9a-f]{64}", digits):
        raise BadAddress(
            f"fingerprint {text}: expected the SHA-256 of a certificate, 64 hex digits with or without colons, "
            f"got {len(digits)} characters; copy it from the person who runs the server"
        )
    return digits


def _unix(rest: str) -> Address:
    path, hash_, rooms = rest.partition("#")
    path = unquote(path[:-1] if hash_ and path.endswith("/") else path)
    if not path:
        raise BadAddress(f"unix:{rest}: expected the path of a socket, got none; write unix:/run/hubbub/irc.sock")
    return Address(path=path, rooms=_rooms(hash_ + rooms))


def _place(text: str, place: str) -> tuple[str, int]:
    """Host and port, 0 where none is given."""
    found = _HOST.fullmatch(place)
    if found is None or (":" in (found[3] or "") and not found[1]):
        raise BadAddress(
            f"{text}: expected HOST or HOST:PORT, got '{place}'; an IPv6 address goes in brackets: [::1]:6667"
        )
    host, port = found[1] or found[2] or "", found[3]
    if not host or " " in host:
        raise BadAddress(f"{text}: expected the name of a host, got '{host}'; {_FORMS}")
    if port is None:
        return host, 0
    if not (port.isascii() and port.isdigit() and 0 < int(port) < 65536):
        raise BadAddress(f"{text}: expected a port from 1 to 65535, got '{port}'; leave it out for the usual one")
    return host, int(port)


def _tail(text: str, tail: str) -> tuple[tuple[str, ...], dict[str, str]]:
    """Rooms and options: "/#room,#other?key=sesame"."""
    rooms, _, query = tail.removeprefix("/").partition("?")
    options = dict(parse_qsl(query, keep_blank_values=True))
    for option in options:
        if option not in _OPTIONS:
            raise BadAddress(f"{text}: unknown option '{option}'; {_meant(option, _OPTIONS, 'there are fp= and key=')}")
    return _rooms(rooms), options


def _rooms(text: str) -> tuple[str, ...]:
    """The names of rooms; links often leave out the "#"."""
    names = (unquote(name).strip() for name in text.split(","))
    return tuple(name if name[0] in "#&+!" else f"#{name}" for name in names if name)


def _about_scheme(scheme: str) -> str:
    if scheme in {"http", "https", "ws", "wss"}:
        return f"expected the address of a chat server, got a web page's; {_FORMS}"
    return f"unknown scheme '{scheme}'; {_meant(scheme, (*_PORTS, 'unix'), _FORMS)}"


def _meant(word: str, known: tuple[str, ...], otherwise: str) -> str:
    swapped = [candidate for candidate in known if sorted(candidate) == sorted(word)]  # the commonest slip
    close = swapped or get_close_matches(word, known, n=1, cutoff=0.5)
    return f"did you mean '{close[0]}'?" if close else otherwise


def _split(pattern: re.Pattern[str], text: str) -> tuple[str, str]:
    found = pattern.fullmatch(text)
    return (found[1], found[2]) if found else (text, "")
