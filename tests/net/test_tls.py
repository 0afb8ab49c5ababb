"""TLS: nothing older than 1.2; certificates change while people talk; a bad one changes nothing."""

import asyncio
import shutil
import socket
import ssl
import stat
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from hubbub.net.door import Terms
from hubbub.net.limits import Gate
from hubbub.net.self_signed import make_self_signed
from hubbub.net.tls import BadCertificate, Certificates
from tests.net.desk import PATIENCE, Client, Desk, Place, Run, a_place, trusting

Pair = tuple[Path, Path]
URL = "ircs://127.0.0.1:0"


def copied(pair: Pair, directory: Path) -> Pair:
    """The files of a server that is going to change them."""
    return Path(shutil.copy(pair[0], directory / "cert.pem")), Path(shutil.copy(pair[1], directory / "key.pem"))


async def inside(place: Place, number: int) -> None:
    """Until so many have passed the gate. No session tells of it: they are before the handshake, or did not pass it."""
    async with asyncio.timeout(PATIENCE):
        while place.listeners.crowd.gate.inside != number:  # noqa: ASYNC110
            await asyncio.sleep(0)


def fingerprint_seen_by(client: Client) -> str:
    tls: ssl.SSLObject = client.writer.get_extra_info("ssl_object")
    return sha256(tls.getpeercert(binary_form=True) or b"").hexdigest()


def test_a_client_that_trusts_the_certificate_talks(run: Run, pair: Pair, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            maya = await place.connect(trusting(pair[0]))
            maya.say(b"hello")
            assert await maya.read(5) == b"hello"
            link = (await place.desk.guest()).link
            assert (link.secure, link.fingerprint, link.address) == (True, "", "127.0.0.1")
            assert fingerprint_seen_by(maya) == certificates.fingerprint

    run(scene())


def test_what_was_written_before_a_close_arrives_over_tls(run: Run, pair: Pair, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            maya = await place.connect(trusting(pair[0]))
            guest = await place.desk.guest()
            guest.link.write(b"x" * 900_000)
            guest.link.close("Bye")
            assert await maya.rest() == b"x" * 900_000
            await maya.leave()
            assert await place.desk.end_of(guest) == "Bye"

    run(scene())


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion.TLSv1:DeprecationWarning")
def test_tls_1_1_is_refused(run: Run, pair: Pair, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            old = trusting(pair[0])
            old.set_ciphers("ALL:@SECLEVEL=0")
            old.minimum_version = ssl.TLSVersion.TLSv1
            old.maximum_version = ssl.TLSVersion.TLSv1_1
            with pytest.raises((ssl.SSLError, ConnectionError)):
                await place.connect(old)

    run(scene())


def test_a_client_without_tls_ends_nobody_else(run: Run, pair: Pair, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            maya = await place.connect(trusting(pair[0]))
            leo = await place.connect()
            leo.say(b"NICK leo\r\nUSER leo 0 * :Leo\r\n")
            await leo.rest()
            maya.say(b"hello")
            assert await maya.read(5) == b"hello"
            assert len(place.desk.guests) == 1

    run(scene())


def test_a_handshake_that_is_never_begun_has_a_deadline(run: Run, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates, terms=Terms(registration_seconds=0.05)) as place:
            maya = await place.connect()
            assert await maya.rest() == b""
            assert place.listeners.crowd.gate.inside == 0

    run(scene())


def test_a_server_that_closes_does_not_wait_for_handshakes(run: Run, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            maya = await place.connect()
            await inside(place, 1)
            await place.listeners.close("The server stops")
            assert await maya.rest() == b""
            assert place.desk.guests == []

    run(scene())


def test_who_is_one_too_many_is_turned_away_before_the_handshake(
    run: Run, pair: Pair, certificates: Certificates
) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates, gate=Gate(total=1)) as place:
            await place.connect(trusting(pair[0]))
            await place.desk.guest()
            leo = await place.connect()
            assert await leo.rest() == b""

    run(scene())


# --- clients' certificates ----------------------------------------------------------------------------------------


def a_clients_pair(directory: Path) -> Pair:
    """What `openssl req -x509` makes for a person."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "maya")])
    now = datetime.now(UTC)
    builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now - timedelta(1), now + timedelta(1))
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
    cert_file, key_file = directory / "maya.pem", directory / "maya.key"
    cert_file.write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM))
    key_file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return cert_file, key_file


def test_a_certificate_that_is_vouched_for_names_its_client(run: Run, pair: Pair, tmp_path: Path) -> None:
    async def scene() -> None:
        mayas = a_clients_pair(tmp_path)
        der = ssl.PEM_cert_to_DER_cert(mayas[0].read_text())
        async with a_place(url=URL, certificates=Certificates(*pair, client_ca=mayas[0])) as place:
            context = trusting(pair[0])
            await place.connect(context)
            assert (await place.desk.guest(0)).link.fingerprint == ""
            context.load_cert_chain(*mayas)
            await place.connect(context)
            assert (await place.desk.guest(1)).link.fingerprint == sha256(der).hexdigest()

    run(scene())


# --- new certificates ---------------------------------------------------------------------------------------------


async def talks(client: Client) -> bool:
    client.say(b"still here")
    return await client.read(10) == b"still here"


def test_a_new_certificate_drops_nobody(run: Run, pair: Pair, tmp_path: Path) -> None:
    async def scene() -> None:
        cert, key = copied(pair, tmp_path)
        certificates = Certificates(cert, key)
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            maya = await place.connect(trusting(cert))
            before = certificates.fingerprint
            make_self_signed(tmp_path, ["localhost"])
            certificates.reload()
            leo = await place.connect(trusting(cert))
            assert await talks(maya)
            assert await talks(leo)
            assert fingerprint_seen_by(leo) == certificates.fingerprint != before

    run(scene())


def test_other_files_may_be_named(pair: Pair, tmp_path: Path) -> None:
    certificates, other = Certificates(*pair), Certificates(*make_self_signed(tmp_path, ["localhost"]))
    certificates.replace(tmp_path / "cert.pem", tmp_path / "key.pem")
    certificates.reload()
    assert certificates.fingerprint == other.fingerprint


async def _keeps_the_old(place: Place, certificates: Certificates, trust: ssl.SSLContext, said: str) -> None:
    maya = await place.connect(trust)
    with pytest.raises(BadCertificate) as caught:
        certificates.reload()
    assert str(caught.value).endswith(said)
    leo = await place.connect(trust)
    assert await talks(maya)
    assert await talks(leo)


BEGIN, END = "-----BEGIN CERTIFICATE-----\n", "-----END CERTIFICATE-----\n"
BROKEN = {
    "empty": ("", "cert.pem: expected certificates in PEM, found none"),
    "gone": (None, "cert.pem: cannot be read (No such file or directory)"),
    "garbled": (f"{BEGIN}AAAA\n{END}", "key.pem: expected a certificate and its key in PEM, got something broken"),
    "cut short": (f"{BEGIN}MIIB", "key.pem: expected a certificate and its key in PEM, got something broken"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_a_broken_certificate_keeps_the_old_and_says_where(run: Run, pair: Pair, tmp_path: Path, case: str) -> None:
    async def scene() -> None:
        cert, key = copied(pair, tmp_path)
        certificates, trust = Certificates(cert, key), trusting(cert)
        text, said = BROKEN[case]
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            cert.unlink() if text is None else cert.write_text(text)
            await _keeps_the_old(place, certificates, trust, said)

    run(scene())


def test_a_key_of_another_certificate_keeps_the_old(run: Run, pair: Pair, tmp_path: Path) -> None:
    async def scene() -> None:
        cert, key = copied(pair, tmp_path)
        certificates, trust = Certificates(cert, key), trusting(cert)
        other = make_self_signed(tmp_path / "other", ["localhost"])
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            shutil.copy(other[1], key)
            await _keeps_the_old(place, certificates, trust, f"key.pem: expected the key of {cert}, got another")

    run(scene())


def test_a_key_with_a_passphrase_is_refused_and_nobody_is_asked(pair: Pair, tmp_path: Path) -> None:
    cert, key = copied(pair, tmp_path)
    secret = ec.generate_private_key(ec.SECP256R1())
    key.write_bytes(secret.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, BestAvailableEncryption(b"hunter2")))
    with pytest.raises(BadCertificate, match=r"key.pem: expected a key without a passphrase"):
        Certificates(cert, key)


@pytest.mark.parametrize(("text", "said"), [("nobody", "found none"), (f"{BEGIN}AAAA\n{END}", "got something broken")])
def test_a_bad_file_of_those_who_vouch_is_named(pair: Pair, tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "ca.pem").write_text(text)
    with pytest.raises(BadCertificate, match=f"ca.pem: expected certificates in PEM, {said}$"):
        Certificates(*pair, client_ca=tmp_path / "ca.pem")


def test_a_certificate_is_no_key(pair: Pair) -> None:
    with pytest.raises(BadCertificate, match=r"cert.pem: expected a private key in PEM, found none"):
        Certificates(pair[0], pair[0])


# --- for a first start --------------------------------------------------------------------------------------------


def test_a_self_signed_pair_names_its_hosts_and_lasts(tmp_path: Path) -> None:
    cert_file, _ = make_self_signed(tmp_path / "new", ["chat.example.org", "192.168.1.20", "::1"])
    cert = x509.load_pem_x509_certificate(cert_file.read_bytes())
    names = cert.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    assert names.get_values_for_type(x509.DNSName) == ["chat.example.org"]
    assert [str(address) for address in names.get_values_for_type(x509.IPAddress)] == ["192.168.1.20", "::1"]
    assert cert.not_valid_after_utc > datetime.now(UTC) + timedelta(days=3650)
    key = cert.public_key()
    assert isinstance(key, ec.EllipticCurvePublicKey)
    assert key.curve.name == "secp256r1"


def test_a_key_is_for_its_owner_alone(tmp_path: Path) -> None:
    _, key = make_self_signed(tmp_path / "new", ["localhost"])
    assert stat.S_IMODE(key.stat().st_mode) == 0o600
    assert stat.S_IMODE(key.parent.stat().st_mode) == 0o700
    assert [file.name for file in sorted(key.parent.iterdir())] == ["cert.pem", "key.pem"]


def test_a_port_scan_leaves_nothing_behind(run: Run, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            for _ in range(20):
                socket.create_connection((place.endpoint.host, place.endpoint.port)).close()
            maya = await place.connect(trusting(certificates._files[0]))
            await place.desk.guest()
            await maya.leave()
            await place.desk.end_of(place.desk.guests[0])
            await inside(place, 0)

    run(scene())
