"""What hubbub.wire.casemap promises: names differ in case by A to Z only."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.casemap import fold


def test_maya_is_maya_in_any_case() -> None:
    """ASCII letters have one form."""
    assert fold("MaYa") == fold("mAyA") == "maya"
    assert fold(string.ascii_uppercase) == string.ascii_lowercase


@pytest.mark.parametrize(("one", "other"), [("{tom}|^", "[tom]\\~"), ("É", "é"), ("\u212aim", "kim"), ("ß", "ss")])
def test_other_characters_have_no_case(one: str, other: str) -> None:
    """Brackets are not braces, accented letters keep their case, and look-alikes stay apart."""
    assert fold(one) != fold(other)


def test_ascii_folds_within_other_scripts() -> None:
    """One accent does not keep the other letters from folding."""
    assert fold("ZOÉ") == "zoÉ"


@given(st.text())
def test_folding_twice_is_folding_once(name: str) -> None:
    """A folded name stays as it is, and as long as it was."""
    assert fold(fold(name)) == fold(name)
    assert len(fold(name)) == len(name)
