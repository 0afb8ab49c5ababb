"""Themes: the sixteen colours of the terminal as they are, or others in their place, put in at the very end."""

from functools import lru_cache
from typing import Final

from rich.segment import Segment
from rich.style import Style
from rich.terminal_theme import TerminalTheme
from textual.color import Color
from textual.filter import LineFilter

# Background, text; black, red, green, yellow, blue, magenta, cyan, white; the bright ones. What is to be read has at
# least 4.5 to 1 on its background: https://www.w3.org/TR/WCAG22/#contrast-minimum
_HEX: Final = {
    "dark": """171a21 d8dce4 2a2e37 ff7b86 86d492 eec16d 7fb2ff d79bea 65ccd3 d8dce4
                           848c9b ff9aa2 a5e3ae f6d490 a8cbff e6bdf3 90dfe4 ffffff""",
    "light": """fbfbf8 22262e 22262e b3202c 1f6e34 845000 1f57b8 8a2f9e 0b6470 dfe1e0
                           666c77 9a1622 175a29 6d4200 1a489c 73268a 08525c ffffff""",
}


def palette(theme: str) -> LineFilter | None:
    """What puts in the colours of a theme; None for the terminal's own."""
    return Palette(_HEX[theme].split()) if theme in _HEX else None


class Palette(LineFilter):
    """Has everything drawn in other colours, what is drawn in none among it."""

    def __init__(self, colours: list[str]) -> None:
        """Eighteen of them, in hex."""
        super().__init__()
        ground, ink, *rest = (_rgb(colour) for colour in colours)
        self._theme = TerminalTheme(ground, ink, rest[:8], rest[8:])
        self._drawn = lru_cache(1024)(self._draw)

    def apply(self, segments: list[Segment], background: Color) -> list[Segment]:
        """Called by Textual for each line."""
        return [segment._replace(style=self._drawn(segment.style or Style.null())) for segment in segments]

    def _draw(self, style: Style) -> Style:
        return style + Style(color=self._hex(style, foreground=True), bgcolor=self._hex(style, foreground=False))

    def _hex(self, style: Style, *, foreground: bool) -> str:
        colour = style.color if foreground else style.bgcolor
        if colour is None:
            return (self._theme.foreground_color if foreground else self._theme.background_color).hex
        return colour.get_truecolor(self._theme, foreground=foreground).hex


def _rgb(colour: str) -> tuple[int, int, int]:
    red, green, blue = bytes.fromhex(colour)
    return red, green, blue
