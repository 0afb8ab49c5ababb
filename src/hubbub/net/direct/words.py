"""What two ends say until they stand in contact: one JSON object to a line, "t" says which.

greeting (main listener) -> hello -> answer -> proof -> back, stands (on the way back) -> stands | oneway.
"""

from __future__ import annotations

from typing import Final, TypeAlias

from msgspec import Struct

VERSION: Final = 1


class Greeting(Struct, frozen=True, tag_field="t", tag="greeting", omit_defaults=True):
    """The main listener's one line: the port that was opened for this caller alone."""

    v: int
    port: int


class Here(Struct, frozen=True, tag_field="t", tag="here"):
    """The caller cannot reach that port, and wants to go on over the main one; the main listener agrees by the same."""


class Hello(Struct, frozen=True, tag_field="t", tag="hello"):
    """The caller begins. `commit` is the SHA-256 (hex) of the number it will give: it cannot choose it afterwards."""

    v: int
    name: str
    commit: str


class Answer(Struct, frozen=True, tag_field="t", tag="answer"):
    """Whoever is called gives a name and a number (32 random bytes in hex)."""

    v: int
    name: str
    nonce: str


class Proof(Struct, frozen=True, tag_field="t", tag="proof", omit_defaults=True):
    """The caller gives its number and its certificate (DER in base64), and signs the transcript.

    `main` is the port of its main listener; on `back` it waits to be connected back to by whoever knows `token`.
    """

    nonce: str
    cert: str
    sign: str
    main: int = 0
    back: int = 0
    token: str = ""


class Back(Struct, frozen=True, tag_field="t", tag="back"):
    """The first words on the way back."""

    token: str


class Stands(Struct, frozen=True, tag_field="t", tag="stands"):
    """This way stands."""


class OneWay(Struct, frozen=True, tag_field="t", tag="oneway"):
    """There will be no way back: `why` says what went wrong. It goes on over the one that stands."""

    why: str


class No(Struct, frozen=True, tag_field="t", tag="no"):
    """Refused, in a sentence for people."""

    why: str


Word: TypeAlias = Greeting | Here | Hello | Answer | Proof | Back | Stands | OneWay | No


def transcript(called: str, caller: str, answer: Answer, nonce: str) -> bytes:
    """What the caller signs and the emoji are made of: both fingerprints and both numbers, in hex."""
    return "\n".join((f"hubbub direct {VERSION}", called, caller, answer.nonce, nonce)).encode()
