"""Lines of lists: which forms they take, and whom they mean."""

import pytest

from hubbub.hub.listings import canonical, means, mutes_only
from hubbub.wire.masks import matches, normalise

MAYA = ("maya!m@home.example", "maya!m@192.0.2.7")


@pytest.mark.parametrize("text", ["maya", "a:maya", "~a:maya", "m:maya", "mute:account:maya", "m:*!*@a::1", "a:", "m:"])
def test_a_line_in_its_form_keeps_it(text: str) -> None:
    """Saying it again is saying the same."""
    once = canonical(text, normalise)
    assert canonical(once, normalise) == once


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("maya!*@*", True),
        ("*!*@192.0.2.7", True),
        ("*!*@192.0.2.8", False),
        ("a:maya", True),
        ("a:ma*", True),
        ("a:leo", False),
        ("m:maya!*@*", True),
        ("m:a:maya", True),
        ("m:a:leo", False),
        ("a:home.example", False),
    ],
)
def test_a_line_means_a_mask_or_an_account(line: str, meant: bool) -> None:
    """One of the masks is enough; an account is compared with the account alone."""
    assert means(line, MAYA, "maya", matches) == meant


def test_a_guest_has_no_account_to_match() -> None:
    """Not even all of them."""
    assert not means("a:*", MAYA, "", matches)


def test_a_mute_is_about_speaking_alone() -> None:
    """Its line says so at its beginning, where no nick can be meant."""
    assert mutes_only("m:maya!*@*")
    assert not mutes_only("a:m")
    assert not mutes_only("m!*@*")
