"""Behind a proxy: its word is taken from trusted hands only, whole or in pieces, with TLS after it or not."""

import asyncio
import json
import os
import resource
import socket
import ssl
from contextlib import AbstractContextManager
from pathlib import Path

import pytest

from hubbub import logs
from hubbub.net.door import Terms
from hubbub.net.limits import Gate, Trusted
from hubbub.net.tls import Certificates
from tests.net.desk import PATIENCE, Client, Desk, Run, a_place, limited, trusting

HEADER = b"PROXY TCP4 203.0.113.7 192.0.2.1 4711 6667\r\n"
HERE = Trusted(["127.0.0.1/32"])


def test_a_proxied_client_has_its_own_address(run: Run) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True), proxy=True, gate=Gate(trusted=HERE)) as place:
            proxy = await place.connect()
            proxy.say(HEADER + b"NICK maya")
            assert await proxy.read(9) == b"NICK maya"
            link = (await place.desk.guest()).link
            assert (link.address, link.port, link.secure) == ("203.0.113.7", 4711, False)

    run(scene())


def test_a_header_may_come_in_pieces(run: Run) -> None:
    async def scene() -> None:
        async with a_place(Desk(echo=True), proxy=True, gate=Gate(trusted=HERE)) as place:
            proxy = await place.connect()
            for byte in HEADER:
                proxy.say(bytes([byte]))
                await asyncio.sleep(0)
            proxy.say(b"NICK maya")
            assert await proxy.read(9) == b"NICK maya"
            assert (await place.desk.guest()).link.address == "203.0.113.7"

    run(scene())


def test_a_header_from_a_stranger_is_not_believed(run: Run) -> None:
    async def scene() -> None:
        async with a_place(proxy=True) as place:
            stranger = await place.connect()
            stranger.say(HEADER)
            assert await stranger.rest() == b"SORRY This port is for the proxy alone: use another\n"
            assert place.desk.guests == []

    run(scene())


def test_without_proxy_a_header_is_just_bytes(run: Run) -> None:
    async def scene() -> None:
        async with a_place(gate=Gate(trusted=HERE)) as place:
            (await place.connect()).say(HEADER)
            guest = await place.desk.heard(HEADER)
            assert guest.link.address == "127.0.0.1"

    run(scene())


def test_a_proxy_that_sends_no_header_is_turned_away(run: Run) -> None:
    async def scene() -> None:
        async with a_place(proxy=True, gate=Gate(trusted=HERE)) as place:
            proxy = await place.connect()
            proxy.say(b"NICK maya\r\n")
            assert await proxy.rest() == b""
            assert place.desk.guests == []

    run(scene())


def test_a_proxy_that_says_nothing_has_a_deadline(run: Run) -> None:
    async def scene() -> None:
        terms = Terms(registration_seconds=0.05)
        async with a_place(proxy=True, gate=Gate(trusted=HERE), terms=terms) as place:
            proxy = await place.connect()
            proxy.say(HEADER[:20])
            assert await proxy.rest() == b""

    run(scene())


def test_a_proxy_that_leaves_early_is_let_go(run: Run) -> None:
    async def scene() -> None:
        async with a_place(proxy=True, gate=Gate(trusted=HERE)) as place:
            proxy = await place.connect()
            proxy.say(HEADER[:20])
            proxy.writer.write_eof()
            assert await proxy.rest() == b""

    run(scene())


def test_a_proxys_health_check_has_the_proxys_address(run: Run) -> None:
    async def scene() -> None:
        async with a_place(proxy=True, gate=Gate(trusted=HERE)) as place:
            (await place.connect()).say(b"PROXY UNKNOWN\r\n")
            assert (await place.desk.guest()).link.address == "127.0.0.1"

    run(scene())


def test_limits_count_the_client_and_not_its_proxy(run: Run) -> None:
    async def scene() -> None:
        gate = Gate(per_address=1, trusted=HERE)
        async with a_place(proxy=True, gate=gate) as place:
            maya, leo, sam = await place.connect(), await place.connect(), await place.connect()
            maya.say(HEADER)
            await place.desk.guest(0)
            leo.say(HEADER)
            assert await leo.rest() == b"SORRY Too many connections from your address (at most 1)\n"
            sam.say(HEADER.replace(b".7", b".8"))
            await place.desk.guest(1)
            assert gate.inside == 2

    run(scene())


def test_whoever_reaches_a_unix_socket_is_trusted(run: Run, tmp_path: Path) -> None:
    async def scene() -> None:
        async with a_place(url=f"unix:{tmp_path}/hubbub.sock", proxy=True) as place:
            (await place.connect()).say(HEADER)
            assert (await place.desk.guest()).link.address == "203.0.113.7"

    run(scene())


async def talks_tls_behind(header: bytes, client: Client, context: ssl.SSLContext) -> bytes:
    """A handshake whose first bytes come in one packet with the PROXY header."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    tls = context.wrap_bio(incoming, outgoing, server_hostname="localhost")
    pending, waiting = header, True
    while waiting:
        try:
            tls.do_handshake()
            tls.write(b"hello")
            waiting = False
        except ssl.SSLWantReadError:
            pass
        client.say(pending + outgoing.read())
        pending = b""
        if waiting:
            incoming.write(await client.reader.read(65536))
    while True:
        incoming.write(await client.reader.read(65536))
        try:
            return tls.read(5)
        except ssl.SSLWantReadError:
            continue


def test_tls_may_follow_in_the_headers_own_packet(
    run: Run, pair: tuple[Path, Path], certificates: Certificates
) -> None:
    async def scene() -> None:
        gate, url = Gate(trusted=HERE), "ircs://127.0.0.1:0"
        async with a_place(Desk(echo=True), url=url, proxy=True, gate=gate, certificates=certificates) as place:
            proxy = await place.connect()
            assert await talks_tls_behind(HEADER, proxy, trusting(pair[0])) == b"hello"
            link = (await place.desk.guest()).link
            assert (link.address, link.secure) == ("203.0.113.7", True)

    run(scene())


def test_a_proxy_may_say_that_its_client_came_over_tls(run: Run) -> None:
    async def scene() -> None:
        body = bytes([203, 0, 113, 7, 192, 0, 2, 1, 0, 1, 0, 2]) + b"\x20\x00\x05\x01\0\0\0\0"
        async with a_place(proxy=True, gate=Gate(trusted=HERE)) as place:
            (await place.connect()).say(b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00" + bytes([len(body)]) + body)
            assert (await place.desk.guest()).link.secure

    run(scene())


def no_descriptors_left() -> AbstractContextManager[None]:
    free = os.dup(0)
    os.close(free)
    return limited(resource.RLIMIT_NOFILE, free)


def test_without_descriptors_a_listener_rests_and_goes_on(run: Run, capsys: pytest.CaptureFixture[str]) -> None:
    logs.logger("test").error("there is a log")  # so that it needs no descriptors any more
    capsys.readouterr()

    async def its_complaint() -> str:
        async with asyncio.timeout(PATIENCE):
            while not (said := capsys.readouterr().err):  # noqa: ASYNC110 - a log has no event to wait for
                await asyncio.sleep(0)
        return said

    async def scene() -> None:
        async with a_place(proxy=True, gate=Gate(trusted=HERE)) as place:
            with socket.create_connection((place.endpoint.host, place.endpoint.port)) as proxy:
                proxy.send(HEADER)
                with no_descriptors_left():
                    said = json.loads(await its_complaint())
                assert (said["event"], said["why"]) == ("cannot accept connections", "Too many open files")
                await place.desk.guest()

    run(scene())
