"""Whom we take for the server: who has a certificate that the world vouches for, or the one we were told of."""

import hashlib
import hmac
import ssl
from dataclasses import dataclass

from hubbub.client.known import Known
from hubbub.client.url import Address


class Untrusted(ssl.SSLError):
    """The server has another certificate than the one we know. `fingerprint` is the one it has.

    `remembered` names the file that we know it from; "" where somebody told us.
    """

    def __init__(self, fingerprint: str, remembered: str = "") -> None:
        super().__init__(f"the certificate is another one: {fingerprint}")
        self.fingerprint = fingerprint
        self.remembered = remembered


@dataclass(frozen=True, slots=True)
class Trust:
    """By default a certificate must be valid for the host. A fingerprint stands in for that; `insecure` for nothing.

    `known` remembers servers by the fingerprint they were once trusted by; what we are told now counts for more.
    """

    fingerprint: str = ""
    insecure: bool = False
    known: Known | None = None

    def context(self, address: Address) -> ssl.SSLContext:
        """TLS as the Python we run on holds to be safe."""
        context = ssl.create_default_context()
        if self.insecure or self.expected(address):
            context.check_hostname = False
            context.verify_mode = ssl.CERT_NONE
        return context

    def check(self, address: Address, certificate: bytes) -> None:
        """Compare a certificate (DER) with the one that we know, and remember it; raises Untrusted."""
        seen, expected = fingerprint_of(certificate), self.expected(address)
        if expected and not hmac.compare_digest(seen, expected):
            raise Untrusted(seen, "" if self.fingerprint or self.known is None else str(self.known.path))
        if self.fingerprint and self.known is not None:
            self.known.remember(address, seen)

    def expected(self, address: Address) -> str:
        """The fingerprint that it must have, "" for one that the world vouches for."""
        return self.fingerprint or (self.known.fingerprint(address) if self.known is not None else "")


def fingerprint_of(certificate: bytes) -> str:
    """The SHA-256 of a certificate (DER), in 64 small hex digits."""
    return hashlib.sha256(certificate).hexdigest()


def spell(fingerprint: str) -> str:
    """As people compare it: AB:CD:..."""
    return ":".join(fingerprint[place : place + 2] for place in range(0, len(fingerprint), 2)).upper()
