"""The modes of channels and users, in one table each. https://modern.ircdocs.horse/#channel-modes"""

from dataclasses import dataclass
from enum import Enum
from typing import Final


class Kind(Enum):
    """How a channel mode takes its argument, by CHANMODES' four groups, and the statuses of PREFIX."""

    LIST = "A"  # adds to or takes from a list
    KEY = "B"  # an argument both ways
    LIMIT = "C"  # an argument only when set
    FLAG = "D"  # never an argument
    STATUS = "prefix"  # a member's nick


@dataclass(frozen=True, slots=True)
class Mode:
    letter: str
    kind: Kind
    meaning: str
    symbol: str = ""


CHANNEL_MODES: Final = {
    mode.letter: mode
    for mode in (
        Mode("o", Kind.STATUS, "operator: may change modes and topic, kick and invite", "@"),
        Mode("h", Kind.STATUS, "half-operator: may kick, and give and take voice", "%"),
        Mode("v", Kind.STATUS, "voice: may speak where the room is moderated", "+"),
        Mode("b", Kind.LIST, "ban: those who match may neither enter nor speak"),
        Mode("e", Kind.LIST, "exception: those who match are not touched by bans"),
        Mode("I", Kind.LIST, "invitation: those who match may enter an invite-only room"),
        Mode("k", Kind.KEY, "key: a word is needed to enter"),
        Mode("W", Kind.LIMIT, "wait: so many seconds between two messages of one member without a rank"),
        Mode("f", Kind.LIMIT, "forward: who may not enter is sent to that room"),
        Mode("l", Kind.LIMIT, "limit: how many may be in"),
        Mode("C", Kind.FLAG, "no CTCP but actions"),
        Mode("M", Kind.FLAG, "only those who are logged in speak, and those with a rank"),
        Mode("R", Kind.FLAG, "only those who are logged in enter"),
        Mode("i", Kind.FLAG, "invite-only"),
        Mode("m", Kind.FLAG, "moderated: only operators and voices speak"),
        Mode("n", Kind.FLAG, "no messages from outside"),
        Mode("s", Kind.FLAG, "secret: hidden from lists"),
        Mode("t", Kind.FLAG, "only operators change the topic"),
    )
}

USER_MODES: Final = {
    "B": "bot: is a program, and marked as one",
    "R": "hears privately only those who are logged in, and whom they wrote to or accepted",
    "T": "takes no CTCP but actions",
    "i": "invisible: hidden from strangers' WHO",
    "o": "operator of the server; OPER gives it",
    "w": "wallops: hears operators' notices",
}

STATUSES: Final = "".join(m.letter for m in CHANNEL_MODES.values() if m.kind is Kind.STATUS)
"""Status letters, the highest first."""

SYMBOLS: Final = "".join(CHANNEL_MODES[letter].symbol for letter in STATUSES)


def letters(kind: Kind) -> str:
    """The letters of one kind, sorted as ISUPPORT shows them."""
    return "".join(sorted(m.letter for m in CHANNEL_MODES.values() if m.kind is kind))


def highest_first(statuses: str) -> str:
    return "".join(letter for letter in STATUSES if letter in statuses)


def symbols(statuses: str) -> str:
    """`@+` for "vo"."""
    return "".join(CHANNEL_MODES[letter].symbol for letter in STATUSES if letter in statuses)


def at_least(statuses: str, letter: str) -> bool:
    """Whether somebody with `statuses` ranks as high as `letter`."""
    return any(held in statuses for held in STATUSES[: STATUSES.index(letter) + 1])
