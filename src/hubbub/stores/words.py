"""Words as search knows them: what becomes of a text before it is looked up or looked into.

Case, accents and vowel points count for nothing. Scripts that write without spaces between words, and Hangul, whose
words take endings, are searched character by character: a phrase of such characters is found wherever it stands.
https://www.unicode.org/reports/tr29/ says why words cannot be told apart there without a dictionary.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Final
from unicodedata import category, normalize

from msgspec import Struct

LEAST_PREFIX: Final = 3
"""Characters before a `*`: what begins with fewer is nearly everything."""

_MARKS: Final = re.compile("[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06ed]+")
_STROKES: Final = str.maketrans("đħłøŧıĐĦŁØŦ", "dhlotiDHLOT")
"""Letters that people without the right keyboard write as others, and that Unicode does not take apart."""

_ALONE: Final = re.compile(
    "[\u0e00-\u0e2f\u0e32\u0e33\u0e40-\u0e46\u0e50-\u0e59][\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]*"  # Thai
    "|[\u0e80-\u0eb0\u0eb2\u0eb3\u0ebd-\u0ec6\u0ed0-\u0edf][\u0eb1\u0eb4-\u0ebc\u0ec8-\u0ece]*"  # Lao
    "|[\u1000-\u102a\u103f-\u1055\u105a-\u105d\u1061-\u109f][\u102b-\u103e\u1056-\u1059\u105e-\u1060]*"  # Burmese
    "|[\u1780-\u17b3\u17d7-\u17e9][\u17b4-\u17d3\u17dd]*"  # Khmer
    "|[\u2e80-\u2fdf\u3005-\u3007\u3021-\u3029\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]"  # Han
    "|[\u3040-\u3098\u309b-\u30ff\u31f0-\u31ff][\u3099\u309a]*"  # kana
    "|[\uac00-\ud7a3]"  # Hangul
)
_PIECES: Final = re.compile(r'"([^"]*)"?|([^\s"]+)')


class Phrase(Struct, frozen=True):
    """Words that follow each other; of the last one its beginning is enough where `prefix` says so."""

    words: tuple[str, ...]
    prefix: bool = False

    def found_in(self, words: Sequence[str]) -> bool:
        width = len(self.words)
        runs = (tuple(words[at : at + width]) for at in range(len(words) - width + 1))
        return any(self._is(run) for run in runs)

    def _is(self, run: tuple[str, ...]) -> bool:
        last = run[-1].startswith(self.words[-1]) if self.prefix else run[-1] == self.words[-1]
        return last and run[:-1] == self.words[:-1]


def spread(text: str) -> str:
    """The text with blanks between all that is looked for by itself; mostly the text as it is."""
    if text.isascii():
        return text
    bare = _MARKS.sub("", normalize("NFKD", text))
    return _ALONE.sub(r" \g<0> ", normalize("NFC", bare.translate(_STROKES)).casefold())


def words(text: str) -> list[str]:
    """Its words in order: runs of letters, digits and marks."""
    return "".join(c if _is_letter(c) else " " for c in spread(text)).lower().split()


def phrases(text: str) -> list[Phrase]:
    """What a reader is looking for: words, "words in quotation marks" in that order, and begin* of words."""
    pieces = [(match[1] or match[2] or "", bool(match[2])) for match in _PIECES.finditer(text)]
    found = [(tuple(words(piece)), bare and piece.endswith("*")) for piece, bare in pieces]
    return [Phrase(each, star and len(each[-1]) >= LEAST_PREFIX) for each, star in found if each]


@lru_cache(maxsize=4096)  # who speaks speaks again; made anew for each message it is a third of what indexing costs
def nick_word(mask: str) -> str:
    """The nick of `nick!user@host` as one word, whatever signs are in it, that no text has."""
    return f"\ue000{mask.partition('!')[0].lower().encode().hex()}"


def _is_letter(character: str) -> bool:
    kind = category(character)
    return kind[0] in "LNM" or kind == "Co"
