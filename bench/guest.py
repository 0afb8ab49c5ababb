"""A client as lean as can be, so that thousands fit into one process: it checks each message that it hears.

What is said is "NUMBER TIME": numbers count up within a room, and the time is this process's clock. A guest comes back
with a cursor, as clients do: https://ircv3.net/specs/extensions/chathistory
"""

from __future__ import annotations

import asyncio
import random
import re
from collections.abc import Callable
from contextlib import suppress
from time import perf_counter
from typing import Final, cast

_CAPS: Final = "batch draft/chathistory echo-message labeled-response message-tags server-time soju.im/search"
_MSGID: Final = re.compile(rb"msgid=([^; ]+)")
_PAGE: Final = 500


class Guest(asyncio.Protocol):
    """`wait` is told the seconds that each live message took. It may be cut and come again, as often as one likes."""

    def __init__(self, nick: str, room: str, wait: Callable[[float], object] | None = None) -> None:
        self.nick, self.room = nick, room
        self.heard: dict[int, bytes] = {}
        """Each number with its msgid."""
        self.doubled = 0
        """How many came twice: live, or under two msgids."""
        self.refused = 0
        """How often nobody let it in."""
        self.whole = 0
        """Up to which number it has heard all, from the first on."""
        self._live: set[int] = set()
        self._hoped: tuple[int, asyncio.Future[None]] | None = None
        self._ended: asyncio.Future[None] | None = None
        self._cursor = b""
        self._wait = wait
        self._tail = b""
        self._transport: asyncio.Transport | None = None
        self._entered: asyncio.Future[None] | None = None
        self._asked: asyncio.Future[int] | None = None
        self._count = 0

    @property
    def here(self) -> bool:
        return self._transport is not None

    async def come(self, port: int) -> None:
        """Come in, and hear all that was missed since the last time; as often as it takes."""
        while True:
            try:
                await self._enter(port)
                await self._catch_up()
                return
            except OSError:
                self.refused += 1
                await asyncio.sleep(random.uniform(0.05, 0.5))

    async def _catch_up(self) -> None:
        """Page by page from what it had heard, whatever is live by now."""
        while self._cursor and await self.ask(f"CHATHISTORY AFTER {self.room} msgid={self._cursor.decode()} {_PAGE}"):
            pass

    async def _enter(self, port: int) -> None:
        self._cursor = self.heard.get(self.whole, b"")
        loop = asyncio.get_running_loop()
        self._entered = loop.create_future()
        await loop.create_connection(lambda: self, "127.0.0.1", port)
        await self._entered

    async def ask(self, line: str) -> int:
        """A question that is answered by a batch: how many messages are in it. Raises ConnectionError."""
        self._asked, self._count = asyncio.get_running_loop().create_future(), 0
        self.write(line)
        return await self._asked

    async def until(self, number: int) -> None:
        """Wait until it has heard all up to this."""
        if self.whole < number:
            self._hoped = number, asyncio.get_running_loop().create_future()
            await self._hoped[1]

    async def gone(self) -> None:
        """Wait until the connection has ended."""
        if self.here:
            self._ended = asyncio.get_running_loop().create_future()
            await self._ended

    def write(self, line: str) -> None:
        """Raises ConnectionError where there is nobody to write to."""
        if self._transport is None:
            raise ConnectionResetError
        self._transport.write(f"{line}\r\n".encode())

    async def cut(self) -> None:
        """End it without a word, as networks do."""
        if self._transport is not None:
            self._transport.abort()
            await self.gone()

    # What asyncio tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport, self._tail = cast(asyncio.Transport, transport), b""
        self.write(f"CAP REQ :{_CAPS}\r\nNICK {self.nick}\r\nUSER {self.nick} 0 * :x\r\nCAP END\r\nJOIN {self.room}")

    def connection_lost(self, exc: Exception | None) -> None:
        self._transport = None
        _keep(self._ended, None)
        for waiting in (self._entered, self._asked):
            if waiting is not None and not waiting.done():
                waiting.set_exception(exc or ConnectionResetError())

    def data_received(self, data: bytes) -> None:
        *lines, self._tail = (self._tail + data).split(b"\r\n")
        for line in lines:
            if b" PRIVMSG " in line:
                self._hear(line)
            else:
                self._answer(line)

    def _answer(self, line: bytes) -> None:
        words = line.partition(b" ")[2].split(b" ", 2) if line.startswith(b"@") else line.split(b" ", 2)
        if words[0] == b"PING":
            self.write(f"PONG {words[1].decode()}")
        elif words[1] == b"366":
            _keep(self._entered, None)
        elif words[1] == b"433":  # the server has not noticed yet that we were gone
            self._begin_anew()
        elif words[1] == b"FAIL" or (words[1] == b"BATCH" and words[2].startswith(b"-")):
            _keep(self._asked, self._count)

    def _begin_anew(self) -> None:
        if self._transport is not None:
            self._transport.abort()

    def _hear(self, line: bytes) -> None:
        found = _MSGID.search(line)
        tags, number, said = line.partition(b" ")[0], *line.rpartition(b":")[2].split()
        msgid, live = found[1] if found else b"", b"batch=" not in tags
        if not live:
            self._count, self._cursor = self._count + 1, msgid
        self._note(int(number), msgid, live=live)
        if live and self._wait is not None:
            self._wait(perf_counter() - float(said))
        if b"label=" in tags:
            self.echoed()

    def _note(self, number: int, msgid: bytes, *, live: bool) -> None:
        """A message may be heard live and be in the page that is fetched meanwhile: then it has one msgid."""
        self.doubled += self.heard.setdefault(number, msgid) != msgid or (live and number in self._live)
        if live:
            self._live.add(number)
        self.whole = self.whole or number
        while self.whole + 1 in self.heard:
            self.whole += 1
        if self._hoped is not None and self._hoped[0] <= self.whole:
            _keep(self._hoped[1], None)

    def echoed(self) -> None:
        """What we said came back."""


class Speaker(Guest):
    """The one who talks in a room; says again what did not come back, under the same label."""

    def __init__(self, nick: str, room: str, wait: Callable[[float], object] | None = None) -> None:
        super().__init__(nick, room, wait)
        self.said = 0
        self._echo: asyncio.Future[None] | None = None

    async def say(self, port: int) -> None:
        """The next number, until it has come back."""
        self.said += 1
        line = f"@label={self.nick}-0123456789abcdef-{self.said} PRIVMSG {self.room} :{self.said} {perf_counter()}"
        while True:
            if not self.here:
                await self.come(port)
            self._echo = asyncio.get_running_loop().create_future()
            with suppress(ConnectionError):
                self.write(line)
                await self._echo
                return

    def echoed(self) -> None:
        _keep(self._echo, None)

    def connection_lost(self, exc: Exception | None) -> None:
        super().connection_lost(exc)
        if self._echo is not None and not self._echo.done():
            self._echo.set_exception(exc or ConnectionResetError())


def missing(guest: Guest, last: int) -> int:
    """How many it has not heard of all from its first to `last`."""
    return sum(number not in guest.heard for number in range(min(guest.heard, default=1), last + 1))


def _keep(waiting: asyncio.Future[object] | asyncio.Future[int] | asyncio.Future[None] | None, value: object) -> None:
    if waiting is not None and not waiting.done():
        cast("asyncio.Future[object]", waiting).set_result(value)
