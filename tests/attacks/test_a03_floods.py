"""Floods, drips and crowds: each connection, each address and the house have so much, and nobody else notices.

https://www.cisa.gov/news-events/news/understanding-denial-service-attacks and RFC 4732
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

import pytest

from hubbub.net.door import Terms
from hubbub.server.session import INBOX_FULL
from tests.attacks.house import HTTP, PER_ADDRESS, House, Raw
from tests.net.desk import PATIENCE, Clock, Run, a_place
from tests.net.shop import MAYA, open_shop
from tests.scene import Scene

MIB = 1 << 20

NEIGHBOURS = {
    "IPv4": ("203.0.113.3", "203.0.113.3", "203.0.113.4"),
    "IPv6": ("2001:db8:3:3::1", "2001:db8:3:3:ffff:ffff:ffff:ffff", "2001:db8:3:4::1"),
    "IPv4 as IPv6": ("::ffff:203.0.113.5", "203.0.113.5", "::ffff:203.0.113.6"),
}


# Many connections


@pytest.mark.parametrize(("here", "same", "elsewhere"), NEIGHBOURS.values(), ids=NEIGHBOURS.keys())
def test_an_address_has_so_many_connections(house: House, here: str, same: str, elsewhere: str) -> None:
    """A /64 is one address, and so is IPv4 in the clothes of IPv6; others come in meanwhile.

    Seen to fail where addresses are taken as they are written.
    """
    crowd = [house.knock(address=here) for _ in range(PER_ADDRESS)]
    assert all(lets_in(raw) for raw in crowd)
    assert b"Too many connections from your address" in house.knock(address=same).until()
    assert lets_in(house.knock(address=elsewhere))
    crowd[0].socket.close()
    while not lets_in(house.knock(address=same)):  # until it was noticed that one has gone
        pass


def test_who_hammers_waits(house: House) -> None:
    """Of seventy connections in a moment from one address, no more than two windows' worth come in.

    Seen to fail where connections are not counted by time.
    """
    came = 0
    for _ in range(70):
        raw = house.knock(address="203.0.113.30")
        came += lets_in(raw)
        raw.socket.close()
    assert 32 <= came <= 64


def lets_in(raw: Raw) -> bool:
    raw.says("PING x")
    return b" PONG " in raw.until(b"\n")


@pytest.mark.parametrize("way", ["a page behind a proxy", "a gateway"])
def test_whoever_is_spoken_for_counts_where_they_are(house: House, way: str) -> None:
    """A proxy or a gateway lets no more of one address in than its door would.

    Seen to fail where `stand_for` passes no gate.
    """
    address = "203.0.113.41" if way == "a gateway" else "203.0.113.40"
    come = by_gateway if way == "a gateway" else by_page
    assert [b"Too many connections" in come(house, address) for _ in range(PER_ADDRESS + 1)] == [
        *[False] * PER_ADDRESS,
        True,
    ]


def by_gateway(house: House, address: str) -> bytes:
    raw = house.knock()
    raw.says(f"WEBIRC gateway-word kiwi {address} {address}")
    return raw.gets()


def by_page(house: House, address: str) -> bytes:
    raw = house.knock(HTTP)
    raw.says("GET /ws HTTP/1.1", "Host: x", "Upgrade: websocket", "Connection: Upgrade", f"X-Forwarded-For: {address}")
    raw.says("Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13", "")
    head = raw.until(b"\r\n\r\n")
    return head if head.startswith(b"HTTP/1.1 101") else head + raw.until()


# Many lines


def test_a_sender_has_so_many_lines(scene: Scene) -> None:
    """What exceeds the budget waits, and reading stops where too much waits; nobody else is slower for it.

    Seen to fail where sessions have no budget, and where the inbox has no end.
    """
    scene.server.budget = (30, 10)
    maya, leo = scene.enter("maya", rooms=["#den"]), scene.enter("leo", rooms=["#den"])
    scene.pass_time(10)
    maya.hears()
    leo.send(b"PRIVMSG #den :x\r\n" * 2 * INBOX_FULL)
    assert (len(maya.hears()), leo.cable.paused) == (30, True)
    scene.pass_time(1)
    assert len(maya.hears()) == 10
    assert maya.asks("PING me")[-1].endswith("PONG hub.example me")


def test_a_line_without_end_takes_up_no_room(house: House, record_property: Callable[[str, object], None]) -> None:
    """Eight MiB of it are one line that is too long; the next one is heard.

    Seen to fail where a tail is kept that is longer than a line.
    """
    leo = house.come("leo-endless")
    before = house.resident
    leo.send(b"x" * 8 * MIB)
    assert b" 417 " in leo.until(b"\r\n")
    record_property("grown_bytes", house.resident - before)
    assert house.resident - before < 4 * MIB
    leo.send(b"\r\n")
    assert leo.hears() == []


def test_empty_lines_cost_little(house: House) -> None:
    """A megabyte of line ends, of CRs and of blanks is nothing, and is answered with nothing.

    Seen to fail where an empty line is answered.
    """
    leo = house.come("leo-empty")
    for nothing in (b"\r\n", b"\n", b"\r\r\n"):
        leo.send(nothing * (MIB // len(nothing)))
        assert leo.hears() == []


# Slow ones


def test_a_trickle_of_bytes_does_not_put_the_deadline_off(run: Run) -> None:
    """Who sends a byte each second has as long to come in as who sends none.

    Seen to fail where what is heard moves the deadline.
    """

    async def drip() -> None:
        clock = Clock()
        async with a_place(clock=clock, terms=Terms(registration_seconds=30, idle_seconds=90)) as place:
            maya = await place.connect()
            for second in range(30):
                maya.say(b"%d," % second)
                await place.desk.heard(b"%d," % second)
                clock.tick(place.listeners, 1)
            assert (await place.desk.guest()).overdues == 1

    run(drip())


def test_who_does_not_come_in_is_shown_out(scene: Scene) -> None:
    """Neither by capability negotiation without an end, nor by half a login.

    Seen to fail where only those are shown out who said nothing.
    """
    for lines in ([], ["CAP LS 302"], ["NICK tom", "CAP REQ sasl", "AUTHENTICATE PLAIN"], ["PING x"] * 50):
        tom = scene.connect()
        tom.say(*lines)
        tom.session.overdue()
        scene.turn()
        assert tom.cable.closed.startswith("Registration timed out")


FIRST = b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"
POST = b"POST / HTTP/1.1\r\nHost: x\r\n"
UPGRADE = b"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: upgrade\r\n"


@pytest.mark.parametrize(
    ("said", "heard", "seconds"),
    [
        (FIRST, b"ok\n", 31),
        (FIRST + b"GET / HT", b"ok\n", 31),
        (FIRST + POST + b"X-Slow: ", b"ok\n", 31),
        (FIRST + UPGRADE + b"Content-Length: 5\r\n\r\n1", b"ok\n", 95),
        (POST + MAYA.encode() + b"\r\nExpect: 100-continue\r\nContent-Length: 9\r\n\r\n", b"Continue\r\n\r\n", 95),
    ],
)
def test_a_request_that_does_not_come_is_not_waited_for(
    run: Run, tmp_path: Path, said: bytes, heard: bytes, seconds: int
) -> None:
    """A head has half a minute; a body that stops coming is a silence like any other. Nothing is left behind.

    Seen to fail where a request of HTTP has no deadline, and where a silence has none.
    """

    async def drip() -> None:
        async with open_shop(tmp_path) as shop:
            reader, writer = await asyncio.open_connection("127.0.0.1", shop.port)
            writer.write(said)
            async with asyncio.timeout(PATIENCE):
                await reader.readuntil(heard)
                shop.pass_time(seconds)
                with suppress(ConnectionError):
                    assert await reader.read() == b""
            writer.close()
        assert shop.kept == set()

    run(drip())


# Crowds


def test_a_crowd_that_says_nothing_disturbs_nobody(
    house: House, record_property: Callable[[str, object], None]
) -> None:
    """Four hundred who are connected and idle, from as many addresses, cost some KiB each, and talk goes on.

    Seen to fail where each connection has a buffer of 64 KiB.
    """
    maya, leo = house.come("maya-crowd", room="#crowd"), house.come("leo-crowd", room="#crowd")
    maya.hears()
    before = house.resident
    idle = [house.knock(address=f"198.18.{number // 200}.{number % 200}") for number in range(400)]
    assert lets_in(idle[-1])
    each = (house.resident - before) // len(idle)
    record_property("idle", len(idle))
    record_property("bytes_each", each)
    for number in range(50):
        leo.says(f"PRIVMSG #crowd :{number}")
        assert maya.waits_for("PRIVMSG").params[1] == str(number)
    assert each < 24 * 1024
