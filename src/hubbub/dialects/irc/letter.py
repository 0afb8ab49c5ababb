"""Letters: lines that differ in nothing but whom they are for and some figures, written once and then only filled in.

A welcome is some twenty lines, most of them the same for everybody. Filled in, they cost a tenth of written anew, and
everybody comes in at once when a server has been restarted.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import fitting

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc

Numerics: TypeAlias = "Callable[[Irc], Iterable[tuple[str, Sequence[str]]]]"
"""Writes a letter: its codes with their parameters; where a text has the nick in it, `NICK` stands there."""

NICK: Final = "{nick}"

NO_FIGURES: Final[Mapping[bytes, int]] = {}

_STAND_IN: Final = "\x1a"
"""Stands for the nick, as long as the longest, so that what fits for it fits for all; no text of ours has it."""

_FIGURE: Final = re.compile(rb"\x1b(\w+)\x1b")


def figure(name: str) -> str:
    """What stands in a letter's text where a number comes that is different each time."""
    return f"\x1b{name}\x1b"


class Letter:
    def __init__(self, irc: Irc, numerics: Numerics) -> None:
        stand_in = _STAND_IN * irc.server.hub.rules.nick_length
        written = b"".join(
            fitting(replies.numeric(irc.name, stand_in, code, [text.replace(NICK, stand_in) for text in params]))
            for code, params in numerics(irc)
        )
        self._form = _FIGURE.sub(rb"%(\1)d", written.replace(b"%", b"%%").replace(stand_in.encode(), b"%(nick)b"))

    def to(self, nick: str, figures: Mapping[bytes, int]) -> bytes:
        """`figures` by the names that `figure` was given."""
        return self._form % {b"nick": nick.encode(), **figures}
