"""Where the picture is drawn and where keys come from: the terminal we were started in, or whatever we are given."""

from enum import Enum

from textual._ansi_sequences import ANSI_SEQUENCES_KEYS
from textual.driver import Driver

from hubbub.tui.keys import alt_letters


def choose(given: type[Driver] | None) -> type[Driver] | None:
    """The driver to run on; None lets Textual take the one for this system's terminal."""
    _know_alt()
    return given


def _know_alt() -> None:
    """Have alt and a letter understood at once, as ESC and the letter come.

    Textual waits a tenth of a second for more, and takes two of them in one go for something else; ESC 2 it reads as
    "™", which Option-2 types on a Mac. Its table is private, but there is no other way in.
    """
    names = {f"alt+{letter}": letter for letter in alt_letters()} | {"ctrl+j": "\r"}  # alt+Enter is a line break
    keys = Enum("keys", {name: name for name in names}, type=str)  # type: ignore[misc]  # made of what the table says
    if isinstance(ANSI_SEQUENCES_KEYS, dict):
        ANSI_SEQUENCES_KEYS.update({f"\x1b{letter}": (keys(name),) for name, letter in names.items()})
