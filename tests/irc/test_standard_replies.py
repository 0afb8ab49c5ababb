"""FAIL, and how refusals are put into words. https://ircv3.net/specs/extensions/standard-replies"""

from __future__ import annotations

import pytest

from hubbub.dialects.irc import replies
from hubbub.hub.refusals import Refused, Why
from hubbub.wire import numerics as n
from hubbub.wire.line import parse, serialise
from tests.irc.lines import params
from tests.scene import Scene


@pytest.mark.parametrize("why", Why)
def test_each_refusal_has_its_words(why: Why) -> None:
    """Whatever the hub refuses, a client is told in one line that ends with a sentence."""
    line = replies.refusal("hub.example", "maya", "JOIN", Refused(why, "one", "two", "three", "a sentence"))
    assert parse(serialise(line)) == line
    assert " " in line.params[-1]


@pytest.mark.parametrize("why", [why for why in Why if why not in (Why.HISTORY_HIDDEN, Why.NOT_STORED)])
def test_what_has_a_numeric_is_answered_with_it(why: Why) -> None:
    """Servers "SHOULD NOT replace standardised error numerics with standard replies"."""
    line = replies.refusal("hub.example", "maya", "JOIN", Refused(why, "one", "two", "three", "a sentence"))
    assert line.command.isdigit()
    assert line.params[0] == "maya"


def test_each_sentence_belongs_to_a_numeric() -> None:
    """The table knows no numeric that has no name."""
    known = {value for name, value in vars(n).items() if name.isupper()}
    assert set(replies.SENTENCES) <= known


def test_a_fail_names_command_code_and_context(scene: Scene) -> None:
    """The format is: type, command, code, context, description."""
    heard = params(scene.enter("maya").asks("CHATHISTORY LATEST #nowhere * 1"), "FAIL")
    assert heard[:4] == ("CHATHISTORY", "INVALID_TARGET", "LATEST", "#nowhere")
    assert " " in heard[4]


def test_what_belongs_to_no_command_is_marked_so(scene: Scene) -> None:
    """ "if the client's message could not be parsed [...] * is substituted"."""
    assert params(scene.enter("maya").asks(":maya"), "FAIL")[:2] == ("*", "BAD_LINE")


@pytest.mark.parametrize(
    ("word", "spoken"), [("leo", "leo"), ("a:b", "a:b"), ("", "*"), (":a", "*"), ("a b", "*"), ("é" * 151, "*")]
)
def test_a_word_from_outside_stays_one_word(word: str, spoken: str) -> None:
    """ "unless it would be an invalid parameter, in which case it MUST be *"."""
    assert replies.middle(word) == spoken
