"""Certificates: loaded, and loaded anew while people talk."""

import ssl
from hashlib import sha256
from pathlib import Path
from typing import Final

from hubbub.net.tls_transport import TlsSocket

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
_END: Final = "-----END CERTIFICATE-----"


class BadCertificate(Exception):
    """A certificate or key that cannot be used; the text names the file."""


class Certificates:
    """The certificate chain and key of a listener, and the context that new connections get.

    A client's certificate is asked for only if `client_ca` names a file that vouches for it: OpenSSL ends the
    handshake of a client whose certificate nobody vouches for, and the ssl module cannot make it do otherwise.
    """

    context: ssl.SSLContext
    fingerprint: str
    """SHA-256 of the server's own certificate in hex, for people to compare."""

    def __init__(self, cert: Path | str, key: Path | str, client_ca: Path | str = "") -> None:
        """Raises BadCertificate."""
        self.replace(cert, key, client_ca)

    @property
    def file(self) -> str:
        """Where the chain was read from."""
        return str(self._files[0])

    def reload(self) -> None:
        """Read the files again; who is connected stays so. Raises BadCertificate, and keeps what it had."""
        self.replace(*self._files)

    def replace(self, cert: Path | str, key: Path | str, client_ca: Path | str = "") -> None:
        """Take other files from here on, as `reload` does."""
        chain = _read(str(cert), _BEGIN, "certificates")
        context = _context(str(cert), str(key), str(client_ca))
        fingerprint = sha256(ssl.PEM_cert_to_DER_cert(_first(chain))).hexdigest()
        self._files, self.context, self.fingerprint = (cert, key, client_ca), context, fingerprint


def _context(cert: str, key: str, client_ca: str) -> ssl.SSLContext:
    _read(key, "PRIVATE KEY-----", "a private key")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.sslsocket_class = TlsSocket
    context.options |= ssl.OP_NO_RENEGOTIATION  # a handshake that clients could ask for as often as they like
    # TLS 1.0 and 1.1 are broken and withdrawn: https://www.rfc-editor.org/rfc/rfc8996
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        # Without a word about a passphrase, OpenSSL would ask for it on the terminal and the server would hang.
        context.load_cert_chain(cert, key, password=lambda: _encrypted(key))
    except ssl.SSLError as error:
        raise BadCertificate(_mismatch(cert, key, error)) from None
    if client_ca:
        _vouch(context, client_ca)
    return context


def _vouch(context: ssl.SSLContext, client_ca: str) -> None:
    try:
        context.load_verify_locations(cadata=_read(client_ca, _BEGIN, "certificates"))
    except ssl.SSLError:
        raise BadCertificate(f"{client_ca}: expected certificates in PEM, got something broken") from None
    context.verify_mode = ssl.CERT_OPTIONAL


def _encrypted(key: str) -> str:
    raise BadCertificate(f"{key}: expected a key without a passphrase; remove it with 'openssl pkey'")


def _mismatch(cert: str, key: str, error: ssl.SSLError) -> str:
    """OpenSSL names this one case; in all others it says "PEM lib" and no more."""
    if error.reason == "KEY_VALUES_MISMATCH":
        return f"{key}: expected the key of {cert}, got another"
    return f"{cert} or {key}: expected a certificate and its key in PEM, got something broken"


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
