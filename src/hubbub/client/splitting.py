"""One text cut into as many lines as a server will carry whole.

https://modern.ircdocs.horse/#message-format: 512 bytes, with the source that the server puts before it.
"""

import unicodedata
from collections.abc import Iterator
from typing import Final

from hubbub.client.mirror import Mirror, User

# What a server may put after the nick when we have not seen it yet: "!", a user of ten, "@" and a host of 63 bytes.
_USER_AND_HOST: Final = 75

# Broken at a space rather than inside a word, unless that would waste more than a third of the line.
_WORTHWHILE: Final = 2 / 3


def room_for_text(mirror: Mirror, command: str, target: str) -> int:
    """How many bytes of text fit into one message of ours when others receive it."""
    me = mirror.user(mirror.nick)
    source = len(f":{mirror.nick} ".encode()) + (_known(me) if me and me.host else _USER_AND_HOST)
    return max(mirror.features.line_max - source - len(f"{command} {target} :\r\n".encode()), 1)


def split(text: str, limit: int) -> Iterator[str]:
    """The text in pieces of at most `limit` bytes of UTF-8; each line break begins a new one, empty ones go.

    A limit below the size of one character is exceeded rather than the character torn.
    """
    for line in text.replace("\0", "").splitlines():
        rest = line
        while rest:
            at = cut(rest, limit)
            yield rest[:at]
            rest = rest[at:].removeprefix(" ")


def cut(text: str, limit: int) -> int:
    """How many characters of a text go into a line of so many bytes: to the last space, if that is not far."""
    raw = text[: limit + 1].encode(errors="surrogatepass")  # no character has less than a byte
    if len(raw) <= limit:
        return len(text)
    at = max(len(raw[:limit].decode(errors="ignore")), 1)
    space = text.rfind(" ", 0, at + 1)
    if space > at * _WORTHWHILE:
        return space
    while at > 1 and unicodedata.combining(text[at]):
        at -= 1  # an accent stays with its letter
    return at


def _known(me: User) -> int:
    return len(f"!{me.user}@{me.host}".encode())
