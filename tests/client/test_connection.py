"""The core on real sockets: connecting, breaking, connecting again, and going."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import pytest

from hubbub.client.connection import CannotConnect, Link, Patience, connect
from hubbub.client.events import Event, Offline, Online, Refused, Said, Sent, Waiting
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.wire.line import Line
from tests.client.harbour import SOON, Certificate, Harbour, harbour
from tests.client.village import Guest, Village

ROOM = "#general"


def leo(*rooms: str) -> Protocol:
    client = Protocol(Identity("leo"))
    for room in rooms:
        client.join(room)
    return client


async def heard(link: Link, kind: type[Event]) -> Event:
    """The next event of a kind."""
    async for event in link:
        if isinstance(event, kind):
            return event
    raise AssertionError(f"no {kind.__name__} came")


async def settled(link: Link) -> None:
    async for _ in link:
        if link.protocol.settled:
            return


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def with_deadline() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(with_deadline())


def test_a_message_goes_there_and_comes_back() -> None:
    """The whole way over TCP, and a goodbye that ends the events."""

    async def scene() -> None:
        async with harbour(Village()) as port, connect(port.address, leo(ROOM), patience=SOON) as link:
            await settled(link)
            link.protocol.say(ROOM, "hello")
            link.flush()
            assert isinstance(await heard(link, Sent), Sent)
            await link.leave("bye")
            assert [type(event) async for event in link] == [Offline]

    run(scene)


def test_a_cut_connection_is_made_again_and_nothing_is_missed() -> None:
    """Maya speaks while leo is away; he is back before he knows."""

    async def scene() -> None:
        village = Village()
        async with harbour(village) as port, connect(port.address, leo(ROOM), patience=SOON) as link:
            await settled(link)
            port.cut()
            village.neighbour("maya", ROOM, "missed")
            assert isinstance(await heard(link, Waiting), Waiting)
            online = await heard(link, Online)
            assert isinstance(online, Online)
            assert online.resumed
            said = await heard(link, Said)
            assert isinstance(said, Said)
            assert (said.text, said.history) == ("missed", True)
            assert port.arrivals == 2

    run(scene)


def test_a_server_that_is_gone_is_tried_again_and_again() -> None:
    """Each attempt is told, with its reason."""

    async def scene() -> None:
        async with harbour(Village()) as port:
            manager = connect(port.address, leo(), patience=SOON)
            link = await manager.__aenter__()
            await heard(link, Online)
        reasons = []
        async for event in link:
            if isinstance(event, Waiting):
                reasons.append(event.reason)
            if len(reasons) == 3:
                break
        await manager.__aexit__(None, None, None)
        assert reasons[1:] == [f"nobody listens at {port.address}; is the server running, and is that its port?"] * 2

    run(scene)


def test_the_first_attempt_must_succeed() -> None:
    """A wrong address is for the person to mend."""

    async def scene() -> None:
        async with harbour(Village()) as port:
            address = port.address
        async with connect(address, leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match="nobody listens"):
                await heard(link, Online)

    run(scene)


def test_a_server_that_hangs_up_before_the_welcome_may_want_tls() -> None:
    """A TLS server that is spoken to in plain text says nothing that we could read."""

    async def scene() -> None:
        async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.close()

        server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
        address = Address("127.0.0.1", server.sockets[0].getsockname()[1])
        async with server, connect(address, leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match=f"perhaps it wants TLS: ircs://{address}"):
                await heard(link, Online)

    run(scene)


def test_a_server_that_says_why_it_hangs_up_has_refused_us() -> None:
    """Trying again would not help."""

    async def scene() -> None:
        async def refuse(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"ERROR :You are banned\r\n")
            writer.close()

        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        address = Address("127.0.0.1", server.sockets[0].getsockname()[1])
        async with server, connect(address, leo(), patience=SOON) as link:
            assert [event async for event in link if isinstance(event, Refused)] == [Refused("ERROR", "You are banned")]

    run(scene)


def test_a_refused_nick_ends_the_connection() -> None:
    """The events end with the refusal."""

    async def scene() -> None:
        village = Village()
        village._do_nick = lambda guest, line: village._tell(guest, "432", "*", "leo", "No")  # type: ignore[method-assign]
        async with harbour(village) as port, connect(port.address, leo(), patience=SOON) as link:
            assert [event async for event in link if isinstance(event, Refused)] == [Refused("432", "leo: No")]

    run(scene)


def test_a_server_that_falls_silent_is_left() -> None:
    """It is asked whether it is there, does not answer, and another connection is made."""

    async def scene() -> None:
        hasty = replace(SOON, quiet=0.05, answer=0.05)
        async with harbour(Village()) as port, connect(port.address, leo(), patience=hasty) as link:
            await heard(link, Online)
            port.deaf = True
            offline = await heard(link, Offline)
            assert offline == Offline("the server does not answer any more")

    run(scene)


def test_a_quiet_server_that_answers_is_kept() -> None:
    """Nothing happens for many times the quiet time; every PING is answered."""

    async def scene() -> None:
        hasty = replace(SOON, quiet=0.01)
        async with harbour(Village()) as port, connect(port.address, leo(), patience=hasty) as link:
            await heard(link, Online)
            enough, answered = asyncio.Event(), 0

            def answer(guest: Guest, line: Line) -> None:
                nonlocal answered
                answered += 1
                port.village._tell(guest, "PONG", "village", line.params[0])
                if answered == 5:
                    enough.set()

            port.village._do_ping = answer  # type: ignore[method-assign]
            await enough.wait()
            assert port.arrivals == 1

    run(scene)


def test_a_server_that_never_lets_us_in_is_given_up() -> None:
    """It reads what we say and says nothing."""

    async def scene() -> None:
        hasty = Patience(silence=0.01, registration=0.03)
        async with harbour(Village()) as port:
            port.deaf = True
            async with connect(port.address, leo(), patience=hasty) as link:
                with pytest.raises(CannotConnect, match="did not let us in"):
                    await heard(link, Online)

    run(scene)


def test_a_unix_socket_is_a_server_too(tmp_path: Path) -> None:
    """And a missing one is named."""

    async def scene() -> None:
        path = str(tmp_path / "irc.sock")
        async with harbour(Village(), path) as port, connect(port.address, leo(), patience=SOON) as link:
            await heard(link, Online)
        async with connect(Address(path=str(tmp_path / "none")), leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match=r"there is no socket at .*none"):
                await heard(link, Online)

    run(scene)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Certificate:
    return Certificate(tmp_path_factory.mktemp("certificate"))


def with_tls(certificate: Certificate, scene: Callable[[Harbour], Awaitable[None]]) -> None:
    async def sail() -> None:
        async with harbour(Village(), tls=certificate.context()) as port:
            await scene(port)

    run(sail)


def test_a_certificate_that_nobody_vouches_for_is_not_trusted(certificate: Certificate) -> None:
    """But its fingerprint is shown, so that it can be compared, and given."""

    async def scene(port: Harbour) -> None:
        async with connect(port.address, leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match=f"not trusted.*--fingerprint {certificate.fingerprint}"):
                await heard(link, Online)

    with_tls(certificate, scene)


@pytest.mark.parametrize("insecure", [True, False])
def test_a_known_fingerprint_is_trusted(certificate: Certificate, insecure: bool) -> None:
    """From the address, or from an option; or everything is."""

    async def scene(port: Harbour) -> None:
        trust = Trust(insecure=True) if insecure else None
        address = port.address if insecure else replace(port.address, fingerprint=certificate.fingerprint)
        async with connect(address, leo(), trust, SOON) as link:
            assert isinstance(await heard(link, Online), Online)
            await link.leave()

    with_tls(certificate, scene)


def test_another_certificate_than_the_one_we_were_told_of_is_not_trusted(certificate: Certificate) -> None:
    """Someone may be listening in."""

    async def scene(port: Harbour) -> None:
        async with connect(port.address, leo(), Trust("0" * 64), SOON) as link:
            with pytest.raises(CannotConnect, match="another certificate than the one you were told of"):
                await heard(link, Online)

    with_tls(certificate, scene)


def test_a_server_without_tls_is_told_from_an_untrusted_one() -> None:
    """It answers, but not in TLS."""

    async def scene() -> None:
        async def chatter(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write(b":village NOTICE * :Looking up your hostname\r\n")
            writer.close()

        server = await asyncio.start_server(chatter, "127.0.0.1", 0)
        address = Address("127.0.0.1", server.sockets[0].getsockname()[1], tls=True)
        async with server, connect(address, leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match=f"does not answer in TLS.*irc://{address}"):
                await heard(link, Online)

    run(scene)


def test_a_name_that_can_be_none_is_no_host() -> None:
    """Before any question is asked of the network."""

    async def scene() -> None:
        async with connect(Address("a..b", 6667), leo(), patience=SOON) as link:
            with pytest.raises(CannotConnect, match=r"there is no host 'a\.\.b'"):
                await heard(link, Online)

    run(scene)


def test_leaving_while_offline_is_leaving() -> None:
    """Nobody has to wait for the next attempt."""

    async def scene() -> None:
        patient = replace(SOON, first=100, most=100)
        async with harbour(Village()) as port, connect(port.address, leo(), patience=patient) as link:
            await heard(link, Online)
            port.cut()
            await heard(link, Waiting)
            await link.leave()
            assert [event async for event in link] == []

    run(scene)


def test_a_server_that_does_not_say_goodbye_is_left_nevertheless() -> None:
    """After a moment."""

    async def scene() -> None:
        hasty = replace(SOON, leave=0.02)
        async with harbour(Village()) as port, connect(port.address, leo(), patience=hasty) as link:
            await heard(link, Online)
            port.village._do_quit = lambda guest, _line: None  # type: ignore[method-assign]
            await link.leave()
            assert link.leaving

    run(scene)


def test_a_slow_reader_slows_the_server_down_and_not_our_memory() -> None:
    """Thousands of lines are sent; we stop reading until the first ones are taken, and get all of them."""

    async def scene() -> None:
        village = Village()
        async with harbour(village) as port, connect(port.address, leo(ROOM), patience=SOON) as link:
            await settled(link)
            for number in range(5000):
                village.neighbour("maya", ROOM, f"line {number}")
            port.flush()
            texts = []
            async for event in link:
                if isinstance(event, Said):
                    texts.append(event.text)
                if len(texts) == 5000:
                    break
            assert texts == [f"line {number}" for number in range(5000)]

    run(scene)
