"""What two ends in contact say: one JSON object to a line, "t" says which."""

from __future__ import annotations

from typing import Annotated, Final, Literal, TypeAlias

import msgspec
from msgspec import Meta, Struct

To: TypeAlias = Literal["room", "you"]
"""Which conversation: the one of all, or that of the two ends alone."""

ROOM: Final[To] = "room"
YOU: Final[To] = "you"
CONVERSATIONS: Final[tuple[To, ...]] = (ROOM, YOU)

Time: TypeAlias = Annotated[int, Meta(ge=0, le=253_402_300_799_999)]
"""In ms since 1970, until the year 9999. In the log of an end no two messages have the same."""

TEXT_MAX: Final = 16_384
"""Characters in a message: as many as hubbub lets people send at once."""

Text: TypeAlias = Annotated[str, Meta(min_length=1, max_length=TEXT_MAX)]


class Said(Struct, frozen=True, tag_field="t", tag="said"):
    """Somebody spoke at the sender's end. `at` is when, and names the message; `after` is the `at` before it, or 0."""

    to: To
    at: Time
    after: Time
    verb: Literal["PRIVMSG", "NOTICE"]
    text: Text


class Have(Struct, frozen=True, tag_field="t", tag="have", omit_defaults=True):
    """All of yours up to `at` is on my disk. `again`: send what comes behind it once more, I miss something."""

    to: To
    at: Time
    again: bool = False


class Declined(Struct, frozen=True, tag_field="t", tag="declined"):
    """That one of yours is not taken here, and `why`; it counts as dealt with."""

    to: To
    at: Time
    why: str


class With(Struct, frozen=True, tag_field="t", tag="with"):
    """Somebody else is in the sender's room: whoever hears only one of us may want to call the other, too."""

    name: str
    fingerprint: Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
    host: str
    port: Annotated[int, Meta(ge=0, le=65535)]


class Bye(Struct, frozen=True, tag_field="t", tag="bye"):
    """The sender ends it, and `why`."""

    why: str


Frame: TypeAlias = Said | Have | Declined | With | Bye


class BadFrame(ValueError):
    """A line that says nothing; the text says what was wrong with it."""


_frames: Final[msgspec.json.Decoder[Frame]] = msgspec.json.Decoder(Frame)


def encode(frame: Frame) -> bytes:
    return msgspec.json.encode(frame) + b"\n"


def decode(line: bytes) -> Frame:
    """Raises `BadFrame`."""
    try:
        return _frames.decode(line)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise BadFrame(str(error)) from None
