"""The spoken code: the first 80 bits of a key's fingerprint, in groups that people can read out and check.

Each group is four characters of Crockford's base32 (https://www.crockford.com/base32.html) and one that checks them
and their place, so that a slip is found in the group it was made in.
"""

from __future__ import annotations

from typing import Final

ALPHABET: Final = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_HEARD_AS: Final = str.maketrans({"O": "0", "I": "1", "L": "1"})

GROUPS: Final = 4
_DATA: Final = 4
BITS: Final = GROUPS * _DATA * 5
"""80: whoever wants another key with the same code has to make about 2**80 of them."""


class BadCode(ValueError):
    """Text that is no code; says what is wrong with it, by group where that can be known."""


def code_of(fingerprint: str) -> str:
    """The code of a key by its fingerprint (hex): "7K3FA-9QXMC-2T8VH-H4WDN"."""
    digits = _digits(int(fingerprint[: BITS // 4], 16))
    groups = [digits[start : start + _DATA] for start in range(0, len(digits), _DATA)]
    return "-".join("".join(ALPHABET[d] for d in (*group, _check(group, at))) for at, group in enumerate(groups))


def prefix_of(text: str) -> str:
    """What the fingerprint begins with whose code this is, in hex. Raises `BadCode`."""
    plain = "".join(c for c in text.upper() if c not in "- ").translate(_HEARD_AS)
    strange = sorted({c for c in plain if c not in ALPHABET})
    if strange:
        raise BadCode(f"{text}: no code has {' or '.join(map(repr, strange))} in it; read it again")
    size = _DATA + 1
    if len(plain) != GROUPS * size:
        raise BadCode(f"{text}: expected {GROUPS} groups of {size} letters and digits, got {len(plain)} characters")
    groups = [[ALPHABET.index(c) for c in plain[start : start + size]] for start in range(0, len(plain), size)]
    wrong = [at for at, group in enumerate(groups) if _check(group[:_DATA], at) != group[_DATA]]
    if wrong:
        raise BadCode(_about(text, [(at + 1, plain[at * size : (at + 1) * size]) for at in wrong]))
    number = 0
    for digit in (digit for group in groups for digit in group[:_DATA]):
        number = number << 5 | digit
    return f"{number:0{BITS // 4}x}"


def looks_like_code(text: str) -> bool:
    """Whether somebody who wrote this meant a code, right or wrong: no host and no nick has four groups of five."""
    groups = text.replace(" ", "-").split("-")
    return len(groups) == GROUPS and all(3 <= len(group) <= 7 for group in groups)


def _about(text: str, wrong: list[tuple[int, str]]) -> str:
    if len(wrong) == GROUPS:
        return f"{text}: none of its groups fits; that is no code, ask for it again"
    named = " and ".join(f"group {number} ({group})" for number, group in wrong)
    one = len(wrong) == 1
    return f"{text}: {named} {'has' if one else 'have'} a slip; ask for {'that group' if one else 'those groups'} again"


def _digits(number: int) -> list[int]:
    return [number >> shift & 31 for shift in range(BITS - 5, -5, -5)]


def _check(group: list[int], at: int) -> int:
    """A weighted sum in the field of 32 elements: it finds each wrong character, and each two that were swapped.

    The place takes part, so that two groups in each other's places are found, too.
    """
    total = at + 1
    for digit in group:
        total = _double(total) ^ digit
    return _double(total)


def _double(element: int) -> int:
    """Times x in GF(2)[x] / (x^5 + x^2 + 1), which is primitive."""
    element <<= 1
    return element ^ 0b100101 if element & 32 else element
