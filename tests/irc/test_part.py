"""PART: out of rooms. https://modern.ircdocs.horse/#part-message"""

from __future__ import annotations

from tests.irc.lines import commands, every, params
from tests.scene import Scene, quiet


def test_who_leaves_and_who_stays_hear_it(scene: Scene) -> None:
    """ "the user will receive a PART message from the server for each channel they have been removed from"."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    quiet(maya, leo)
    assert leo.asks("PART #ROOM :see you") == [":leo!leo@192.0.2.7 PART #room :see you"]
    assert maya.hears() == [":leo!leo@192.0.2.7 PART #room :see you"]
    maya.say("PRIVMSG #room :alone")
    assert leo.hears() == []


def test_a_reason_need_not_be_given(scene: Scene) -> None:
    """ "<reason> (if it exists)": there is none where none was given."""
    assert scene.enter("maya", rooms=["#room"]).asks("PART #room") == [":maya!maya@192.0.2.7 PART #room"]


def test_the_reason_is_given_in_each_room(scene: Scene) -> None:
    """ "<reason> (if it exists) should be on each of these messages"."""
    heard = scene.enter("maya", rooms=["#one", "#two"]).asks("PART #one,,#two :bye")
    assert [line.params for line in every(heard, "PART")] == [("#one", "bye"), ("#two", "bye")]


def test_one_cannot_leave_where_one_is_not(scene: Scene) -> None:
    """ "if the channel exists and the client is not joined to it, they will receive an ERR_NOTONCHANNEL"."""
    scene.enter("leo", rooms=["#room"])
    maya = scene.enter("maya", rooms=["#own"])
    heard = maya.asks("PART #room,#nowhere,#own")
    assert commands(heard) == ["442", "403", "PART"]
    assert params(heard, "442")[1] == "#room"
    assert params(heard, "403")[1] == "#nowhere"


def test_an_empty_room_is_gone(scene: Scene) -> None:
    """Its modes and topic go with it, and whoever comes next makes it anew."""
    maya = scene.enter("maya", rooms=["#room"])
    maya.say("MODE #room +m", "TOPIC #room :old", "PART #room")
    heard = scene.enter("leo").asks("JOIN #room", "MODE #room")
    assert commands(heard) == ["JOIN", "353", "366", "324", "329"]
    assert params(heard, "353")[3] == "@leo"
    assert params(heard, "324")[2] == "+nt"
