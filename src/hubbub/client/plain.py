"""The line-mode view: what happens is a line, and a typed line is said."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from functools import partial
from itertools import chain
from pathlib import Path

from hubbub.client.commands import BadCommand, obey
from hubbub.client.connection import CannotConnect, Link
from hubbub.client.events import Event, Failed, Joined, JoinRefused, Kicked, Offline, Online, Parted, Refused
from hubbub.client.exchange import Progress
from hubbub.client.protocol import NotOnline
from hubbub.client.render import Lines
from hubbub.client.screens import Screen
from hubbub.client.upload import CannotShare
from hubbub.client.waits import Waits
from hubbub.wire.clean import clean
from hubbub.wire.line import BadLine

# Lines of a pipe that may wait for their answer before the next one is read. A command waits for all of them: it may
# change the room, or who we are.
_UNCONFIRMED_MAX = 50


Share = Callable[[Path, str, Progress], Awaitable[str]]
"""From a file and whom it is for to its link. Raises `CannotShare`."""


def _unseen(_gone: int, _size: int) -> None:
    """Lines show no progress: they would be many."""


def _local_now() -> datetime:
    return datetime.now().astimezone()


class Plain:
    """One person, one server, line by line."""

    def __init__(
        self, link: Link, screen: Screen, clock: Callable[[], datetime] = _local_now, share: Share | None = None
    ) -> None:
        """`share` makes a link of a file; without it, none can be shared."""
        self.client = link.protocol
        self.refusals: list[str] = []  # why things that were asked for were not done
        self.kept_out = False
        self._link, self._screen = link, screen
        self._waits = Waits(link.protocol.mirror.features)
        self._lines = Lines(clock, self._waits.names)
        self._changed = asyncio.Event()
        self._leaving: str | None = None
        self._share_by = share
        self._sharing: set[asyncio.Task[None]] = set()

    @property
    def room(self) -> str:
        """The room in front, or ""."""
        return self._lines.room

    def enter(self, room: str) -> None:
        """Have a room in front."""
        self._lines.room = room
        self._screen.prompt = f"{clean(room)}> " if room else "> "

    def leave(self, reason: str) -> None:
        """End the session."""
        self._leaving = reason

    def share(self, path: Path, target: str, text: str) -> None:
        """Share a file with `target`, behind `text`, while one goes on talking."""
        task = asyncio.ensure_future(self._share(path, target, text))
        self._sharing.add(task)
        task.add_done_callback(self._shared)

    def stop(self) -> None:
        """Someone pressed Ctrl-C: go at once, politely."""
        self._link.stop()

    def tell(self, line: str) -> None:
        """Show a line."""
        self._screen.show(line)

    async def run(self) -> None:
        """Until the person leaves, the input ends, or we are refused; raises CannotConnect."""
        failure = None
        async with asyncio.TaskGroup() as tasks:
            typing = tasks.create_task(self._type())
            try:
                async for event in self._link:
                    self._hear(event)
            except CannotConnect as error:
                failure = error
            finally:
                typing.cancel()
                for sharing in self._sharing:
                    sharing.cancel()
        if failure is not None:
            raise failure

    def _hear(self, event: Event) -> None:
        if not (isinstance(event, Offline) and self._link.leaving):  # the person knows that
            for line in chain.from_iterable(map(self._lines.render, self._waits.take(event))):
                self._screen.show(line)
        if isinstance(event, Online) and not (event.resumed or self.room or self._screen.patient):
            self.tell("-- you are in no room yet: /join #general goes into one, /help shows all commands")
        if isinstance(event, Refused | Failed | JoinRefused):
            self.refusals.append(clean(event.reason))
            self.kept_out = self.kept_out or isinstance(event, Refused)
        self._follow(event)
        self._changed.set()

    def _follow(self, event: Event) -> None:
        """The room in front is one we are in."""
        features = self.client.mirror.features
        if isinstance(event, Joined) and event.own and not event.history:
            if not self.room or features.same(self.room, event.conversation):
                self.enter(event.conversation)  # as the server writes it
        elif isinstance(event, JoinRefused):
            self._leave_front(event.room)
        elif isinstance(event, Parted | Kicked) and event.own and not event.history:
            self._leave_front(event.conversation)

    def _leave_front(self, room: str) -> None:
        """We are in a room no more, or not let in: another one comes to the front."""
        if self.client.mirror.features.same(room, self.room):
            self.enter(next(iter(self.client.rooms), ""))

    async def _type(self) -> None:
        """Read until there is no more; then wait for what is still under way."""
        async for line in self._screen.typed():
            if self._screen.patient:
                await self._until(partial(self._is_calm, 0 if line.startswith("/") else _UNCONFIRMED_MAX))
            self._obey(line)
            if self._leaving is not None:
                break
        else:
            await self._until(partial(self._is_calm, 0))
        await self._link.leave(self._leaving or "")

    def _obey(self, line: str) -> None:
        try:
            obey(self, line.rstrip("\r"))
        except (BadCommand, BadLine, NotOnline) as error:
            self.refusals.append(clean(str(error)))
            self.tell(f"!! {self.refusals[-1]}")
        self._link.flush()

    async def _share(self, path: Path, target: str, text: str) -> None:
        if self._share_by is None:
            raise CannotShare("files cannot be shared here")
        self.tell(f"-- sharing {clean(path.name)}")
        url = await self._share_by(path, target, _unseen)
        self.client.say(target, f"{text} {url}" if text else url)
        self._link.flush()

    def _shared(self, task: asyncio.Task[None]) -> None:
        self._sharing.discard(task)
        error = None if task.cancelled() else task.exception()
        if isinstance(error, CannotShare | BadLine | NotOnline):
            self.refusals.append(f"not shared: {clean(str(error))}")
            self.tell(f"!! {self.refusals[-1]}")
        elif error is not None:
            asyncio.get_running_loop().call_exception_handler({"message": "sharing failed", "exception": error})
        self._changed.set()

    def _is_calm(self, unconfirmed: int) -> bool:
        return self.client.settled and not self._sharing and self.client.unconfirmed <= unconfirmed

    async def _until(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()
