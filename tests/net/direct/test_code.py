"""The spoken code: read out, misheard, found in the group where the slip was made."""

from __future__ import annotations

import secrets

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.net.direct.code import ALPHABET, BadCode, code_of, prefix_of

FINGERPRINT = "00ff" * 16
CODE = code_of(FINGERPRINT)

fingerprints = st.binary(min_size=32, max_size=32).map(bytes.hex)


@given(fingerprints)
def test_a_code_carries_eighty_bits_of_the_key(fingerprint: str) -> None:
    """In whatever way it is written down."""
    code = code_of(fingerprint)
    assert prefix_of(code) == prefix_of(code.lower().replace("-", " ")) == fingerprint[:20]


@given(fingerprints, st.integers(0, 19), st.sampled_from(ALPHABET))
def test_each_wrong_character_is_found_in_its_group(fingerprint: str, place: int, other: str) -> None:
    """One slip, and the group that it is in is named."""
    letters = list(code_of(fingerprint).replace("-", ""))
    if letters[place] == other:
        return
    letters[place] = other
    with pytest.raises(BadCode, match=rf"group {place // 5 + 1} "):
        prefix_of("".join(letters))


@given(fingerprints, st.integers(0, 3), st.integers(0, 3))
def test_two_that_were_swapped_are_found(fingerprint: str, group: int, place: int) -> None:
    """Neighbours in a group, and whole groups."""
    code = code_of(fingerprint)
    letters = list(code.replace("-", ""))
    at = group * 5 + place
    letters[at], letters[at + 1] = letters[at + 1], letters[at]
    groups = code.split("-")
    for slip in ("".join(letters), "".join([groups[1], groups[0], *groups[2:]])):
        if slip != code.replace("-", ""):
            with pytest.raises(BadCode):
                prefix_of(slip)


def test_letters_that_look_like_digits_are_taken_for_them() -> None:
    """Crockford's base32 has no I, L and O."""
    assert prefix_of(CODE.replace("0", "o").replace("1", "l")) == FINGERPRINT[:20]


@pytest.mark.parametrize(
    ("text", "words"),
    [(CODE[:-1], "got 19 characters"), (CODE[:-1] + "U", "'U'"), (CODE.replace("-", "") + "00000", "got 25")],
)
def test_what_is_no_code_is_said_to_be_none(text: str, words: str) -> None:
    with pytest.raises(BadCode, match=words):
        prefix_of(text)


def test_codes_of_different_keys_differ() -> None:
    assert len({code_of(secrets.token_hex(32)) for _ in range(100)}) == 100
