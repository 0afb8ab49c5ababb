"""The terminal client on a stage: the whole app with keys pressed and rows read, in a village behind a real socket."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager
from typing import Any, Final

from textual.pilot import Pilot

from hubbub.client.model.buffer import Buffer
from hubbub.client.model.desk import Desk
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.client.way import Outcome, Way
from hubbub.tui.app import Hubbub
from hubbub.tui.links import Links
from hubbub.tui.screens.chat import Chat
from hubbub.wire.line import Line
from tests.client.harbour import SOON, Harbour, harbour
from tests.client.village import EVERYTHING, Guest, Village

PATIENCE: Final = 10.0
ROOM: Final = "#general"

CAPS: Final = EVERYTHING | {"draft/read-marker", "draft/message-redaction", "hubbub.chat/edit"}


class Stage:
    """leo before his screen."""

    def __init__(self, port: Harbour, app: Hubbub, pilot: Pilot[Outcome]) -> None:
        self.port, self.village, self.app, self.pilot = port, port.village, app, pilot
        self._fences = 0

    @property
    def chat(self) -> Chat:
        """The screen of the chat, whatever is shown over it."""
        found = self.app.screen_stack[0]
        assert isinstance(found, Chat)
        return found

    @property
    def desk(self) -> Desk:
        return self.app.desk

    def room(self, name: str = ROOM) -> Buffer:
        buffer = self.desk.network.find(name)
        assert buffer is not None, f"{name} is not open"
        return buffer

    def said(self, name: str) -> list[str]:
        """The texts that stand in a buffer; none where it is not open."""
        buffer = self.desk.network.find(name)
        return [entry.text for entry in buffer.entries] if buffer else []

    def rows(self) -> list[str]:
        """What stands on the screen, row by row, without the blanks at the end."""
        return [strip.text.rstrip() for strip in self.app.screen._compositor.render_strips()]

    def picture(self) -> str:
        return "\n".join(self.rows()) + "\n"

    async def until(self, condition: Callable[[], object], why: str = "it never came to be") -> None:
        """Wait until something is so."""
        deadline = time.monotonic() + PATIENCE
        while not condition():
            assert time.monotonic() < deadline, f"{why}; the screen shows\n{self.picture()}"
            await self.pilot.pause()

    async def sees(self, *texts: str) -> None:
        """Wait until all of these stand on the screen."""
        for text in texts:
            await self.until(lambda text=text: text in self.picture(), f"{text!r} did not come")  # type: ignore[misc]

    async def misses(self, text: str) -> None:
        """Wait until this stands on the screen no more."""
        await self.until(lambda: text not in self.picture(), f"{text!r} did not go")

    async def types(self, text: str) -> None:
        """Write a line and send it."""
        self.chat.composer.load_text("")
        self.chat.composer.insert(text)
        await self.presses("enter")

    async def presses(self, *keys: str) -> None:
        await self.pilot.press(*keys)

    async def neighbour(self, nick: str, text: str, target: str = ROOM) -> None:
        """Someone says something, and it is on the desk."""
        self.village.neighbour(nick, target, text)
        self.port.flush()
        name = nick if target == "leo" else target
        await self.until(lambda: text in self.said(name), f"{text!r} was not heard")
        await self.pilot.pause()

    def overhear(self, command: str, told: Callable[[Line], object]) -> None:
        """Have a test told what leo's client says with a command, before the village deals with it."""
        deal = getattr(self.village, f"_do_{command}", lambda _guest, _line: None)

        def hear(guest: Guest, line: Line) -> None:
            told(line)
            deal(guest, line)

        setattr(self.village, f"_do_{command}", hear)

    async def server(self, *lines: str) -> None:
        """The server says lines as they are, and they are taken in."""
        self._fences += 1
        fence = f":village 005 leo FENCE={self._fences} :are supported by this server"
        for guest in self.village.guests:
            guest.out += "".join(f"{line}\r\n" for line in (*lines, fence)).encode()
        self.port.flush()
        await self.until(lambda: self.desk.network.client.mirror.features.number("FENCE", 0) == self._fences)
        await self.pilot.pause()


Play = Callable[[Stage], Coroutine[Any, Any, None]]


def play(scene: Play, size: tuple[int, int] = (100, 30), village: Village | None = None, *rooms: str) -> None:
    """Act a scene: leo has come into his rooms, and the first one is before him."""

    async def act() -> None:
        async with stage(size, village or Village(caps=CAPS, page=100), rooms or (ROOM,)) as made:
            await scene(made)

    asyncio.run(act())


@asynccontextmanager
async def stage(size: tuple[int, int], village: Village, rooms: tuple[str, ...]) -> AsyncIterator[Stage]:
    async with harbour(village) as port, asyncio.TaskGroup() as tasks:
        desk = Desk()
        links = Links(desk, tasks, SOON, village.clock)
        address = Address(port.address.host, port.address.port, rooms=rooms)
        links.open(Way(address, Identity("leo"), Trust()))
        app = Hubbub(desk, links)
        async with app.run_test(size=size) as pilot:
            made = Stage(port, app, pilot)
            await made.until(lambda: len(desk.network.client.mirror.rooms) == len(rooms))
            await made.until(lambda: not any(buffer.paging for buffer in desk.buffers))
            await made.pilot.pause()
            yield made
        await links.leave()
