"""Bytes go both ways; a connection ends once, for a reason, and alone."""

import asyncio
import json
import socket
import struct

import pytest

from hubbub.net.door import Terms
from hubbub.net.limits import Gate
from hubbub.net.tls import Certificates
from tests.net.desk import Clock, Desk, Place, Run, a_place, trusting

MIB = 1024 * 1024


def test_what_a_client_says_reaches_its_session_in_order(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya = await place.connect()
            for number in range(100):
                maya.say(b"%d " % number)
            guest = await place.desk.heard(b"99 ")
            assert guest.received == b"".join(b"%d " % number for number in range(100))

    run(scene())


def test_a_session_may_speak_first(run: Run) -> None:
    async def scene() -> None:
        async with a_place(Desk(greeting=b"hello")) as place:
            maya = await place.connect()
            assert await maya.read(5) == b"hello"

    run(scene())


def test_two_clients_have_two_sessions(run: Run) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True)) as place:
            maya, leo = await place.connect(), await place.connect()
            maya.say(b"maya")
            leo.say(b"leo")
            assert (await maya.read(4), await leo.read(3)) == (b"maya", b"leo")

    run(scene())


def test_a_session_knows_where_its_client_is(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya = await place.connect()
            link = (await place.desk.guest()).link
            assert (link.address, link.port) == maya.writer.get_extra_info("sockname")[:2]
            assert (link.secure, link.fingerprint) == (False, "")

    run(scene())


def test_small_writes_are_sent_at_once(run: Run) -> None:
    """Nagle's algorithm would hold a reply back until the last one is acknowledged."""

    async def scene() -> None:
        async with a_place() as place:
            await place.connect()
            guest = await place.desk.guest()
            transport = guest.link._transport  # type: ignore[attr-defined] # no link shows its socket
            assert transport.get_extra_info("socket").getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    run(scene())


# --- the end ------------------------------------------------------------------------------------------------------


def test_what_was_written_before_a_close_arrives(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya = await place.connect()
            guest = await place.desk.guest()
            guest.link.write(b"x" * 900_000)
            guest.link.close("Bye")
            assert await maya.rest() == b"x" * 900_000
            assert await place.desk.end_of(guest) == "Bye"

    run(scene())


def test_a_session_is_told_of_its_end_once(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya, leo = await place.connect(), await place.connect()
            first = await place.desk.guest(0)
            first.link.close("Bye")
            first.link.close("Bye again")
            await maya.rest()
            await leo.leave()
            await place.desk.until(lambda: all(guest.ends for guest in place.desk.guests))
            assert sorted(guest.ends[0] for guest in place.desk.guests) == ["Bye", "Connection closed"]
            assert [len(guest.ends) for guest in place.desk.guests] == [1, 1]

    run(scene())


def test_a_reset_is_told_in_the_systems_words(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya = socket.create_connection((place.endpoint.host, place.endpoint.port))
            guest = await place.desk.guest()
            maya.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            maya.close()
            assert await place.desk.end_of(guest) == "Connection reset by peer"

    run(scene())


def test_nothing_passes_after_a_close(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya = await place.connect()
            guest = await place.desk.guest()
            guest.link.close("Bye")
            guest.link.write(b"too late")
            guest.link.pause()
            guest.link.resume()
            maya.say(b"too late")
            assert await maya.rest() == b""
            assert await place.desk.end_of(guest) == "Bye"
            assert guest.received == b""

    run(scene())


# --- readers that stop --------------------------------------------------------------------------------------------


async def a_stalled_reader(place: Place, tls: bool, certificates: Certificates) -> None:
    context = trusting(certificates._files[0]) if tls else None
    await place.connect(context)
    leo = await place.connect(context)
    maya_there, leo_there = await place.desk.guest(0), await place.desk.guest(1)
    for _ in range(64):
        maya_there.link.write(b"x" * MIB)  # nobody reads at the other end
    assert await place.desk.end_of(maya_there) == "SendQ exceeded"
    leo_there.link.write(b"still here")
    assert await leo.read(10) == b"still here"
    assert leo_there.ends == []


@pytest.mark.parametrize("scheme", ["irc", "ircs"])
def test_a_reader_that_stops_is_dropped_and_others_notice_nothing(
    run: Run, scheme: str, certificates: Certificates
) -> None:
    async def scene() -> None:
        tls = scheme == "ircs"
        url, certs = f"{scheme}://127.0.0.1:0", certificates if tls else None
        async with a_place(url=url, certificates=certs, terms=Terms(sendq_bytes=MIB)) as place:
            await a_stalled_reader(place, tls, certificates)

    run(scene())


def test_a_reader_that_keeps_up_may_be_told_more_than_its_queue_holds(run: Run) -> None:
    async def scene() -> None:
        async with a_place(terms=Terms(sendq_bytes=4096)) as place:
            maya = await place.connect()
            guest = await place.desk.guest()
            for _ in range(100):
                guest.link.write(b"x" * 4000)
                assert await maya.read(4000) == b"x" * 4000
            assert guest.ends == []

    run(scene())


def test_a_closed_connection_whose_reader_stopped_is_cut_in_the_end(run: Run) -> None:
    async def scene() -> None:
        clock, terms = Clock(), Terms(sendq_bytes=64 * MIB, linger_seconds=5)
        async with a_place(clock=clock, terms=terms) as place:
            await place.connect()
            guest = await place.desk.guest()
            guest.link.write(b"x" * 32 * MIB)
            guest.link.close("Bye")
            clock.tick(place.listeners, 4)
            await asyncio.sleep(0)
            assert guest.ends == []
            clock.tick(place.listeners, 1)
            assert await place.desk.end_of(guest) == "Bye"

    run(scene())


def test_a_paused_link_reads_nothing_until_it_is_resumed(run: Run) -> None:
    async def scene() -> None:
        async with a_place() as place:
            maya, leo = await place.connect(), await place.connect()
            mayas, leos = await place.desk.guest(0), await place.desk.guest(1)
            mayas.link.pause()
            mayas.link.pause()
            maya.say(b"one")
            leo.say(b"two")
            await place.desk.until(lambda: leos.received == b"two")
            assert mayas.received == b""
            mayas.link.resume()
            mayas.link.resume()
            await place.desk.until(lambda: mayas.received == b"one")

    run(scene())


# --- faults -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("clumsy", ["accept", "receive", "idle", "overdue"])
def test_a_fault_ends_its_session_alone_and_is_logged_once(
    run: Run, clumsy: str, capsys: pytest.CaptureFixture[str]
) -> None:
    async def scene() -> None:
        clock, desk = Clock(), Desk(echo=True)
        async with a_place(desk, clock=clock, terms=Terms(idle_seconds=10, registration_seconds=5)) as place:
            leo = await place.connect()
            leo.say(b"hello")
            assert await leo.read(5) == b"hello"
            clock.tick(place.listeners, 9)
            leo.say(b"hello")
            assert await leo.read(5) == b"hello"
            desk.clumsy = clumsy
            maya = await place.connect()
            if clumsy == "receive":
                maya.say(b"hello")
            elif clumsy != "accept":
                await desk.guest(1)
                clock.tick(place.listeners, 9 if clumsy == "overdue" else 10)
            assert await maya.rest() == b"SORRY Internal error\n"
            desk.clumsy = ""
            leo.say(b"still here")
            assert await leo.read(10) == b"still here"

    run(scene())
    logged = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["address"]) for line in logged] == [("fault", "127.0.0.1")]
    assert f"LookupError: stumbled in {clumsy}" in logged[0]["exception"]


def test_a_fault_over_an_end_is_logged(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    async def scene() -> None:
        async with a_place(Desk(clumsy="lost")) as place:
            await (await place.connect()).leave()
            await place.desk.end_of(await place.desk.guest())

    run(scene())
    assert "stumbled in lost" in json.loads(capsys.readouterr().err)["exception"]


def test_whoever_a_gateway_speaks_for_counts_at_their_own_address(run: Run) -> None:
    async def scene() -> None:
        gate = Gate(per_address=1)
        async with a_place(gate=gate) as place:
            await place.connect()
            maya = await place.desk.guest(0)
            assert maya.link.stand_for("198.51.100.3", True, "abc") == ""
            assert (maya.link.address, maya.link.secure, maya.link.fingerprint) == ("198.51.100.3", True, "abc")
            await place.connect()
            leo = await place.desk.guest(1)
            assert "Too many connections from your address" in leo.link.stand_for("198.51.100.3", True, "abc")
            assert leo.link.address == "127.0.0.1"
            maya.link.close("done")
            await place.desk.end_of(maya)
            assert leo.link.stand_for("198.51.100.3", False, "") == ""

    run(scene())
