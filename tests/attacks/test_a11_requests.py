"""Calls that the server makes for somebody: nothing behind its firewall is reached, whatever they name.

Only pushes make calls, and they are off by default. https://owasp.org/www-community/attacks/Server_Side_Request_Forgery
"""

from __future__ import annotations

import socket
import ssl
from collections.abc import Callable
from pathlib import Path

import pytest

from hubbub.net.https import Https, Place, is_public, place_of
from tests.attacks.house import House, Raw
from tests.devices import Device
from tests.net.desk import Run, trusting
from tests.net.service import a_service
from tests.net.test_https import reached, refused

HIDDEN = [
    "127.0.0.1",
    "127.8.8.8",
    "0.0.0.0",
    "0.1.2.3",
    "10.0.0.1",
    "100.64.0.1",
    "169.254.169.254",
    "172.16.0.1",
    "172.31.255.255",
    "192.0.0.1",
    "192.0.2.1",
    "192.88.99.1",
    "192.168.1.1",
    "198.18.0.1",
    "198.51.100.1",
    "203.0.113.1",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::",
    "::1",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:10.0.0.1",
    "::ffff:169.254.169.254",
    "::ffff:100.64.0.1",
    "64:ff9b::127.0.0.1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "100::1",
    "2001::1",
    "2001:db8::1",
    "2002:7f00:1::",
    "fc00::1",
    "fd12:3456:789a::1",
    "fe80::1",
    "fe80::1%lo",
    "2606:4700:4700::1111%lo",
    "fec0::1",
    "ff02::1",
    "no address",
    "",
    "127.1",
    "2130706433",
    "0x7f.1",
    "0177.0.0.1",
]


@pytest.mark.parametrize("address", HIDDEN)
def test_all_others_are_not(address: str) -> None:
    """This machine, its network, its cloud's metadata, tunnels to any of them, and what is no address.

    Seen to fail where tunnels are not known.
    """
    assert not is_public(address)


@pytest.mark.parametrize(
    "url",
    [
        "",
        "push.example",
        "http://push.example/",
        "ftp://push.example/",
        "file:///etc/passwd",
        "https://",
        "https:///x",
        "https://maya@push.example/",
        "https://maya:secret@push.example/",
        "https://push.example/#part",
        "https://push.example/a b",
        "https://push.example/\r\nX: y",
        "https://push.example:0x1/",
        "https://push.example:99999/",
        "https://pus\\h.example/",
        "https://push.example\\@127.0.0.1/",
        "https://push_ä.example/",
        "https://[::1",
        "https://[fe80::1%25lo]/",
        "https://push.example/" + "x" * 400,
    ],
)
def test_urls_that_could_mean_two_things_are_refused(url: str) -> None:
    """ValueError says what was expected.

    Seen to fail where a user, a fragment or another scheme is let pass.
    """
    with pytest.raises(ValueError, match="expected a URL"):
        place_of(url)


def test_an_address_that_is_not_allowed_is_not_called(run: Run, pair: tuple[Path, Path]) -> None:
    """Not even to find out who answers there.

    Seen to fail where all addresses of a name are tried.
    """

    async def scene() -> None:
        async with reached(pair, "127.0.0.2", "::1") as (service, client, _):
            assert await refused(client, service) == "localhost has no public address"
            assert service.calls == 0

    run(scene())


def test_a_name_that_means_another_address_the_next_time_does_not_help(run: Run, pair: tuple[Path, Path]) -> None:
    """What is looked at is what is called: nothing asks the name server a second time.

    Seen to fail where the connection is made to the name.
    """

    async def scene() -> None:
        async with a_service(pair, "201 Created") as service:
            answers = iter([["127.0.0.2"], ["127.0.0.1"]])

            async def rebinding(host: str, port: int) -> list[str]:
                return next(answers)

            client = Https(rebinding, lambda address: address == "127.0.0.2", trusting(pair[0]))
            assert "Errno 111" in await refused(client, service)
            assert service.calls == 0
            assert next(answers) == ["127.0.0.1"]

    run(scene())


def test_without_being_told_otherwise_this_machine_is_not_reached(run: Run, pair: tuple[Path, Path]) -> None:
    """The real name service, and the real rule.

    Seen to fail where any address counts as public.
    """

    async def scene() -> None:
        async with a_service(pair, "201 Created") as service:
            for host in ("localhost", "127.0.0.1", "127.1", "2130706433", "::1", "::ffff:127.0.0.1"):
                assert "no public address" in await refused(Https(), service, host)
            assert service.calls == 0

    run(scene())


def test_redirects_are_not_followed(run: Run, pair: tuple[Path, Path]) -> None:
    """A public host leads nowhere else: its answer is a status, and the end.

    Seen to fail where a redirect is asked once more.
    """

    async def scene() -> None:
        async with reached(pair, "127.0.0.1", status="307 Elsewhere\r\nLocation: https://localhost/y") as found:
            service, client, _ = found
            assert await client.post(Place("localhost", service.port, "/x"), {}, b"") == 307
            assert len(service.requests) == 1

    run(scene())


def test_a_certificate_must_be_of_that_host(run: Run, pair: tuple[Path, Path]) -> None:
    """Who has an address of ours in their name's answer has no certificate of that name's.

    Seen to fail where certificates are not looked at.
    """

    async def scene() -> None:
        async with reached(pair, "127.0.0.1") as (service, client, book):
            assert "certificate verify failed" in await refused(client, service, "push.example")
            stranger = Https(book.resolve, lambda address: True, ssl.create_default_context())
            assert "certificate verify failed" in await refused(stranger, service)
            assert service.requests == []

    run(scene())


def test_whatever_a_device_names_nobody_here_is_called(
    house: House, record_property: Callable[[str, object], None]
) -> None:
    """Endpoints that are or mean this machine: refused at once, or found out when there is something to push.

    Seen to fail where any address counts as public.
    """
    with socket.create_server(("127.0.0.1", 0)) as inside:
        inside.setblocking(False)
        port = inside.getsockname()[1]
        maya = house.come("maya-a11", "draft/webpush")
        maya.asks("NS REGISTER sesame123")
        hosts = [
            *(f"[{host}]" if ":" in host else host for host in HIDDEN if host),
            "localhost",
            "nip.example",
        ]
        record_property("payloads", len(hosts))
        taken = [f"https://{host}:{port}/x" for host in hosts if _takes(maya, f"https://{host}:{port}/x")]
        assert taken == [f"https://{name}:{port}/x" for name in ("0x7f.1", "localhost", "nip.example")]
        maya.asks("AWAY :out")
        house.come("leo-a11").asks("PRIVMSG maya-a11 :are you there?")
        while '"host": "localhost"' not in house.log:
            maya.hears()
        with pytest.raises(BlockingIOError):
            inside.accept()


def _takes(maya: Raw, url: str) -> bool:
    return any(line.command == "WEBPUSH" for line in maya.asks(f"WEBPUSH REGISTER {url} {Device().words}"))
