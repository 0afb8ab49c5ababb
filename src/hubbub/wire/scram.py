"""SCRAM-SHA-256, the server's side: a password is proved without being told, and the server proves that it knows it.

https://www.rfc-editor.org/rfc/rfc5802 and https://www.rfc-editor.org/rfc/rfc7677. Without channel binding: the server
often stands behind something else that ends TLS.
"""

from __future__ import annotations

import hmac
import stringprep
import unicodedata
from base64 import b64encode
from collections.abc import Callable
from hashlib import pbkdf2_hmac, sha256
from typing import Final

from hubbub.wire.sasl import BadResponse, decoded

MECHANISM: Final = "SCRAM-SHA-256"


class Derived:
    """What a server keeps of a password: it proves the password, and cannot be used in its stead."""

    __slots__ = ("server", "stored")

    def __init__(self, password: str, salt: bytes, iterations: int) -> None:
        """Takes its time: that is what `iterations` are for. Raises `BadResponse` as `prepared` does."""
        salted = pbkdf2_hmac("sha256", prepared(password).encode(), salt, iterations)
        self.stored = sha256(_hmac(salted, b"Client Key")).digest()
        self.server = _hmac(salted, b"Server Key")


class Exchange:
    """One login, of three steps: read who it is, challenge them, check their proof.

    Every step raises `BadResponse` on what cannot be read; the exchange is over then.
    """

    __slots__ = ("_first", "_header", "_nonce", "_said", "name")

    def __init__(self, first: bytes, nonce: str) -> None:
        """`first` is the client's first message, `nonce` the server's half of the nonce: random, without commas."""
        self._header, acting, self._first = _without_binding(_text(first))
        name, theirs = _fields(self._first, "n", "r")
        if acting not in ("", f"a={name}"):
            raise BadResponse("expected to act as oneself")
        self.name = _name(name)
        self._nonce = theirs + nonce
        self._said = ""

    def challenge(self, salt: bytes, iterations: int) -> bytes:
        self._said = f"r={self._nonce},s={b64encode(salt).decode()},i={iterations}"
        return self._said.encode()

    def finish(self, final: bytes, stored: bytes, server: bytes) -> bytes | None:
        """The server's own proof for the client's final message; None where the client's proof is wrong."""
        without, _, last = _text(final).rpartition(",p=")
        if _fields(without, "c", "r") != [b64encode(self._header.encode()).decode(), self._nonce]:
            raise BadResponse("expected the header and the nonce of this exchange")
        agreed = f"{self._first},{self._said},{without}".encode()
        signature, proof = _hmac(stored, agreed), decoded(last)
        if len(proof) != len(signature):
            return None
        key = bytes(one ^ other for one, other in zip(proof, signature, strict=True))
        fits = hmac.compare_digest(sha256(key).digest(), stored)
        return b"v=" + b64encode(_hmac(server, agreed)) if fits else None


def prepared(password: str) -> str:
    """SASLprep: one form for what looks alike, however it was typed. https://www.rfc-editor.org/rfc/rfc4013

    Raises `BadResponse` for what no password may hold.
    """
    mapped = "".join(" " if stringprep.in_table_c12(c) else c for c in password if not stringprep.in_table_b1(c))
    text = unicodedata.ucd_3_2_0.normalize("NFKC", mapped)
    if not text or any(forbids(c) for c in text for forbids in _FORBIDDEN) or not _reads_one_way(text):
        raise BadResponse("expected a password without control and unassigned characters")
    return text


_FORBIDDEN: Final[tuple[Callable[[str], bool], ...]] = (
    stringprep.in_table_a1,
    stringprep.in_table_c12,
    stringprep.in_table_c21_c22,
    stringprep.in_table_c3,
    stringprep.in_table_c4,
    stringprep.in_table_c5,
    stringprep.in_table_c6,
    stringprep.in_table_c7,
    stringprep.in_table_c8,
    stringprep.in_table_c9,
)


def _reads_one_way(text: str) -> bool:
    """ "If a string contains any RandALCat character", it must begin and end with one and hold no LCat character."""
    if not any(map(stringprep.in_table_d1, text)):
        return True
    ends = stringprep.in_table_d1(text[0]) and stringprep.in_table_d1(text[-1])
    return ends and not any(map(stringprep.in_table_d2, text))


def _without_binding(message: str) -> tuple[str, str, str]:
    """The header, whom it wants to act as, and the bare message."""
    binding, _, rest = message.partition(",")
    acting, comma, bare = rest.partition(",")
    if binding not in ("n", "y") or not comma:
        raise BadResponse("expected no channel binding")
    return f"{binding},{acting},", acting, bare


def _fields(message: str, *names: str) -> list[str]:
    """The values of the first attributes, which must have these names; extensions may stand behind them."""
    pairs = [part.partition("=") for part in message.split(",")]
    if tuple(name for name, _, value in pairs[: len(names)] if value) != names:
        raise BadResponse(f"expected {', '.join(f'{name}=' for name in names)}")
    return [value for _, _, value in pairs[: len(names)]]


def _name(escaped: str) -> str:
    """ "If the server receives a username that contains '=' not followed by either '2C' or '3D', [it] MUST fail"."""
    if escaped.count("=") != escaped.count("=2C") + escaped.count("=3D"):
        raise BadResponse("expected =2C or =3D behind =")
    return escaped.replace("=2C", ",").replace("=3D", "=")


def _text(message: bytes) -> str:
    try:
        return message.decode()
    except UnicodeDecodeError:
        raise BadResponse("expected UTF-8") from None


def _hmac(key: bytes, text: bytes) -> bytes:
    return hmac.digest(key, text, "sha256")
