"""Errands: what the command line asks of the server beside which it runs. They are left in the database.

They are facts of scope "errand": whoever does one forgets it in the transaction of the event that it becomes, so that
it is done once. Where no server runs, they wait for one.
"""

from __future__ import annotations

from typing import Final, Protocol

from msgspec import Struct, json

from hubbub.hub.events import Fact
from hubbub.hub.promise import Promise

ERRAND: Final = "errand"


class Errand(Struct, frozen=True, omit_defaults=True):
    """To `make` an invite with this code, on these terms (ms, 0 for no end), or to take it back."""

    code: str
    make: bool
    room: str = ""
    until: int = 0
    uses: int = 0


class Errands(Protocol):
    """Where they are left."""

    def leave(self, errand: Errand, now: int) -> Promise[None]: ...

    def waiting(self) -> Promise[list[Errand]]:
        """The oldest first."""

    def drop(self, errand: Errand) -> Promise[None]:
        """It came to nothing."""


def fact_of(errand: Errand) -> Fact:
    return Fact(ERRAND, errand.code, _field(errand), json.encode(errand).decode())


def no_fact(errand: Errand) -> Fact:
    return Fact(ERRAND, errand.code, _field(errand), None)


def _field(errand: Errand) -> str:
    return "make" if errand.make else "revoke"
