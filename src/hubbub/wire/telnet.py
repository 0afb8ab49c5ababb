"""Telnet's commands, taken out of what is typed: nothing is negotiated, and whoever asks is told so.

https://www.rfc-editor.org/rfc/rfc854 and, for what options say of themselves, https://www.rfc-editor.org/rfc/rfc855
"""

from enum import Enum, auto
from typing import Final

_IAC: Final = 0xFF
_SE: Final = 0xF0
_SB: Final = 0xFA
_ASKS: Final = range(0xFB, 0xFF)
_REFUSALS: Final = {0xFB: 0xFE, 0xFD: 0xFC}
"""WILL is answered with DONT, DO with WONT; a telnet that asked shows nothing more until it is. What is no question
gets no answer, "to prevent nonterminating loops"."""

_ASIDE_MAX: Final = 512
"""Bytes of a subnegotiation: the longest in use, terminal types and environments, are shorter. Who never ends one is
heard again after it."""


class _At(Enum):
    """Where in the stream the next byte stands."""

    TEXT = auto()
    COMMAND = auto()  # behind IAC
    OPTION = auto()  # behind IAC and WILL, WONT, DO or DONT
    ASIDE = auto()  # in a subnegotiation
    ASIDE_COMMAND = auto()  # behind IAC there


class Telnet:
    """Takes commands out of a stream, wherever the network cuts it: of what came before it keeps no byte."""

    def __init__(self) -> None:
        self._at = _At.TEXT
        self._ask = 0
        self._left = 0  # bytes that a subnegotiation may still have

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """What was typed, and what is to be answered."""
        if self._at is _At.TEXT and _IAC not in data:
            return data, b""
        typed, answers = bytearray(), bytearray()
        for byte in data:
            match self._at:
                case _At.TEXT if byte != _IAC:
                    typed.append(byte)
                case _At.TEXT:
                    self._at = _At.COMMAND
                case _At.COMMAND:
                    self._at = self._command(byte)
                case _At.OPTION:
                    answers += bytes((_IAC, _REFUSALS[self._ask], byte)) if self._ask in _REFUSALS else b""
                    self._at = _At.TEXT
                case _:
                    self._at = self._further(byte)
        return bytes(typed), bytes(answers)

    def _command(self, byte: int) -> _At:
        """A doubled IAC would be the byte itself, which is in no text of ours: UTF-8 has none such."""
        if byte == _SB:
            self._left = _ASIDE_MAX
            return _At.ASIDE
        self._ask = byte
        return _At.OPTION if byte in _ASKS else _At.TEXT

    def _further(self, byte: int) -> _At:
        """In a subnegotiation, which another command breaks off; there, a doubled IAC is one of its bytes."""
        if self._at is _At.ASIDE_COMMAND and byte != _IAC:
            return _At.TEXT if byte == _SE else self._command(byte)
        self._left -= 1
        if not self._left:
            return _At.TEXT
        return _At.ASIDE_COMMAND if self._at is _At.ASIDE and byte == _IAC else _At.ASIDE
