"""Msgids: unguessable, exact, and the same for as long as the key is."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.stores.msgid import LENGTH, MsgIds, number_of, place_of

KEY = bytes(range(16))
NUMBERS = st.integers(min_value=0, max_value=(1 << 63) - 1)


@given(st.lists(NUMBERS))
def test_a_group_of_numbers_comes_back(numbers: list[int]) -> None:
    """What is made of many numbers at once decodes one by one."""
    ids = MsgIds(KEY, 1)
    assert [ids.decode(msgid) for msgid in ids.encode(numbers)] == numbers


@given(NUMBERS)
def test_an_id_is_22_characters_that_any_tag_or_parameter_may_hold(number: int) -> None:
    """An id needs no escaping wherever it goes."""
    (msgid,) = MsgIds(KEY, 1).encode([number])
    assert len(msgid) == LENGTH
    assert msgid.replace("-", "").replace("_", "").isalnum()
    assert msgid.isascii()


def test_an_id_is_what_it_was_when_people_wrote_it_down() -> None:
    """Cursors outlive releases: these were computed when the format was made."""
    assert MsgIds(KEY, 1).encode([number_of(1, 1), number_of(7, 300)]) == [
        "8rDwNwWiLAaWgskYS9dBNw",
        "f7E-2C7VgQWTGX4ZWA3I_g",
    ]


def test_neighbours_have_nothing_in_common() -> None:
    """Nobody can tell from an id how much is said."""
    one, two = MsgIds(KEY, 1).encode([number_of(1, 1), number_of(1, 2)])
    assert sum(a == b for a, b in zip(one, two, strict=True)) < 6


def test_another_key_or_epoch_does_not_know_it() -> None:
    """After a backup is restored, an id from the time since is not taken for another message."""
    (msgid,) = MsgIds(KEY, 1).encode([number_of(1, 1)])
    assert MsgIds(KEY, 2).decode(msgid) is None
    assert MsgIds(bytes(16), 1).decode(msgid) is None


@pytest.mark.parametrize(
    "made_up",
    ["", "x", "A" * 21, "A" * 22, "A" * 23, "é" * 22, "A" * 20 + "==", "+" * 22, "/" * 22, "!" * 22, "\ud800"],
)
def test_what_we_did_not_make_is_nothing(made_up: str) -> None:
    """Whatever a client writes where a msgid belongs has an answer."""
    assert MsgIds(KEY, 1).decode(made_up) is None


@given(st.binary(min_size=16, max_size=16))
def test_a_guess_is_nothing(guess: bytes) -> None:
    """Sixteen bytes that look like an id are not one."""
    assert MsgIds(KEY, 1).decode(base64.urlsafe_b64encode(guess).decode()[:LENGTH]) is None


def test_there_is_one_spelling() -> None:
    """The last character has bits to spare; only ours are right, so an id can be compared as text."""
    ids = MsgIds(KEY, 1)
    (msgid,) = ids.encode([number_of(1, 1)])
    others = [msgid[:-1] + last for last in "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"]
    assert [other for other in others if ids.decode(other) is not None] == [msgid]


@given(st.integers(1, (1 << 23) - 1), st.integers(0, (1 << 40) - 1))
def test_a_number_holds_a_conversation_and_a_place(cid: int, seq: int) -> None:
    """Every conversation has room for a trillion entries, and all numbers fit SQLite's integers."""
    assert place_of(number_of(cid, seq)) == (cid, seq)
    assert number_of(cid, seq) < 1 << 63
