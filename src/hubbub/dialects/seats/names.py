"""Names that people and programs give, made into such as can be worn here."""

from __future__ import annotations

import secrets
import unicodedata
from collections.abc import Iterator
from typing import Final

from hubbub.hub.rules import Rules

GUEST: Final = "guest"

_TRIES: Final = 99
"""maya2 to maya99; who finds all of them taken is named by chance."""


def candidates(wanted: str, rules: Rules) -> Iterator[str]:
    """What somebody may be called who would like to be called `wanted`, the likest first."""
    name = legal(wanted, rules)
    yield name
    for number in range(2, _TRIES + 1):
        yield f"{name[: rules.nick_length - len(str(number))]}{number}"
    while True:
        yield f"{GUEST}{secrets.randbelow(1_000_000)}"[: rules.nick_length]


def legal(wanted: str, rules: Rules) -> str:
    """The likest name that can be worn: `Zoë van Dam` is Zoe_van_Dam, and nothing at all is a guest."""
    bare = unicodedata.normalize("NFKD", wanted).replace(" ", "_")
    name = "".join(letter for letter in bare if rules.legal_nick(f"_{letter}"))[: rules.nick_length].rstrip("_")
    name = name.lstrip("-") if name.strip("_-") else GUEST
    return name if rules.legal_nick(name) else f"_{name}"[: rules.nick_length]
