"""Patterns: words and expressions of what a room does not want to hear, found in a time that nobody can stretch."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.hub import patterns
from hubbub.hub.patterns import Pattern, Unreadable


@pytest.mark.parametrize(
    ("words", "text"),
    [
        ("spam", "SPAM"),
        ("spam", "no spam, please"),
        ("buy now", "Buy now!"),
        ("casino*", "three casinos"),
        ("*coin", "get bitcoin"),
        ("a*b", "axxxb"),
        ("\N{SLIGHTLY SMILING FACE}", "well \N{SLIGHTLY SMILING FACE}"),
        ("дом", "Дом и сад"),
    ],
)
def test_words_are_found_in_any_case(words: str, text: str) -> None:
    """A star is any run of letters, digits and underscores."""
    assert Pattern(words).finds(text)


@pytest.mark.parametrize(
    ("words", "text"), [("spam", "spammer"), ("cat", "concatenate"), ("a*b", "a b"), ("buy now", "buynow"), ("x", "")]
)
def test_words_are_whole_words(words: str, text: str) -> None:
    """What is part of a longer word is another word."""
    assert not Pattern(words).finds(text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("/v[i1]agr[a@]/", "cheap V1AGR@ here"),
        (r"/\bfree\b.*\bmoney\b/", "free, really free money"),
        (r"/(https?:\/\/)?bad\.example/", "see http://bad.example/x"),
        (r"/^\d{3,}$/", "12345"),
        ("/(ha){3}/", "hahaha"),
        ("/[^a-z ]x/", "!x"),
        (r"/[\w.]+@[\w.]+/", "to a.b@c.d"),
        ("/colou?r/", "Color"),
        ("/(?:a|b)+c/", "abac"),
        ("/[]x]y/", "]y"),
        ("/[a-]/", "-"),
        ("/a{2,}b/", "aaaab"),
    ],
)
def test_expressions_find_what_they_say(expression: str, text: str) -> None:
    """Between slashes stands a regular expression of the common kind."""
    assert Pattern(expression).finds(text)


@pytest.mark.parametrize(
    ("expression", "text"),
    [("/^ab/", "cab"), ("/ab$/", "abc"), (r"/\bcat/", "concat"), ("/(ha){3}/", "haha"), (r"/\D/", "123")],
)
def test_expressions_find_nothing_else(expression: str, text: str) -> None:
    """Places and counts are kept."""
    assert not Pattern(expression).finds(text)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "a pattern is words"),
        ("//", "a pattern is words"),
        ("x" * 101, "up to 100 characters"),
        ("/a(b/", "without its )"),
        ("/a)b/", "without its ("),
        ("/[ab/", "without its ]"),
        ("/*a/", "nothing for the * to repeat"),
        ("/a{2,1}/", "the smaller number first"),
        ("/a{99}/", "up to 50"),
        ("/a{x}/", "stands a number"),
        (r"/(a)\1/", r"\1 is not known"),
        ("/(?=a)/", "looking around"),
        ("/((a{50}){50}){50}/", "repeats too much"),
        ("/a*/", "in every text"),
        ("/x|/", "in every text"),
    ],
)
def test_what_cannot_be_used_is_refused_with_the_reason(text: str, why: str) -> None:
    """Whoever wrote it learns what to change."""
    with pytest.raises(Unreadable) as refused:
        Pattern(text).check()
    assert why in str(refused.value)
    assert not Pattern(text).finds("a x b")


@pytest.mark.parametrize("expression", ["/(a+)+$/", "/(a|a)*b/", "/(.*a){12}c/", "/a*a*a*a*a*b/"])
def test_no_expression_can_be_made_to_hang(expression: str) -> None:
    """Those on which a searcher that goes back would be busy for years take no longer than a glance."""
    pattern = Pattern(expression)
    started = time.perf_counter()
    pattern.finds("a" * 4000 + "!")
    assert time.perf_counter() - started < 1


def test_no_texts_can_fill_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """What was learnt is forgotten when it is too much, and finding goes on."""
    monkeypatch.setattr(patterns, "_KNOWN_MAX", 20)
    pattern = Pattern("/[aeiou]{3}x/")
    for number in range(200):
        assert not pattern.finds(f"{number} and {chr(0x4E00 + number)}")
        assert pattern.finds(f"{number} aeix")
    assert len(pattern._known) < 40


PIECES = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", r"\w", r"\b", "(a|b)", "(ab)", "a?", "b*", "(a|b)+", "a{2}"])


@given(st.lists(PIECES, min_size=1, max_size=5), st.text("ab c_", max_size=8))
def test_it_finds_what_the_common_kind_finds(pieces: list[str], text: str) -> None:
    """The same answer as Python's own, for all that both know."""
    expression = "".join(pieces)
    pattern = Pattern(f"/{expression}/")
    try:
        pattern.check()
    except Unreadable:
        assert re.search(expression, "") is not None
    else:
        assert pattern.finds(text) == (re.search(expression, text) is not None)
