"""The far end of a bridge: a server that speaks IRC on a connection of its own, or within a WebSocket.

https://ircv3.net/specs/extensions/websocket
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import unquote, urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, WebSocketException
from websockets.typing import Subprotocol

from hubbub.client.stream import Stream, explain, open_stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address, BadAddress

LINE_MAX: Final = 65_536
"""Bytes of a line, either way: eight times what IRCv3 allows with tags."""

_TEXT: Final = Subprotocol("text.ircv3.net")
_PORTS: Final = {"ws": 80, "wss": 443}
_SECONDS: Final = 20.0


class CannotReach(Exception):
    """Why there is no way to a server, in a sentence with what to do."""


class Far(Protocol):
    """One connection. What is said to an end that has gone is lost."""

    async def say(self, line: bytes) -> None: ...

    def heard(self) -> AsyncIterator[str]:
        """Line by line, until the end. Older networks say what is no UTF-8: that is replaced."""

    async def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class Server:
    """Where a bridge leads. `socket` is the URL of a WebSocket, "" for a server that speaks IRC as it is."""

    address: Address
    trust: Trust
    socket: str = ""

    def __str__(self) -> str:
        return self.socket or str(self.address)

    async def reach(self) -> Far:
        """Raises `CannotReach`."""
        try:
            return await self._within() if self.socket else _Plain(await open_stream(self.address, self.trust))
        except OSError as error:
            raise CannotReach(await explain(error, self.address)) from None
        except WebSocketException as error:
            raise CannotReach(f"{self.socket} does not answer as the WebSocket of a chat server: {error}") from None

    async def _within(self) -> Far:
        context = await asyncio.to_thread(self.trust.context, self.address) if self.address.tls else None
        socket = await connect(
            self.socket, ssl=context, subprotocols=[_TEXT], compression=None, max_size=LINE_MAX, open_timeout=_SECONDS
        )
        if context is not None:
            self.trust.check(self.address, socket.transport.get_extra_info("ssl_object").getpeercert(binary_form=True))
        return _Within(socket)


def parse_socket(text: str) -> tuple[str, Address] | None:
    """The URL of a WebSocket, as ws://HOST/ws#room, and what it says of the server; None for other addresses.

    Raises BadAddress.
    """
    try:
        url = urlsplit(text)
        port = url.port
    except ValueError as error:
        raise BadAddress(f"{text}: {error}; write wss://HOST/PATH") from None
    if url.scheme not in _PORTS:
        return None
    if not url.hostname:
        raise BadAddress(f"{text}: expected the name of a host; write wss://HOST/PATH")
    room = unquote(url.fragment)
    rooms = (room if room[0] in "#&+!" else f"#{room}",) if room else ()
    tls = url.scheme == "wss"
    return url._replace(fragment="").geturl(), Address(url.hostname, port or _PORTS[url.scheme], tls, rooms=rooms)


class _Plain:
    def __init__(self, stream: Stream) -> None:
        self._reader, self._writer = stream

    async def say(self, line: bytes) -> None:
        self._writer.write(line + b"\r\n")
        await self._writer.drain()

    async def heard(self) -> AsyncIterator[str]:
        async for line in self._reader:
            yield line.rstrip(b"\r\n").decode(errors="replace")

    async def close(self) -> None:
        self._writer.close()


class _Within:
    def __init__(self, socket: ClientConnection) -> None:
        self._socket = socket

    async def say(self, line: bytes) -> None:
        try:
            await self._socket.send(line.decode(errors="replace"))
        except ConnectionClosed:
            return

    async def heard(self) -> AsyncIterator[str]:
        async for line in self._socket:
            yield line if isinstance(line, str) else line.decode(errors="replace")

    async def close(self) -> None:
        await self._socket.close()
