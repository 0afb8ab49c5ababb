"""Listeners that speak WebSocket. https://ircv3.net/specs/extensions/websocket"""

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from websockets.client import ClientProtocol
from websockets.frames import Close, Frame, Opcode
from websockets.http11 import Response
from websockets.typing import Origin, Subprotocol
from websockets.uri import parse_uri

from hubbub.net.door import Terms
from hubbub.net.limits import Gate, Trusted
from hubbub.net.tls import Certificates
from tests.net.desk import PATIENCE, Client, Clock, Desk, Place, Run, a_place, trusting

TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"


class Reception(Desk):
    """Speaks in lines."""

    def refuse(self, reason: str) -> bytes:
        return f"SORRY {reason}\r\n".encode()


class Browser:
    """A client that speaks WebSocket as browsers do."""

    def __init__(self, client: Client, protocol: ClientProtocol) -> None:
        self.client, self.protocol = client, protocol
        self._came: list[Frame | Response] = []

    async def knocks(self) -> Response:
        request = self.protocol.connect()
        self.protocol.send_request(request)
        self.sends()
        event = await self.event()
        assert isinstance(event, Response)
        return event

    def sends(self) -> None:
        """What the protocol has to send."""
        self.client.say(b"".join(self.protocol.data_to_send()))

    def says(self, text: str) -> None:
        self.protocol.send_text(text.encode())
        self.sends()

    async def event(self) -> Frame | Response:
        while not self._came:
            data = await self.client.reader.read(65536)
            self.protocol.receive_data(data) if data else self.protocol.receive_eof()
            for event in self.protocol.events_received():
                assert isinstance(event, Frame | Response)
                self._came.append(event)
            assert data or self._came, "the server has hung up"
        return self._came.pop(0)

    async def reads(self) -> tuple[Opcode, bytes]:
        frame = await self.event()
        assert isinstance(frame, Frame)
        return frame.opcode, bytes(frame.data)

    async def end(self) -> Close:
        """With which words the server closes."""
        while not isinstance(event := await self.event(), Frame) or event.opcode is not Opcode.CLOSE:
            pass
        self.sends()
        await self.client.rest()
        return Close.parse(event.data)


def browser(client: Client, subprotocols: Sequence[str] = (TEXT,), origin: str = "") -> Browser:
    names = [Subprotocol(name) for name in subprotocols] or None
    return Browser(
        client,
        ClientProtocol(parse_uri("ws://chat.example.org/"), origin=Origin(origin) or None, subprotocols=names),
    )


@asynccontextmanager
async def a_web_place(
    desk: Desk | None = None,
    *,
    terms: Terms | None = None,
    gate: Gate | None = None,
    clock: Clock | None = None,
    proxy: bool = False,
) -> AsyncIterator[Place]:
    async with a_place(desk, url="ws://127.0.0.1:0", terms=terms, gate=gate, clock=clock, proxy=proxy) as place:
        yield place


async def enters(place: Place, *subprotocols: str) -> Browser:
    came = browser(await place.connect(), subprotocols or (TEXT,))
    assert (await came.knocks()).status_code == 101
    return came


# --- coming in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("offered", "agreed", "kind"),
    [
        ([TEXT], TEXT, Opcode.TEXT),
        ([BINARY], BINARY, Opcode.BINARY),
        ([TEXT, BINARY], TEXT, Opcode.TEXT),
        ([BINARY, TEXT], BINARY, Opcode.BINARY),
        (["chat.example", BINARY], BINARY, Opcode.BINARY),
        ([], None, Opcode.TEXT),
    ],
)
def test_the_client_prefers(run: Run, offered: list[str], agreed: str | None, kind: Opcode) -> None:
    """ "The server MUST accept any subprotocol it supports, respecting the client's order of preference." """

    async def scene() -> None:
        async with a_web_place() as place:
            maya = browser(await place.connect(), offered)
            response = await maya.knocks()
            assert (response.status_code, response.headers.get("Sec-WebSocket-Protocol")) == (101, agreed)
            link = (await place.desk.guest()).link
            assert link.framing is not None
            link.write(link.framing(b"hello\r\n"))
            assert await maya.reads() == (kind, b"hello")

    run(scene())


def test_without_a_known_subprotocol_the_server_names_none(run: Run) -> None:
    """ "the server MAY continue connection establishment without sending the `Sec-WebSocket-Protocol` header" """

    async def scene() -> None:
        async with a_web_place() as place:
            response = await browser(await place.connect(), ["chat.example"]).knocks()
            assert (response.status_code, response.headers.get("Sec-WebSocket-Protocol")) == (101, None)

    run(scene())


def test_nothing_is_compressed(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = browser(await place.connect())
            request = maya.protocol.connect()
            request.headers["Sec-WebSocket-Extensions"] = "permessage-deflate; client_max_window_bits"
            maya.protocol.send_request(request)
            maya.sends()
            response = await maya.event()
            assert isinstance(response, Response)
            assert "Sec-WebSocket-Extensions" not in response.headers

    run(scene())


def test_a_session_may_speak_first(run: Run) -> None:
    """What it says stands behind the handshake."""

    async def scene() -> None:
        async with a_web_place(Desk(greeting=b"\x81\x05hello")) as place:
            assert await (await enters(place)).reads() == (Opcode.TEXT, b"hello")

    run(scene())


def test_a_page_of_another_site_is_refused(run: Run) -> None:
    """It is told what would let it in; no session begins."""

    async def scene() -> None:
        async with a_web_place(terms=Terms(origins=("https://chat.example.org",))) as place:
            strange = browser(await place.connect(), origin="https://evil.example")
            strange.protocol.send_request(strange.protocol.connect())
            strange.sends()
            answer = await strange.client.rest()
            assert answer.startswith(b"HTTP/1.1 403 ")
            assert b"[web] origins" in answer
            own = browser(await place.connect(), origin="https://chat.example.org")
            assert (await own.knocks()).status_code == 101
            assert len(place.desk.guests) == 1
            place.listeners.adopt(Terms(origins=("https://evil.example",)), Gate())
            tamed = browser(await place.connect(), origin="https://evil.example")
            assert (await tamed.knocks()).status_code == 101

    run(scene())


@pytest.mark.parametrize(
    ("request_line", "status"),
    [
        (b"GET / HTTP/1.1\r\nHost: a\r\n\r\n", b"426"),
        (b"POST / HTTP/1.1\r\nHost: a\r\n\r\n", b"405"),
        (b"GET /" + b"x" * 9000 + b" HTTP/1.1\r\n\r\n", b"414"),
        (b"GET / HTTP/1.1\r\n" + b"x-a: b\r\n" * 200 + b"\r\n", b"431"),
    ],
)
def test_what_is_no_handshake_is_answered_in_http(run: Run, request_line: bytes, status: bytes) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            stranger = await place.connect()
            stranger.say(request_line)
            assert (await stranger.rest()).split()[1] == status
            assert not place.desk.guests

    run(scene())


def test_what_is_no_http_is_hung_up_on(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            stranger = await place.connect()
            stranger.say(b"NICK maya\r\n")
            assert await stranger.rest() == b""
            assert not place.desk.guests

    run(scene())


def test_who_is_not_let_in_is_told_so_in_http(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place(gate=Gate(1, 0, 0)) as place:
            await enters(place)
            answer = await (await place.connect()).rest()
            assert answer.startswith(b"HTTP/1.1 503 ")
            assert b"SORRY" not in answer

    run(scene())


def test_a_handshake_has_a_deadline(run: Run) -> None:
    """The time to register runs from the first byte on."""

    async def scene() -> None:
        clock = Clock()
        async with a_web_place(clock=clock, terms=Terms(registration_seconds=5)) as place:
            slow = await place.connect()
            slow.say(b"GET / HTTP/1.1\r\n")
            await enters(place)
            clock.tick(place.listeners, 6)
            assert await slow.rest() == b""
            assert place.desk.guests[0].overdues == 1

    run(scene())


def test_it_works_over_tls(run: Run, certificates: Certificates, pair: tuple[Path, Path]) -> None:
    async def scene() -> None:
        async with a_place(Desk(), url="wss://127.0.0.1:0", certificates=certificates) as place:
            context: ssl.SSLContext = trusting(pair[0])
            maya = browser(await place.connect(context))
            assert (await maya.knocks()).status_code == 101
            maya.says("hello")
            guest = await place.desk.heard(b"hello\r\n")
            assert guest.link.secure
            assert guest.link.framing is not None
            guest.link.write(guest.link.framing(b"welcome\r\n"))
            assert await maya.reads() == (Opcode.TEXT, b"welcome")

    run(scene())


def test_a_proxy_says_who_comes(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place(gate=Gate(trusted=Trusted(["127.0.0.1/32"])), proxy=True) as place:
            client = await place.connect()
            client.say(b"PROXY TCP4 192.0.2.7 192.0.2.1 5000 443\r\n")
            maya = browser(client)
            assert (await maya.knocks()).status_code == 101
            assert (await place.desk.guest()).link.address == "192.0.2.7"

    run(scene())


# --- what comes in ------------------------------------------------------------------------------------------------


def test_a_message_is_a_line(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            maya.says("NICK maya")
            maya.says("USER maya 0 * :Maya é")
            guest = await place.desk.heard("é\r\n".encode())
            assert guest.received == "NICK maya\r\nUSER maya 0 * :Maya é\r\n".encode()

    run(scene())


@pytest.mark.parametrize("subprotocol", [TEXT, BINARY])
def test_either_kind_of_message_is_taken(run: Run, subprotocol: str) -> None:
    """ "servers and clients should strive for maximum compatibility" """

    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place, subprotocol)
            maya.protocol.send_binary(b"NICK maya")
            maya.says("MOTD")
            assert (await place.desk.heard(b"MOTD\r\n")).received == b"NICK maya\r\nMOTD\r\n"

    run(scene())


def test_fragments_are_put_together(run: Run) -> None:
    """A ping may stand between them, and a character be torn."""

    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            for data, last in ((b"PRIVMSG #tea :caf", False), (b"\xc3", False), (b"", False), (b"\xa9", True)):
                kind = maya.protocol.send_text if data[:1] == b"P" else maya.protocol.send_continuation
                kind(data, last)
                maya.protocol.send_ping(b"hm") if not last else None
            maya.sends()
            guest = await place.desk.heard("café\r\n".encode())
            assert guest.received == "PRIVMSG #tea :café\r\n".encode()
            assert [await maya.reads() for _ in range(3)] == [(Opcode.PONG, b"hm")] * 3

    run(scene())


def test_what_comes_with_the_handshake_is_heard(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = browser(await place.connect())
            maya.protocol.send_request(maya.protocol.connect())
            maya.client.say(
                b"".join(maya.protocol.data_to_send()) + Frame(Opcode.TEXT, b"NICK maya").serialize(mask=True)
            )
            await place.desk.heard(b"NICK maya\r\n")

    run(scene())


@pytest.mark.parametrize("kind", [Opcode.TEXT, Opcode.BINARY])
def test_bytes_that_are_no_text_break_only_messages_of_text(run: Run, kind: Opcode) -> None:
    """1007 is "not consistent with the type of the message"; in a binary one the session says what is wrong."""

    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            maya.client.say(b"".join(Frame(kind, said).serialize(mask=True) for said in (b"caf\xe9", b"well")))
            if kind is Opcode.BINARY:
                await place.desk.heard(b"caf\xe9\r\nwell\r\n")
            else:
                assert (await maya.end()).code == 1007
                assert await place.desk.end_of(place.desk.guests[0]) == "expected UTF-8 in a message of text"
                assert place.desk.guests[0].received == b""

    run(scene())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (Frame(Opcode.TEXT, b"x" * 20_000).serialize(mask=True), 1009),
        (Frame(Opcode.TEXT, b"x" * 10_000, False).serialize(mask=True) + b"\x80\xfe\x27\x10aaaa" + b"x" * 10_000, 1009),
        (b"\x81\xff\x7f\xff\xff\xff\xff\xff\xff\xffaaaa", 1009),
        (Frame(Opcode.TEXT, b"no mask").serialize(mask=False), 1002),
        (Frame(Opcode.CONT, b"of nothing").serialize(mask=True), 1002),
        (b"\xf1\x80aaaa", 1002),
        (b"\x83\x80aaaa", 1002),
        (b"\x09\x80aaaa", 1002),
    ],
    ids=[
        "too long",
        "too long together",
        "endless",
        "no mask",
        "lone fragment",
        "reserved bits",
        "opcode 3",
        "torn ping",
    ],
)
def test_who_breaks_the_protocol_is_told_how(run: Run, data: bytes, code: int) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            maya.client.say(data)
            assert (await maya.end()).code == code
            await place.desk.end_of(place.desk.guests[0])

    run(scene())


def test_no_mass_of_empty_fragments_takes_up_room(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            nothing = Frame(Opcode.CONT, b"", False).serialize(mask=True)
            maya.client.say(Frame(Opcode.TEXT, b"NI", False).serialize(mask=True) + nothing * 10_000)
            maya.client.say(Frame(Opcode.CONT, b"CK").serialize(mask=True))
            await place.desk.heard(b"NICK\r\n")

    run(scene())


# --- the end ------------------------------------------------------------------------------------------------------


def test_a_ping_is_answered(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            maya.protocol.send_ping(b"there?")
            maya.sends()
            assert await maya.reads() == (Opcode.PONG, b"there?")

    run(scene())


def test_a_client_that_closes_is_answered(run: Run) -> None:
    """ "the endpoint typically echos the status code it received": RFC 6455, 5.5.1."""

    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            maya.protocol.send_close(1001, "leaving")
            maya.sends()
            assert (await maya.end()).code == 1001
            assert await place.desk.end_of(place.desk.guests[0]) == "Connection closed"

    run(scene())


def test_a_session_closes_with_its_reason(run: Run) -> None:
    """Behind all that it said."""

    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            link = place.desk.guests[0].link
            link.write(b"\x81\x03bye")
            link.close("Ping timeout: 90 seconds")
            assert await maya.reads() == (Opcode.TEXT, b"bye")
            assert await maya.end() == Close(1000, "Ping timeout: 90 seconds")
            assert await place.desk.end_of(place.desk.guests[0]) == "Ping timeout: 90 seconds"

    run(scene())


def test_a_fault_is_told_in_a_message(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place(Reception(clumsy="receive")) as place:
            maya = await enters(place)
            maya.says("hello")
            assert await maya.reads() == (Opcode.TEXT, b"SORRY Internal error")
            assert (await maya.end()).reason == "Internal error"

    run(scene())


def test_a_stop_closes_everybody(run: Run) -> None:
    async def scene() -> None:
        async with a_web_place() as place:
            maya = await enters(place)
            _, end = await asyncio.gather(place.listeners.close("The server stops", PATIENCE), maya.end())
            assert end.reason == "The server stops"

    run(scene())
