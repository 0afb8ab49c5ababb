"""Errands: what the command line asks of the server beside which it runs. They are left in the database.

They are facts of scope "errand": whoever does one forgets it in the transaction of the event that it becomes, so that
it is done once. Where no server runs, they wait for one.
"""

from __future__ import annotations

from typing import Final, Protocol, TypeAlias

from msgspec import Struct, json

from hubbub.hub.events import Fact
from hubbub.hub.promise import Promise

ERRAND: Final = "errand"
_REMOVED: Final = "removed"
_TENDED: Final = "tended"


class Errand(Struct, frozen=True, omit_defaults=True):
    """To `make` an invite with this code, on these terms (ms, 0 for no end), or to take it back."""

    code: str
    make: bool
    room: str = ""
    until: int = 0
    uses: int = 0


class Removal(Struct, frozen=True, omit_defaults=True):
    """To have it in the audit log that a file of `owner` was taken away; `room` is folded, "" for none."""

    link: str
    name: str
    owner: str
    room: str = ""


class Tending(Struct, frozen=True, omit_defaults=True):
    """To have it in the audit log that this was done by the command line."""

    text: str


AnyErrand: TypeAlias = Errand | Removal | Tending


class Errands(Protocol):
    """Where they are left."""

    def leave(self, errand: AnyErrand, now: int) -> Promise[None]: ...

    def waiting(self) -> Promise[list[AnyErrand]]:
        """The oldest first."""

    def drop(self, errand: AnyErrand) -> Promise[None]:
        """It came to nothing."""


def fact_of(errand: AnyErrand) -> Fact:
    return Fact(ERRAND, *_place(errand), json.encode(errand).decode())


def no_fact(errand: AnyErrand) -> Fact:
    return Fact(ERRAND, *_place(errand), None)


def errand_in(field: str, value: str) -> AnyErrand:
    """What a fact says."""
    return json.decode(value, type=_KINDS.get(field, Errand))


def _place(errand: AnyErrand) -> tuple[str, str]:
    if isinstance(errand, Removal):
        return errand.link, _REMOVED
    if isinstance(errand, Tending):
        return errand.text, _TENDED
    return errand.code, "make" if errand.make else "revoke"


_KINDS: Final[dict[str, type[AnyErrand]]] = {_REMOVED: Removal, _TENDED: Tending}
