"""Where a text is cut for those who read it in lines of IRC; everybody else reads it whole.

https://modern.ircdocs.horse/#message-format: 512 bytes, the sender before the words among them.
"""

from __future__ import annotations

from collections.abc import Iterator

from hubbub.hub.events import Said
from hubbub.wire.line import LINE_MAX


def joints(said: Said) -> tuple[int, ...]:
    """The places in the text, in characters, at which a line is full; none where it fits on one."""
    room = LINE_MAX - len(f":{said.who.mask} {said.verb} {said.target} :\r\n".encode())
    if len(said.text.encode()) <= room:
        return ()
    return tuple(_joints(said.text, room))


def _joints(text: str, room: int) -> Iterator[int]:
    """Behind a space, if there is one in the second half of the line."""
    start = 0
    while len(text[start:].encode()) > room:
        end = start + len(text[start : start + room].encode()[:room].decode(errors="ignore"))
        space = text.rfind(" ", (start + end) // 2, end)
        start = space + 1 if space >= 0 else end
        yield start
