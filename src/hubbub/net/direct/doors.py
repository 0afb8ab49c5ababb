"""Listening: sockets that one caller may use, within a time, from one address."""

from __future__ import annotations

import asyncio
import socket
import ssl
from typing import Final

from hubbub.config.endpoint import Endpoint
from hubbub.net.direct.stream import LINE_MAX, NoContact, Stream
from hubbub.net.sockets import keep_alive, open_sockets

OPEN_S: Final = 10.0
"""How long a port stays open for the one it was opened for."""


class Door:
    """A dedicated port: whoever comes from `address` first, and finishes TLS, has it; others are hung up on."""

    def __init__(self, host: str, address: str, context: ssl.SSLContext | None) -> None:
        """Raises `CannotListen`."""
        self._address, self._context = address, context
        self._listener = open_sockets(Endpoint("direct", host, 0))[0]
        keep_alive(self._listener)
        self._came: asyncio.Future[Stream] = asyncio.get_running_loop().create_future()
        self._server: asyncio.Server | None = None
        self.port: int = self._listener.getsockname()[1]

    async def __aenter__(self) -> Door:
        patience = OPEN_S if self._context else None
        self._server = await asyncio.start_server(
            self._enter,
            sock=self._listener,
            ssl=self._context,
            limit=LINE_MAX,
            ssl_handshake_timeout=patience,
        )
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """Where it was left by an exception, whoever came is hung up on: nobody has taken them."""
        if self._server is not None:
            self._server.close()
        if not self._came.cancel() and kind is not None:
            self._came.result().abort()

    async def visitor(self, seconds: float = OPEN_S) -> Stream:
        """Whoever came. Raises `NoContact`."""
        try:
            async with asyncio.timeout(seconds):
                return await asyncio.shield(self._came)
        except TimeoutError:
            raise NoContact(f"{self._address} did not come to port {self.port} within {seconds:g} s") from None

    def _enter(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        name = writer.get_extra_info("peername")
        if name is None or name[0] != self._address or self._came.done():
            writer.transport.abort()
        else:
            self._came.set_result(Stream(reader, writer))


async def reach(
    host: str, port: int, context: ssl.SSLContext | None, source: tuple[str, int] | None, seconds: float
) -> Stream:
    """Connect. Raises `NoContact`."""
    place = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    try:
        async with asyncio.timeout(seconds):
            reader, writer = await asyncio.open_connection(
                host, port, ssl=context, limit=LINE_MAX, local_addr=source, server_hostname="" if context else None
            )
    except TimeoutError:
        raise NoContact(f"no answer from {place}; a firewall may be in between") from None
    except ssl.SSLError as error:
        raise NoContact(f"{place} does not speak TLS 1.3 ({error.reason or error})") from None
    except (socket.gaierror, UnicodeError):
        raise NoContact(f"there is no host '{host}'; check the name, and that you are online") from None
    except ConnectionRefusedError:
        raise NoContact(f"nobody listens at {place}; is hubbub direct running there, and is that its port?") from None
    except OSError as error:
        raise NoContact(f"cannot connect to {place}: {error.strerror or error}") from None
    return Stream(reader, writer, place)
