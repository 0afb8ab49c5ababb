"""One payload to many connections: in order, whole, and to nobody who is gone."""

from collections.abc import Sequence
from typing import cast

import pytest

from hubbub.net.connection import Connection
from hubbub.net.door import Terms
from hubbub.net.fanout import fan_out
from hubbub.net.tls import Certificates
from tests.net.desk import Client, Place, Run, a_place, trusting

MIB = 1 << 20


async def arrive(place: Place, count: int, certificates: Certificates | None = None) -> list[Client]:
    context = trusting(certificates._files[0]) if certificates else None
    clients = [await place.connect(context) for _ in range(count)]
    await place.desk.guest(count - 1)
    return clients


def links(place: Place) -> list[Connection]:
    return [cast(Connection, guest.link) for guest in place.desk.guests]


def descriptors(everyone: Sequence[Connection]) -> list[int]:
    return [link.descriptor for link in everyone]


def test_all_get_the_same(run: Run) -> None:
    """Past the transports, by their descriptors."""

    async def scene() -> None:
        async with a_place() as place:
            clients = await arrive(place, 5)
            assert all(descriptor >= 0 for descriptor in descriptors(links(place)))
            fan_out(links(place), b"hello ")
            fan_out(links(place), b"again")
            assert [await client.read(11) for client in clients] == [b"hello again"] * 5

    run(scene())


def test_over_tls_nothing_goes_past_the_transport(run: Run, certificates: Certificates) -> None:
    """What goes to the socket there is made by TLS."""

    async def scene() -> None:
        async with a_place(url="ircs://127.0.0.1:0", certificates=certificates) as place:
            clients = await arrive(place, 2, certificates)
            assert descriptors(links(place)) == [-1, -1]
            fan_out(links(place), b"hello")
            assert [await client.read(5) for client in clients] == [b"hello"] * 2

    run(scene())


def test_who_does_not_take_it_all_gets_the_rest_in_order(run: Run) -> None:
    """The kernel takes a part, the transport keeps the rest, and what is written later stands behind it."""

    async def scene() -> None:
        async with a_place(terms=Terms(sendq_bytes=64 * MIB)) as place:
            slow, quick = await arrive(place, 2)
            everyone = links(place)
            payload = bytes(range(256)) * 4096 * 16
            fan_out(everyone, payload)
            assert descriptors(everyone) == [-1, -1]
            fan_out(everyone, b"second")
            everyone[0].write(b"third")
            assert await quick.read(len(payload) + 6) == payload + b"second"
            assert await slow.read(len(payload) + 11) == payload + b"secondthird"
            fan_out(everyone, b"fourth")
            assert [await client.read(6) for client in (slow, quick)] == [b"fourth"] * 2
            assert all(descriptor >= 0 for descriptor in descriptors(everyone))

    run(scene())


@pytest.mark.parametrize("end", ["close", "cut"])
def test_who_is_closed_gets_nothing_more(run: Run, end: str) -> None:
    """Their descriptor may be somebody else's by now."""

    async def scene() -> None:
        async with a_place() as place:
            leaving, staying = await arrive(place, 2)
            everyone = links(place)
            getattr(everyone[0], end)("Bye")
            assert descriptors(everyone)[0] == -1
            fan_out(everyone, b"late")
            assert await leaving.rest() == b""
            assert await staying.read(4) == b"late"

    run(scene())


def test_a_connection_that_broke_stops_nobody_else(run: Run) -> None:
    """Its end is told once, in the system's words or plainly."""

    async def scene() -> None:
        async with a_place() as place:
            clients = await arrive(place, 3)
            clients[1].writer.transport.abort()
            for _ in range(3):
                fan_out(links(place), b"on ")
            assert await clients[0].read(9) == await clients[2].read(9) == b"on on on "
            await place.desk.end_of(place.desk.guests[1])
            assert descriptors(links(place))[1] == -1
            assert len(place.desk.guests[1].ends) == 1

    run(scene())
