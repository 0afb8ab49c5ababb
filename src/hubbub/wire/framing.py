"""Where one line ends and the next begins: bytes as they come in, lines as they are meant.

https://modern.ircdocs.horse/#compatibility-with-incorrect-software
"""

from enum import Enum
from typing import Final

from hubbub.wire.line import LINE_MAX, TAGS_MAX


class TooLong(Enum):
    """Stands where a line over the limit stood: the peer is told (417), the session lives."""

    TOO_LONG = "a line over the limit"


TOO_LONG: Final = TooLong.TOO_LONG


class LineReader:
    """Cuts a stream of bytes into lines. Holds less than `limit` bytes, whatever the peer sends."""

    __slots__ = ("_limit", "_skipping", "_tail")

    def __init__(self, limit: int = TAGS_MAX + LINE_MAX) -> None:
        """`limit`: the most bytes a line may have, its line end included."""
        self._limit = limit
        self._tail = b""
        self._skipping = False  # inside a line that was already called too long

    def feed(self, data: bytes) -> list[bytes | TooLong]:
        """The lines that `data` completes, without line ends and without empty ones.

        A line ends with LF; the CRs before it go with it, since "\\r\\r\\n" comes from text files sent twice through
        a translation. A line over the limit gives one TOO_LONG as soon as that is known, and nothing more.
        """
        if self._skipping:
            data = self._skip(data)
        pieces = (self._tail + data).split(b"\n")
        self._tail = pieces.pop()
        limit = self._limit  # reached without the LF is passed with it
        lines = [TOO_LONG if len(piece) >= limit else piece.rstrip(b"\r") for piece in pieces]
        if b"" in lines:
            lines = [line for line in lines if line != b""]
        if len(self._tail) >= limit:
            self._tail, self._skipping = b"", True
            lines.append(TOO_LONG)
        return lines

    def _skip(self, data: bytes) -> bytes:
        _, newline, rest = data.partition(b"\n")
        self._skipping = not newline
        return rest
