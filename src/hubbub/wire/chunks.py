"""Texts from a stream: one for each line, and where programs send no line ends, what one read brought.

TCP is a stream: two sends may arrive as one read, and one as two. Nobody can tell where a text ends that has no line
end, so the end of a read is taken for it, unless it lies inside a character.
"""

from typing import Final

from hubbub.wire.clean import typed
from hubbub.wire.framing import TOO_LONG, TooLong

TEXT_MAX: Final = 4096
"""Bytes of one text: eight lines of IRC. Programs that read 1,024 bytes at a time seldom send more."""

_SAME_BREATH: Final = 1.0
"""Seconds. What comes so soon behind a text that was too long, and without a line end between, is the rest of it."""


class ChunkReader:
    """Cuts bytes into texts. Bytes that are no UTF-8 are shown as replaced, and control characters are dropped.

    `held` says that a text ends inside a character: the rest may come with the next read, or never (`rest`).
    """

    def __init__(self, limit: int = TEXT_MAX) -> None:
        """`limit`: the most bytes a text may have."""
        self._limit = limit
        self._tail = b""
        self._skipping = float("-inf")  # until when

    @property
    def held(self) -> bool:
        return bool(self._tail)

    def feed(self, data: bytes, now: float) -> list[str | TooLong]:
        """The texts that `data` completes; `now` in seconds, on a clock that never goes back."""
        data, self._tail = self._tail + data, b""
        if now < self._skipping:
            _, newline, data = data.partition(b"\n")
            self._skipping = float("-inf") if newline else now + _SAME_BREATH
        *lines, last = data.split(b"\n")
        if len(last) > self._limit:
            self._skipping = now + _SAME_BREATH
        elif _breaks_off(last):
            self._tail, last = last, b""
        return self._texts([*lines, last])

    def rest(self) -> list[str | TooLong]:
        """What was held back, as it is."""
        tail, self._tail = self._tail, b""
        return self._texts([tail])

    def _texts(self, pieces: list[bytes]) -> list[str | TooLong]:
        texts = [TOO_LONG if len(piece) > self._limit else typed(_decoded(piece)) for piece in pieces]
        return [text for text in texts if text]


def _decoded(piece: bytes) -> str:
    return piece.rstrip(b"\r").decode(errors="replace")


def _breaks_off(piece: bytes) -> bool:
    """Whether it ends in the first bytes of a character: https://www.rfc-editor.org/rfc/rfc3629#section-3"""
    for back, byte in enumerate(reversed(piece[-3:]), 1):
        if byte & 0xC0 != 0x80:
            return byte >= 0xC2 and back < _length(byte)
    return False


def _length(first: int) -> int:
    """How many bytes a character has that begins so."""
    return 2 if first < 0xE0 else 3 if first < 0xF0 else 4 if first < 0xF5 else 1
