"""The local network, on loopback: announcing oneself, and hearing who is there."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Coroutine
from contextlib import aclosing
from typing import Any
from urllib.parse import urlsplit

import pytest

from hubbub import compose
from hubbub.config import Endpoint, load
from hubbub.net.addresses import own_addresses, to_tell
from hubbub.net.lan import Neighbour, NoNetwork, announce, heard, neighbours

HERE = "127.0.0.1"
PATIENCE = 20.0
"""Seconds after which what should have come counts as missing."""


@pytest.fixture
def kind() -> str:
    """A kind of service of the test's own: nobody else is heard."""
    return f"_h{secrets.token_hex(4)}._tcp.local."


def run(story: Coroutine[Any, Any, None]) -> None:
    asyncio.run(story)


async def first(kind: str) -> Neighbour:
    async with aclosing(heard(kind, PATIENCE, HERE)) as found:
        async for neighbour in found:
            return neighbour
    raise AssertionError("nobody was heard")


def test_who_announces_itself_is_heard(kind: str) -> None:
    """With its name as it is spelled, its address, its port and what else it says."""

    async def story() -> None:
        place = Neighbour("Maya's place, no. 1", (HERE,), 6697, {"web": "6680"})
        announcement = announce(kind, place, HERE)
        try:
            assert await first(kind) == place
        finally:
            await announcement.close()

    run(story())


def test_two_of_one_name_are_told_apart(kind: str) -> None:
    """Both are heard, each with its own port."""

    async def story() -> None:
        ours = [announce(kind, Neighbour("den", (HERE,), port), HERE) for port in (6697, 6698)]
        ports = set()
        async with aclosing(heard(kind, PATIENCE, HERE)) as found:
            async for neighbour in found:
                ports.add(neighbour.port)
                if len(ports) == 2:
                    break
        for announcement in ours:
            await announcement.close()
        assert ports == {6697, 6698}

    run(story())


def test_where_nobody_answers_the_time_is_kept(kind: str) -> None:
    """A silent network costs what was given it, and no more."""

    async def story() -> None:
        async with asyncio.timeout(PATIENCE):
            assert await neighbours(kind, 0.05, HERE) == []

    run(story())


def test_a_name_that_no_label_can_hold_is_told_all_the_same(kind: str) -> None:
    """Dots and more than 63 bytes would break the domain name; what is invisible would fool the reader."""

    async def story() -> None:
        announcement = announce(kind, Neighbour("a.b\x1b[2J " + "ü" * 40, (HERE,), 6697), HERE)
        assert (await first(kind)).name.startswith("a.b")
        await announcement.close()

    run(story())


def test_an_address_that_is_not_ours_is_no_network(kind: str) -> None:
    """Who is to be told says so; who only asks hears nobody."""

    async def story() -> None:
        with pytest.raises(NoNetwork):
            announce(kind, Neighbour("den", ("192.0.2.77",), 6697), "192.0.2.77")
        assert await neighbours(kind, 0.05, "192.0.2.77") == []

    run(story())


def test_our_own_addresses_are_those_that_others_can_reach() -> None:
    """Loopback is for nobody else, unless it is asked for."""
    assert not any(address.startswith("127.") for address in own_addresses())
    assert own_addresses(HERE) == (HERE,)
    assert to_tell("192.0.2.7") == "192.0.2.7"
    assert to_tell("0.0.0.0") in (*own_addresses(), HERE)


@pytest.mark.parametrize(
    ("settings", "host"),
    [
        ({"server_name": "vm.local"}, to_tell("0.0.0.0")),
        ({"server_name": "chat.example.org"}, "chat.example.org"),
        ({"server_name": "vm.local", "tls.domain": "chat.example.org"}, "chat.example.org"),
        ({"server_name": "vm.local", "invites.url": "https://chat.example.org"}, "chat.example.org"),
    ],
)
def test_people_are_told_an_address_where_nobody_has_given_a_name(settings: dict[str, object], host: str) -> None:
    """A machine's own name.local leads nowhere without mDNS."""
    door = Endpoint("http", "0.0.0.0", 6680)
    assert urlsplit(compose._page(load(None, settings), [door])).hostname == host
