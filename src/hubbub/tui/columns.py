"""How a width is shared between the time, the nick and the text of a line.

09:12    maya│ Morning! The projector in room B is fixed, so we can
             │ demo at 11.
"""

from typing import Final, NamedTuple

_TIME: Final = 5
_NICK: Final = 8
_NICK_WIDE: Final = 12

# Below that the nick stands before the text, and the text takes the whole width.
_NARROW: Final = 34

# Below that the time is left out.
_TIMELESS: Final = 46
_WIDE: Final = 90


class Columns(NamedTuple):
    """Cells of the time, the nick, and where the text begins and how wide it is; 0 for what is left out."""

    time: int
    nick: int
    start: int
    text: int

    @property
    def inline(self) -> bool:
        """Whether the nick stands in the line of the text."""
        return self.nick == 0


def share(width: int) -> Columns:
    """The columns of a transcript that is so many cells wide."""
    if width < _NARROW:
        return Columns(0, 0, 1, max(width - 1, 1))
    time = _TIME if width >= _TIMELESS else 0
    nick = _NICK_WIDE if width >= _WIDE else _NICK
    start = time + nick + len("│ ")
    return Columns(time, nick, start, width - start - 1)
