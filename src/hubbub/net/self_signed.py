"""A certificate for a first start, signed by nobody but itself: clients pin its fingerprint.

Import this module where a certificate is made and not before: `cryptography` costs some 60 ms to import.
https://www.rfc-editor.org/rfc/rfc5280#section-4
"""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Final

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from hubbub.net.keeping import write_whole

_TEN_YEARS: Final = timedelta(days=3653)
"""Clients pin the certificate: each new one has them ask their people again."""


def make_self_signed(directory: Path, names: Sequence[str]) -> tuple[Path, Path]:
    """Write `cert.pem` and `key.pem` (ECDSA P-256) for these host names and addresses into `directory`.

    Answers their paths. Raises OSError.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    cert_file, key_file = directory / "cert.pem", directory / "key.pem"
    directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    write_whole(key_file, key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()), 0o600)
    write_whole(cert_file, _signed(key, names).public_bytes(Encoding.PEM), 0o644)
    return cert_file, key_file


def _signed(key: ec.EllipticCurvePrivateKey, names: Sequence[str]) -> x509.Certificate:
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, names[0][:64])])
    yesterday = datetime.now(UTC) - timedelta(days=1)  # a client's clock may lag behind ours
    builder = x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
    return (
        builder.not_valid_before(yesterday)
        .not_valid_after(yesterday + _TEN_YEARS)
        .add_extension(x509.SubjectAlternativeName([_general_name(name) for name in names]), critical=False)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .sign(key, hashes.SHA256())
    )


def _general_name(name: str) -> x509.GeneralName:
    try:
        return x509.IPAddress(ip_address(name))
    except ValueError:
        return x509.DNSName(name)
