"""A QR code in a terminal: two rows of it to a line of half blocks."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

QUIET: Final = 2
"""Modules of white around it: the standard asks for four, every reader that we know makes do with two."""

_HALVES: Final = {(0, 0): " ", (1, 0): "▀", (0, 1): "▄", (1, 1): "█"}
_INK: Final = "\x1b[30;107m"  # black on white, whatever the terminal's colours are
_PLAIN: Final = "\x1b[0m"


def lines(text: str, *, colours: bool) -> list[str]:
    """With what makes them black on white, whatever the terminal's colours are; or without any."""
    drawn = halves(text, ink=colours)
    return [f"{_INK}{line}{_PLAIN}" for line in drawn] if colours else drawn


def halves(text: str, *, ink: bool) -> list[str]:
    """`text` in small letters and capitals alike is written in capitals, in which it needs a third less room.

    With ink the dark modules are drawn; without, the light ones, since most terminals are dark.
    """
    import segno

    code = segno.make(text.upper(), error="l", boost_error=True, micro=False)
    rows: list[Sequence[int]] = [bytes(row) for row in code.matrix_iter(border=QUIET)]
    if not ink:
        rows = [bytes(1 - module for module in row) for row in rows]
    pairs = zip(rows[::2], [*rows[1::2], bytes(len(rows[0]))], strict=False)
    return ["".join(_HALVES[upper, lower] for upper, lower in zip(*pair, strict=True)) for pair in pairs]


def width(text: str) -> int:
    """Columns that it takes."""
    import segno

    return len(segno.make(text.upper(), error="l", micro=False).matrix) + 2 * QUIET
