"""Telnet's commands, taken out of what is typed: nothing is negotiated, and whoever asks is told so.

https://www.rfc-editor.org/rfc/rfc854
"""

import re
from typing import Final

_IAC: Final = 0xFF
_REFUSALS: Final = {b"\xfb": b"\xfe", b"\xfd": b"\xfc"}
"""WILL is answered with DONT, DO with WONT; a telnet that asked shows nothing more until it is. What is no question
gets no answer, "to prevent nonterminating loops"."""

_COMMAND: Final = re.compile(
    rb"\xff(?:(?P<ask>[\xfb-\xfe])(?P<option>.)"
    rb"|\xfa.*?\xff\xf0"  # a subnegotiation
    rb"|[^\xfa-\xfe])",
    re.DOTALL,
)
_SUBNEGOTIATION_MAX: Final = 512
"""Bytes; the longest in use, terminal types and environments, are shorter."""


class Telnet:
    """Takes commands out of a stream, wherever they are cut."""

    def __init__(self) -> None:
        self._tail = b""

    def feed(self, data: bytes) -> tuple[bytes, bytes]:
        """What was typed, and what is to be answered."""
        if not self._tail and _IAC not in data:
            return data, b""
        data, self._tail = self._tail + data, b""
        answers = [
            b"\xff" + _REFUSALS[m["ask"]] + m["option"] for m in _COMMAND.finditer(data) if m["ask"] in _REFUSALS
        ]
        typed = _COMMAND.sub(b"", data)
        start = typed.find(b"\xff")
        if start >= 0 and len(typed) - start <= _SUBNEGOTIATION_MAX:
            typed, self._tail = typed[:start], typed[start:]
        return typed.replace(b"\xff", b""), b"".join(answers)
