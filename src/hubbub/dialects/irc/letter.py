"""Letters: lines that differ in nothing but whom they are for, written once and then only addressed.

A welcome is some twenty lines, most of them the same for everybody. Addressed, they cost a tenth of written anew, and
everybody comes in at once when a server has been restarted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from hubbub.dialects.irc import replies
from hubbub.dialects.irc.fit import fitting

if TYPE_CHECKING:
    from hubbub.dialects.irc.dialect import Irc

Numerics: TypeAlias = "Callable[[Irc], Iterable[tuple[str, Sequence[str]]]]"
"""Writes a letter: its codes with their parameters; where a text has the nick in it, `NICK` stands there."""

NICK: Final = "{nick}"

_STAND_IN: Final = "\x1a"
"""Stands for the nick, as long as the longest, so that what fits for it fits for all; no text of ours has it."""


class Letter:
    def __init__(self, irc: Irc, numerics: Numerics) -> None:
        stand_in = _STAND_IN * irc.server.hub.rules.nick_length
        written = b"".join(
            fitting(replies.numeric(irc.name, stand_in, code, [text.replace(NICK, stand_in) for text in params]))
            for code, params in numerics(irc)
        )
        self._parts = written.split(stand_in.encode())

    def to(self, nick: str) -> bytes:
        return nick.encode().join(self._parts)
