"""A connection that speaks WebSocket: one line to a message, both ways.

`websockets` parses the handshake and what comes in; what goes out is framed by `frames`, once for all who hear it.
Nothing is compressed: lines are short, and a compressor for each client would cost more memory than all the rest.
https://ircv3.net/specs/extensions/websocket and https://www.rfc-editor.org/rfc/rfc6455
"""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Final

from websockets.frames import CloseCode, Frame, Opcode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from hubbub.net.connection import Connection, Remote
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door
from hubbub.net.frames import as_binary, as_text, close_frame
from hubbub.net.origins import may_connect
from hubbub.net.unavailable import unavailable

_BINARY: Final = Subprotocol("binary.ircv3.net")
_SUBPROTOCOLS: Final = (Subprotocol("text.ircv3.net"), _BINARY)

_DATA: Final = frozenset({Opcode.TEXT, Opcode.BINARY, Opcode.CONT})

_FOREIGN: Final = """\
This server does not know the site that you come from.
Whoever runs it can add that site's origin to [web] origins, or the name that you call this server by to [web] hosts.
"""


class WebSocket(Connection):
    """`framing` is set when hands have been shaken; its session begins then."""

    __slots__ = ("_is_text", "_message", "_protocol")

    def __init__(self, crowd: Crowd, door: Door, remote: Remote | None = None) -> None:
        super().__init__(crowd, door, remote)
        self._protocol = ServerProtocol(select_subprotocol=_preferred, max_size=crowd.terms.max_message_bytes)
        self._message = b""  # what has come of a message in fragments
        self._is_text = False

    # What a session asks.

    def close(self, reason: str) -> None:
        if self.framing is not None:
            self.write(close_frame(CloseCode.NORMAL_CLOSURE, reason))
        super().close(reason)

    # What a transport tells.

    def data_received(self, data: bytes) -> None:
        if self._reason:
            return
        self._heard = True
        try:
            self._protocol.receive_data(data)
            for event in self._protocol.events_received():
                self._happen(event)
            self._answer()
        except Exception:
            self._fault()

    def _welcome(self) -> None:
        """Nobody comes in before the handshake."""

    def _happen(self, event: Request | Response | Frame) -> None:
        if isinstance(event, Request):
            self._shake_hands(event)
        elif isinstance(event, Frame) and event.opcode in _DATA and not self._reason:
            self._take(event)

    def _shake_hands(self, request: Request) -> None:
        headers, protocol, terms = request.headers, self._protocol, self._crowd.terms
        names = None if self.secure else terms.names
        if may_connect(headers.get_all("Origin"), headers.get_all("Host"), terms.origins, names):
            response = protocol.accept(request)
        else:
            response = protocol.reject(HTTPStatus.FORBIDDEN, _FOREIGN)
        protocol.send_response(response)
        headers.clear()  # the parser holds its request for as long as it lives: 4 KiB for each connection
        self._answer()
        if response.status_code == HTTPStatus.SWITCHING_PROTOCOLS:
            self.framing = as_binary if protocol.subprotocol == _BINARY else as_text
            self._peer = self._door.accept(self)

    def _take(self, frame: Frame) -> None:
        """Clients may send either kind of message, whichever they read: "strive for maximum compatibility"."""
        if frame.opcode is not Opcode.CONT:
            self._is_text = frame.opcode is Opcode.TEXT
        self._message += frame.data
        if frame.fin:
            message, self._message = self._message, b""
            if self._is_text and not _is_utf8(message):
                self._fail(CloseCode.INVALID_DATA, "expected UTF-8 in a message of text")
            else:
                self._peer.receive(message + b"\r\n")

    def _answer(self) -> None:
        """Send what the protocol itself has to say: pongs, the end of a handshake, and why it cannot go on."""
        for data in self._protocol.data_to_send():
            if data:
                self.write(data)
            else:
                super().close(self._why())

    def _why(self) -> str:
        """Why the protocol ends it; what a client says of its own end is for us alone."""
        sent = self._protocol.close_sent
        return sent.reason if sent is not None and self._protocol.close_rcvd is None else "Connection closed"

    def _fail(self, code: CloseCode, reason: str) -> None:
        self.write(close_frame(code, reason))
        super().close(reason)

    def _late(self) -> None:
        """Who has not shaken hands has no session that could be told."""
        if self.framing is None:
            self.cut("No WebSocket handshake came in time")
        else:
            super()._late()

    def _words(self, reason: str) -> bytes:
        words = self._door.refuse(reason)
        return unavailable(reason) if self.framing is None else self.framing(words)


def _preferred(_: ServerProtocol, offered: Sequence[Subprotocol]) -> Subprotocol | None:
    """ "respecting the client's order of preference"; without one that we know it goes on in text."""
    return next((name for name in offered if name in _SUBPROTOCOLS), None)


def _is_utf8(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True
