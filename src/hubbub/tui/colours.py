"""How things are drawn: in the sixteen colours of the terminal's own theme, and never by colour alone."""

from typing import Final
from zlib import crc32

from rich.style import Style

PLAIN: Final = Style()
DIM: Final = Style(dim=True)
BOLD: Final = Style(bold=True)
RULE: Final = Style(dim=True)
TIME: Final = Style(dim=True)
LINK: Final = Style(underline=True)
ERROR: Final = Style(color="red", bold=True)
GOOD: Final = Style(color="green")
WARN: Final = Style(color="yellow")
UNREAD_RULE: Final = Style(color="red")
MENTION: Final = Style(color="yellow", bold=True)
OWN: Final = Style(bold=True)
FOCUS: Final = Style(reverse=True)
SELECTED: Final = Style(reverse=True)
KEY: Final = Style(bold=True)
CHOSEN: Final = Style(reverse=True)

MARKS: Final[dict[str, Style]] = {
    "bold": Style(bold=True),
    "italic": Style(italic=True),
    "underline": Style(underline=True),
    "strike": Style(strike=True),
    "code": Style(color="cyan"),
    "link": LINK,
}

# Not red, which is for trouble, and nothing that vanishes on black or on white.
_NICKS: Final = tuple(
    Style(color=name) for name in ("green", "blue", "magenta", "cyan", "bright_blue", "bright_magenta")
)


def of_nick(nick: str) -> Style:
    """A person's colour, always the same."""
    return _NICKS[crc32(nick.lower().encode(errors="replace")) % len(_NICKS)]
