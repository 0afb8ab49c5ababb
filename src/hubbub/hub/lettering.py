"""Names in any script that are what they look like: nothing in them is invisible, or dressed as something else.

https://www.unicode.org/reports/tr39/ lists what deceives; of that, this needs no table. A word wholly in one script
that looks like a word in another is left: few do, and people who write both know that.
"""

from __future__ import annotations

import re
import unicodedata
from typing import Final

_BLANK: Final = re.compile(
    "[\\u034f\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f\\u2800\\u3164\\ufe00-\\ufe0e\\uffa0\\U000e0100-\\U000e01ef]"
)
"""Letters, marks and signs that show nothing."""

_PICTURE: Final = "\ufe0f"
"""Has the sign before it drawn in colours, as telephones write them; behind anything else it is a blank."""

_ALIKE: Final = frozenset(("LATIN", "GREEK", "CYRILLIC", "ARMENIAN", "CHEROKEE", "COPTIC", "LISU", "GEORGIAN"))
"""Scripts that have letters which look like those of another one of them."""

_WORD: Final = re.compile(r"[^\W\d_]+")


def is_visible(name: str) -> bool:
    """Whether a name shows all that it holds."""
    if name.isascii():
        return name.isprintable() and " " not in name
    if any(unicodedata.category(c)[0] in "CZ" for c in name):
        return False
    pictures = (before for before, c in zip(" " + name, name, strict=False) if c == _PICTURE)
    return not _BLANK.search(name) and all(unicodedata.category(before) == "So" for before in pictures)


def is_honest(name: str) -> bool:
    """Whether it does, and is written as its words usually are, each in one script."""
    if name.isascii():
        return is_visible(name)
    return is_visible(name) and not _is_dressed_up(name) and all(map(_is_of_one_script, _WORD.findall(name)))


def _is_dressed_up(name: str) -> bool:
    """Whether it is another name in wide, round or mathematical letters, or one in pieces."""
    letters = (c for c in name if unicodedata.category(c)[0] == "L" or c.isdecimal())
    return unicodedata.normalize("NFC", name) != name or any(unicodedata.normalize("NFKC", c) != c for c in letters)


def _is_of_one_script(word: str) -> bool:
    return len({unicodedata.name(c, "").partition(" ")[0] for c in word} & _ALIKE) < 2
