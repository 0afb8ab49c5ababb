# ruff: noqa: RUF001 - what looks like ASCII and is not is what this is about
"""Any text in ASCII, as far as that goes: for programs that break at anything else."""

import unicodedata
from typing import Final

_SPELLED: Final = str.maketrans(
    {
        "‘": "'", "’": "'", "“": '"', "”": '"', "„": '"', "–": "-", "—": "-", "…": "...", "✎": "(edited)",
        "ß": "ss", "æ": "ae", "ø": "o", "ł": "l", "đ": "d", "€": "EUR", "→": "->", "←": "<-", "×": "x",
    }
)  # fmt: skip


def in_ascii(text: str) -> str:
    """The text for those who break at anything else: letters without their accents, and emoji by name.

    What has no likeness is a question mark.
    """
    if text.isascii():
        return text
    return "".join(_ascii_of(letter) for letter in unicodedata.normalize("NFKD", text.translate(_SPELLED)))


def _ascii_of(letter: str) -> str:
    if letter.isascii():
        return letter
    category = unicodedata.category(letter)
    if category[0] in "MC" or category == "Sk":  # accents, what joins and what colours
        return ""
    return f":{unicodedata.name(letter, '?').lower()}:" if category == "So" else "?"
