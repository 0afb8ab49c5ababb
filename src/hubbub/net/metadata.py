"""Pictures without what their makers wrote beside them: where they stood, what with, when. Not a pixel is changed.

Only what is needed to draw one is copied, piece by piece, up to its end: whatever else a file was made to be is gone
with the rest. Which way up it is stays. https://www.w3.org/TR/jpeg-spec/, https://www.w3.org/TR/png-3/,
https://developers.google.com/speed/webp/docs/riff_container and https://www.w3.org/Graphics/GIF/spec-gif89a.txt
"""

from __future__ import annotations

import re
import struct
import zlib
from collections.abc import Callable, Iterator
from typing import Final

UPRIGHT: Final = 1

_MARKER: Final = re.compile(rb"\xff+[^\x00\xd0-\xd7\xff]")
_BEHIND_A_SCAN: Final = re.compile(rb"\xff[^\x00\xd0-\xd7\xff]")
"""Two bytes are looked at from each place: `+` would go through all of a run of 0xFF from each byte of it."""

_DRAWN_BY_PNG: Final = frozenset(
    b"IHDR PLTE IDAT IEND tRNS cHRM gAMA iCCP sRGB sBIT cICP mDCV cLLI bKGD pHYs hIST acTL fcTL fdAT".split()
)
_DRAWN_BY_WEBP: Final = frozenset({b"VP8X", b"VP8 ", b"VP8L", b"ALPH", b"ANIM", b"ANMF", b"ICCP"})
_WEBP_EXIF, _WEBP_XMP = 0x08, 0x04
_REPEATS: Final = (b"NETSCAPE2.0", b"ANIMEXTS1.0")


class BadPicture(ValueError):
    """It is not what its first bytes say."""


def bare(picture: bytes, orientation: int) -> bytes:
    """The same picture; `orientation` is what its EXIF says, 1 for upright. Raises `BadPicture`.

    https://www.cipa.jp/std/documents/download_e.html?DC-008-Translation-2023-E (4.6.5.1.6)
    """
    for start, pieces in _PIECES.items():
        if picture.startswith(start):
            try:
                return b"".join(pieces(picture, _exif(orientation) if orientation != UPRIGHT else b""))
            except (IndexError, struct.error):
                raise BadPicture("it ends too soon") from None
    raise BadPicture("it is of no known kind")


def _exif(orientation: int) -> bytes:
    """One field alone: which way up."""
    return b"II*\0\x08\0\0\0" + struct.pack("<HHHIHHI", 1, 0x0112, 3, 1, orientation, 0, 0)


def _jpeg(data: bytes, exif: bytes) -> Iterator[bytes]:
    yield data[:2]
    if exif:
        yield b"\xff\xe1" + struct.pack(">H", len(exif) + 8) + b"Exif\0\0" + exif
    place = 2
    while True:
        found = _MARKER.match(data, place)
        if found is None:
            raise BadPicture("a marker is missing")
        marker = found[0][-1]
        if marker == 0xD9:
            yield b"\xff\xd9"
            return
        place, end = found.end(), found.end() + struct.unpack_from(">H", data, found.end())[0]
        if marker == 0xDA:  # what follows is the picture, up to the next marker
            after = _BEHIND_A_SCAN.search(data, end)
            end = after.start() if after else len(data)
        if _draws(marker, data[place + 2 : place + 14]):
            yield bytes((0xFF, marker)) + data[place:end]
        place = end


def _draws(marker: int, start: bytes) -> bool:
    """JFIF, colours (ICC, Adobe) and what is no application's and no comment."""
    if marker == 0xE2:
        return start == b"ICC_PROFILE\0"
    return marker in {0xE0, 0xEE} or not (0xE0 <= marker <= 0xEF or marker == 0xFE)


def _png(data: bytes, exif: bytes) -> Iterator[bytes]:
    yield data[:8]
    place, kind = 8, b""
    while kind != b"IEND":
        size, kind = struct.unpack_from(">I4s", data, place)
        if place + 12 + size > len(data):
            raise BadPicture("it ends too soon")
        if kind in _DRAWN_BY_PNG:
            yield data[place : place + 12 + size]
        if kind == b"IHDR" and exif:
            yield struct.pack(">I", len(exif)) + b"eXIf" + exif + struct.pack(">I", zlib.crc32(b"eXIf" + exif))
        place += 12 + size


def _webp(data: bytes, exif: bytes) -> Iterator[bytes]:
    body = b"".join(_webp_chunks(data, exif))
    if not body:
        raise BadPicture("it ends too soon")
    yield b"RIFF" + struct.pack("<I", len(body) + 4) + b"WEBP" + body


def _webp_chunks(data: bytes, exif: bytes) -> Iterator[bytes]:
    place, end = 12, min(len(data), struct.unpack_from("<I", data, 4)[0] + 8)
    extended = data[12:16] == b"VP8X"
    while place + 8 <= end:
        kind, size = struct.unpack_from("<4sI", data, place)
        chunk = data[place : place + 8 + size + size % 2]
        if kind == b"VP8X":
            kept = chunk[8] & ~(_WEBP_EXIF | _WEBP_XMP) | (_WEBP_EXIF if exif else 0)
            chunk = chunk[:8] + bytes((kept,)) + chunk[9:]
        if kind in _DRAWN_BY_WEBP:
            yield chunk
        place += 8 + size + size % 2
    if exif and extended:
        yield b"EXIF" + struct.pack("<I", len(exif)) + exif


def _gif(data: bytes, _: bytes) -> Iterator[bytes]:
    place = 13 + _table(data[10])
    yield data[:place]
    while data[place] != 0x3B:
        start = place
        if data[place] == 0x2C:
            place = _after_blocks(data, place + 11 + _table(data[place + 9]))
            yield data[start:place]
        elif data[place] == 0x21:
            place = _after_blocks(data, place + 2)
            if data[start + 1] in {0xF9, 0x01} or data[start + 3 : start + 14] in _REPEATS:
                yield data[start:place]
        else:
            raise BadPicture("a block is of no known kind")
        if place >= len(data):
            break
    yield b"\x3b"


def _table(flags: int) -> int:
    """The bytes of a table of colours."""
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _after_blocks(data: bytes, place: int) -> int:
    while data[place]:
        place += 1 + data[place]
    return place + 1


_PIECES: Final[dict[bytes, Callable[[bytes, bytes], Iterator[bytes]]]] = {
    b"\xff\xd8\xff": _jpeg,
    b"\x89PNG\r\n\x1a\n": _png,
    b"RIFF": _webp,
    b"GIF8": _gif,
}
