"""Two ends in one process, each with its house, over real sockets: what cuts, lies and late words do to them."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.dialects.direct.frames import Said, encode
from hubbub.dialects.direct.friends import Friend
from hubbub.direct.node import Node, Setup
from hubbub.hub.events import Event, Place
from hubbub.hub.ports import Store
from hubbub.hub.promise import Promise
from hubbub.net.direct.pair import Pair
from hubbub.wire.line import Line, parse

PATIENCE = 20.0


class Person:
    """Somebody at an end, whose program speaks IRC to it."""

    def __init__(self, node: Node, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.node, self._reader, self._writer = node, reader, writer
        self._heard: list[str] = []

    def says(self, line: str) -> None:
        self._writer.write(f"{line}\r\n".encode())

    async def hears(self, text: str) -> Line:
        """The first line with that text in it that was not asked for before; others keep."""
        while (found := next((line for line in self._heard if text in line), None)) is None:
            line = (await self._reader.readline()).decode()
            assert line, f"{text} did not come"
            self._heard.append(line.rstrip("\r\n"))
        self._heard.remove(found)
        return parse(found)

    async def waits_for(self, names: str) -> Line:
        """Until a word on messages of ours says that they wait for these."""
        while True:
            line = await self.hears("+hubbub.chat/waits-for")
            if line.tags["+hubbub.chat/waits-for"] == names:
                return line

    @property
    def friend(self) -> Friend:
        return next(iter(self.node.circle.friends.values()))

    @property
    def pair(self) -> Pair:
        assert self.friend.session is not None
        assert isinstance(self.friend.session.link, Pair)
        return self.friend.session.link

    def close(self) -> None:
        self._writer.close()


class Disk:
    """That of a store which has stopped, until it turns again."""

    def __init__(self, store: Store) -> None:
        self._store, self._append = store, store.append
        self._groups: list[tuple[Sequence[Event], Promise[list[list[Place]]]]] = []
        store.append = self._wait  # type: ignore[method-assign]

    def turn(self) -> None:
        self._store.append = self._append  # type: ignore[method-assign]
        for events, promise in self._groups:
            stored = self._append(events)
            stored.then(partial(self._keep, promise, stored))

    def _wait(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        self._groups.append((list(events), Promise()))
        return self._groups[-1][1]

    @staticmethod
    def _keep(promise: Promise[list[list[Place]]], stored: Promise[list[list[Place]]]) -> None:
        promise.keep(stored.result())


@asynccontextmanager
async def end(directory: Path, name: str, host: str) -> AsyncIterator[Person]:
    node = Node(Setup(directory / name, name, host, 0))
    url = urlsplit(await node.open())
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    person = Person(node, reader, writer)
    person.says("CAP REQ :message-tags echo-message server-time labeled-response batch draft/multiline")
    person.says("CAP END")
    person.says(f"PASS {name}:{node.password}")
    person.says(f"NICK {name}")
    person.says(f"USER {name} 0 * :{name}")
    await person.hears(" 366 ")
    try:
        yield person
    finally:
        person.close()
        await node.close()


Story = Callable[[Person, Person], Awaitable[None]]


@pytest.fixture
def tell(tmp_path: Path) -> Callable[[Story], None]:
    """Runs a story of maya and leo, who are in contact."""

    async def told(story: Story) -> None:
        async with AsyncExitStack() as ends, asyncio.timeout(PATIENCE):
            maya = await ends.enter_async_context(end(tmp_path, "maya", "127.0.0.2"))
            leo = await ends.enter_async_context(end(tmp_path, "leo", "127.0.0.3"))
            maya.says(f"DIRECT 127.0.0.3:{leo.node.me.port}")
            await leo.hears("maya calls from")
            leo.says("DIRECT maya")
            await leo.hears("maya is here")
            await maya.hears("leo is here")
            await story(maya, leo)

    return lambda story: asyncio.run(told(story))


def test_a_message_counts_as_delivered_when_it_is_on_the_other_disk(tell: Callable[[Story], None]) -> None:
    """The echo says that it is in our log, the word behind it for whom it waits: for nobody."""

    async def story(maya: Person, leo: Person) -> None:
        maya.says("PRIVMSG #direct :hi leo")
        echo = await maya.hears("hi leo")
        told = await maya.waits_for("")
        assert told.tags["+draft/reply"] == echo.tags["msgid"]
        assert (await leo.hears("hi leo")).params == ("#direct", "hi leo")

    tell(story)


def test_what_is_not_on_the_other_disk_yet_waits(tell: Callable[[Story], None]) -> None:
    """However good the connection is; and nobody there has seen it either."""

    async def story(maya: Person, leo: Person) -> None:
        disk = Disk(leo.node.house.server.store)
        maya.says("PRIVMSG #direct :hi leo")
        await maya.waits_for("leo")
        disk.turn()
        await leo.hears("hi leo")
        await maya.waits_for("")

    tell(story)


@pytest.mark.parametrize("direction", [0, 1])
def test_a_cut_of_either_direction_loses_nothing(tell: Callable[[Story], None], direction: int) -> None:
    """It goes on over the other one; what was on its way comes once."""

    async def story(maya: Person, leo: Person) -> None:
        for number in range(20):
            maya.says(f"PRIVMSG #direct :m{number}")
            leo.says(f"PRIVMSG #direct :l{number}")
        cut = (maya, leo)[direction].pair.met.ways[0]
        cut.writer.write = lambda data: None  # type: ignore[method-assign]  # nothing arrives any more
        for number in range(20, 40):
            maya.says(f"PRIVMSG #direct :m{number}")
            leo.says(f"PRIVMSG #direct :l{number}")
        await maya.hears("PRIVMSG #direct :m39")
        await leo.hears("PRIVMSG #direct :l39")
        cut.abort()
        for person, letter in ((leo, "maya"), (maya, "leo")):
            heard = [(await person.hears(f":{letter}!end@direct PRIVMSG")).params[1] for _ in range(40)]
            assert heard == [f"{letter[0]}{number}" for number in range(40)]
        assert len(maya.pair.met.ways) == 2
        assert maya.pair.stands

    tell(story)


def test_when_both_directions_are_cut_contact_comes_back_by_itself(tell: Callable[[Story], None]) -> None:
    """What is said in between waits, and says so."""

    async def story(maya: Person, leo: Person) -> None:
        for way in maya.pair.met.ways:
            way.abort()
        await maya.hears("leo is not here any more")
        maya.says("PRIVMSG leo :psst")
        await maya.hears("PRIVMSG leo :psst")
        assert (await leo.hears("psst")).params == ("leo", "psst")
        await maya.waits_for("")

    tell(story)


def test_what_comes_twice_is_taken_once_and_what_is_missing_is_asked_for(tell: Callable[[Story], None]) -> None:
    """A message is named by when it was said, and by the one before it."""

    async def story(maya: Person, leo: Person) -> None:
        leo.says("PRIVMSG #direct :one")
        await maya.hears("PRIVMSG #direct :one")
        at = maya.friend.got["room"]
        assert leo.friend.session is not None
        link = leo.friend.session.link
        link.write(encode(Said("room", at, 0, "PRIVMSG", "one")))
        link.write(encode(Said("room", at + 9, at + 5, "PRIVMSG", "too early")))
        leo.says("PRIVMSG #direct :two")
        assert (await maya.hears("PRIVMSG #direct")).params[1] == "two"

    tell(story)


def test_a_frame_that_is_none_ends_the_contact_and_nothing_else(tell: Callable[[Story], None]) -> None:
    """leo's end is told why; maya's goes on, and they come back."""

    async def story(maya: Person, leo: Person) -> None:
        assert leo.friend.session is not None
        leo.friend.session.link.write(b'{"t":"said","to":"everybody"}\n')
        await leo.hears("is not understood here")
        await leo.hears("maya is here")

    tell(story)


def test_a_message_of_several_lines_stays_one(tell: Callable[[Story], None]) -> None:
    """And a long line is cut for those who read IRC, at their end."""

    async def story(maya: Person, leo: Person) -> None:
        maya.says("BATCH +b draft/multiline #direct")
        maya.says("@batch=b PRIVMSG #direct :first")
        maya.says("@batch=b PRIVMSG #direct :second")
        maya.says("BATCH -b")
        await leo.hears("BATCH +")
        assert [(await leo.hears("PRIVMSG #direct")).params[1] for _ in range(2)] == ["first", "second"]
        assert maya.friend.session is not None
        at = maya.node.house.server.clock.now() + 1
        last = leo.friend.got["room"]
        maya.friend.session.link.write(encode(Said("room", at, last, "PRIVMSG", "ä" * 500)))
        pieces = [(await leo.hears("PRIVMSG #direct")).params[1] for _ in range(3)]
        assert "".join(pieces) == "ä" * 500

    tell(story)


def test_what_was_said_before_somebody_was_known_is_none_of_theirs(tmp_path: Path) -> None:
    """They are sent what is said from the moment on that they are let in."""

    async def story() -> None:
        async with asyncio.timeout(PATIENCE), end(tmp_path, "maya", "127.0.0.2") as maya:
            maya.says("PRIVMSG #direct :to myself")
            await maya.waits_for("")
            async with end(tmp_path, "leo", "127.0.0.3") as leo:
                maya.says(f"DIRECT 127.0.0.3:{leo.node.me.port}")
                await leo.hears("maya calls from")
                await maya.hears("Compare with leo")
                maya.says("PRIVMSG #direct :to leo")
                await maya.hears("to leo")
                await maya.waits_for("leo")
                leo.says("DIRECT maya")
                assert (await leo.hears("PRIVMSG #direct")).params[1] == "to leo"
                await maya.waits_for("")

    asyncio.run(story())


def test_who_is_refused_is_told_so_and_does_not_ring_again(tmp_path: Path) -> None:
    """As long as that end is there; being forgotten makes a stranger of a friend."""

    async def story() -> None:
        async with (
            asyncio.timeout(PATIENCE),
            end(tmp_path, "maya", "127.0.0.2") as maya,
            end(tmp_path, "leo", "127.0.0.3") as leo,
        ):
            maya.says(f"DIRECT 127.0.0.3:{leo.node.me.port}")
            await leo.hears("maya calls from")
            leo.says("DIRECT no maya")
            await maya.hears("they do not want to talk just now")
            maya.says("DIRECT forget leo")
            await maya.hears("leo is forgotten")
            maya.says(f"DIRECT 127.0.0.3:{leo.node.me.port}")
            await maya.hears("no contact with")

    asyncio.run(story())


def test_what_is_asked_is_answered_by_a_sentence(tell: Callable[[Story], None]) -> None:
    """None of it ends anything."""
    answers = {
        "sam": "nobody was heard of who is called 'sam'",
        "127.0.0.3:99999": "expected HOST:PORT",
        "AAAAA-AAAAA-AAAAA-AAAAA": "none of its groups fits",
        "127.0.0.3:1": "nobody listens at 127.0.0.3:1",
        "same sam": "nobody here is called sam",
        "no sam": "nobody called sam is calling",
        "leo": "leo is here already",
        "": "leo (code",
        "same leo": "remembered as compared",
    }

    async def story(maya: Person, leo: Person) -> None:
        for asked, answer in answers.items():
            maya.says(f"DIRECT {asked}")
            await maya.hears(answer)
        maya.says(f"DIRECT 127.0.0.2:{maya.node.me.port}")
        await maya.hears("that is this end itself")

    tell(story)
