"""Everything one can do, in one table: by a word after a slash, by a key, from the palette.

A feature is a module of this folder, listed in MODULES; its functions register themselves by `@verb`. F1, /help and the
palette show the table.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import Enum
from importlib import import_module
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hubbub.tui.screens.chat import Chat

MODULES: Final = (
    "going",
    "finding",
    "messages",
    "looking",
    "words",
    "leaving",
    "showing",
    "setting",
    "minding",
    "networks",
    "inviting",
)

Run = Callable[["Chat", str], None]

# From what is typed behind the word already, whole words, to what may come next.
Offer = Callable[[str], Iterable[str]]


class Where(Enum):
    """Where a key means this."""

    ANYWHERE = "anywhere"
    MESSAGE = "on a message"


@dataclass(frozen=True, slots=True)
class Verb:
    """A row of the table. `keys` as Textual names them, with commas; `usage` what to type, "/" and the name first, or
    "" for a key alone.

    `local` says that it reaches the computer that draws, beyond the terminal: its files, its network, its programs.
    `offer` is what Tab completes behind the word.
    """

    name: str
    about: str
    run: Run
    keys: str = ""
    usage: str = ""
    where: Where = Where.ANYWHERE
    local: bool = False
    offer: Offer | None = None


_VERBS: Final[dict[str, Verb]] = {}


def verb(
    name: str,
    about: str,
    *,
    keys: str = "",
    usage: str = "",
    where: Where = Where.ANYWHERE,
    local: bool = False,
    offer: Offer | None = None,
) -> Callable[[Run], Run]:
    """Put a function into the table: `run(chat, rest)`, where `rest` is what was typed behind the word."""

    def register(run: Run) -> Run:
        _VERBS[name] = Verb(name, about, run, keys, usage, where, local, offer)
        return run

    return register


def verbs(*, lent: bool = False) -> dict[str, Verb]:
    """The table, by name; for who looks at a screen that is lent to them, without what is `local`."""
    if not _VERBS:
        for module in MODULES:
            import_module(f"{__name__}.{module}")
    return {name: row for name, row in _VERBS.items() if not (lent and row.local)}
