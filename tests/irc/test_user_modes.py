"""What one takes from whom: +R and ACCEPT, +T. And who may change what of themselves."""

from __future__ import annotations

import pytest

from hubbub.hub.ports import Account
from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She hears only those who are logged in."""
    person = scene.enter("maya")
    person.say("MODE maya +R")
    person.hears()
    return person


@pytest.fixture
def tom(scene: Scene) -> Person:
    return scene.enter("tom")


def test_a_stranger_is_told_why_they_are_not_heard(maya: Person, tom: Person) -> None:
    """ERR_NEEDREGGEDNICK; a NOTICE is refused in silence, as always."""
    assert params(tom.asks("PRIVMSG maya :hello"), "477")[:2] == ("tom", "maya")
    assert tom.asks("NOTICE maya :hello") == []
    assert maya.hears() == []


def test_whoever_is_logged_in_is_heard(scene: Scene, maya: Person) -> None:
    """That is what +R is for."""
    scene.accounts.save("leo", Account("leo", "secret", 0), new=True)
    leo = scene.connect()
    leo.say("PASS leo:secret", "NICK leo", "USER leo 0 * :Leo")
    quiet(leo, maya)
    assert leo.asks("PRIVMSG maya :hello") == []
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_whoever_was_accepted_is_heard_until_they_are_not(maya: Person, tom: Person) -> None:
    """ACCEPT nick, ACCEPT -nick."""
    assert maya.asks("ACCEPT TOM") == []
    tom.say("PRIVMSG maya :hello")
    assert commands(maya.hears()) == ["PRIVMSG"]
    maya.say("ACCEPT -tom")
    assert commands(tom.asks("PRIVMSG maya :hello?")) == ["477"]


def test_whoever_was_written_to_may_answer(maya: Person, tom: Person) -> None:
    """A question wants an answer."""
    maya.say("PRIVMSG tom :hello")
    tom.say("PRIVMSG maya :hello yourself")
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_nobody_is_accepted_who_is_not_here(maya: Person) -> None:
    """Each of several nicks is judged by itself."""
    assert params(maya.asks("ACCEPT nobody,maya,,"), "FAIL")[:3] == ("ACCEPT", "INVALID_USER", "nobody")
    assert commands(maya.asks("ACCEPT")) == ["461"]


def test_rooms_are_open_to_all(scene: Scene, maya: Person, tom: Person) -> None:
    """+R is about what is said in private."""
    for person in (maya, tom):
        person.say("JOIN #room")
    quiet(maya, tom)
    tom.say("PRIVMSG #room :hello")
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_who_takes_no_ctcp_is_sent_none(scene: Scene, tom: Person) -> None:
    """+T: ERR_CANTSENDTOUSER says so; actions are words like others."""
    leo = scene.enter("leo")
    leo.asks("MODE leo +T")
    assert params(tom.asks("PRIVMSG leo :\x01VERSION\x01"), "531")[:2] == ("tom", "leo")
    tom.say("PRIVMSG leo :\x01ACTION waves\x01")
    assert commands(leo.hears()) == ["PRIVMSG"]


def test_nobody_makes_themselves_an_operator(tom: Person) -> None:
    """ "the attempt SHOULD be ignored"; and who is none has none to give up."""
    assert tom.asks("MODE tom +o") == []
    assert tom.asks("MODE tom -o") == []
    assert tom.asks("MODE tom +io") == [":tom!tom@192.0.2.7 MODE tom :+i"]


def test_the_welcome_names_all_letters(scene: Scene) -> None:
    """RPL_MYINFO: "available user modes"."""
    heard = scene.connect().asks("NICK maya", "USER maya 0 * :Maya")
    assert params(heard, "004")[3] == "BRTiow"
