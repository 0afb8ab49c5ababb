"""What stands on the terminal while the program behind the screen is still being loaded: the same frame, in a moment.

Nothing but the standard library is needed for it, and it is drawn in a tenth of the time that the rest takes. What is
typed meanwhile waits in the terminal, unseen, and comes into the field where one writes.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from hubbub.wire.clean import clean

# Sizes from which on the screen has side panes, a border about the field, and a line at the top: as in `app`.
_WIDE: Final = 80
_TALL: Final = 16

_ROOMS: Final = 17
_PEOPLE: Final = 15


@contextmanager
def curtain(name: str) -> Iterator[None]:
    """Show the frame of the screen for a room (or a server, where none is named), until the screen is there."""
    try:
        import termios
        import tty
    except ImportError:  # a system without terminals of that kind: nothing is shown before there is something
        yield
        return
    stdin = sys.stdin.fileno()
    before = termios.tcgetattr(stdin)
    tty.setcbreak(stdin, termios.TCSANOW)
    try:
        _write(f"\x1b[?1049h\x1b[2J{frame(clean(name), *os.get_terminal_size(sys.stderr.fileno()))}")
        yield
    finally:
        _write("\x1b[?1049l")
        with suppress(termios.error):  # it is gone
            termios.tcsetattr(stdin, termios.TCSANOW, before)


def frame(name: str, columns: int, rows: int) -> str:
    """The frame as what a terminal is told: a line at the top, the panes, the field, the state of the connection."""
    bordered = rows >= _TALL and columns >= 50
    field = rows - (3 if bordered else 1)
    said = [_at(1, 2, f"\x1b[1m{name[: columns - 2]}\x1b[0m")]
    if columns >= _WIDE:
        for row in range(2, field - 1):
            said += [_at(row, place, "\x1b[90m│\x1b[0m") for place in (_ROOMS + 1, columns - _PEOPLE)]
    if bordered:
        line = "─" * (columns - 2)
        sides = f"│{' ' * (columns - 2)}│"
        said += [_at(field, 1, f"╭{line}╮"), _at(field + 1, 1, sides), _at(field + 2, 1, f"╰{line}╯")]
    said.append(_at(rows, 2, "\x1b[33m◌ connecting\x1b[0m"))
    said.append(_at(field + 1 if bordered else field, 3 if bordered else 1, ""))
    return "".join(said)


def _at(row: int, column: int, text: str) -> str:
    return f"\x1b[{row};{column}H{text}"


def _write(text: str) -> None:
    with suppress(OSError):
        sys.stderr.write(text)
        sys.stderr.flush()
