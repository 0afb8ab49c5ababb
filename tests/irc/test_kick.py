"""KICK: out of a room, by its operators. https://modern.ircdocs.horse/#kick-message"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room, in which leo and sam are."""
    return scene.enter("maya", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    return scene.enter("leo", rooms=["#room"])


@pytest.fixture
def sam(scene: Scene, leo: Person) -> Person:
    return scene.enter("sam", rooms=["#room"])


def test_all_in_the_room_hear_it(maya: Person, leo: Person, sam: Person) -> None:
    """ "the <source> will be the client who sent the kick, and <channel> will be the channel"."""
    quiet(maya, leo, sam)
    told = [":maya!maya@192.0.2.7 KICK #room leo :Speaking English"]
    assert maya.asks("KICK #ROOM LEO :Speaking English") == told
    assert leo.hears() == told
    assert sam.hears() == told


def test_who_was_kicked_hears_no_more(maya: Person, leo: Person) -> None:
    """ "It causes the <user> to be removed from the <channel> by force"."""
    maya.say("KICK #room leo")
    leo.hears()
    maya.say("PRIVMSG #room :gone?")
    assert leo.hears() == []
    assert commands(leo.asks("PRIVMSG #room :here!")) == ["404"]


@pytest.mark.parametrize("line", ["KICK #room leo", "KICK #room leo :"])
def test_without_a_comment_the_kicker_signs(maya: Person, leo: Person, line: str) -> None:
    """ "If no comment is given, the server SHOULD use a default message instead"."""
    assert params(maya.asks(line), "KICK") == ("#room", "leo", "maya")


def test_several_are_kicked_one_by_one(maya: Person, leo: Person, sam: Person) -> None:
    """ "MUST distribute these multiple-user KICK messages as a series of messages with a single user name on each"."""
    heard = every(maya.asks("KICK #room leo,,sam :out"), "KICK")
    assert [line.params for line in heard] == [("#room", "leo", "out"), ("#room", "sam", "out")]


def test_one_who_is_not_there_does_not_protect_the_others(scene: Scene, maya: Person, leo: Person) -> None:
    """Each is judged for themselves."""
    scene.enter("tom")
    heard = maya.asks("KICK #room tom,nobody,leo")
    assert commands(heard) == ["441", "401", "KICK"]
    assert params(heard, "441")[1:3] == ("tom", "#room")


def test_no_more_are_kicked_at_once_than_targmax_says(scene: Scene, maya: Person) -> None:
    """ "Servers MAY limit the number of target users per KICK command"; whoever was left out is named."""
    nicks = [f"guest{number}" for number in range(6)]
    for nick in nicks:
        scene.enter(nick, rooms=["#room"])
    heard = maya.asks(f"KICK #room {','.join(nicks)}")
    assert [line.params[1] for line in every(heard, "KICK")] == nicks[:4]
    assert [line.params[1] for line in every(heard, "407")] == nicks[4:]


def test_members_without_rank_kick_nobody(scene: Scene, leo: Person, sam: Person) -> None:
    """ERR_CHANOPRIVSNEEDED says whose right it is, and all stay."""
    assert params(leo.asks("KICK #room sam"), "482")[1] == "#room"
    assert len(scene.hub.channels["#room"].members) == 3


def test_outsiders_kick_nobody(scene: Scene, leo: Person) -> None:
    """ERR_NOTONCHANNEL is for those who are not in the room."""
    assert params(scene.enter("tom").asks("KICK #room leo"), "442")[1] == "#room"


def test_a_room_that_is_not_there_has_nobody_to_kick(maya: Person) -> None:
    """ERR_NOSUCHCHANNEL names it."""
    assert params(maya.asks("KICK #nowhere leo"), "403")[1] == "#nowhere"


def test_half_an_operator_kicks_but_no_operator(maya: Person, leo: Person, sam: Person) -> None:
    """Nobody is put out by those below them."""
    maya.say("MODE #room +h leo")
    leo.hears()
    assert params(leo.asks("KICK #room maya"), "482")[1] == "#room"
    assert params(leo.asks("KICK #room sam"), "KICK")[1] == "sam"


def test_channels_may_be_paired_with_nicks(scene: Scene, maya: Person, leo: Person) -> None:
    """The older form, a channel for each nick, does what it says."""
    maya.say("JOIN #other")
    leo.say("JOIN #other")
    heard = every(maya.asks("KICK #room,#other leo,leo"), "KICK")
    assert [line.params[0] for line in heard] == ["#room", "#other"]


@pytest.mark.parametrize("line", ["KICK", "KICK #room"])
def test_whom_to_kick_has_to_be_said(maya: Person, line: str) -> None:
    """ERR_NEEDMOREPARAMS where it is not."""
    assert params(maya.asks(line), "461")[1] == "KICK"
