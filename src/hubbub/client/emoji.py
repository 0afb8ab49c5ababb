"""Emoji by name: the short names that people know from elsewhere, and what Unicode calls them.

https://www.unicode.org/reports/tr51/
"""

import unicodedata
from functools import cache
from typing import Final

USUAL: Final = ("👍", "👎", "😄", "🎉", "😕", "❤️", "🚀", "👀")
"""What most reactions are."""

# Names that Unicode has not, or has for something else.
_KNOWN: Final[dict[str, str]] = {
    "+1": "👍", "thumbsup": "👍", "-1": "👎", "thumbsdown": "👎", "smile": "😄", "grin": "😁", "joy": "😂",
    "laughing": "😆", "rofl": "🤣", "wink": "😉", "heart": "❤️", "tada": "🎉", "rocket": "🚀", "eyes": "👀",
    "fire": "🔥", "ok_hand": "👌", "clap": "👏", "wave": "👋", "pray": "🙏", "thinking": "🤔", "shrug": "🤷",
    "facepalm": "🤦", "cry": "😢", "sob": "😭", "angry": "😠", "sweat_smile": "😅", "sunglasses": "😎",
    "confused": "😕", "100": "💯", "check": "✅", "white_check_mark": "✅", "x": "❌", "warning": "⚠️", "bug": "🐛",
    "sparkles": "✨", "star": "⭐", "bulb": "💡", "coffee": "☕", "beer": "🍺", "pizza": "🍕", "cake": "🍰",
    "party": "🥳", "poop": "💩", "skull": "💀", "ghost": "👻", "robot": "🤖", "muscle": "💪", "handshake": "🤝",
    "hug": "🤗", "sleepy": "😴", "sick": "🤒", "question": "❓", "exclamation": "❗", "zap": "⚡", "lock": "🔒",
    "key": "🔑", "link": "🔗", "memo": "📝", "calendar": "📅", "bell": "🔔", "clock": "🕐", "sun": "☀️", "moon": "🌙",
}  # fmt: skip

# Blocks of emoji that stand for themselves, without a selector or a partner.
_RANGES: Final = ((0x1F300, 0x1F3FA), (0x1F400, 0x1F64F), (0x1F680, 0x1F6FF), (0x1F900, 0x1F9FF), (0x1FA70, 0x1FAFF))


def find(text: str, most: int) -> list[tuple[str, str]]:
    """Emoji whose names begin with or hold a text, each with its name: known names first."""
    text = text.lower().replace(" ", "_")
    names = _names()
    ordered = [name for name in names if name.startswith(text)] + [name for name in names if text in name]
    found: dict[str, str] = {}
    for name in ordered:
        found.setdefault(names[name], name)
    return list(found.items())[:most]


@cache
def _names() -> dict[str, str]:
    names = dict(_KNOWN)
    for start, end in _RANGES:
        for code in range(start, end + 1):
            name = unicodedata.name(chr(code), "").lower().replace(" ", "_").replace("-", "_")
            if name:
                names.setdefault(name, chr(code))
    return names
