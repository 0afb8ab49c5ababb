"""What comes of a request before and beside `h11`: heads that it would forgive, and bodies that it would copy.

https://www.rfc-editor.org/rfc/rfc9112#section-11.2 says why nothing is forgiven: whoever reads a request otherwise than
the proxy before it takes one person's request for another's.
"""

import re
from typing import Final

import h11

from hubbub.net.headers import first

_LOOSE: Final = re.compile(rb"(?<!\r)\n|\n[ \t]")
"""A line that ends without CR, or one that goes on in the next."""


def check_lines(head: bytes) -> None:
    """`head` has come so far, and maybe more than a head. Raises h11.RemoteProtocolError."""
    if _LOOSE.search(head.partition(b"\r\n\r\n")[0]):
        raise h11.RemoteProtocolError("every header is one line, which ends with CR LF", error_status_hint=400)


def check_lengths(request: h11.Request) -> None:
    """Raises h11.RemoteProtocolError."""
    if first(request, b"transfer-encoding") and first(request, b"content-length"):
        raise h11.RemoteProtocolError("a body has one length, got Content-Length and Transfer-Encoding")


class Body:
    """A body whose length was told: what comes is counted, and handed on as it is.

    h11 takes 1.7 to 2 s of CPU for a GiB, about what all the rest of an upload takes.
    """

    __slots__ = ("_come", "left")

    def __init__(self, length: int, come: bytes) -> None:
        self.left, self._come = length, come

    def receive(self, data: bytes) -> None:
        self._come = self._come + data if self._come else data

    def take(self) -> bytes:
        """What has come of it, b"" for nothing."""
        data, self._come = self._come[: self.left], self._come[self.left :]
        self.left -= len(data)
        return data

    @property
    def rest(self) -> bytes:
        """What came behind it, once nothing is left."""
        return self._come


def body_of(request: h11.Request, come: bytes) -> Body | None:
    """None where h11 has to say what is body and what is not. `come` is what came behind the head."""
    length = first(request, b"content-length")
    return Body(int(length), come) if length else None
