"""What hubbub.wire.numerics promises: every name is one number, every number has one name."""

import re

from hubbub.wire import numerics

_NAMES = {name: value for name, value in vars(numerics).items() if not name.startswith("_")}


def test_a_numeric_is_three_digits_of_text() -> None:
    """Numerics are commands, so they are text, leading zeros included."""
    assert all(re.fullmatch("[0-9]{3}", value) for value in _NAMES.values())


def test_a_number_has_one_name() -> None:
    """No two names share a number: what was sent can be told from its number."""
    assert len(set(_NAMES.values())) == len(_NAMES)


def test_errors_and_replies_keep_to_their_ranges() -> None:
    """Below 400 all are replies, from 400 to 599 all are errors, as RFC 1459 gave them out."""
    for name, value in _NAMES.items():
        assert name.startswith(("RPL_", "ERR_"))
        assert name.startswith("ERR_") or not "400" <= value < "600"
        assert name.startswith("RPL_") or value >= "400"
