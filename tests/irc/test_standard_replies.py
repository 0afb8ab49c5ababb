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


STANDARDISED = {
    Why.NICK_ILLEGAL: "432",
    Why.NICK_TAKEN: "433",
    Why.NO_SUCH_NICK: "401",
    Why.NO_SUCH_CHANNEL: "403",
    Why.CHANNEL_ILLEGAL: "403",
    Why.TOO_MANY_CHANNELS: "405",
    Why.KEY_WRONG: "475",
    Why.INVITE_ONLY: "473",
    Why.CHANNEL_FULL: "471",
    Why.BANNED: "474",
    Why.NOT_ON_CHANNEL: "442",
    Why.NOT_THERE: "441",
    Why.ALREADY_THERE: "443",
    Why.NOT_OPERATOR: "482",
    Why.CANNOT_SPEAK: "404",
    Why.MODE_UNKNOWN: "472",
    Why.MODE_ARGUMENT: "696",
    Why.LIST_FULL: "478",
    Why.TOO_LONG: "417",
    Why.TOO_MANY_TARGETS: "407",
    Why.LOGIN_FAILED: "464",
}


@pytest.mark.parametrize(("why", "numeric"), STANDARDISED.items(), ids=str)
def test_what_has_a_numeric_is_answered_with_it(why: Why, numeric: str) -> None:
    """Servers "SHOULD NOT replace standardised error numerics with standard replies"."""
    line = replies.refusal("hub.example", "maya", "JOIN", Refused(why, "one", "two", "three", "a sentence"))
    assert (line.source, line.command, line.params[0]) == ("hub.example", numeric, "maya")


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
