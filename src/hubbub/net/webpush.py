"""Web Push as bytes: encrypting what is pushed, and showing who pushes it.

https://www.rfc-editor.org/rfc/rfc8291 (encryption), https://www.rfc-editor.org/rfc/rfc8188 (its coding) and
https://www.rfc-editor.org/rfc/rfc8292 (VAPID). Import it where there are pushes: `cryptography` costs some 60 ms.
"""

from __future__ import annotations

import binascii
import hmac
import json
import os
from base64 import b64decode, urlsafe_b64encode
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_CURVE: Final = ec.SECP256R1()
_ORDER: Final = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551

_RECORD: Final = 4096
"""Bytes of a record: "push services are not required to support more than 4096 octets of payload body"."""

_STEP: Final = 512
"""What is pushed is as long as the next multiple of it, so that its length tells little of what was said."""

PAYLOAD_MAX: Final = 7 * _STEP - 1
"""Bytes that fit into one record with their padding, beside its header and its tag."""

_TOKEN_SECONDS: Final = 12 * 60 * 60
"""How long a token is good for: "the "exp" claim MUST NOT be more than 24 hours" away."""

_TOKENS_MAX: Final = 256
"""Origins whose tokens are kept to be used again: there are few push services."""


@dataclass(frozen=True, slots=True)
class Receiver:
    """The keys of whoever is to read it: a point on the curve, and 16 bytes that only they and we know."""

    public: ec.EllipticCurvePublicKey
    auth: bytes


def receiver(p256dh: str, auth: str) -> Receiver:
    """From what a client gives: both in URL-safe base64. Raises ValueError with what was expected."""
    point, secret = _decoded(p256dh), _decoded(auth)
    if len(secret) != 16:
        raise ValueError("expected 16 bytes in base64 as auth")
    if len(point) != 65:
        raise ValueError("expected an uncompressed P-256 public key in base64 as p256dh")
    try:
        return Receiver(ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, point), secret)
    except ValueError:
        raise ValueError("expected a point on the curve P-256 as p256dh") from None


def encrypt(payload: bytes, to: Receiver) -> bytes:
    """The body of a push, which `to` alone can read. ValueError for more than PAYLOAD_MAX bytes."""
    if len(payload) > PAYLOAD_MAX:
        raise ValueError(f"expected at most {PAYLOAD_MAX} bytes, got {len(payload)}")
    padding = bytes(-(len(payload) + 1) % _STEP)
    return sealed(payload, padding, to, ec.generate_private_key(_CURVE), os.urandom(16))


def sealed(payload: bytes, padding: bytes, to: Receiver, sender: ec.EllipticCurvePrivateKey, salt: bytes) -> bytes:
    """One record of aes128gcm, with its header. A sender's key and a salt are for one push."""
    ours, theirs = _point(sender.public_key()), _point(to.public)
    shared = _hkdf(to.auth, sender.exchange(ec.ECDH(), to.public), b"WebPush: info\0" + theirs + ours, 32)
    key = _hkdf(salt, shared, b"Content-Encoding: aes128gcm\0", 16)
    nonce = _hkdf(salt, shared, b"Content-Encoding: nonce\0", 12)
    header = salt + _RECORD.to_bytes(4, "big") + bytes([len(ours)]) + ours
    return header + AESGCM(key).encrypt(nonce, payload + b"\x02" + padding, None)  # 2: it is the last record


class Vapid:
    """Who we are to push services: a key made of a secret of 32 bytes, and whom they can ask about us.

    `now` gives seconds since the epoch.
    """

    def __init__(self, secret: bytes, subject: str, now: Callable[[], float]) -> None:
        # 64 bits more than the order has, so that no key is likelier than another (FIPS 186-5, A.2.1)
        number = int.from_bytes(_hkdf(b"vapid", secret, b"P-256", 40), "big")
        self._private = ec.derive_private_key(number % (_ORDER - 1) + 1, _CURVE)
        self._subject, self._now = subject, now
        self._tokens: dict[str, tuple[float, str]] = {}
        self.public: Final = _encoded(_point(self._private.public_key()))
        """The public key in URL-safe base64, as clients give it to push services."""

    def authorization(self, origin: str) -> str:
        """The header for a push service; a token is used again for half its life."""
        made, token = self._tokens.get(origin, (0.0, ""))
        if not token or not 0 <= self._now() - made < _TOKEN_SECONDS / 2:
            made, token = self._now(), self._token(origin)
            if len(self._tokens) >= _TOKENS_MAX:
                self._tokens.clear()
            self._tokens[origin] = made, token
        return f"vapid t={token}, k={self.public}"

    def _token(self, origin: str) -> str:
        """https://www.rfc-editor.org/rfc/rfc7519, signed with ES256."""
        claims = {"aud": origin, "exp": int(self._now()) + _TOKEN_SECONDS, "sub": self._subject}
        text = ".".join(_encoded(json.dumps(part).encode()) for part in ({"typ": "JWT", "alg": "ES256"}, claims))
        r, s = decode_dss_signature(self._private.sign(text.encode(), ec.ECDSA(hashes.SHA256())))
        return f"{text}.{_encoded(r.to_bytes(32, 'big') + s.to_bytes(32, 'big'))}"


def _hkdf(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    """https://www.rfc-editor.org/rfc/rfc5869, for at most two blocks."""
    key = hmac.digest(salt, secret, "sha256")
    first = hmac.digest(key, info + b"\x01", "sha256")
    return (first + hmac.digest(key, first + info + b"\x02", "sha256"))[:length]


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")


def _decoded(text: str) -> bytes:
    """Clients write it with padding or without."""
    plain = text.rstrip("=")
    try:
        return b64decode(plain.encode() + b"=" * (-len(plain) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, UnicodeEncodeError):
        raise ValueError("expected keys in URL-safe base64") from None
