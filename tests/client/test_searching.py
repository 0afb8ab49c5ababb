"""Finding what was said. https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md"""

import pytest

from hubbub.client.protocol import NotOnline
from hubbub.client.registration import SEARCH
from hubbub.client.searching import Found, question
from hubbub.wire.line import Line
from tests.client.village import EVERYTHING, Guest, Village, Visit

ROOM = "#general"


def visit(village: Village) -> Visit:
    for text in ("we have a plan", "what else?", "the plan is good"):
        village.neighbour("maya", ROOM, text)
    return Visit(village).come(ROOM)


def searching() -> Village:
    return Village(caps=EVERYTHING | {SEARCH})


def test_what_was_said_is_found_by_its_words() -> None:
    """With the room, the person and the msgid of each, the oldest first."""
    leo, answers = visit(searching()), list[Found]()
    leo.client.search("plan", ROOM, answers.append)
    leo.run()
    assert [(it.conversation, it.nick, it.text, bool(it.msgid)) for it in answers[0].said] == [
        (ROOM, "maya", "we have a plan", True),
        (ROOM, "maya", "the plan is good", True),
    ]


def test_what_is_asked_is_spoken_safely() -> None:
    """A semicolon or a space in the words begins no other attribute."""
    assert question("a b;in=#den", "") == (r"text=a\sb\:in=#den;limit=50",)


def test_a_server_that_cannot_search_is_not_asked() -> None:
    """leo is told so at once."""
    leo = visit(Village())
    with pytest.raises(NotOnline, match="cannot search"):
        leo.client.search("plan", ROOM, lambda _: None)


def test_a_search_without_an_answer_ends() -> None:
    """The server says nothing to it, refuses it, or hangs up: each is told in words, once."""
    village, answers = searching(), list[Found]()
    leo = visit(village)
    village._do_search = lambda guest, line: None  # type: ignore[method-assign]
    leo.client.search("plan", ROOM, answers.append)
    leo.run()

    def refuse(guest: Guest, line: Line) -> None:
        village._tell(guest, "FAIL", "SEARCH", "INVALID_PARAMS", "text", "no such word")

    village._do_search = refuse  # type: ignore[method-assign]
    leo.client.search("plan", ROOM, answers.append)
    leo.run()
    leo.client.search("plan", ROOM, answers.append)
    leo.cut()
    assert [it.problem for it in answers] == [
        "the server did not answer",
        "no such word",
        "the connection broke before the answer came",
    ]


def test_what_was_said_around_a_message_can_be_read() -> None:
    """Before and after it, where one would have to scroll for long."""
    leo, answers = visit(searching()), list[Found]()
    leo.client.around(ROOM, "m2", 10, answers.append)
    leo.run()
    assert "what else?" in [it.text for it in answers[0].said]
