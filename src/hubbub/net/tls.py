"""Certificates: loaded, and loaded anew while people talk."""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import Final

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"


class BadCertificate(Exception):
    """A certificate or key that cannot be used; the text names the file."""


class Certificates:
    """The certificate chain and key of a listener, and the context that new connections get.

    A client's certificate is asked for only if `client_ca` names a file that vouches for it: OpenSSL ends the
    handshake of a client whose certificate nobody vouches for, and the ssl module cannot make it do otherwise.
    """

    def __init__(self, cert: Path | str, key: Path | str, client_ca: Path | str = "") -> None:
        """Raises BadCertificate."""
        self._cert, self._key, self._client_ca = str(cert), str(key), str(client_ca)
        self.context = self._load()

    def reload(self) -> None:
        """Read the files again; who is connected stays so. Raises BadCertificate, and keeps what it had."""
        self.context = self._load()

    @property
    def fingerprint(self) -> str:
        """SHA-256 of the server's own certificate in hex, for people to compare."""
        return self._fingerprint

    def _load(self) -> ssl.SSLContext:
        chain = _read(self._cert, _BEGIN, "certificates")
        _read(self._key, "PRIVATE KEY-----", "a private key")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        # TLS 1.0 and 1.1 are broken and withdrawn: https://www.rfc-editor.org/rfc/rfc8996
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        try:
            context.load_cert_chain(self._cert, self._key, password=self._encrypted)
        except ssl.SSLError as error:
            raise BadCertificate(self._mismatch(error)) from None
        self._vouch(context)
        self._fingerprint = sha256(ssl.PEM_cert_to_DER_cert(_first(chain))).hexdigest()
        return context

    def _mismatch(self, error: ssl.SSLError) -> str:
        """OpenSSL names this one case; in all others it says "PEM lib" and no more."""
        if error.reason == "KEY_VALUES_MISMATCH":
            return f"{self._key}: expected the key of {self._cert}, got another"
        return f"{self._cert} or {self._key}: expected a certificate and its key in PEM, got something broken"

    def _vouch(self, context: ssl.SSLContext) -> None:
        if not self._client_ca:
            return
        try:
            context.load_verify_locations(cadata=_read(self._client_ca, _BEGIN, "certificates"))
        except ssl.SSLError:
            raise BadCertificate(f"{self._client_ca}: expected certificates in PEM, got something broken") from None
        context.verify_mode = ssl.CERT_OPTIONAL

    def _encrypted(self) -> str:
        # Without this, OpenSSL would ask on the terminal and the server would hang.
        raise BadCertificate(f"{self._key}: expected a key without a passphrase; remove it with 'openssl pkey'")


def _read(file: str, mark: str, what: str) -> str:
    try:
        text = Path(file).read_text(encoding="latin-1")
    except OSError as error:
        raise BadCertificate(f"{file}: cannot be read ({error.strerror})") from None
    if mark not in text:
        raise BadCertificate(f"{file}: expected {what} in PEM, found none")
    return text


def _first(chain: str) -> str:
    return chain[chain.index(_BEGIN) : chain.index(_END) + len(_END)]
