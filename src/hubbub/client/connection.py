"""The core on a real network: one task that connects, listens, keeps alive and connects again.

async with connect(address, protocol) as link:
    async for event in link: ...
"""

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Final

from hubbub.client.events import Event, Refused, Waiting
from hubbub.client.protocol import Protocol
from hubbub.client.stream import Stream, explain, open_stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address

# Read at once: more than a server says in a breath, little enough that whoever shares our loop gets a turn soon.
_READ_MAX: Final = 16384

# Events that may wait for a slow reader before we stop reading: then the server waits, not our memory.
_EVENTS_MAX: Final = 1000


class CannotConnect(ConnectionError):
    """There is no way to the server, and there never was one; says why."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long we wait for what, in seconds."""

    silence: float = 5  # until a server that says nothing while registering is helped along
    registration: float = 60  # until one that does not let us in is given up
    quiet: float = 60  # until one that says nothing is asked whether it is there
    answer: float = 30  # for that answer
    first: float = 1  # before we connect again; doubled each time
    most: float = 60
    leave: float = 2  # for the server's goodbye


class Link:
    """A protocol and the connection it currently has. Iterate over it for events; call `flush` after its verbs."""

    def __init__(self, address: Address, protocol: Protocol, trust: Trust, patience: Patience) -> None:
        self.protocol = protocol
        self._address, self._trust, self._patience = address, trust, patience
        self._events: asyncio.Queue[Event | None] = asyncio.Queue()
        self._writer: asyncio.StreamWriter | None = None
        self._failure: CannotConnect | None = None
        self._was_online = self._leaving = False
        self._attempts = 0
        self._runner: asyncio.Task[None] | None = None

    def flush(self) -> None:
        """Send what the protocol has to send, give out what it has to tell."""
        data = self.protocol.data_to_send()
        if data and self._writer is not None:
            self._writer.write(data)
        for event in self.protocol.events():
            self._tell(event)

    @property
    def leaving(self) -> bool:
        """Whether we are going, by our own will or because we were refused."""
        return self._leaving

    def stop(self, reason: str = "") -> None:
        """Say goodbye; events end when the server has answered, or a moment later."""
        self._leaving = True
        if self._runner is None:
            return
        if self._writer is None:
            self._runner.cancel()
            return
        self.protocol.quit(reason)
        self.flush()
        asyncio.get_running_loop().call_later(self._patience.leave, self._runner.cancel)

    async def leave(self, reason: str = "") -> None:
        """The same, and wait for it."""
        self.stop(reason)
        if self._runner is not None:
            await asyncio.wait([self._runner])

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Events until the end; raises CannotConnect when the first attempt fails."""
        while (event := await self._take()) is not None:
            yield event
        if self._failure is not None:
            raise self._failure

    async def _take(self) -> Event | None:
        event = await self._events.get()
        self._events.task_done()  # taken is done: who stops in the middle of a loop must not stop us
        return event

    def start(self, tasks: asyncio.TaskGroup) -> asyncio.Task[None]:
        """Begin to connect; the task ends when we leave, are refused, or there never was a way."""
        self._runner = tasks.create_task(self._run())
        return self._runner

    async def _run(self) -> None:
        try:
            while True:
                reason = await self._connect_once()
                if self._leaving or self._failure is not None:
                    return
                seconds = self._back_off()
                self._tell(Waiting(seconds, reason))
                await asyncio.sleep(seconds)
        finally:
            self._events.put_nowait(None)

    async def _connect_once(self) -> str:
        """One connection from beginning to end; returns why it ended."""
        self._attempts += 1
        try:
            stream = await open_stream(self._address, self._trust)
        except OSError as error:
            reason = await explain(error, self._address)
        else:
            reason = await self._serve(stream)
        if not self._leaving and (not self._was_online or self._address.descriptor >= 0):
            self._give_up(reason)
        return reason

    def _give_up(self, reason: str) -> None:
        """The first or only attempt failed: that is for the person to mend. A server that said why has refused us."""
        if self.protocol.farewell:
            self._tell(Refused("ERROR", self.protocol.farewell))
        else:
            self._failure = CannotConnect(reason)

    async def _serve(self, stream: Stream) -> str:
        reader, self._writer = stream
        self.protocol.connection_made()
        self.flush()
        try:
            reason = await self._listen(reader)
        except OSError as error:
            reason = f"the connection broke ({error.strerror or error})"
        finally:
            self._writer.transport.abort()
            self._writer = None
        self.protocol.connection_lost(reason)
        self.flush()
        return reason

    async def _listen(self, reader: asyncio.StreamReader) -> str:
        """Feed the protocol until there is nothing more to hear; returns why."""
        asked = False
        started = asyncio.get_running_loop().time()
        while True:
            try:
                async with asyncio.timeout(self._wait(asked)):
                    data = await reader.read(_READ_MAX)
            except TimeoutError:
                if asked and self.protocol.online:
                    return "the server does not answer any more"
                asked = self._prod()
            else:
                if not data:
                    return self._hung_up()
                asked = False
                self.protocol.receive(data)
                self.flush()
                await asyncio.sleep(0)  # what is there already is read without waiting: others would have no turn
            if self._events.qsize() > _EVENTS_MAX and not self._leaving:
                await self._events.join()
            self._was_online = self._was_online or self.protocol.online
            if self.protocol.online:
                self._attempts = 0
            elif asyncio.get_running_loop().time() - started > self._patience.registration:
                return "the server did not let us in within a minute"

    def _wait(self, asked: bool) -> float:
        if not self.protocol.online:
            return self._patience.silence
        return self._patience.answer if asked else self._patience.quiet

    def _prod(self) -> bool:
        """Nothing was heard for a while; says whether an answer must come now."""
        online = self.protocol.online
        if online:
            self.protocol.ping()
        else:
            self.protocol.silence()
        self.flush()
        return online

    def _hung_up(self) -> str:
        if self._was_online or self._address.tls or self._address.path:
            return "the server closed the connection"
        return f"the server closed the connection before it let us in; perhaps it wants TLS: ircs://{self._address}"

    def _back_off(self) -> float:
        """Twice as long each time, and not all clients of a restarted server at the same moment."""
        longest = min(self._patience.first * 2.0 ** max(self._attempts - 1, 0), self._patience.most)
        return longest * random.uniform(0.5, 1)  # noqa: S311 (spreads load, guards nothing)

    def _tell(self, event: Event) -> None:
        self._events.put_nowait(event)
        if isinstance(event, Refused):
            self._leaving = True
            if self._writer is not None:
                self._writer.close()


@asynccontextmanager
async def connect(
    address: Address, protocol: Protocol, trust: Trust | None = None, patience: Patience | None = None
) -> AsyncIterator[Link]:
    """A link that lives as long as the `async with`; its one task is owned by it."""
    link = Link(address, protocol, trust or Trust(address.fingerprint), patience or Patience())
    failed: Exception | None = None
    async with asyncio.TaskGroup() as tasks:
        runner = link.start(tasks)
        try:
            yield link
        except Exception as error:  # who waits for it by its name would not find it in a group
            failed = error
        finally:
            runner.cancel()
    if failed is not None:
        raise failed
