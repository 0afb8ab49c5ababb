"""TLS right on a socket: the handshake, and what a `Connection` expects of asyncio's transports.

Event loops have OpenSSL encrypt into memory, and write that in their next turn: 18 us for each receiver of 1,800 bytes,
where plain TCP takes 8. Here a record goes from OpenSSL to the kernel at once, for 14, `fanout` reaches the socket past
the transport, and an idle connection has no buffers but OpenSSL's: 20 KiB in all, and not 50.
https://docs.python.org/3/library/ssl.html#notes-on-non-blocking-sockets
"""

import asyncio
import socket
import ssl
from collections.abc import Callable
from enum import Enum, auto
from functools import partial
from typing import Any, Final, cast

_RECORD: Final = 16_384
"""The most that a record holds (https://www.rfc-editor.org/rfc/rfc8446#section-5.1). A read of this size leaves nothing
in OpenSSL, so the kernel alone knows whether more has come."""

_MOST: Final = 16
"""Records at a time, of whoever sends full ones: a file costs its receiver by the piece."""

_HIGH: Final = 65_536


class TlsSocket(ssl.SSLSocket):
    """Its `send` never falls back to plain text, as that of `ssl` does once TLS has ended."""

    def send(self, data: Any, flags: int = 0) -> int:
        """As much as the kernel takes: OpenSSL takes a record at a time. Raises `ssl.SSLWantWriteError` if that is 0.

        What was not taken must be what is sent next.
        """
        taken = self.write(data)
        return taken if taken == len(data) else taken + self._send_on(data, taken)

    def _send_on(self, data: Any, start: int) -> int:
        at = start
        with memoryview(data) as view:
            while at < len(view):
                try:
                    at += self.write(view[at:])
                except OSError:  # whoever sends the rest learns why
                    break
        return at - start


async def shake_hands(client: socket.socket, context: ssl.SSLContext, seconds: float) -> TlsSocket:
    """TLS on a client's socket, which is closed if that comes to nothing. Raises OSError."""
    try:
        tls = cast(TlsSocket, context.wrap_socket(client, server_side=True, do_handshake_on_connect=False))
    except BaseException:
        client.close()
        raise
    try:
        async with asyncio.timeout(seconds):
            while (direction := _step(tls)) is not None:
                await direction(tls)
    except BaseException:
        tls.close()
        raise
    return tls


def _step(tls: TlsSocket) -> Callable[[socket.socket], Any] | None:
    """Go on with the handshake: what it waits for, or None when it is done."""
    try:
        tls.do_handshake()
    except ssl.SSLWantReadError:
        return readable
    except ssl.SSLWantWriteError:
        return _writable
    return None


async def readable(client: socket.socket) -> None:
    """Wait until something has come."""
    loop = asyncio.get_running_loop()
    await _called(loop, loop.add_reader, loop.remove_reader, client.fileno())


async def _writable(client: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    await _called(loop, loop.add_writer, loop.remove_writer, client.fileno())


async def _called(loop: asyncio.AbstractEventLoop, add: Any, remove: Any, descriptor: int) -> None:
    ready = loop.create_future()
    add(descriptor, _keep, ready)
    try:
        await ready
    finally:
        remove(descriptor)


def _keep(ready: asyncio.Future[None]) -> None:
    if not ready.done():
        ready.set_result(None)


class _Stage(Enum):
    OPEN = auto()
    CLOSING = auto()
    """What waits is still sent."""
    PARTING = auto()
    """They were told that no more comes. What they say meanwhile is thrown away: had we hung up, the kernel would have
    answered it with a reset, and that takes from them what they have not read."""
    GONE = auto()


class TlsTransport(asyncio.Transport):
    """`protocol` hears of it, and then of all that happens, as of any transport of a loop; there is no half-close."""

    __slots__ = ("_high", "_loop", "_protocol", "_reading", "_stage", "_throttled", "_tls", "_waiting")

    def __init__(self, tls: TlsSocket, protocol: asyncio.Protocol) -> None:
        self._tls, self._protocol, self._loop = tls, protocol, asyncio.get_running_loop()
        self._stage = _Stage.OPEN
        self._waiting = bytearray()
        self._high = _HIGH
        self._throttled = self._reading = False
        if tls.family != getattr(socket, "AF_UNIX", None):
            tls.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        protocol.connection_made(self)
        self.resume_reading()

    # What a protocol asks.

    def get_extra_info(self, name: str, default: Any = None) -> Any:
        """ "socket" and "ssl_object": all the rest can be asked of those."""
        return self._tls if name in {"socket", "ssl_object"} else default

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = cast(asyncio.Protocol, protocol)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol

    def is_closing(self) -> bool:
        return self._stage is not _Stage.OPEN

    def pause_reading(self) -> None:
        if self._reading:
            self._reading = False
            self._loop.remove_reader(self._tls.fileno())

    def resume_reading(self) -> None:
        if self._stage is _Stage.OPEN and not self._reading:
            self._reading = True
            self._loop.add_reader(self._tls.fileno(), self._read)

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        """`low` is a quarter of `high`."""
        self._high = _HIGH if high is None else high

    def get_write_buffer_size(self) -> int:
        return len(self._waiting)

    def can_write_eof(self) -> bool:
        return False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._stage is not _Stage.OPEN:
            return
        taken = 0 if self._waiting else self._send(data)
        if taken < len(data) and not self.is_closing():
            if not self._waiting:
                self._loop.add_writer(self._tls.fileno(), self._flush)
            self._waiting += data[taken:]
            self._throttle()

    def close(self) -> None:
        """Send what waits, say that no more comes, and wait until they have hung up or are aborted."""
        if self._stage is _Stage.OPEN:
            self.pause_reading()
            self._stage = _Stage.CLOSING
            if not self._waiting:
                self._part()

    def abort(self) -> None:
        self._end(None)

    # What the loop tells.

    def _read(self) -> None:
        pieces, then = self._records()
        if data := b"".join(pieces):
            self._protocol.data_received(data)
        if then is not None and self._stage is _Stage.OPEN:
            then()

    def _records(self) -> tuple[list[bytes], Callable[[], None] | None]:
        """What has come, and what is to be done behind it. After a full record one looks for the next at once."""
        pieces: list[bytes] = []
        try:
            while len(pieces) < _MOST:
                pieces.append(self._tls.read(_RECORD))
                if len(pieces[-1]) < _RECORD:
                    break
        except ssl.SSLWantReadError:
            return pieces, None
        except ssl.SSLWantWriteError:
            return pieces, self._confirm_keys
        except OSError as error:
            return pieces, partial(self._end, error)
        return pieces, None if pieces[-1] else self._hang_up

    def _hang_up(self) -> None:
        self._protocol.eof_received()
        self.close()

    def _confirm_keys(self) -> None:
        """New ones, before more is read."""
        self.pause_reading()
        self._loop.add_writer(self._tls.fileno(), self._confirm)

    def _confirm(self) -> None:
        self.resume_reading()
        self._flush()

    def _flush(self) -> None:
        del self._waiting[: self._send(self._waiting)]
        if not self._waiting and self._stage is not _Stage.GONE:
            self._loop.remove_writer(self._tls.fileno())
            if self._stage is not _Stage.OPEN:
                self._part()
        self._throttle()

    def _send(self, data: bytes | bytearray | memoryview) -> int:
        try:
            return self._tls.send(data) if data else 0
        except ssl.SSLWantWriteError:
            return 0
        except OSError as error:
            self._end(error)
            return 0

    def _throttle(self) -> None:
        """Tell the protocol when more waits than it likes, and when little does again."""
        waits = len(self._waiting)
        if waits > self._high and not self._throttled:
            self._throttled = True
            self._protocol.pause_writing()
        elif self._throttled and waits <= self._high // 4:
            self._throttled = False
            self._protocol.resume_writing()

    # The end.

    def _part(self) -> None:
        """Say that no more comes. Where they have said so before, that was all."""
        self._stage = _Stage.PARTING
        descriptor = self._tls.fileno()
        try:
            self._tls.unwrap()
        except ssl.SSLWantWriteError:
            self._loop.add_writer(descriptor, self._flush)
        except OSError:  # they have not said so yet, whether that makes OpenSSL wait or complain
            self._loop.add_reader(descriptor, self._wait)
        else:
            self._end(None)

    def _wait(self) -> None:
        """Until they hang up; by the socket itself, since OpenSSL takes offence at all that comes now."""
        try:
            ended = not socket.SocketType.recv(self._tls, _RECORD)
        except BlockingIOError:
            return
        except OSError:
            ended = True
        if ended:
            self._end(None)

    def _end(self, error: OSError | None) -> None:
        if self._stage is _Stage.GONE:
            return
        self._stage = _Stage.GONE
        self._reading = False
        self._waiting.clear()
        self._loop.remove_reader(self._tls.fileno())
        self._loop.remove_writer(self._tls.fileno())
        self._loop.call_soon(self._lost, error)

    def _lost(self, error: OSError | None) -> None:
        protocol = self._protocol
        del self._protocol  # which knows us: both would wait for the garbage collector
        try:
            protocol.connection_lost(error)
        finally:
            self._tls.close()
