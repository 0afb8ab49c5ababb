"""Pictures for tests."""

import struct
import zlib
from io import BytesIO
from typing import Any

from PIL import Image


def drawn(image: Image.Image, form: str = "PNG", **given: Any) -> bytes:
    """The picture as a file of that form."""
    file = BytesIO()
    image.save(file, form, **given)
    return file.getvalue()


def claimed(width: int, height: int) -> bytes:
    """A PNG of a few bytes that says it is so large."""
    header = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + header + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


def chunk(kind: bytes, body: bytes) -> bytes:
    """A piece of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
