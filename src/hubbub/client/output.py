"""What we say, as bytes that wait to be sent, and the marks between that tell how far the server has read."""

from collections.abc import Callable
from typing import Final

from hubbub.wire.line import Line, encode

_NO_TAGS: Final[dict[str, str]] = {}


class Output:
    """The bytes for one connection, in order."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._fences: dict[str, Callable[[], None]] = {}
        self._count = 0

    def reset(self) -> None:
        """A new connection: nothing is said yet, and old marks mean nothing."""
        self._bytes.clear()
        self._fences.clear()

    def send(self, command: str, *params: str, tags: dict[str, str] = _NO_TAGS) -> None:
        """Say a line; raises BadLine for one that cannot be spoken, and says nothing then."""
        self._bytes += encode(Line(command, params, None, tags))

    def fence(self, passed: Callable[[], None]) -> None:
        """Have `passed` called when the server has dealt with all that was said so far.

        Servers take a connection's lines one after the other, so the PONG to a PING stands behind every answer.
        """
        self._count += 1
        token = f"hubbub-{self._count}"
        self._fences[token] = passed
        self.send("PING", token)

    def pong(self, token: str) -> None:
        """A PONG came; one we did not ask for is nobody's business."""
        passed = self._fences.pop(token, None)
        if passed is not None:
            passed()

    def take(self) -> bytes:
        """The bytes since the last call."""
        data = bytes(self._bytes)
        self._bytes.clear()
        return data
