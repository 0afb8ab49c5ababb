"""getname://, as the tutorial's own server would do it."""

import pytest

from tests.doors.porch import Porch


def test_the_server_asks_with_one_word_alone(porch: Porch) -> None:
    assert porch.at("getname").hears() == "GET_NAME"


def test_a_newcomer_is_greeted_and_the_others_are_told(porch: Porch) -> None:
    """Each hears their own sentence."""
    leo, maya = porch.at("getname", "leo"), porch.at("getname")
    assert maya.asks("maya") == ["maya connected to server!"]
    assert leo.lines() == ["maya joined!"]


def test_what_one_says_goes_to_all_others(porch: Porch) -> None:
    """And not to the sender."""
    leo, maya, ida = porch.at("getname", "leo"), porch.at("getname", "maya"), porch.enter("ida", rooms=["#lobby"])
    leo.hears()
    assert maya.asks("maya: hello") == []
    assert leo.lines() == ["maya: hello"]
    assert ida.reads()[-1].params == ("#lobby", "hello")


@pytest.mark.parametrize("word", ["q", "exit", "close", "disconnect", "maya: q"])
def test_four_words_leave(porch: Porch, word: str) -> None:
    """With the name before them, too: the tutorial's client never sends them without."""
    leo, maya = porch.at("getname", "leo"), porch.at("getname", "maya")
    leo.hears()
    assert maya.asks(word) == []
    assert maya.cable.closed
    assert leo.lines() == ["maya left!"]


def test_the_operator_reads_how_many_are_connected(porch: Porch) -> None:
    """As the tutorial's log says it: who came in, and how many there are then."""
    porch.at("getname", "leo")
    porch.at("getname", "maya")
    assert porch.notes == [
        ("came in", {"nick": "leo", "door": "getname", "connections": 1}),
        ("came in", {"nick": "maya", "door": "getname", "connections": 2}),
    ]
