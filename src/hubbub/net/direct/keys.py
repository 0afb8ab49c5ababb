"""Who we are to others: a key of our own and its certificate, made at first run and kept for good.

Both ends of a way speak TLS 1.3 (https://www.rfc-editor.org/rfc/rfc8446). Whoever is called shows their certificate
in it; whoever calls signs what was said in it. Nobody vouches for a certificate: its fingerprint is what counts.
"""

from __future__ import annotations

import ssl
from hashlib import sha256
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import load_pem_private_key

from hubbub.net.self_signed import make_self_signed

CERT_MAX: Final = 4096
"""Bytes of somebody's certificate; ours has about 500."""

_SIGNED: Final = ec.ECDSA(hashes.SHA256())


class BadKey(Exception):
    """Our own key cannot be read or made; the text names the file."""


class Keys:
    """Ours. `certificate` is in DER, `fingerprint` its SHA-256 in hex."""

    def __init__(self, directory: Path) -> None:
        """Read them, or make them at first run. Raises `BadKey`."""
        cert, key = directory / "cert.pem", directory / "key.pem"
        try:
            if not cert.exists():
                make_self_signed(directory, ["hubbub-direct"])
            self.certificate = ssl.PEM_cert_to_DER_cert(cert.read_text())
            self._key = load_pem_private_key(key.read_bytes(), None)
            self._server = _context(ssl.PROTOCOL_TLS_SERVER)
            self._server.load_cert_chain(cert, key)
        except (OSError, ValueError, TypeError) as error:
            words = f"{directory}: cannot use the key there ({error}); without it others take you for a stranger"
            raise BadKey(words) from None
        self.fingerprint = fingerprint_of(self.certificate)

    @property
    def server(self) -> ssl.SSLContext:
        """For the end that is called."""
        return self._server

    @property
    def client(self) -> ssl.SSLContext:
        """For the end that calls, and looks at the certificate itself."""
        context = _context(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return context

    def sign(self, data: bytes) -> bytes:
        if not isinstance(self._key, ec.EllipticCurvePrivateKey):
            raise BadKey("expected an elliptic curve key; another program wrote key.pem")
        return self._key.sign(data, _SIGNED)


def signed_by(certificate: bytes, signature: bytes, data: bytes) -> bool:
    """Whether the owner of a certificate (DER, a stranger's) has signed this."""
    try:
        key = x509.load_der_x509_certificate(certificate).public_key()
        if not isinstance(key, ec.EllipticCurvePublicKey):
            return False
        key.verify(signature, data, _SIGNED)
    except (ValueError, InvalidSignature, UnsupportedAlgorithm, x509.InvalidVersion):
        return False
    return True


def fingerprint_of(certificate: bytes) -> str:
    return sha256(certificate).hexdigest()


def _context(protocol: int) -> ssl.SSLContext:
    context = ssl.SSLContext(protocol)
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context
