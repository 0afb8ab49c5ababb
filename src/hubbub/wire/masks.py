"""Who is meant: nick!user@host apart, masks with wildcards, and host names that may be shown.

https://modern.ircdocs.horse/#wildcard-expressions
"""

import re
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec

from hubbub.wire.casemap import fold

# Room for the bans of all busy channels: a common pattern weighs half a kilobyte, the worst that a line can hold 11.
_COMPILED_MAX: Final = 4096

# A wildcard, an escaped character, or a character that means itself.
_PIECE: Final = re.compile(r"\*+|\\[*?\\]|.", re.DOTALL)

_LABEL: Final = re.compile(r"[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?", re.ASCII | re.IGNORECASE)

# RFC 1035 gives a name 255 bytes on its wire; written with dots, that is 253.
_HOSTNAME_MAX: Final = 253


class Prefix(msgspec.Struct, frozen=True, gc=False):
    """Where a line comes from. A missing part is ""; a server's name stands in `nick`."""

    nick: str
    user: str = ""
    host: str = ""


def parse_prefix(source: str) -> Prefix:
    """Take "nick!user@host" apart, where user, host or both may be missing."""
    name, _, host = source.partition("@")
    nick, _, user = name.partition("!")
    return Prefix(nick, user, host)


def normalise(mask: str) -> str:
    """The full form of a mask: "bob" is "bob!*@*", "bob@host" is "*!bob@host"; an empty part is "*"."""
    name, at, host = mask.partition("@")
    nick, bang, user = name.partition("!")
    if at and not bang:
        nick, user = "", name
    return f"{nick or '*'}!{user or '*'}@{host or '*'}"


def matches(mask: str, text: str) -> bool:
    """Whether all of `text` fits `mask`: "*" is any run, "?" any one character, case is ASCII's.

    A backslash takes the meaning from "*", "?" and "\\"; before others it is itself, since nicks may have it.
    """
    return _matcher(mask)(fold(text)) is not None


def validate_hostname(name: str) -> bool:
    """Whether a server may show this as a host: letters, digits and inner hyphens between dots, one dot at least."""
    labels = name.removesuffix(".").split(".")
    return "." in name and len(name) <= _HOSTNAME_MAX and all(map(_LABEL.fullmatch, labels))


@lru_cache(_COMPILED_MAX)
def _matcher(mask: str) -> Callable[[str], re.Match[str] | None]:
    return re.compile(_pattern(mask), re.DOTALL).fullmatch


def _pattern(mask: str) -> str:
    """A pattern that never goes back: each run after a "*" is taken where it first fits (an atomic group).

    The first fit leaves the most to what follows, so it is always good enough; and with backtracking instead, a mask
    of a few dozen stars would hold up the server for hours.
    """
    runs = [""]
    for piece in _PIECE.findall(fold(mask)):
        if piece[0] == "*":
            runs.append("")
        else:
            runs[-1] += "." if piece == "?" else re.escape(piece[-1])
    first, *inner = runs
    last = [".*" + inner.pop()] if inner else []
    return "".join([first, *(f"(?>.*?{run})" for run in inner), *last])
