"""HTTPS to places that others name: whatever they name, nothing behind our firewall is reached."""

from __future__ import annotations

import asyncio
import socket
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


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses_are_allowed(address: str) -> None:
    """Also where IPv6 carries them."""
    assert is_public(address)


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


def test_of_several_addresses_only_allowed_ones_are_called(run: Run, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with reached(pair, "::1", "127.0.0.1") as (service, client, _):
            assert await client.post(Place("localhost", service.port, "/"), {}, b"") == 201

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
