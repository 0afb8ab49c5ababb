"""ssh://: whoever has an ssh client comes in by it, under the name that they log in with.

A key is a proof like any other: it opens the account that it belongs to, and shown with a name that is nobody's, it
lets its owner keep that name. Import this module where somebody listens: asyncssh takes 0.2 s.
https://www.rfc-editor.org/rfc/rfc4252 and https://asyncssh.readthedocs.io/
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Protocol, TypeAlias, TypeVar

import asyncssh

from hubbub import logs
from hubbub.config.endpoint import Endpoint
from hubbub.hub.account import Login
from hubbub.hub.promise import Promise, drive
from hubbub.hub.refusals import Refused
from hubbub.net.connection import SENDQ_EXCEEDED
from hubbub.net.crowd import Crowd
from hubbub.net.inheritance import Inheritance
from hubbub.net.keeping import write_whole
from hubbub.net.ports import Framing, Peer
from hubbub.net.sockets import bound, open_sockets

T = TypeVar("T")
_LOG: Final = logs.logger("ssh")

_LINE_MAX: Final = 4096
"""Characters that the line editor takes."""

_WINDOW: Final = 64 * 1024
"""Bytes that a client may send before we have read on: so much is kept of a line without an end."""

_TRIES_MAX: Final = 20
"""Keys and passwords that one connection may try: an agent with ten keys has room for some passwords."""

_TOO_MANY: Final = 12
_NO_MORE: Final = 14
"""SSH_DISCONNECT_TOO_MANY_CONNECTIONS and _NO_MORE_AUTH_METHODS_AVAILABLE:
https://www.rfc-editor.org/rfc/rfc4253#section-11.1"""


class Lock(Protocol):
    """What the house says of those who knock. The coroutines raise `Refused`."""

    async def lets_guest(self, name: str) -> bool:
        """Whether somebody may come in under this name without showing anything."""

    async def lets_invited(self, name: str, code: str, address: str) -> bool:
        """Whether somebody may come in under this name who shows the code of an invite."""

    async def by_password(self, name: str, password: str, address: str) -> Login:
        """The account's, or that of one of its devices."""

    async def by_certificate(self, fingerprint: str, name: str = "") -> Login:
        """The account of that name, if this is one of its keys; SHA-256 in hex."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who has come in: as `name`, with the key of this fingerprint or "", as a guest where there is no `login`, and
    then by the `code` of an invite or "".
    """

    name: str
    address: str
    port: int
    fingerprint: str
    login: Login | None
    code: str


class Process(asyncssh.SSHServerProcess[str]):
    """The streams of a channel, with its terminal: its type, size and modes. `raw` is the channel past the line editor,
    for a view that draws by itself."""

    def __init__(self, serve: Callable[[Any], Awaitable[None]], raw: asyncssh.SSHServerChannel[str]) -> None:
        super().__init__(serve, None, 0, allow_scp=False)
        self.raw = raw


Show: TypeAlias = Callable[[Process, Visitor], Awaitable[None]]
"""Shows the chat in a channel for as long as that lasts."""

Accept: TypeAlias = Callable[["SshLink", Visitor], Peer]


class SshLink:
    """A channel as sessions know links."""

    framing: Framing | None = None
    direct = None  # nothing goes past the channel
    secure = True

    def __init__(self, process: Process, visitor: Visitor, crowd: Crowd) -> None:
        self.address, self.port, self.fingerprint = visitor.address, visitor.port, visitor.fingerprint
        self.ended = ""
        self._process, self._crowd = process, crowd
        self._reading = asyncio.Event()
        self._reading.set()

    def write(self, data: bytes) -> None:
        if self.ended:
            return
        try:
            self._process.stdout.write(data.decode())
        except OSError:  # they have hung up, which is told us in a moment
            return
        if self._process.channel.get_write_buffer_size() > self._crowd.terms.sendq_bytes:
            self.ended = SENDQ_EXCEEDED
            self._reading.set()
            self._process.channel.get_connection().abort()

    def close(self, reason: str) -> None:
        if not self.ended:
            self.ended = reason
            self._reading.set()  # to see the end
            with suppress(OSError):
                self._process.exit(0)

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        return "A gateway speaks no ssh"

    def pause(self) -> None:
        self._reading.clear()

    def resume(self) -> None:
        self._reading.set()

    async def line(self) -> str:
        """What was typed, with its line end; "" when there will be no more, by Ctrl-C or Ctrl-D or any other end."""
        await self._reading.wait()
        while not self.ended:
            try:
                return await self._process.stdin.readline()
            except asyncssh.TerminalSizeChanged:  # the line editor draws itself anew
                continue
            except (asyncssh.BreakReceived, asyncssh.SignalReceived, asyncssh.Error, OSError):
                break
        return ""


def plain(accept: Accept, crowd: Crowd) -> Show:
    """The chat in lines, for sessions that read bytes and write bytes."""

    async def show(process: Process, visitor: Visitor) -> None:
        link = SshLink(process, visitor, crowd)
        peer = accept(link, visitor)
        late = asyncio.get_running_loop().call_later(crowd.terms.registration_seconds, peer.overdue)
        while not link.ended and (line := await link.line()):
            peer.receive(line.encode(errors="replace"))
        late.cancel()
        peer.lost(link.ended or "Connection closed")
        link.close("Connection closed")

    return show


class Ssh:
    """The listeners of ssh://, and everyone who came in by them. One per server, within one event loop."""

    def __init__(self, lock: Lock, crowd: Crowd, key: Path, inherited: Inheritance | None = None) -> None:
        """`key` is the file of the host key, made where there is none. Raises OSError and `asyncssh.KeyImportError`."""
        self._lock, self._crowd, self._inherited = lock, crowd, inherited
        self._key = host_key(key)
        self._sockets: list[socket.socket] = []
        self._acceptors: list[asyncssh.SSHAcceptor] = []
        self._callers: set[_Caller] = set()

    async def open(self, endpoint: Endpoint, show: Show) -> list[Endpoint]:
        """Listen; answers where, with the ports that the system chose. Raises `sockets.CannotListen`."""
        listeners = open_sockets(endpoint, self._inherited)
        for listener in listeners:
            self._acceptors.append(await self._listen(listener, show))
        self._sockets += listeners
        _LOG.info("host key", fingerprint=self._key.get_fingerprint())
        return [bound(endpoint, listener) for listener in listeners]

    async def _listen(self, listener: Any, show: Show) -> asyncssh.SSHAcceptor:
        terms = self._crowd.terms
        return await asyncssh.listen(
            sock=listener,
            server_factory=lambda: _Caller(self._lock, self._crowd, self._callers, show),
            server_host_keys=[self._key],
            server_version="hubbub",
            login_timeout=terms.registration_seconds,
            keepalive_interval=terms.idle_seconds,
            max_line_length=_LINE_MAX,
            line_echo=False,
            errors="replace",
            window=_WINDOW,
            agent_forwarding=False,
        )

    def heirlooms(self) -> list[socket.socket]:
        """The listening sockets, for a successor: they stay when we shut."""
        return [listener.dup() for listener in self._sockets]

    def shut(self) -> None:
        """Accept nobody more."""
        for acceptor in self._acceptors:
            acceptor.close()

    async def close(self, seconds: float) -> None:
        """Wait until everybody has taken their last words in; who still is there after `seconds` is cut off."""
        self.shut()
        gone = [asyncio.ensure_future(caller.gone.wait()) for caller in self._callers]
        if gone:
            await asyncio.wait(gone, timeout=seconds)
        for caller in tuple(self._callers):
            caller.cut()
        for waiting in gone:
            waiting.cancel()


def host_key(file: Path) -> asyncssh.SSHKey:
    """The one in the file, or a new one (Ed25519) that is there from then on."""
    if not file.exists():
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        write_whole(file, asyncssh.generate_private_key("ssh-ed25519").export_private_key())
    return asyncssh.read_private_key(file)


async def _serve(show: Show, visitor: Visitor, process: Process) -> None:
    if process.command is not None or process.subsystem is not None:
        process.stderr.write("This is a chat: ssh without a command opens it\n")
        process.exit(1)
        return
    try:
        await show(process, visitor)
    except Exception:
        _LOG.exception("fault", address=visitor.address)
        process.exit(1)


class _Caller(asyncssh.SSHServer):
    """One connection until it is known who calls, and what they showed.

    Whatever succeeds was asked about last: each answer notes what was shown for it, and so forgets what others noted.
    """

    def __init__(self, lock: Lock, crowd: Crowd, callers: set[_Caller], show: Show) -> None:
        self._lock, self._crowd, self._callers, self._show = lock, crowd, callers, show
        self.gone = asyncio.Event()
        self.address, self._port = "", 0
        self._name, self._fingerprint, self._code = "", "", ""
        self._login: Login | None = None
        self._tries = 0

    def connection_made(self, conn: asyncssh.SSHServerConnection) -> None:
        self._connection = conn
        self.address, self._port = conn.get_extra_info("peername")[:2]
        refusal = self._crowd.gate.enter(self.address)
        if refusal:
            self.address = ""
            conn.disconnect(_TOO_MANY, refusal)
        else:
            self._callers.add(self)
            self._crowd.elsewhere["ssh"] += 1

    def connection_lost(self, exc: Exception | None) -> None:
        if self.address:
            self._crowd.gate.leave(self.address)
            self._crowd.elsewhere["ssh"] -= 1
        self._callers.discard(self)
        self.gone.set()

    def cut(self) -> None:
        self._connection.abort()

    def session_requested(self) -> tuple[asyncssh.SSHServerChannel[str], Process]:
        visitor = Visitor(self._name, self.address, self._port, self._fingerprint, self._login, self._code)
        channel = self._connection.create_server_channel()
        return channel, Process(partial(_serve, self._show, visitor), channel)

    def begin_auth(self, username: str) -> bool:
        """Everybody is asked: whoever has a key shows it by itself."""
        return True

    def public_key_auth_supported(self) -> bool:
        return True

    async def validate_public_key(self, username: str, key: asyncssh.SSHKey) -> bool:
        """Whether it may open this; whether they really have it is found out behind."""
        fingerprint = sha256(key.public_data).hexdigest()
        login = await self._asked(self._lock.by_certificate(fingerprint, username))
        return self._note(username, fingerprint, login, login is not None or await self._lets_guest(username))

    def kbdint_auth_supported(self) -> bool:
        return True

    async def get_kbdint_challenge(self, username: str, lang: str, submethods: str) -> Any:
        """Guests are not asked anything."""
        if self._note(username, "", None, await self._lets_guest(username)):
            return True
        return (
            "",
            "That name belongs to an account, or guests are not let in.",
            "",
            [("Password, or an invite's code: ", False)],
        )

    async def validate_kbdint_response(self, username: str, responses: Any) -> bool:
        return await self.validate_password(username, responses[0] if responses else "")

    def password_auth_supported(self) -> bool:
        return True

    async def validate_password(self, username: str, password: str) -> bool:
        if not password:
            return self._note(username, "", None, await self._lets_guest(username))
        login = await self._asked(self._lock.by_password(username, password, self.address))
        if login is None and await self._asked(self._lock.lets_invited(username, password, self.address)):
            return self._note(username, "", None, True, password)
        return self._note(username, "", login, login is not None)

    def _note(self, name: str, fingerprint: str, login: Login | None, lets_in: bool, code: str = "") -> bool:
        self._name, self._fingerprint, self._login, self._code = name, fingerprint, login, code
        self._tries += 1
        if self._tries > _TRIES_MAX:
            self._connection.disconnect(_NO_MORE, "Too many keys and passwords were tried")
        return lets_in

    async def _lets_guest(self, name: str) -> bool:
        return bool(await self._asked(self._lock.lets_guest(name)))

    @staticmethod
    async def _asked(work: Coroutine[Promise[Any], None, T]) -> T | None:
        """What the house answers; None where it refuses."""
        told: asyncio.Future[T | None] = asyncio.get_running_loop().create_future()

        def done(value: T | None, error: BaseException | None) -> None:
            if told.done():
                return
            if error is None or isinstance(error, Refused):
                told.set_result(value)
            else:
                told.set_exception(error)

        drive(work, done)
        return await told
