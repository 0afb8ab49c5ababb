"""Pictures of others in cells: two pixels to a cell, one above the other, or shades where there are no colours.

Terminals that could draw every pixel (Sixel, Kitty) have to be asked for it on the line that keys come from, and their
answers would be taken for keys: what is drawn here, every terminal can draw.
"""

import warnings
from collections.abc import Sequence
from functools import lru_cache
from io import BytesIO
from typing import Final

from PIL import Image, ImageOps
from rich.color import Color
from rich.style import Style

from hubbub.tui import colours
from hubbub.tui.ink import Piece

PIXELS_MAX: Final = 64_000_000
"""Larger than what telephones make. A file of a few bytes may say that it has more, and fill the memory."""

_FORMATS: Final = ("JPEG", "PNG", "GIF", "WEBP", "AVIF")
_SIDE: Final = 600
"""Pixels along the longer side that are kept: more than any terminal has half cells."""

_SHADES: Final = " ░▒▓█"

warnings.filterwarnings("error", category=Image.DecompressionBombWarning)  # a refusal, and nothing on the screen


class BadPicture(ValueError):
    """It cannot be drawn; says why."""


def develop(data: bytes) -> Image.Image:
    """The picture in a file, upright, opaque and small; of one that moves, its beginning. Raises `BadPicture`."""
    try:
        with Image.open(BytesIO(data), formats=_FORMATS) as image:
            if image.width * image.height > PIXELS_MAX:
                raise BadPicture(f"it has {image.width} by {image.height} pixels, which is too many")
            image.draft("RGB", (_SIDE, _SIDE))
            upright = ImageOps.exif_transpose(image)
            upright.thumbnail((_SIDE, _SIDE))
            small = upright.convert("RGBA")
    except BadPicture:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise BadPicture("it has too many pixels") from None
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, IndexError, KeyError, TypeError):
        raise BadPicture("it is no picture that can be drawn here") from None
    paper = Image.new("RGBA", small.size, "black")
    return Image.alpha_composite(paper, small).convert("RGB")


def draw(image: Image.Image, cells: int, rows: int, *, ink: bool) -> list[Sequence[Piece]]:
    """The picture in at most so many cells and rows, never larger than it is; `ink` says that there are colours."""
    if cells < 1 or rows < 1:
        return []
    scale = min(cells / image.width, 2 * rows / image.height, 1.0)
    width, height = max(round(image.width * scale), 1), max(round(image.height * scale / 2), 1)
    return _halves(image, width, height) if ink else _shades(image, width, height)


def _halves(image: Image.Image, width: int, height: int) -> list[Sequence[Piece]]:
    data = image.resize((width, 2 * height)).tobytes()
    pixels = [(data[place], data[place + 1], data[place + 2]) for place in range(0, len(data), 3)]
    lines = [pixels[start : start + width] for start in range(0, len(pixels), width)]
    return [
        [("▀", _style(*two)) for two in zip(upper, lower, strict=True)]
        for upper, lower in zip(lines[::2], lines[1::2], strict=True)
    ]


def _shades(image: Image.Image, width: int, height: int) -> list[Sequence[Piece]]:
    data = image.convert("L").resize((width, height)).tobytes()
    signs = "".join(_SHADES[value * len(_SHADES) // 256] for value in data)
    return [[(signs[start : start + width], colours.PLAIN)] for start in range(0, len(signs), width)]


@lru_cache(4096)
def _style(upper: tuple[int, int, int], lower: tuple[int, int, int]) -> Style:
    return Style(color=Color.from_rgb(*upper), bgcolor=Color.from_rgb(*lower))
