"""Between the door and the room: PROXY header and TLS handshake, each connection under one deadline.

The gate is passed before any of it, since a handshake costs a thousand times what a plain connection does; and the
header is read from the bare socket, byte for byte, so that what follows it is left for TLS.
"""

import asyncio
import socket
from collections.abc import Coroutine
from contextlib import suppress
from typing import Any, Final

from hubbub import logs
from hubbub.net.connection import Remote, remote_of
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.proxy import LENGTH_MAX, BadHeader, Header, parse
from hubbub.net.schemes import kind_of
from hubbub.net.tls_transport import TlsTransport, readable, shake_hands

_LOG: Final = logs.logger("net")

_AT_ONCE: Final = 64
"""Connections taken in one turn of the loop, so that a storm of them does not keep others waiting."""

_REST_SECONDS: Final = 1.0
"""How long to accept nobody when the system has no descriptors left; trying on would burn a core."""


class Vestibule:
    """Accepts from one listening socket, and owns what is under way."""

    def __init__(self, listener: socket.socket, door: Door, crowd: Crowd) -> None:
        self._listener, self._door, self._crowd = listener, door, crowd
        self._kind = kind_of(door)
        self._loop = asyncio.get_running_loop()
        self._awaited: set[asyncio.Task[None]] = set()  # proxies that have not sent their header yet
        self._entering: set[asyncio.Task[None]] = set()  # clients that get their transport, and TLS
        self._rest: asyncio.TimerHandle | None = None
        self._open()

    def close(self) -> None:
        """Accept nobody more, and let go of who is not through. A second time does no harm."""
        if self._listener.fileno() < 0:
            return
        if self._rest is not None:
            self._rest.cancel()
        self._loop.remove_reader(self._listener)
        self._listener.close()
        # A plain connection is through in the next turn, and is let through: cancelled in that very moment, uvloop's
        # transport would vanish without telling its protocol.
        for task in self._awaited | (self._entering if self._door.certificates else set()):
            task.cancel()

    async def wait_closed(self) -> None:
        """Until everybody has come in or is gone."""
        while under_way := self._awaited | self._entering:
            await asyncio.wait(under_way)

    def _open(self) -> None:
        self._rest = None
        self._loop.add_reader(self._listener, self._accept)

    def _accept(self) -> None:
        for _ in range(_AT_ONCE):
            try:
                client, name = self._listener.accept()
            except (BlockingIOError, InterruptedError, ConnectionAbortedError):
                return
            except OSError as error:
                self._take_a_rest(error)
                return
            client.setblocking(False)
            self._let_in(client, remote_of(name))

    def _take_a_rest(self, error: OSError) -> None:
        self._loop.remove_reader(self._listener)
        self._rest = self._loop.call_later(_REST_SECONDS, self._open)
        _LOG.error("cannot accept connections", url=self._door.endpoint.url, why=error.strerror)

    def _let_in(self, client: socket.socket, remote: Remote) -> None:
        """A trusted proxy is not counted: whom it speaks for is."""
        if not self._door.proxy:
            self._pass_gate(client, remote)
        elif remote.address in self._crowd.gate.trusted:
            self._begin(self._awaited, self._hear_proxy(client, remote))
        else:
            self._turn_away(client, "This port is for the proxy alone: use another")

    def _pass_gate(self, client: socket.socket, remote: Remote) -> None:
        refusal = self._crowd.gate.enter(remote.address)
        if refusal:
            self._turn_away(client, refusal)
        else:
            self._begin(self._entering, self._introduce(client, remote))

    def _turn_away(self, client: socket.socket, reason: str) -> None:
        """A client of TLS could not read our words before the handshake that we save."""
        with client, suppress(OSError):
            if self._door.certificates is None:
                client.send(self._kind.refuse(reason))

    def _begin(self, kept: set[asyncio.Task[None]], work: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(work)
        kept.add(task)
        task.add_done_callback(kept.discard)

    async def _hear_proxy(self, client: socket.socket, proxy: Remote) -> None:
        """Whoever the proxy speaks for, if it says so in time."""
        try:
            async with asyncio.timeout(self._crowd.terms.registration_seconds):
                header = await _read_header(client)
        except (TimeoutError, BadHeader, OSError) as error:
            client.close()
            _LOG.debug("no PROXY header", address=proxy.address, why=str(error) or "it took too long")
        except asyncio.CancelledError:
            client.close()
            raise
        else:
            self._pass_gate(client, Remote(header.address, header.port, header.secure) if header.address else proxy)

    async def _introduce(self, client: socket.socket, remote: Remote) -> None:
        """From socket to session; who does not get that far leaves the gate again. The loop owns the socket now."""
        connection = self._kind.connect(self._crowd, self._door, remote)
        try:
            if self._door.certificates is None:
                await self._loop.connect_accepted_socket(lambda: connection, client)
            else:
                seconds = self._crowd.terms.registration_seconds
                TlsTransport(await shake_hands(client, self._door.certificates.context, seconds), connection)
        except OSError as error:
            _LOG.debug("no TLS", address=remote.address, why=str(error))
        finally:
            if not connection.begun:
                self._crowd.gate.leave(remote.address)


async def _read_header(client: socket.socket) -> Header:
    """Take exactly the header off the socket. Raises BadHeader, OSError."""
    taken = b""
    while True:
        await readable(client)
        seen = client.recv(LENGTH_MAX - len(taken), socket.MSG_PEEK)
        if not seen:
            raise BadHeader("the proxy left before it had sent its header")
        header = parse(taken + seen)
        taken += client.recv(len(seen) if header is None else header.length - len(taken))
        if header is not None:
            return header
