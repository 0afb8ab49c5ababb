"""CPace over X25519: two who share a short secret find that out, and nobody who listens or pretends learns it.

Whoever takes part can try one guess at the secret, and has to be there to do it.
https://datatracker.ietf.org/doc/draft-irtf-cfrg-cpace/ (CPACE-X25519-SHA512, with roles)
"""

from __future__ import annotations

import hmac
import secrets
from hashlib import sha512
from typing import Final

_DSI: Final = b"CPace255"
_BLOCK: Final = 128  # of SHA-512, in bytes
_FIELD: Final = 2**255 - 19
_A: Final = 486662  # Curve25519 is v^2 = u^3 + A u^2 + u

POINT: Final = 32
"""Bytes of what each tells the other."""

SID: Final = 16
"""Bytes that name one run; whoever begins draws them."""

TAG: Final = 16
"""Bytes by which one shows the other that they came to the same key."""


class BadPoint(ValueError):
    """What came is no point, or one that would give the key away."""


class Party:
    """One of the two. `secret` is what both should know, `channel` what both must see alike, such as a certificate."""

    def __init__(self, secret: bytes, channel: bytes, sid: bytes, scalar: bytes = b"") -> None:
        self._sid = sid
        self._scalar = scalar or secrets.token_bytes(POINT)
        self.point: Final = _multiply(self._scalar, generator(secret, channel, sid))

    def key(self, other: bytes, *, began: bool) -> bytes:
        """The key that both have, if both know the secret; `began` says who spoke first. Raises `BadPoint`."""
        first, second = (self.point, other) if began else (other, self.point)
        shared = _multiply(self._scalar, other)
        said = _joined(_DSI + b"_ISK", self._sid, shared) + _joined(first, b"") + _joined(second, b"")
        return sha512(said).digest()


def tag(key: bytes, role: bytes) -> bytes:
    """Shows that its sender has the key, without the key; each role has its own."""
    return hmac.digest(key, b"hubbub " + role, "sha512")[:TAG]


def generator(secret: bytes, channel: bytes, sid: bytes) -> bytes:
    """The point that a secret leads to; nobody knows how it lies to any other."""
    padding = max(0, _BLOCK - len(_joined(secret)) - len(_joined(_DSI)) - 1)
    digest = sha512(_joined(_DSI, secret, bytes(padding), channel, sid)).digest()[:POINT]
    coordinate = int.from_bytes(digest, "little") & (2**255 - 1)
    return _elligator(coordinate % _FIELD).to_bytes(POINT, "little")


def _elligator(u: int) -> int:
    """From any number to a point on the curve. https://www.rfc-editor.org/rfc/rfc9380#section-6.7.1"""
    x = -_A * pow(1 + 2 * u * u, -1, _FIELD) % _FIELD  # 1 + 2u^2 is never 0: -1/2 is no square in this field
    on_curve = pow(x * (x * x + _A * x + 1), (_FIELD - 1) // 2, _FIELD) <= 1
    return x if on_curve else (-x - _A) % _FIELD


def _multiply(scalar: bytes, point: bytes) -> bytes:
    """Takes its time alike for every scalar; raises `BadPoint`."""
    from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey

    try:
        return X25519PrivateKey.from_private_bytes(scalar).exchange(X25519PublicKey.from_public_bytes(point))
    except ValueError as error:
        raise BadPoint("expected a point of 32 bytes, of no small order") from error


def _joined(*parts: bytes) -> bytes:
    """Each part behind its length, so that no two lists of parts read alike."""
    return b"".join(_length(len(part)) + part for part in parts)


def _length(number: int) -> bytes:
    """LEB128: seven bits to a byte, the lowest first."""
    head = b""
    while number > 127:
        head += bytes([number & 127 | 128])
        number >>= 7
    return head + bytes([number])
