"""What fits on a line: texts are cut and lists parcelled out so that nobody is sent more than 512 bytes without tags.

https://modern.ircdocs.horse/#message-format
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Final

from hubbub.wire.line import LINE_MAX, Line, encode

BODY_MAX: Final = LINE_MAX - len("\r\n")

WORD_MAX: Final = 300
"""Bytes of a word from outside that a reply repeats: what is left of 512 beside names of the house and a sentence."""

SURELY_FITS: Final = BODY_MAX // 4
"""Characters that fit whatever script they are of."""


def cut(text: str, room: int) -> str:
    """As many whole characters as `room` bytes hold."""
    return text.encode()[:room].decode(errors="ignore")


def fitting(line: Line) -> bytes:
    """A line's bytes; its last parameter is cut where there is no room for all of it."""
    data = encode(line)
    if len(data) <= LINE_MAX:
        return data
    *words, last = line.params
    kept = cut(last, max(0, len(last.encode()) - (len(data) - LINE_MAX)))
    return encode(Line(line.command, (*words, kept), line.source))


def packed(words: Iterable[str], room: int) -> Iterator[str]:
    """The words, as many to a text of `room` bytes as fit; no text at all for no words.

    Joined first and cut afterwards: the names of a large room are then a step a line, and not a step a name.
    """
    words = list(words)
    text = " ".join(words).encode()
    start = 0
    while words and start <= len(text):
        end = len(text) if len(text) - start <= room else text.rfind(b" ", start, start + room + 1)
        if end <= start:  # a word that is longer than a line goes alone
            end = text.find(b" ", start) if text.find(b" ", start) >= 0 else len(text)
        yield text[start:end].decode()
        start = end + 1
