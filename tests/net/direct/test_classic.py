"""The first tutorial's handshake over loopback, as strangers do it to the listener of a server."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from hubbub.config.endpoint import parse
from hubbub.net.classic import Classics
from hubbub.net.crowd import Crowd
from hubbub.net.direct import classic
from hubbub.net.direct.classic import Place, TwoPlain, call
from hubbub.net.direct.doors import Door, reach
from hubbub.net.direct.stream import NoContact, Stream
from hubbub.net.door import Terms
from hubbub.net.inheritance import Inheritance
from hubbub.net.limits import Gate
from hubbub.net.ports import Link

PATIENCE = 20.0
MAYA = Place("127.0.0.2", 0)


class Guest:
    """Whoever was let in, as the room sees them: `heard` is all that they said."""

    def __init__(self, link: Link) -> None:
        self.link, self.heard = link, b""
        self.left: asyncio.Future[str] = asyncio.get_running_loop().create_future()

    def receive(self, data: bytes) -> None:
        self.heard += data

    def lost(self, reason: str) -> None:
        self.left.set_result(reason)

    def overdue(self) -> None: ...
    def idle(self, seconds: float) -> None: ...


class Lobby:
    """A classic:// listener, and who came by it, in order."""

    def __init__(self, gate: Gate) -> None:
        self.crowd = Crowd(Terms(sendq_bytes=65536), gate)
        self.doors = Classics(self.crowd, "hub")
        self.came: asyncio.Queue[Guest] = asyncio.Queue()
        self.port = 0

    async def open(self) -> None:
        self.port = (await self.doors.open(parse(f"classic://127.0.0.3:{self.port}"), self._accept))[0].port

    def _accept(self, link: Link) -> Guest:
        guest = Guest(link)
        self.came.put_nowait(guest)
        return guest

    async def main(self) -> Stream:
        """maya at the main listener."""
        return await reach("127.0.0.3", self.port, None, MAYA.source, PATIENCE)

    async def dedicated(self) -> Stream:
        """maya at the port that was opened for her."""
        main = await self.main()
        port = int(await main.reader.read())
        main.abort()
        return await reach("127.0.0.3", port, None, MAYA.source, PATIENCE)


Story = Callable[[Lobby], Awaitable[None]]


def tell(story: Story, gate: Gate | None = None) -> None:
    async def told() -> None:
        lobby = Lobby(gate or Gate())
        await lobby.open()
        async with asyncio.timeout(PATIENCE):
            await story(lobby)
        await lobby.doors.shut()
        await lobby.doors.close(0)
        assert (lobby.crowd.gate.inside, lobby.crowd.doors()) == (0, [])

    asyncio.run(told())


async def reads(two: TwoPlain, way: int) -> bytes:
    return await two.ways[way].reader.readline()


def test_contact_has_a_way_in_each_direction_and_is_confirmed() -> None:
    """The caller speaks on the connection that it opened, and the house on the other."""

    async def story(lobby: Lobby) -> None:
        maya = await call("127.0.0.3", lobby.port, MAYA)
        assert (maya.oneway, len(maya.ways)) == ("", 2)
        assert await reads(maya, 1) == b"hub: connection established\n"
        maya.write(b"maya: hi")
        guest = await lobby.came.get()
        assert lobby.crowd.doors() == ["classic"]
        maya.close("")
        assert await guest.left == "Connection closed"
        assert guest.heard == b"maya: hi"

    tell(story)


def test_a_text_right_behind_the_number_is_not_lost() -> None:
    """Two sends that arrived as one."""

    async def story(lobby: Lobby) -> None:
        async with Door(MAYA.host, "127.0.0.3", None) as door:
            own = await lobby.dedicated()
            own.writer.write(b"%dmaya: hi" % door.port)
            back = await door.visitor()
        assert await back.reader.readline() == b"hub: connection established\n"
        guest = await lobby.came.get()
        own.close()
        await guest.left
        assert guest.heard == b"maya: hi"
        back.abort()

    tell(story)


@pytest.mark.parametrize("said", [b"maya: hi\n", b"123456 bottles", b"22", b"\xff\xfe", b"0"])
def test_who_names_no_port_that_is_one_is_heard_and_told_over_one_connection(said: bytes) -> None:
    """Nor are services of the caller's machine written to: their ports are below those that programs get."""

    async def story(lobby: Lobby) -> None:
        own = await lobby.dedicated()
        own.writer.write(said)
        assert await own.reader.readline() == b"hub: connection established\n"
        guest = await lobby.came.get()
        own.close()
        await guest.left
        assert guest.heard == said

    tell(story)


def test_who_says_nothing_at_their_port_is_told_and_hung_up_on(monkeypatch: pytest.MonkeyPatch) -> None:
    """Within the time that they have; nobody in the room hears of them, nor of one who only looked in."""
    monkeypatch.setattr(classic, "OPEN_S", 0.01)

    async def story(lobby: Lobby) -> None:
        silent = await lobby.dedicated()
        assert await silent.reader.read() == b"127.0.0.2 named no port within 0.01 s\n"
        silent.close()
        (await lobby.dedicated()).close()
        assert lobby.came.empty()

    tell(story)


def test_who_never_reads_is_cut_off_at_the_limit_of_the_send_queue() -> None:
    """However full the kernel's buffers are: what they missed is in the log."""

    async def story(lobby: Lobby) -> None:
        maya = await call("127.0.0.3", lobby.port, MAYA)
        guest = await lobby.came.get()
        while not guest.left.done():
            guest.link.write(b"x" * 65536)
            await asyncio.sleep(0)
        assert await guest.left == "SendQ exceeded"
        maya.close("")

    tell(story)


def test_who_calls_between_two_servers_is_greeted_by_the_second() -> None:
    """It has the first one's listening socket."""

    async def story(lobby: Lobby) -> None:
        heirlooms = lobby.doors.heirlooms()
        await lobby.doors.shut()
        calling = asyncio.ensure_future(call("127.0.0.3", lobby.port, MAYA))
        await asyncio.sleep(0)
        lobby.doors = Classics(lobby.crowd, "heir", Inheritance(heirlooms))
        await lobby.open()
        maya = await calling
        assert await reads(maya, 1) == b"heir: connection established\n"
        maya.close("")

    tell(story)


def test_who_is_closed_while_nobody_reads_from_them_is_gone() -> None:
    """What they have sent meanwhile holds up nothing."""

    async def story(lobby: Lobby) -> None:
        own = await lobby.dedicated()
        own.writer.write(b"no port")
        guest = await lobby.came.get()
        guest.link.pause()
        while guest.heard == b"no port":
            own.writer.write(b"more")
            await asyncio.sleep(0)
        guest.link.close("enough")
        assert await guest.left == "enough"
        own.close()

    tell(story)


def test_the_gate_is_passed_before_a_port_is_opened() -> None:
    """Whoever is one too many is told so in words."""

    async def story(lobby: Lobby) -> None:
        maya = await call("127.0.0.3", lobby.port, MAYA)
        late = await lobby.main()
        assert (await late.reader.read()).startswith(b"The server is full (1 connections)")
        with pytest.raises(NoContact, match="expected the number of a port"):
            await call("127.0.0.3", lobby.port, MAYA)
        late.close()
        maya.close("")

    tell(story, Gate(total=1))
