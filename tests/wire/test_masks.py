"""What hubbub.wire.masks promises: masks mean what everybody means by them, in a time nobody can stretch."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.wire.masks import Prefix, matches, normalise, parse_prefix, validate_hostname
from tests.wire.vectors import vectors


def _matches_slowly(mask: str, text: str) -> bool:
    """The definition, one character at a time."""
    if not mask:
        return not text
    if mask[0] == "*":
        return _matches_slowly(mask[1:], text) or (text != "" and _matches_slowly(mask, text[1:]))
    escaped = mask[0] == "\\" and mask[1:2] in {"*", "?", "\\"}
    literal, rest = (mask[1], mask[2:]) if escaped else (mask[0], mask[1:])
    fits = text != "" and (mask[0] == "?" or literal == text[0])
    return fits and _matches_slowly(rest, text[1:])


@pytest.mark.parametrize("example", vectors("mask-match"), ids=lambda example: example["mask"])
def test_the_shared_masks_match_as_everybody_matches(example: dict[str, Any]) -> None:
    """Each mask of mask-match.yaml fits its matches and none of its fails."""
    assert all(matches(example["mask"], text) for text in example["matches"])
    assert not any(matches(example["mask"], text) for text in example["fails"])


@pytest.mark.parametrize("example", vectors("userhost-split"), ids=lambda example: example["source"])
def test_the_shared_sources_are_split_as_everybody_splits_them(example: dict[str, Any]) -> None:
    """Each source of userhost-split.yaml gives its nick, user and host."""
    assert parse_prefix(example["source"]) == Prefix(**example["atoms"])


@pytest.mark.parametrize("example", vectors("validate-hostname"), ids=lambda example: repr(example["host"]))
def test_the_shared_host_names_are_judged_as_everybody_judges_them(example: dict[str, Any]) -> None:
    """Each name of validate-hostname.yaml is valid or not as it says."""
    assert validate_hostname(example["host"]) is example["valid"]


@given(st.text("ab*?\\.\n", max_size=7), st.text("ab*?\\.\n", max_size=7))
def test_a_mask_means_what_its_definition_says(mask: str, text: str) -> None:
    """The quick way and the plain way agree on every mask and text."""
    assert matches(mask, text) is _matches_slowly(mask, text)


def test_a_wildcard_takes_any_character() -> None:
    """A line end in what is matched hides nothing from a mask."""
    assert matches("leo?*spam", "leo\n\nspam")


@pytest.mark.parametrize("mask", ["MAYA!*@*", "maya!*@HOME.example", "m?Y*"])
def test_case_does_not_save_from_a_mask(mask: str) -> None:
    """Masks fold as names do."""
    assert matches(mask, "Maya!~m@home.EXAMPLE")


def test_other_scripts_match_character_by_character() -> None:
    """A question mark is one character, not one byte; and É is not é."""
    assert matches("zo?!*@*", "zoé!z@h")
    assert not matches("zoé!*@*", "zoÉ!z@h")


def test_a_backslash_takes_the_meaning_from_a_wildcard() -> None:
    """Escaped wildcards and backslashes mean themselves; a backslash before others does, too."""
    assert matches(r"\*\?\\", "*?\\")
    assert not matches(r"\*", "tom")
    assert matches("tom\\m!*@*", "tom\\m!t@h")


def test_characters_of_other_languages_of_patterns_mean_themselves() -> None:
    """Brackets, dots and dollars are ordinary in a nick or host."""
    assert matches("[tom].$^+(|)*", "[tom].$^+(|)!t@h")
    assert not matches("a.c", "abc")


@pytest.mark.timeout(10)
@pytest.mark.parametrize("mask", ["*a" * 200 + "*b", "*?" * 200 + "b", "*a?a?a?b" * 60, "*" * 500 + "b"])
def test_no_mask_holds_up_the_server(mask: str) -> None:
    """A mask of hundreds of stars is judged in milliseconds, where a backtracking pattern takes longer than a life."""
    assert not matches(mask, "a" * 2000)


@pytest.mark.parametrize(
    ("mask", "full"),
    [
        ("bob", "bob!*@*"),
        ("bob!b", "bob!b@*"),
        ("b@host", "*!b@host"),
        ("bob!b@host", "bob!b@host"),
        ("*", "*!*@*"),
        ("!@host", "*!*@host"),
        ("@host", "*!*@host"),
        ("bob!", "bob!*@*"),
        ("Bob", "Bob!*@*"),
    ],
)
def test_a_mask_is_completed(mask: str, full: str) -> None:
    """What is left out of a mask is any; what is there stays as it was typed."""
    assert normalise(mask) == full


@given(st.text("ab*!@"))
def test_a_complete_mask_stays_as_it_is(mask: str) -> None:
    """Completing twice is completing once."""
    assert normalise(normalise(mask)) == normalise(mask)


@pytest.mark.parametrize("name", [".", "..", "a..b", ".a", "a.b..", "a.b-", "a." + "b" * 64, "é.example", "a.b\n"])
def test_a_name_with_a_bad_label_is_no_host(name: str) -> None:
    """Labels are of 1 to 63 letters, digits and inner hyphens."""
    assert not validate_hostname(name)


def test_a_host_name_has_its_longest() -> None:
    """253 characters are the most that the name system carries."""
    assert validate_hostname(".".join(["a" * 49] * 5) + ".bc.")
    assert not validate_hostname(".".join(["a" * 49] * 5) + ".bcdef")
