"""A device that is pushed to: its keys, and how it reads what comes."""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64encode

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

CURVE = ec.SECP256R1()


class Device:
    """Keys of its own, as a browser makes them; `words` is how WEBPUSH says them."""

    def __init__(self) -> None:
        self._private = ec.generate_private_key(CURVE)
        self._point = self._private.public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)
        self._secret = b"sixteen bytes of"
        self.p256dh, self.auth = encoded(self._point), encoded(self._secret)
        self.words = f"p256dh={self.p256dh};auth={self.auth}"

    def read(self, body: bytes) -> bytes:
        """What stands in the body of a push, written after RFC 8291 and RFC 8188 from the reader's end."""
        salt, size, point, sealed = body[:16], body[20], body[21:86], body[86:]
        assert size == len(point)
        theirs = ec.EllipticCurvePublicKey.from_encoded_point(CURVE, point)
        shared = self._private.exchange(ec.ECDH(), theirs)
        seed = derived(self._secret, shared, b"WebPush: info\0" + self._point + point, 32)
        key = derived(salt, seed, b"Content-Encoding: aes128gcm\0", 16)
        nonce = derived(salt, seed, b"Content-Encoding: nonce\0", 12)
        plain = AESGCM(key).decrypt(nonce, sealed, None).rstrip(b"\0")
        assert plain[-1:] == b"\x02"
        return plain[:-1]


def derived(salt: bytes, secret: bytes, info: bytes, length: int) -> bytes:
    return hmac.digest(hmac.digest(salt, secret, "sha256"), info + b"\x01", "sha256")[:length]


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).decode().rstrip("=")
