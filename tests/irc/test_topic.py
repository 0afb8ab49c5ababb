"""TOPIC: what a room is about. https://modern.ircdocs.horse/#topic-message"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


def test_a_new_topic_is_told_to_all_its_author_among_them(scene: Scene, maya: Person) -> None:
    """ "every client in that channel (including the author of the topic change) will receive a TOPIC command"."""
    leo = scene.enter("leo", rooms=["#room"])
    quiet(maya, leo)
    assert maya.asks("TOPIC #ROOM :Lunch at 12") == [":maya!maya@192.0.2.7 TOPIC #room :Lunch at 12"]
    assert leo.hears() == [":maya!maya@192.0.2.7 TOPIC #room :Lunch at 12"]


def test_a_topic_is_shown_with_who_set_it_and_when(maya: Person) -> None:
    """ "If RPL_TOPIC is returned to the client sending this command, RPL_TOPICWHOTIME SHOULD also be sent"."""
    heard = maya.asks("TOPIC #room :Lunch", "TOPIC #room")
    assert commands(heard) == ["TOPIC", "332", "333"]
    assert params(heard, "332") == ("maya", "#room", "Lunch")
    assert params(heard, "333") == ("maya", "#room", "maya!maya@192.0.2.7", "1790000000")


def test_a_room_without_topic_says_so(maya: Person) -> None:
    """ "either RPL_TOPIC or RPL_NOTOPIC is returned"."""
    assert params(maya.asks("TOPIC #room"), "331")[1] == "#room"


def test_an_empty_topic_clears_it(maya: Person) -> None:
    """ "If <topic> is an empty string, the topic for the channel will be cleared"."""
    maya.say("TOPIC #room :Lunch")
    assert maya.asks("TOPIC #room :") == [":maya!maya@192.0.2.7 TOPIC #room :"]
    assert commands(maya.asks("TOPIC #room")) == ["331"]


def test_a_protected_topic_needs_an_operator(scene: Scene, maya: Person) -> None:
    """ "If a client does not have appropriate channel permissions [...] ERR_CHANOPRIVSNEEDED is returned"."""
    leo = scene.enter("leo", rooms=["#room"])
    assert params(leo.asks("TOPIC #room :mine"), "482")[1] == "#room"
    maya.say("MODE #room -t")
    leo.hears()
    assert commands(leo.asks("TOPIC #room :mine")) == ["TOPIC"]


def test_half_an_operator_may_change_it(scene: Scene, maya: Person) -> None:
    """The +t mode asks for halfop or operator."""
    leo = scene.enter("leo", rooms=["#room"])
    maya.say("MODE #room +h leo")
    leo.hears()
    assert commands(leo.asks("TOPIC #room :mine")) == ["TOPIC"]


@pytest.mark.parametrize("line", ["TOPIC #room :mine", "TOPIC #room"])
def test_outsiders_neither_set_nor_see_the_topic_of_a_secret_room(scene: Scene, maya: Person, line: str) -> None:
    """To them it does not exist."""
    maya.say("MODE #room +s")
    assert params(scene.enter("leo").asks(line), "403")[1] == "#room"


def test_outsiders_see_the_topic_of_an_open_room(scene: Scene, maya: Person) -> None:
    """It stands in LIST, too."""
    maya.say("TOPIC #room :Lunch")
    assert commands(scene.enter("leo").asks("TOPIC #room")) == ["332", "333"]


def test_a_room_that_is_not_there_has_no_topic(maya: Person) -> None:
    """ERR_NOSUCHCHANNEL answers both forms."""
    assert commands(maya.asks("TOPIC #nowhere", "TOPIC #nowhere :x")) == ["403", "403"]


def test_a_long_topic_is_cut_to_topiclen(maya: Person) -> None:
    """ISUPPORT says how many characters a topic may have."""
    assert params(maya.asks(f"TOPIC #room :{'x' * 450}"), "TOPIC")[1] == "x" * 390
