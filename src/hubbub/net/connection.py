"""One connection: bytes from a transport to its session, and back.

It is the hot object of the house. It has slots, no task and no timer of its own; `Crowd` looks after it once a second.
https://docs.python.org/3/library/asyncio-protocol.html
"""

import asyncio
import sys
from hashlib import sha256
from math import inf
from socket import SOCK_STREAM, SocketType
from typing import Any, Final, NamedTuple, cast

from hubbub import logs
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.ports import Framing, Peer
from hubbub.net.tls_transport import TlsSocket

_LOG: Final = logs.logger("net")

SENDQ_EXCEEDED: Final = "SendQ exceeded"


class Remote(NamedTuple):
    """Who is at the other end; `address` is "unix" and `port` 0 on a local socket."""

    address: str
    port: int
    secure: bool = False


def remote_of(name: Any) -> Remote:
    """What `getpeername` says: (host, port, …) or a path."""
    return Remote(name[0], name[1]) if isinstance(name, tuple) else Remote("unix", 0)


class Detours:
    """How often any connection has taken to its transport, or come back from it: until then a known way holds."""

    __slots__ = ("count",)

    def __init__(self) -> None:
        self.count = 0


detours: Final = Detours()


class _Nobody:
    """Sits where a connection has no session: before the first, or because it was refused one."""

    def receive(self, data: bytes) -> None: ...
    def lost(self, reason: str) -> None: ...
    def overdue(self) -> None: ...
    def idle(self, seconds: float) -> None: ...


_NOBODY: Final = _Nobody()


class Connection(asyncio.Protocol):
    """Keeps `Link` for a session and asyncio's protocol for a transport.

    `remote` is given where the gate was passed before; otherwise that happens here, when the transport tells who came.
    """

    __slots__ = (
        "_crowd",
        "_deadline",
        "_door",
        "_heard",
        "_paused",
        "_peer",
        "_reason",
        "_remote",
        "_since",
        "_socket",
        "_transport",
        "address",
        "direct",
        "fingerprint",
        "framing",
        "port",
        "secure",
    )

    _transport: asyncio.Transport

    def __init__(self, crowd: Crowd, door: Door, remote: Remote | None = None) -> None:
        self._crowd, self._door, self._remote = crowd, door, remote
        self._peer: Peer = _NOBODY
        self._reason = ""  # why it ends; empty while it lives
        self._heard = self._paused = False
        self._since = crowd.instant()  # when it was last heard
        self._deadline = inf  # when it is overdue, and once it is closed, when it is cut
        self._socket: SocketType | None = None  # the transport's, where bytes may go past that
        self.direct: SocketType | None = None  # the same while nothing waits in the transport
        self.address, self.port, self.secure, self.fingerprint = "", 0, False, ""
        self.framing: Framing | None = None

    @property
    def begun(self) -> bool:
        """Whether a transport has been told of it, which then also tells it of the end."""
        return hasattr(self, "_transport")

    # What a session asks.

    def write(self, data: bytes) -> None:
        direct = self.direct or self._direct_again()
        if direct is None:
            if not self._reason:
                self._transport.write(data)
            return
        try:
            taken = direct.send(data)
        except OSError:  # would block, or is broken: the transport takes it from here
            taken = 0
        if taken < len(data):
            self.follow_up(data[taken:])

    def follow_up(self, data: bytes) -> None:
        """Send what the kernel did not take by way of the transport, and all that comes while that waits."""
        self._steer(None)
        if not self._reason:
            self._transport.write(data)

    def _direct_again(self) -> SocketType | None:
        """The socket, once the kernel has taken all that waited: what comes can be offered to it directly."""
        if self._socket is not None and not self._transport.get_write_buffer_size():
            self._steer(self._socket)
        return self.direct

    def _steer(self, direct: SocketType | None) -> None:
        self.direct = direct
        detours.count += 1

    def close(self, reason: str) -> None:
        if self._reason:
            return
        self._end(reason)
        self._deadline = self._crowd.instant() + self._crowd.terms.linger_seconds
        if self._crowd.leaving and self._transport.can_write_eof():
            self._say_goodbye()
        else:
            self._transport.close()

    def _say_goodbye(self) -> None:
        """Say that no more comes, and listen on: who still talks to a socket that was closed is answered with a reset,
        and that takes from them what they have not read, the reason for it all included."""
        if self._paused:
            self._transport.resume_reading()
        self._transport.write_eof()

    def pause(self) -> None:
        if not self._reason and not self._paused:
            self._paused = True
            self._transport.pause_reading()

    def resume(self) -> None:
        if not self._reason and self._paused:
            self._paused = False
            self._transport.resume_reading()

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        """The client is elsewhere, and this is the gateway that speaks for it: it counts there from now on.

        The gate's reason where that address may not come in, and then nothing has changed.
        """
        refusal = self._crowd.gate.enter(address)
        if not refusal:
            self._crowd.gate.leave(self.address)
            self.address, self.port, self.secure, self.fingerprint = address, 0, secure, fingerprint
        return refusal

    def hand_over(self, successor: "Connection", data: bytes) -> None:
        """Somebody else speaks on this transport from now on, beginning with bytes that have come already."""
        successor._take_over(self)
        self._crowd.remove(self)
        self._peer = _NOBODY
        self._socket = None  # which is the successor's
        self._steer(None)
        successor.resume()
        successor.data_received(data)

    def _take_over(self, former: "Connection") -> None:
        self._transport, self._paused = former._transport, former._paused
        self.address, self.port = former.address, former.port
        self.secure, self.fingerprint = former.secure, former.fingerprint
        self._socket, self.direct = former._socket, former.direct
        self._crowd.add(self)
        self._deadline = self._since + self._crowd.terms.registration_seconds
        self._transport.set_write_buffer_limits(high=self._crowd.terms.sendq_bytes)
        self._transport.set_protocol(self)

    # What a transport tells.

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)  # asyncio types this for every kind of transport
        self._transport.set_write_buffer_limits(high=self._crowd.terms.sendq_bytes)
        refusal = self._come_in()
        if refusal:
            self._refuse(refusal)
            return
        self._crowd.add(self)
        self._deadline = self._since + self._crowd.terms.registration_seconds
        try:
            self._welcome()
        except Exception:
            self._fault()

    def data_received(self, data: bytes) -> None:
        if self._reason:
            return
        self._heard = True
        try:
            self._peer.receive(data)
        except Exception:
            self._fault()

    def eof_received(self) -> None:
        """The transport closes by itself now, and TLS ends with it."""
        self._let_go_of_socket()

    @property
    def door(self) -> str:
        """The scheme of the listener that it came by."""
        return self._door.endpoint.scheme

    def pause_writing(self) -> None:
        """More than the send queue's limit waits: the reader has stopped, and what it missed is in the log."""
        if not self._reason:
            self._crowd.lagging += 1
            self.cut(SENDQ_EXCEEDED)

    def connection_lost(self, exc: Exception | None) -> None:
        if self not in self._crowd:
            return
        self._crowd.remove(self)
        self._crowd.gate.leave(self.address)
        self._end(_words(exc))
        peer, self._peer = self._peer, _NOBODY
        try:
            peer.lost(self._reason)
        except Exception:
            _LOG.exception("fault", address=self.address)

    # What the crowd does.

    def sweep(self, now: float) -> None:
        """`now` as the crowd counts it."""
        if self._heard or self._paused:
            self._heard, self._since = False, now
        try:
            if now >= self._deadline:
                self._late()
            elif not self._reason and now - self._since >= self._crowd.terms.idle_seconds:
                self._peer.idle(now - self._since)
        except Exception:
            self._fault()

    def let_go(self) -> None:
        """It was closed, and has had its time to hang up; what waits is still sent."""
        self._transport.close()

    def cut(self, reason: str) -> None:
        """End it now: what waits is dropped."""
        self._end(reason)
        self._transport.abort()

    def _end(self, reason: str) -> None:
        """Nothing is written from here on: the descriptor may soon be somebody else's."""
        self._reason = self._reason or reason
        self._let_go_of_socket()

    def _let_go_of_socket(self) -> None:
        if self._socket is not None:
            if type(self._socket) is SocketType:
                self._socket.detach()
            self._socket = None
            self._steer(None)

    def _late(self) -> None:
        if self._reason:
            self._transport.abort()
        else:
            self._deadline = inf
            self._peer.overdue()

    def _welcome(self) -> None:
        """It has come in: its session begins."""
        self._peer = self._door.accept(self)

    def _come_in(self) -> str:
        """Learn who is there; the gate's reason where it may not come in."""
        name, tls = self._transport.get_extra_info("peername"), self._transport.get_extra_info("ssl_object")
        if self._remote is None and name is None:
            return "You have left already"
        here = self._remote or remote_of(name)
        self.address, self.port, self.secure = here.address, here.port, here.secure or tls is not None
        self._socket = self.direct = _socket(self._transport)
        certificate = tls.getpeercert(binary_form=True) if tls is not None else None
        self.fingerprint = sha256(certificate).hexdigest() if certificate else ""
        return "" if self._remote else self._crowd.gate.enter(self.address)

    def _refuse(self, reason: str) -> None:
        self.write(self._words(reason))
        self.close(reason)

    def _words(self, reason: str) -> bytes:
        """Why it is not let in, or put out by us."""
        return self._door.refuse(reason)

    def _fault(self) -> None:
        """A session raised: the fault is ours, is told once, and ends this connection alone."""
        _LOG.exception("fault", address=self.address)
        self._refuse("Internal error")


def _socket(transport: asyncio.Transport) -> SocketType | None:
    """The transport's socket, if it has one, on systems that tell by `send` what they did not take: TLS as it is, which
    takes what is yet to be encrypted; another one in a shape of its own, and whoever has that must `detach` it.

    `send` costs the kernel 0.2 us less than `write`, which looks at a socket as a file first: one part in 25.
    """
    known = transport.get_extra_info("socket")
    if known is None or sys.platform == "win32":
        return None
    return known if isinstance(known, TlsSocket) else SocketType(known.family, SOCK_STREAM, 0, known.fileno())


def _words(exc: Exception | None) -> str:
    """The system's words for a lost connection, as "Connection reset by peer"."""
    if exc is None:
        return "Connection closed"
    return getattr(exc, "strerror", None) or str(exc) or type(exc).__name__
