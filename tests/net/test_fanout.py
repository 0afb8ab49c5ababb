"""One payload to many connections: in order, whole, and to nobody who is gone."""

from collections.abc import Sequence
from typing import cast

import pytest

from hubbub.net.connection import Connection
from hubbub.net.door import Terms
from hubbub.net.fanout import Way
from hubbub.net.tls import Certificates
from tests.net.desk import Client, Place, Run, a_place, trusting

MIB = 1 << 20
URL = "ircs://127.0.0.1:0"


async def arrive(place: Place, count: int, certificates: Certificates | None = None) -> list[Client]:
    context = trusting(certificates._files[0]) if certificates else None
    clients = [await place.connect(context) for _ in range(count)]
    await place.desk.guest(count - 1)
    return clients


def links(place: Place) -> list[Connection]:
    return [cast(Connection, guest.link) for guest in place.desk.guests]


def direct(everyone: Sequence[Connection]) -> list[bool]:
    """Which of them are written to past their transports."""
    return [link.direct is not None for link in everyone]


def test_all_get_the_same(run: Run) -> None:
    """Past the transports, by their sockets."""

    async def scene() -> None:
        async with a_place() as place:
            clients = await arrive(place, 5)
            assert all(direct(links(place)))
            way = Way(links(place))
            way.write(b"hello ")
            way.write(b"again")
            assert [await client.read(11) for client in clients] == [b"hello again"] * 5

    run(scene())


def test_some_are_left_out(run: Run) -> None:
    """Whether what they are sent goes past their transport, or waits in it."""

    async def scene() -> None:
        async with a_place() as place:
            clients = await arrive(place, 4)
            everyone = links(place)
            everyone[0].follow_up(b"")
            everyone[1].follow_up(b"")
            Way(everyone).write(b"hello", {everyone[1], everyone[2]})
            Way(everyone).write(b" all")
            assert [await client.read(size) for client, size in zip(clients, (9, 4, 4, 9), strict=True)] == [
                b"hello all",
                b" all",
                b" all",
                b"hello all",
            ]

    run(scene())


def test_over_tls_all_get_the_same_encrypted(run: Run, certificates: Certificates) -> None:
    """Past the transports, too, and beside plain connections; what was left out goes past nobody."""

    async def scene() -> None:
        async with a_place() as plain, a_place(url=URL, certificates=certificates) as place:
            clients = [*await arrive(place, 3, certificates), *await arrive(plain, 1)]
            everyone = [*links(place), *links(plain)]
            assert direct(everyone) == [True] * 4
            way = Way(everyone)
            way.write(b"hello", {everyone[1]})
            way.write(b" all")
            assert [await client.read(size) for client, size in zip(clients, (9, 4, 9, 9), strict=True)] == [
                b"hello all",
                b" all",
                b"hello all",
                b"hello all",
            ]

    run(scene())


@pytest.mark.parametrize("url", ["irc://127.0.0.1:0", URL])
def test_who_does_not_take_it_all_gets_the_rest_in_order(run: Run, certificates: Certificates, url: str) -> None:
    """The kernel takes a part, the transport keeps the rest, and what is written later stands behind it."""
    tls = certificates if url == URL else None

    async def scene() -> None:
        async with a_place(url=url, certificates=tls, terms=Terms(sendq_bytes=64 * MIB)) as place:
            slow, quick = await arrive(place, 2, tls)
            everyone = links(place)
            payload = bytes(range(256)) * 4096 * 16
            way = Way(everyone)
            way.write(payload)
            assert direct(everyone) == [False, False]
            way.write(b"second")
            everyone[0].write(b"third")
            assert await quick.read(len(payload) + 6) == payload + b"second"
            assert await slow.read(len(payload) + 11) == payload + b"secondthird"
            way.write(b"fourth")
            assert [await client.read(6) for client in (slow, quick)] == [b"fourth"] * 2
            assert all(direct(everyone))

    run(scene())


@pytest.mark.parametrize("url", ["irc://127.0.0.1:0", URL])
@pytest.mark.parametrize("end", ["close", "cut"])
def test_who_is_closed_gets_nothing_more(run: Run, certificates: Certificates, url: str, end: str) -> None:
    """Their descriptor may be somebody else's by now."""
    tls = certificates if url == URL else None

    async def scene() -> None:
        async with a_place(url=url, certificates=tls) as place:
            leaving, staying = await arrive(place, 2, tls)
            everyone = links(place)
            way = Way(everyone)
            getattr(everyone[0], end)("Bye")
            assert not direct(everyone)[0]
            way.write(b"late")
            assert await leaving.rest() == b""
            assert await staying.read(4) == b"late"

    run(scene())


def test_a_connection_that_broke_stops_nobody_else(run: Run) -> None:
    """Its end is told once, in the system's words or plainly."""

    async def scene() -> None:
        async with a_place() as place:
            clients = await arrive(place, 3)
            way = Way(links(place))
            clients[1].writer.transport.abort()
            for _ in range(3):
                way.write(b"on ")
            assert await clients[0].read(9) == await clients[2].read(9) == b"on on on "
            await place.desk.end_of(place.desk.guests[1])
            assert not direct(links(place))[1]
            assert len(place.desk.guests[1].ends) == 1

    run(scene())
