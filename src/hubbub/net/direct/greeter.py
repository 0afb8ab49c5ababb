"""A main listener: takes callers, each in a task of its own, and is free for the next."""

from __future__ import annotations

import asyncio
import socket
from collections import Counter
from collections.abc import Awaitable, Callable
from typing import Final

from hubbub import logs
from hubbub.net.direct.stream import LINE_MAX, NoContact, Stream
from hubbub.net.sockets import CannotListen

_LOG: Final = logs.logger("direct")

CALLERS_MAX: Final = 32
"""Callers that are being greeted at a time: each has a port of ours open for some seconds."""

_BUSY: Final = "too many are calling just now; try again in a few seconds"


class Greeter:
    """`take` does what there is to do with a caller, and may raise `NoContact` and `CannotListen`.

    `turn_away` tells one who comes when too many do why that is; `per_address` is how many may come from one.
    """

    def __init__(
        self,
        listener: socket.socket,
        take: Callable[[Stream], Awaitable[None]],
        turn_away: Callable[[Stream, str], None],
        per_address: int = CALLERS_MAX,
    ) -> None:
        self._listener, self._take, self._turn_away, self._per_address = listener, take, turn_away, per_address
        self.host, self.port = listener.getsockname()[:2]
        self._greeted: Counter[str] = Counter()
        self._calls: set[asyncio.Task[None]] = set()
        self._server: asyncio.Server | None = None

    async def open(self) -> None:
        self._server = await asyncio.start_server(self._greet, sock=self._listener, limit=LINE_MAX)

    async def close(self) -> None:
        """Nobody is greeted any more; who is in contact stays so."""
        if self._server is not None:
            self._server.close()
        for call in self._calls:
            call.cancel()
        await asyncio.gather(*self._calls, return_exceptions=True)

    def _greet(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        if writer.get_extra_info("peername") is None:
            writer.transport.abort()
            return
        stream = Stream(reader, writer)
        if self._greeted.total() >= CALLERS_MAX or self._greeted[stream.address] >= self._per_address:
            self._turn_away(stream, _BUSY)
            stream.close()
            return
        self._greeted[stream.address] += 1
        call = asyncio.get_running_loop().create_task(self._call(stream))
        self._calls.add(call)
        call.add_done_callback(self._calls.discard)

    async def _call(self, stream: Stream) -> None:
        """Whatever goes wrong is the caller's and nobody else's."""
        try:
            await self._take(stream)
        except (NoContact, CannotListen) as error:
            _LOG.info("no contact", address=stream.address, why=str(error))
        finally:
            self._greeted -= Counter([stream.address])
