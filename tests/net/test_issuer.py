"""Certificates by ACME, from an authority that looks at everything it is told."""

from __future__ import annotations

import asyncio
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509

from hubbub.net.issuer import Issuer, NotIssued
from hubbub.net.renewal import Renewal, is_due
from hubbub.net.tls import Certificates
from tests.net.authority import Authority, an_authority
from tests.net.desk import PATIENCE, Desk, Run, a_place
from tests.net.shop import Shop, open_shop

DOMAIN = "chat.example.org"


def issuer_of(authority: Authority, shop: Shop, directory: Path) -> Issuer:
    return Issuer(f"{authority.url}/directory", "maya@example.org", directory / "account.pem", shop.challenges)


def test_a_certificate_is_issued_to_who_shows_that_the_name_is_theirs(run: Run, tmp_path: Path) -> None:
    """The key of the account is kept and is nobody else's to read, and nothing is shown any more afterwards."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop, an_authority(forgetful=1) as authority:
            authority.site.set_result(shop.port)
            issuer = issuer_of(authority, shop, tmp_path)
            pem = await asyncio.to_thread(issuer.issue, DOMAIN)
            (certificate, root) = x509.load_pem_x509_certificates(pem)
            assert root == authority.root
            certificate.verify_directly_issued_by(root)
            assert authority.contacts == [["mailto:maya@example.org"]]
            assert shop.challenges == {}
            assert (tmp_path / "account.pem").stat().st_mode & 0o777 == 0o600

    run(main())


def test_nothing_is_issued_for_another_machines_name(run: Run, tmp_path: Path) -> None:
    """What the authority found there instead is told."""

    async def main() -> None:
        async with (
            open_shop(tmp_path / "a") as shop,
            open_shop(tmp_path / "b") as other,
            an_authority() as authority,
        ):
            authority.site.set_result(other.port)
            with pytest.raises(NotIssued, match=r"found something else at chat\.example\.org"):
                await asyncio.to_thread(issuer_of(authority, shop, tmp_path).issue, DOMAIN)
            with pytest.raises(NotIssued, match=r"chat\.test is no public name"):
                await asyncio.to_thread(issuer_of(authority, shop, tmp_path).issue, "chat.test")
            assert (authority.issued, shop.challenges, len(authority.accounts)) == ([], {}, 1)

    run(main())


def test_an_authority_out_of_reach_is_named(tmp_path: Path) -> None:
    with pytest.raises(NotIssued, match=r"127\.0\.0\.1"):
        Issuer("http://127.0.0.1:9/directory", "", tmp_path / "account.pem", {}).issue(DOMAIN)


def test_a_certificate_is_due_in_the_last_third_of_its_time(run: Run, tmp_path: Path) -> None:
    """So those of ninety days and of six are renewed in time; one that cannot be read is due at once."""

    async def main() -> None:
        async with open_shop(tmp_path) as shop, an_authority() as authority:
            authority.site.set_result(shop.port)
            file, now = tmp_path / "chat.pem", datetime.now(UTC)
            assert is_due(file, now)
            file.write_bytes(await asyncio.to_thread(issuer_of(authority, shop, tmp_path).issue, DOMAIN))
            assert [is_due(file, now + timedelta(days=days)) for days in (0, 59, 61, 100)] == [False, False, True, True]

    run(main())


def test_a_new_certificate_is_taken_in_while_people_talk(
    run: Run, tmp_path: Path, certificates: Certificates, pair: tuple[Path, Path]
) -> None:
    """Who is connected stays so; who comes next sees the new one. What fails is tried again."""

    async def main() -> None:
        async with (
            open_shop(tmp_path) as shop,
            an_authority() as authority,
            a_place(Desk(echo=True), url="ircs://127.0.0.1:0", certificates=certificates) as place,
        ):
            old = ssl.create_default_context(cafile=str(pair[0]))
            maya = await place.connect(old)
            file, taken = tmp_path / "tls" / "chat.pem", asyncio.Event()

            def take() -> None:
                certificates.replace(file, file)
                taken.set()

            renewal = Renewal(file, lambda: issuer_of(authority, shop, tmp_path).issue(DOMAIN), take)
            renewal.watch()
            authority.site.set_result(shop.port)
            async with asyncio.timeout(PATIENCE):
                await taken.wait()
            renewal.stop()
            maya.say(b"hello")
            assert await maya.read(5) == b"hello"
            trusting = ssl.create_default_context(cadata=authority.pem)
            reader, writer = await asyncio.open_connection(
                "127.0.0.1", place.endpoint.port, ssl=trusting, server_hostname=DOMAIN
            )
            writer.write(b"tea")
            assert await reader.readexactly(3) == b"tea"
            writer.close()

    run(main())
