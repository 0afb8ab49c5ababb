"""A program that looks at one picture, in a process of its own: a picture may be made to break who opens it.

    python -m hubbub.net.darkroom PICTURE BARE PREVIEW

It writes the picture without what its maker wrote beside it to BARE, a small one to PREVIEW where that is of use, and
says on standard output how wide and how high it is. It may have so much memory and time, and no more.
"""

from __future__ import annotations

import errno
import sys
import warnings
from pathlib import Path
from typing import Final

from PIL import Image, ImageOps

from hubbub.net.metadata import BadPicture, bare

OK: Final = 0
BAD: Final = 2
FULL: Final = 3

PIXELS_MAX: Final = 64_000_000
"""Larger than what phones make; four bytes each."""

_MEMORY: Final = 1 << 30
_SECONDS: Final = 10
_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_PREVIEW: Final = 640
"""Pixels along the longer side: sharp in a column of text on a dense screen."""

_SMALL_BYTES: Final = 100_000
"""Less needs no preview, if it is no larger than one."""

_ORIENTATION: Final = 0x0112
_SIDEWAYS: Final = 5
"""From here on, orientations swap width and height."""


def main(picture: Path, into: Path, preview: Path) -> int:
    try:
        print(*_develop(picture, into, preview))  # noqa: T201  # the answer of a program
    except OSError as error:
        return FULL if error.errno in {errno.ENOSPC, errno.EDQUOT, errno.EFBIG} else BAD
    except (BadPicture, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError):
        return BAD
    return OK


def _develop(picture: Path, into: Path, preview: Path) -> tuple[int, int]:
    with Image.open(picture, formats=_FORMATS) as image:
        width, height = image.size
        if width * height > PIXELS_MAX:
            raise BadPicture("it has too many pixels")
        orientation = image.getexif().get(_ORIENTATION, 1)
        orientation = orientation if orientation in range(1, 9) else 1
        _write_bare(image, picture, into, orientation)
        if max(width, height) > _PREVIEW or picture.stat().st_size > _SMALL_BYTES:
            _write_preview(image, preview)
        else:
            image.load()  # what cannot be drawn is no picture
    return (height, width) if orientation >= _SIDEWAYS else (width, height)


def _write_bare(image: Image.Image, picture: Path, into: Path, orientation: int) -> None:
    if image.format != "AVIF":
        into.write_bytes(bare(picture.read_bytes(), orientation))
    elif {"exif", "xmp"} & image.info.keys():  # it stands in boxes that point at one another: draw it anew
        ImageOps.exif_transpose(image).save(into, "AVIF", quality=85, speed=8, exif=b"", xmp=b"")


def _write_preview(image: Image.Image, preview: Path) -> None:
    image.draft("RGB", (_PREVIEW, _PREVIEW))
    small = ImageOps.exif_transpose(image)
    small.thumbnail((_PREVIEW, _PREVIEW))
    if small.mode not in {"RGB", "RGBA"}:
        small = small.convert("RGBA" if small.has_transparency_data else "RGB")
    small.save(preview, "WEBP", quality=80, exif=b"")


def _bound() -> None:
    """Windows knows no such limits; there, only the time is bounded, by who waits for us."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


if __name__ == "__main__":
    _bound()
    warnings.simplefilter("ignore")
    Image.MAX_IMAGE_PIXELS = PIXELS_MAX
    sys.exit(main(*(Path(given) for given in sys.argv[1:])))
