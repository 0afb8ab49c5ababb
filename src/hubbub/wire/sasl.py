"""SASL as IRC carries it: responses in Base64, cut into chunks, and what PLAIN says in one.

https://ircv3.net/specs/extensions/sasl-3.1 and https://www.rfc-editor.org/rfc/rfc4616
"""

from __future__ import annotations

from base64 import b64decode, b64encode
from binascii import Error
from typing import Final, NamedTuple

CHUNK: Final = 400
"""Characters of Base64 in one AUTHENTICATE; a response that fills its last chunk is followed by an empty one."""

RESPONSE_MAX: Final = 4096
"""Characters of Base64 in one response. "The server MAY place a limit on the total length of a response": names and
passwords of any sense fit many times, and a stranger cannot fill our memory."""

EMPTY: Final = "+"
ABORT: Final = "*"


class BadResponse(ValueError):
    """What a client said cannot be read; the text says what was expected."""


class ChunkTooLong(BadResponse):
    """One AUTHENTICATE carried more than it may."""


class Response:
    """One response of a client, put together again."""

    __slots__ = ("_text",)

    def __init__(self) -> None:
        self._text = ""

    def feed(self, chunk: str) -> bytes | None:
        """The whole response, or None while there is more to come. Raises `BadResponse`, and begins anew."""
        if len(chunk) > CHUNK:
            self._text = ""
            raise ChunkTooLong(f"expected at most {CHUNK} characters at a time")
        text = self._text + ("" if chunk == EMPTY else chunk)
        if len(text) > RESPONSE_MAX:
            self._text = ""
            raise BadResponse(f"expected at most {RESPONSE_MAX} characters in all")
        self._text = text if len(chunk) == CHUNK else ""
        return None if self._text else decoded(text)


def chunks(challenge: bytes) -> list[str]:
    """What a server says, as the parameters of its AUTHENTICATE messages."""
    text = b64encode(challenge).decode()
    cut = [text[start : start + CHUNK] for start in range(0, len(text), CHUNK)]
    return cut if cut and len(cut[-1]) < CHUNK else [*cut, EMPTY]


class Plain(NamedTuple):
    """As whom somebody wants to act ("" for who they are), who they are, and their password."""

    authzid: str
    authcid: str
    password: str


def plain(response: bytes) -> Plain:
    """Read `[authzid] NUL authcid NUL passwd`. Raises `BadResponse`."""
    try:
        parts = response.decode().split("\0")
    except UnicodeDecodeError:
        raise BadResponse("expected UTF-8") from None
    if len(parts) != 3 or not parts[1] or not parts[2]:
        raise BadResponse("expected an account and a password, apart by NUL")
    return Plain(*parts)


def decoded(text: str) -> bytes:
    """Base64, and nothing else. Raises `BadResponse`."""
    try:
        return b64decode(text.encode(), validate=True)
    except Error:
        raise BadResponse("expected Base64") from None
