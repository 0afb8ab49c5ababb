"""The line-mode view: a typed line is said, a slash is a command, and nothing is left under way at the end."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime

import pytest

from hubbub.client.commands import COMMANDS
from hubbub.client.connection import CannotConnect, connect
from hubbub.client.plain import Plain
from hubbub.client.protocol import Protocol
from hubbub.client.registration import Identity
from hubbub.client.url import Address
from tests.client.harbour import SOON, Harbour, harbour
from tests.client.village import NO_HISTORY, Village

ROOM = "#general"
NOW = datetime(2025, 11, 20, 9, 12, tzinfo=UTC)


class Paper:
    """A screen to look at afterwards: what was shown, and what is typed, line by line or all at once."""

    def __init__(self, *typed: str, patient: bool = True) -> None:
        self.lines: list[str] = []
        self.prompt = ""
        self.patient = patient
        self._typed: asyncio.Queue[str | None] = asyncio.Queue()
        self._seen = asyncio.Condition()
        self.type(*typed)

    def type(self, *lines: str) -> None:
        for line in lines:
            self._typed.put_nowait(line)

    def end(self) -> None:
        self._typed.put_nowait(None)

    def show(self, line: str) -> None:
        self.lines.append(line.removeprefix("[09:12] "))
        self._wake = asyncio.ensure_future(self._tell())

    async def typed(self) -> AsyncIterator[str]:
        while (line := await self._typed.get()) is not None:
            yield line

    async def reads(self, text: str) -> None:
        """Wait until a line is shown."""
        async with self._seen:
            await self._seen.wait_for(lambda: text in self.lines)

    async def _tell(self) -> None:
        async with self._seen:
            self._seen.notify_all()


def run(scene: Callable[[], Awaitable[None]]) -> None:
    async def with_deadline() -> None:
        async with asyncio.timeout(20):
            await scene()

    asyncio.run(with_deadline())


@asynccontextmanager
async def seat(port: Harbour, paper: Paper, *rooms: str) -> AsyncIterator[Plain]:
    """Leo at his desk."""
    client = Protocol(Identity("leo"), clock=lambda: NOW)
    for room in rooms:
        client.join(room)
    async with connect(port.address, client, patience=SOON) as link:
        view = Plain(link, paper, lambda: NOW)
        view.enter(next(iter(rooms), ""))
        yield view


def session(*typed: str, rooms: tuple[str, ...] = (ROOM,), village: Village | None = None) -> list[str]:
    """What leo reads when this comes out of a pipe."""
    paper = Paper(*typed)
    paper.end()

    async def scene() -> None:
        async with harbour(village or Village()) as port, seat(port, paper, *rooms) as view:
            await view.run()

    run(scene)
    return paper.lines


GREETING = ["-- connected to Village as leo", "-> you are in #general", "-- 2 in #general: @maya leo"]


def test_lines_of_a_pipe_are_said_and_confirmed_before_the_end() -> None:
    """`echo hello | hubbub join URL` leaves nothing behind."""
    assert session("hello", "/me waves") == [*GREETING, "leo: hello", "* leo waves"]


def test_a_long_pipe_arrives_whole() -> None:
    """Three hundred lines, in order, more than may be under way at once."""
    lines = [f"line {number}" for number in range(300)]
    assert session(*lines)[len(GREETING) :] == [f"leo: {line}" for line in lines]


def test_an_empty_pipe_is_a_visit() -> None:
    """In and out."""
    assert session() == GREETING


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("/msg sam psst", "(private to sam) leo: psst"),
        ("/msg #general to all", "leo: to all"),
        ("//shrug", "leo: /shrug"),
        ("/names", "!! NAMES: Unknown command"),
        ("/topic", "!! TOPIC: Unknown command"),
        ("/topic Lunch", "!! TOPIC: Unknown command"),
        ("/away lunch", "!! AWAY: Unknown command"),
        ("/raw WHOIS :sam sam", "!! WHOIS: Unknown command"),
        ("/ME waves", "* leo waves"),
        ("/jion #demo", "!! there is no command /jion; did you mean /join?"),
        ("/xyzzy", "!! there is no command /xyzzy; /help shows all commands"),
        ("/", "!! there is no command /; /help shows all commands"),
        ("/msg sam", "!! expected /msg WHO TEXT, got too little; /help shows all commands"),
        ("/me", "!! expected /me TEXT, got too little; /help shows all commands"),
        ("/history ten", "!! /history: expected how many lines, got 'ten'; try /history 50"),
        ("/join two,words three", "!! not let into #two,words: the server did not say why"),
        ("/part #general bye", "<- you left #general"),
        ("/part", "<- you left #general"),
        ("/nick leo", "!! leo: Nickname is already in use"),
        ("/raw :", "!! expected a command of capital letters or three digits, got ''"),
    ],
)
def test_commands_do_what_the_table_says(typed: str, shown: str) -> None:
    """And say what is wrong with them."""
    assert shown in session(typed)


def test_blank_lines_are_not_said() -> None:
    """An accidental Enter disturbs nobody."""
    assert session("", "   ") == GREETING


def test_help_is_the_table() -> None:
    """Every command has its line, with what it does."""
    lines = session("/help")[len(GREETING) :]
    assert len(lines) == len(COMMANDS)
    assert "/me TEXT               say what you do: /me waves" in lines


def test_history_is_shown_on_request() -> None:
    """The last lines, whether they were shown or not."""
    village = Village()
    village.neighbour("maya", ROOM, "old")
    assert session("/history 2", village=village)[len(GREETING) :] == [
        "-- the last 2 lines of #general",
        "maya: old",
        "-> leo joined",
        "-- now",
    ]


def test_without_history_that_is_said() -> None:
    """Not an empty page."""
    assert "!! no history of #general: this server keeps no history" in session(
        "/history", village=Village(caps=NO_HISTORY)
    )


def test_what_is_typed_is_said_in_the_room_that_was_joined_last() -> None:
    """And in the one before when that was left; lines from the other are marked."""
    shown = session("/join demo", "in demo", "/join #general", "in general", "/part", "in demo again")
    assert [line for line in shown if "leo: " in line] == ["leo: in demo", "leo: in general", "leo: in demo again"]


def test_without_a_room_there_is_nowhere_to_say_it() -> None:
    """The person is told what to do."""
    assert "!! you are in no room; go into one first: /join #general" in session("hello", rooms=())


def test_a_person_without_a_room_is_told_how_to_go_into_one() -> None:
    """At the first connection; a pipe knows what it does."""

    async def scene() -> None:
        paper = Paper(patient=False)
        async with harbour(Village()) as port, seat(port, paper) as view, asyncio.TaskGroup() as tasks:
            tasks.create_task(view.run())
            await paper.reads("-- you are in no room yet: /join #general goes into one, /help shows all commands")
            view.stop()

    run(scene)
    assert not any("no room yet" in line for line in session(rooms=()))


def test_quit_ends_before_what_follows() -> None:
    """The rest of the pipe is not read."""
    assert session("/quit see you", "never said") == GREETING


def test_a_person_may_type_while_offline() -> None:
    """What is said waits; what needs a server says so; and in between lines come in."""

    async def scene() -> None:
        village, paper = Village(), Paper(patient=False)
        async with harbour(village) as port, seat(port, paper, ROOM) as view, asyncio.TaskGroup() as tasks:
            tasks.create_task(view.run())
            await paper.reads(GREETING[-1])
            port.cut()
            paper.type("in a tunnel", "/names")
            await paper.reads("leo: in a tunnel")
            village.neighbour("maya", ROOM, "welcome back")
            port.flush()
            await paper.reads("maya: welcome back")
            assert "-- connected to Village again as leo" in paper.lines
            view.stop()

    run(scene)


def test_a_prompt_shows_where_one_is() -> None:
    """The room in front."""

    async def scene() -> None:
        paper = Paper("/quit", patient=False)
        async with harbour(Village()) as port, seat(port, paper, "#demo") as view:
            assert paper.prompt == "#demo> "
            await view.run()

    run(scene)


def test_a_refusal_ends_the_session() -> None:
    """The person is told why, and the typed lines are not waited for."""

    async def scene() -> None:
        village, paper = Village(), Paper(patient=False)
        village._do_nick = lambda guest, line: village._tell(guest, "432", "*", "leo", "No")  # type: ignore[method-assign]
        async with harbour(village) as port, seat(port, paper, ROOM) as view:
            await view.run()
            assert view.kept_out
        assert paper.lines[0] == "!! not let in: leo: No"

    run(scene)


def test_where_there_is_no_way_the_reason_comes_out() -> None:
    """The caller knows what to do with it."""

    async def scene() -> None:
        async with harbour(Village()) as port:
            address = port.address
        dead = Harbour(Village())
        dead.address = Address(address.host, address.port)
        async with seat(dead, Paper(patient=False), ROOM) as view:
            with pytest.raises(CannotConnect, match="nobody listens"):
                await view.run()

    run(scene)
