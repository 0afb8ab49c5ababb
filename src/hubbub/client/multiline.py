"""Messages of several lines: one message to people, a batch of lines on the wire.

https://ircv3.net/specs/extensions/multiline
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hubbub.client.batches import Batch
from hubbub.client.splitting import cut
from hubbub.wire.line import Line

MULTILINE: Final = "draft/multiline"
CONCAT: Final = "draft/multiline-concat"

_SPOKEN: Final = frozenset({"PRIVMSG", "NOTICE"})

# What a server takes that does not say: "max-lines" may be missing, "max-bytes" must not.
_LINES: Final = 24
_BYTES: Final = 4096


@dataclass(frozen=True, slots=True)
class Limits:
    """How much one message may hold: bytes of UTF-8, line breaks included, and lines of the wire."""

    bytes: int = _BYTES
    lines: int = _LINES


def limits(value: str) -> Limits:
    """What the value of the capability says: "max-bytes=4096,max-lines=24"."""
    said = dict(part.partition("=")[::2] for part in value.split(","))
    return Limits(_number(said, "max-bytes", _BYTES), _number(said, "max-lines", _LINES))


def whole(batch: Batch) -> Line | None:
    """A batch of this kind as the one line that it stands for; its text has line breaks. None where it says nothing."""
    lines = [item for item in batch.items if isinstance(item, Line) and _is_spoken(item)]
    if not lines:
        return None
    first = lines[0]
    rest = (("" if CONCAT in line.tags else "\n") + line.params[1] for line in lines[1:])
    tags = {key: value for key, value in {**first.tags, **batch.tags}.items() if key not in {"batch", CONCAT}}
    return Line(first.command, (first.params[0], first.params[1] + "".join(rest)), first.source, tags)


def flat(batch: Batch) -> list[Line]:
    """The lines of a batch and of those within it, each message of several lines as one."""
    lines: list[Line] = []
    for item in batch.items:
        if isinstance(item, Line):
            lines.append(item)
        elif item.kind == MULTILINE:
            lines.extend(filter(None, [whole(item)]))
        else:
            lines.extend(flat(item))
    return lines


def messages(text: str, room: int, most: Limits) -> Iterator[str]:
    """A text in as few messages as `most` allows, each of whole lines; `room` is the bytes that a line carries.

    Blank lines within a message stay, those about it go.
    """
    held: list[str] = []
    size = count = 0
    for line in _lines(text, min(most.bytes, most.lines * room // 2)):
        bytes_, lines = len(line.encode(errors="surrogatepass")) + 1, len(pieces(line, room))
        if held and (size + bytes_ > most.bytes or count + lines > most.lines):
            yield from _message(held)
            held, size, count = [], 0, 0
        held.append(line)
        size, count = size + bytes_, count + lines
    yield from _message(held)


def pieces_of(text: str, room: int) -> list[tuple[str, bool]]:
    """The lines of a message as they go over the wire, each with whether it goes on where the one before ended."""
    return [(piece, place > 0) for line in text.split("\n") for place, piece in enumerate(pieces(line, room))]


def pieces(line: str, room: int) -> list[str]:
    """A line as it goes over the wire: put together again, the pieces are what it was."""
    cut_off, rest = [], line
    while (at := cut(rest, room)) < len(rest):
        cut_off.append(rest[:at])
        rest = rest[at:]
    return [*cut_off, rest]


def _lines(text: str, most: int) -> Iterator[str]:
    """The lines of a text; one that would be too much for a message by itself is cut."""
    for line in text.replace("\0", "").replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        yield from pieces(line, most)


def _message(lines: list[str]) -> Iterator[str]:
    text = "\n".join(lines).strip("\n")
    if text.strip():
        yield text


def _is_spoken(line: Line) -> bool:
    return line.command in _SPOKEN and len(line.params) > 1


def _number(said: Mapping[str, str], key: str, otherwise: int) -> int:
    value = said.get(key, "")
    return int(value) if value.isascii() and value.isdigit() and int(value) > 0 else otherwise
