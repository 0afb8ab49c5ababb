"""HTTPS to places that others name: whatever they name, nothing behind our firewall is reached."""

from __future__ import annotations

import asyncio
import socket
import ssl
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from hubbub.net import https
from hubbub.net.https import Https, Place, Unreachable, is_public, place_of, resolve
from tests.net.desk import PATIENCE, Run, trusting
from tests.net.service import Service, a_service

PUBLIC = ["1.1.1.1", "198.17.255.255", "2606:4700:4700::1111", "::ffff:1.1.1.1", "64:ff9b::1.1.1.1"]

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


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    """Also where IPv6 carries them."""
    assert is_public(address)


@pytest.mark.parametrize("address", HIDDEN)
def test_all_others_are_not(address: str) -> None:
    """This machine, its network, its cloud's metadata, tunnels to any of them, and what is no address."""
    assert not is_public(address)


@pytest.mark.parametrize(
    ("url", "place"),
    [
        ("https://push.example", Place("push.example", 443, "/")),
        ("https://PUSH.example:8443/a/b?c=d", Place("push.example", 8443, "/a/b?c=d")),
        ("https://[2606:4700::1]/x", Place("2606:4700::1", 443, "/x")),
        ("https://push.example?x", Place("push.example", 443, "/?x")),
    ],
)
def test_a_url_is_taken_apart(url: str, place: Place) -> None:
    """Into what is connected to, and what is asked for there."""
    assert place_of(url) == place


def test_an_origin_says_its_port_where_that_is_not_the_usual() -> None:
    """ "the Unicode serialization of the origin" of the push service: RFC 8292, section 2."""
    assert place_of("https://push.example:443/x").origin == "https://push.example"
    assert place_of("https://push.example:8443/x").origin == "https://push.example:8443"
    assert place_of("https://[2606:4700::1]/x").origin == "https://[2606:4700::1]"


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
    """ValueError says what was expected."""
    with pytest.raises(ValueError, match="expected a URL"):
        place_of(url)


# --- requests -----------------------------------------------------------------------------------------------------


class Book:
    """Answers for one host, and counts how often it was asked."""

    def __init__(self, *addresses: str) -> None:
        self.addresses = list(addresses)
        self.asked = 0

    async def resolve(self, host: str, port: int) -> list[str]:
        self.asked += 1
        return self.addresses


@asynccontextmanager
async def reached(
    pair: tuple[Path, Path], *addresses: str, status: str = "201 Created"
) -> AsyncIterator[tuple[Service, Https, Book]]:
    """A push service on this machine, and somebody who finds it at these addresses, allowed to go to 127.0.0.1."""
    book = Book(*addresses)
    async with a_service(pair, status) as service:
        yield service, Https(book.resolve, lambda address: address == "127.0.0.1", trusting(pair[0])), book


async def refused(https: Https, service: Service, host: str = "localhost") -> str:
    with pytest.raises(Unreachable) as why:
        await https.post(Place(host, service.port, "/x"), {}, b"")
    return str(why.value)


def test_a_request_arrives_and_its_answer_is_a_status(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "127.0.0.1") as (service, client, book):
            assert await client.post(Place("localhost", service.port, "/x?y"), {"TTL": "60"}, b"body") == 201
            request = service.requests[0]
            assert (request.line, request.headers["ttl"], request.body) == ("POST /x?y HTTP/1.1", "60", b"body")
            assert request.headers["host"] == f"localhost:{service.port}"
            assert book.asked == 1

    run(scene())


def test_an_address_that_is_not_allowed_is_not_called(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "127.0.0.2", "::1") as (service, client, _):
            assert await refused(client, service) == "localhost has no public address"
            assert service.calls == 0

    run(scene())


def test_of_several_addresses_only_allowed_ones_are_called(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "::1", "127.0.0.1") as (service, client, _):
            assert await client.post(Place("localhost", service.port, "/"), {}, b"") == 201

    run(scene())


def test_a_name_that_means_another_address_the_next_time_does_not_help(run: Run, pair: tuple[Path, Path]) -> None:
    """What is looked at is what is called: nothing asks the name server a second time."""

    async def scene() -> None:
        async with a_service(pair, "201 Created") as service:
            answers = iter([["192.0.2.1"], ["127.0.0.1"]])

            async def rebinding(host: str, port: int) -> list[str]:
                return next(answers)

            client = Https(rebinding, lambda address: address == "192.0.2.7", trusting(pair[0]))
            assert await refused(client, service) == "localhost has no public address"
            assert service.calls == 0
            assert next(answers) == ["127.0.0.1"]

    run(scene())


def test_without_being_told_otherwise_this_machine_is_not_reached(run: Run, pair: tuple[Path, Path]) -> None:
    """The real name service, and the real rule."""

    async def scene() -> None:
        async with a_service(pair, "201 Created") as service:
            for host in ("localhost", "127.0.0.1", "127.1", "2130706433", "::1", "::ffff:127.0.0.1"):
                assert "no public address" in await refused(Https(), service, host)
            assert service.calls == 0

    run(scene())


def test_redirects_are_not_followed(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "127.0.0.1", status="307 Elsewhere\r\nLocation: https://localhost/y") as found:
            service, client, _ = found
            assert await client.post(Place("localhost", service.port, "/x"), {}, b"") == 307
            assert len(service.requests) == 1

    run(scene())


def test_a_certificate_must_be_of_that_host(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "127.0.0.1") as (service, client, book):
            assert "certificate verify failed" in await refused(client, service, "push.example")
            stranger = Https(book.resolve, lambda address: True, ssl.create_default_context())
            assert "certificate verify failed" in await refused(stranger, service)
            assert service.requests == []

    run(scene())


@pytest.mark.parametrize("answer", [b"SSH-2.0-x\r\n", b"HTTP/1.1 2xx\r\n", b"x" * 10_000, b""])
def test_what_is_no_answer_is_none(run: Run, pair: tuple[Path, Path], answer: bytes) -> None:
    """However long it is."""

    async def scene() -> None:
        async with a_service(pair, answer) as service:
            client = Https(Book("127.0.0.1").resolve, lambda address: True, trusting(pair[0]))
            assert await refused(client, service)

    run(scene())


def test_whoever_does_not_answer_is_left(run: Run, pair: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch) -> None:
    async def scene() -> None:
        async with a_service(pair, None) as service:
            client = Https(Book("127.0.0.1").resolve, lambda address: True, trusting(pair[0]))
            assert "no answer within" in await refused(client, service)

    monkeypatch.setattr(https, "SECONDS", 0.2)
    run(scene())


def test_nobody_listens_there(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "127.0.0.1") as (service, client, _):
            await service.close()
            assert await refused(client, service)

    run(scene())


def test_the_name_service_is_asked_beside_the_loop(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever is not there is an OSError, and so is what cannot be a name."""

    def nowhere(*_: object, **__: object) -> None:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    async def scene() -> None:
        assert "127.0.0.1" in await resolve("localhost", 443)
        with pytest.raises(OSError, match="label"):
            await resolve("x" * 64 + ".example", 443)
        monkeypatch.setattr(socket, "getaddrinfo", nowhere)
        with pytest.raises(OSError, match="not known"):
            await resolve("push.example", 443)

    run(scene())


def test_an_answer_that_nobody_waits_for_any_more_is_dropped(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """The wait was given up; the name server answers all the same."""
    told = threading.Event()

    def slow(*_: object, **__: object) -> list[tuple[object, ...]]:
        told.wait(PATIENCE)
        return [(socket.AF_INET, 0, 0, "", ("127.0.0.1", 443))]

    async def scene() -> None:
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(resolve("push.example", 443), 0.01)
        told.set()
        for thread in threading.enumerate():
            if thread.name == "hubbub-resolve":
                thread.join(PATIENCE)
        await asyncio.sleep(0)

    monkeypatch.setattr(socket, "getaddrinfo", slow)
    run(scene())
