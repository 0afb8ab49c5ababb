"""Bot mode. https://ircv3.net/specs/extensions/bot-mode"""

from __future__ import annotations

import pytest

from tests.irc.lines import every, only, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def robo(scene: Scene) -> Person:
    """A program that says what it is."""
    person = scene.enter("robo", rooms=["#room"])
    person.say("MODE robo +B")
    return person


def test_isupport_names_the_letter(scene: Scene) -> None:
    """ "The value of the BOT token is the mode character which is used to enable bot mode"."""
    heard = scene.connect().asks("NICK maya", "USER maya 0 * :Maya")
    assert "BOT=B" in [token for line in every(heard, "005") for token in line.params]


def test_a_bot_is_told_that_it_is_one(robo: Person) -> None:
    """MODE confirms it."""
    assert robo.hears() == [":robo!robo@192.0.2.7 MODE robo :+B"]


def test_whois_and_who_show_it(scene: Scene, robo: Person) -> None:
    """335, and B "in the flags (alongside H|G)"."""
    maya = scene.enter("maya")
    assert params(maya.asks("WHOIS robo"), "335")[:2] == ("maya", "robo")
    assert params(maya.asks("WHO #room"), "352")[6] == "H@B"
    robo.say("MODE robo -B")
    assert not every(maya.asks("WHOIS robo"), "335")


@pytest.mark.parametrize("line", ["PRIVMSG #room :beep", "NOTICE #room :beep", "TOPIC #room :beep", "PART #room"])
def test_all_that_a_bot_does_has_the_tag(scene: Scene, robo: Person, line: str) -> None:
    """ "This tag SHOULD be added by the server to all commands sent by a bot", and without a value."""
    maya, tom = scene.enter("maya", "message-tags", rooms=["#room"]), scene.enter("tom", rooms=["#room"])
    quiet(maya, tom)
    robo.say(line)
    (heard,) = maya.reads()
    assert heard.tags["bot"] == ""
    assert not tom.hears()[0].startswith("@")


def test_people_have_no_such_tag(scene: Scene, robo: Person) -> None:
    """Nor a bot that says it is none any more."""
    maya = scene.enter("maya", "message-tags", rooms=["#room"])
    robo.say("MODE robo -B")
    quiet(maya)
    robo.say("PRIVMSG #room :hello")
    assert "bot" not in only(maya.hears(), "PRIVMSG").tags


def test_history_remembers_it(scene: Scene, robo: Person) -> None:
    """What a program said is marked whenever it is read."""
    robo.say("PRIVMSG #room :beep", "PRIVMSG robo :beep beep")
    robo.say("MODE robo -B", "PRIVMSG #room :I am a boy")
    maya = scene.enter("maya", "message-tags", "draft/chathistory", "batch", rooms=["#room"])
    heard = every(maya.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")
    assert [(line.params[1], "bot" in line.tags) for line in heard] == [("beep", True), ("I am a boy", False)]
