"""Whom we take for the server: who has a certificate that the world vouches for, or the one we were told of."""

import hashlib
import hmac
import ssl
from dataclasses import dataclass


class Untrusted(ssl.SSLError):
    """The server has another certificate than the one we were told of. `fingerprint` is the one it has."""

    def __init__(self, fingerprint: str) -> None:
        super().__init__(f"the certificate is another one: {fingerprint}")
        self.fingerprint = fingerprint


@dataclass(frozen=True, slots=True)
class Trust:
    """By default a certificate must be valid for the host. A fingerprint stands in for that; `insecure` for nothing."""

    fingerprint: str = ""
    insecure: bool = False

    def context(self) -> ssl.SSLContext:
        """TLS as the Python we run on holds to be safe."""
        context = ssl.create_default_context()
        if self.fingerprint or self.insecure:
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def check(self, certificate: bytes) -> None:
        """Compare a certificate (DER) with the one we were told of; raises Untrusted."""
        seen = fingerprint_of(certificate)
        if self.fingerprint and not hmac.compare_digest(seen, self.fingerprint):
            raise Untrusted(seen)


def fingerprint_of(certificate: bytes) -> str:
    """The SHA-256 of a certificate (DER), in 64 small hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def spell(fingerprint: str) -> str:
    """As people compare it: AB:CD:..."""
    return ":".join(fingerprint[place : place + 2] for place in range(0, len(fingerprint), 2)).upper()
