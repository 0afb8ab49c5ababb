"""Where the picture is drawn and where keys come from: the terminal we were started in, or whatever we are given.

This is the one place that chooses. A door that brings its own streams passes a class of its own.
"""

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.driver import Driver


def choose(given: type[Driver] | None) -> type[Driver] | None:
    """The driver to run on; None lets Textual take the one for this system's terminal."""
    _take_digits_for_keys()
    return given


def _take_digits_for_keys() -> None:
    """Textual reads ESC 2 as "™", which Option-2 types on a Mac: everywhere else, it is alt+2, and means a room."""
    if isinstance(ANSI_SEQUENCES_KEYS, dict):
        for digit in "0123456789":
            ANSI_SEQUENCES_KEYS.pop(f"\x1b{digit}", None)
