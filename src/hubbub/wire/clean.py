"""What a stranger wrote, made safe to draw: text for cells, and nothing that steers the terminal or hides.

Formatting codes: https://modern.ircdocs.horse/formatting. Hidden and reordering characters: Unicode TR36 and TR39.
"""

import re
import unicodedata
from typing import Final

# Whole sequences go first: half of one would stay behind as "[31m" or as the digits of a colour.
_SEQUENCES: Final = re.compile(
    r"\x1b\[[0-?]*[ -/]*[@-~]"  # ECMA-48 control sequences; what else begins with ESC loses only its ESC
    r"|\x03(?:[0-9]{1,2}(?:,[0-9]{1,2})?)?"  # IRC colour
    r"|\x04(?:[0-9A-Fa-f]{6}(?:,[0-9A-Fa-f]{6})?)?"  # IRC hex colour
)

_BREAKS: Final = re.compile("[\\t\\n\\v\\f\\r\\x85\\u2028\\u2029]+")

# U+200D is among them although some emoji are joined with it: terminals disagree on how wide such a group is, and
# people drawn side by side are better than a line that is torn. Lone surrogates cannot be written at all.
_HIDDEN: Final = re.compile(
    "[\\x00-\\x1f\\x7f-\\x9f"
    "\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f"
    "\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\u3164\\ud800-\\udfff"
    "\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff0-\\ufffb\\U000e0000-\\U000e0fff]"
)

# What a keyboard or a program may send and no message is made of. Joiners and the like stay: scripts need them.
_CONTROLS: Final = re.compile("[\\x00-\\x1f\\x7f-\\x9f\\ud800-\\udfff]")

# Accents pile up in one cell without end. No script that people write needs more of them on a letter than this.
_MARKS_MAX: Final = 4
_PILES: Final = re.compile(rf"[^\w\s\x00-\x7f]{{{_MARKS_MAX + 1},}}")


def clean(text: str) -> str:
    """The text without controls, escape sequences, IRC formatting, bidi controls and characters of no width.

    Tabs and line breaks become one space. Idempotent, and what comes out fits on one line.
    """
    if text.isascii() and text.isprintable():
        return text
    return _PILES.sub(_level, _HIDDEN.sub("", _BREAKS.sub(" ", _SEQUENCES.sub("", text))))


def typed(text: str) -> str:
    """What somebody typed as words for a message: without the sequences of keys and terminals, and without controls."""
    if text.isascii() and text.isprintable():
        return text
    return _CONTROLS.sub("", _BREAKS.sub(" ", _SEQUENCES.sub("", text)))


def _level(found: re.Match[str]) -> str:
    kept, marks = [], 0
    for char in found[0]:
        marks = marks + 1 if unicodedata.category(char) in {"Mn", "Me"} else 0
        if marks <= _MARKS_MAX:
            kept.append(char)
    return "".join(kept)
