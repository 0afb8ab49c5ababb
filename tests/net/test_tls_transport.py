"""The end of TLS: told to both sides, in order, and never in plain text; and readers who lag."""

import asyncio
import ssl
from pathlib import Path
from typing import cast

import pytest

from hubbub.net.connection import SENDQ_EXCEEDED, Connection
from hubbub.net.door import Terms
from hubbub.net.fanout import Way
from hubbub.net.tls import Certificates
from tests.net.desk import Client, Desk, Place, Run, a_place, trusting

URL = "ircs://127.0.0.1:0"


class Hands:
    """A client that encrypts by itself, so that a test sees every byte of the wire and says when TLS ends."""

    def __init__(self, client: Client, context: ssl.SSLContext) -> None:
        self.client = client
        self._in, self._out = ssl.MemoryBIO(), ssl.MemoryBIO()
        self._tls = context.wrap_bio(self._in, self._out, server_hostname="localhost")

    async def shake(self) -> None:
        while not self._done():
            self.client.say(self._out.read())
            self._in.write(await self.client.reader.read(65_536))
        self.client.say(self._out.read())

    def _done(self) -> bool:
        try:
            self._tls.do_handshake()
        except ssl.SSLWantReadError:
            return False
        return True

    def say(self, data: bytes) -> None:
        self._tls.write(data)
        self.client.say(self._out.read())

    def say_goodbye(self) -> None:
        with pytest.raises(ssl.SSLWantReadError):
            self._tls.unwrap()
        self.client.say(self._out.read())

    def understands(self, wire: bytes) -> bytes:
        """What it says, up to the end of TLS or of what came."""
        self._in.write(wire)
        heard = b""
        try:
            while more := self._tls.read(65_536):
                heard += more
        except (ssl.SSLWantReadError, ssl.SSLZeroReturnError):
            pass
        return heard


async def come(place: Place, cert: Path | str) -> Hands:
    hands = Hands(await place.connect(), trusting(cert))
    await hands.shake()
    return hands


def test_who_says_goodbye_is_answered_and_gone(run: Run, pair: tuple[Path, Path], certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(Desk(greeting=b"hello"), url=URL, certificates=certificates) as place:
            maya = await come(place, pair[0])
            guest = await place.desk.guest()
            maya.say_goodbye()
            assert await place.desk.end_of(guest) == "Connection closed"
            assert maya.understands(await maya.client.rest()) == b"hello"

    run(scene())


def test_nothing_is_said_in_plain_text_behind_a_goodbye(
    run: Run, pair: tuple[Path, Path], certificates: Certificates
) -> None:
    """Where a room is told something in every turn, the one between the end of TLS and that of the session included."""

    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            maya = await come(place, pair[0])
            guest = await place.desk.guest()
            way = Way([cast(Connection, guest.link)])
            maya.say_goodbye()
            while not guest.ends:
                way.write(b"a secret ")
                guest.link.write(b"a secret ")
                await asyncio.sleep(0)
            wire = await maya.client.rest()
            assert b"secret" not in wire
            assert maya.understands(wire).startswith(b"a secret ")

    run(scene())


def test_who_talks_on_reads_their_last_words(run: Run, pair: tuple[Path, Path], certificates: Certificates) -> None:
    """A socket closed upon words unread would have the kernel reset it, and take away what was sent."""

    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            maya = await come(place, pair[0])
            guest = await place.desk.guest()
            guest.link.write(b"x" * 900_000)
            guest.link.write(b"You are banned")
            maya.say(b"hello " * 10_000)
            guest.link.close("banned")
            maya.say(b"hello " * 10_000)
            wire = b""
            while not wire.endswith(b"You are banned"):
                more = maya.understands(await maya.client.reader.read(65_536))
                assert more or not maya.client.reader.at_eof()
                wire += more
            assert wire == b"x" * 900_000 + b"You are banned"
            await maya.client.leave()
            assert await place.desk.end_of(guest) == "banned"

    run(scene())


def test_who_does_not_read_is_cut_at_the_send_queue(run: Run, certificates: Certificates) -> None:
    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates, terms=Terms(sendq_bytes=100_000)) as place:
            await place.connect(trusting(certificates._files[0]))
            guest = await place.desk.guest()
            while not place.listeners.crowd.lagging:
                guest.link.write(b"x" * 50_000)
            assert await place.desk.end_of(guest) == SENDQ_EXCEEDED

    run(scene())


def test_words_broken_on_their_way_end_it(run: Run, pair: tuple[Path, Path], certificates: Certificates) -> None:
    """Nobody is taken at words that they may not have said."""

    async def scene() -> None:
        async with a_place(Desk(echo=True), url=URL, certificates=certificates) as place:
            maya = await come(place, pair[0])
            guest = await place.desk.guest()
            maya.client.say(b"\x17\x03\x03\x00\x20" + b"x" * 32)
            assert "RECORD_MAC" in (await place.desk.end_of(guest)).upper().replace(" ", "_")
            assert guest.received == b""

    run(scene())


def test_all_that_came_before_broken_words_is_heard(
    run: Run, pair: tuple[Path, Path], certificates: Certificates
) -> None:
    """Also where full records are taken together."""

    async def scene() -> None:
        async with a_place(url=URL, certificates=certificates) as place:
            maya = await come(place, pair[0])
            guest = await place.desk.guest()
            said = bytes(range(256)) * 64 * 40
            maya.say(said)
            maya.client.say(b"\x17\x03\x03\x00\x20" + b"x" * 32)
            assert "RECORD_MAC" in (await place.desk.end_of(guest)).upper().replace(" ", "_")
            assert guest.received == said

    run(scene())
