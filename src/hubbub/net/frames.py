"""Lines as the WebSocket frames that carry them: a server masks nothing, so they are the same for every receiver.

https://www.rfc-editor.org/rfc/rfc6455#section-5.2 and https://ircv3.net/specs/extensions/websocket
"""

from functools import partial
from struct import pack
from typing import Final

_FIN: Final = 0x80
_TEXT, _BINARY, _CLOSE = 0x1, 0x2, 0x8

REASON_MAX: Final = 123
"""Bytes of a reason to close: a control frame carries 125, and two of them are the code."""


def _framed(kind: int, heads: tuple[bytes, ...], data: bytes) -> bytes:
    """ "each message MUST consist of a single IRC line", "MUST NOT include trailing `\\r` or `\\n`"."""
    if data.count(b"\n") != 1:
        return b"".join([_frame(kind, heads, line) for line in data.split(b"\r\n")[:-1]])
    return _frame(kind, heads, data[:-2])


def _frame(kind: int, heads: tuple[bytes, ...], payload: bytes) -> bytes:
    size = len(payload)
    if size < len(heads):
        return heads[size] + payload
    if size < 65536:
        return pack("!BBH", _FIN | kind, 126, size) + payload
    return pack("!BBQ", _FIN | kind, 127, size) + payload


def _heads(kind: int) -> tuple[bytes, ...]:
    """Those of all payloads whose length fits into the second byte, by that length."""
    return tuple(bytes((_FIN | kind, size)) for size in range(126))


as_text: Final = partial(_framed, _TEXT, _heads(_TEXT))
"""Whole lines with CR LF, each as a message of text."""

as_binary: Final = partial(_framed, _BINARY, _heads(_BINARY))
"""The same as binary messages."""

_CLOSE_HEADS: Final = _heads(_CLOSE)


def close_frame(code: int, reason: str) -> bytes:
    """The last frame: a code of https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 and as much as fits of why."""
    words = reason.encode()[:REASON_MAX].decode(errors="ignore")
    return _frame(_CLOSE, _CLOSE_HEADS, pack("!H", code) + words.encode())
