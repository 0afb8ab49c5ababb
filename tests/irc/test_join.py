"""JOIN: into rooms. https://modern.ircdocs.horse/#join-message"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from tests.irc.lines import commands, every, params
from tests.scene import RULES, Scene


def test_who_joins_is_told_the_room_in_order(scene: Scene) -> None:
    """The server MUST send the JOIN, then the topic, then the names that "include the requesting client"."""
    scene.enter("leo", rooms=["#room"]).say("TOPIC #room :Lunch")
    maya = scene.enter("maya")
    heard = maya.asks("JOIN #room")
    assert commands(heard) == ["JOIN", "332", "333", "353", "366"]
    assert heard[0] == ":maya!maya@192.0.2.7 JOIN #room"
    assert params(heard, "332")[1:] == ("#room", "Lunch")
    assert params(heard, "353") == ("maya", "=", "#room", "@leo maya")


def test_a_room_without_topic_says_nothing_of_it(scene: Scene) -> None:
    """ "no message if the channel does not have a topic"."""
    assert commands(scene.enter("maya").asks("JOIN #room")) == ["JOIN", "353", "366"]


def test_whoever_makes_a_room_runs_it(scene: Scene) -> None:
    """ "the first client who joins a normal channel is made a channel operator"."""
    scene.enter("maya", rooms=["#room"])
    assert params(scene.enter("leo").asks("JOIN #room"), "353")[3] == "@maya leo"


def test_the_others_hear_who_comes(scene: Scene) -> None:
    """ "to notify the client that someone has joined a channel. In this case, the <source> will be who is joining"."""
    maya = scene.enter("maya", rooms=["#room"])
    scene.enter("leo", rooms=["#room"])
    assert maya.hears() == [":leo!leo@192.0.2.7 JOIN #room"]


def test_joining_twice_is_no_news(scene: Scene) -> None:
    """Being in already, nobody is told anything."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    maya.hears()
    assert leo.asks("JOIN #room", "JOIN #ROOM") == []
    assert maya.hears() == []


def test_several_rooms_come_one_by_one(scene: Scene) -> None:
    """ "Servers SHOULD NOT send multiple channels in this message to clients"."""
    heard = scene.enter("maya").asks("JOIN #one,,#two,#one")
    assert [line.params for line in every(heard, "JOIN")] == [("#one",), ("#two",)]


def test_each_room_has_its_key(scene: Scene) -> None:
    """ "the first <key> being used for the first <channel>, the second <key> for the second <channel>"."""
    for room, key in (("#one", "red"), ("#two", "blue"), ("#three", "")):
        owner = scene.enter(f"owner-of-{room[1:]}", rooms=[room])
        owner.say(f"MODE {room} +k {key}" if key else f"MODE {room} +n")
    heard = scene.enter("maya").asks("JOIN #one,#two,#three red,green")
    assert [line.params[0] for line in every(heard, "JOIN")] == ["#one", "#three"]
    assert params(heard, "475")[:2] == ("maya", "#two")


def test_one_refusal_does_not_keep_the_other_rooms_away(scene: Scene) -> None:
    """Each channel of a list is judged for itself."""
    heard = scene.enter("maya").asks("JOIN #good,bad,#also")
    assert params(heard, "403")[1] == "bad"
    assert [line.params for line in every(heard, "JOIN")] == [("#good",), ("#also",)]


@pytest.mark.parametrize(
    "name", ["room", "#", "&local", "#two words", "#be\x07ep", "#a:b", "#in\u200bvisible", "#\x02"]
)
def test_some_names_are_no_rooms(scene: Scene, name: str) -> None:
    """A channel is # and something visible; ERR_NOSUCHCHANNEL answers what is none."""
    assert commands(scene.enter("maya").asks(f"JOIN :{name}")) == ["403"]


@pytest.mark.parametrize("name", ["#room", "#" + "r" * 63, "#日本語", "#it's-a-room!@%+", "##", "#" + "é" * 31])
def test_a_room_may_be_called_anything_visible(scene: Scene, name: str) -> None:
    """Any script will do, within CHANNELLEN."""
    assert params(scene.enter("maya").asks(f"JOIN {name}"), "JOIN") == (name,)


@pytest.mark.parametrize("name", ["#" + "r" * 64, "#" + "é" * 32])
def test_a_name_is_measured_in_bytes(scene: Scene, name: str) -> None:
    """It stands on every line of its room, beside all else that has to fit into 512 bytes."""
    assert commands(scene.enter("maya").asks(f"JOIN {name}")) == ["403"]


def test_a_room_keeps_the_spelling_of_whoever_made_it(scene: Scene) -> None:
    """Names that differ in case alone are one room."""
    scene.enter("maya", rooms=["#Room"])
    assert params(scene.enter("leo").asks("JOIN #rOOM"), "JOIN") == ("#Room",)


def test_join_zero_leaves_all_rooms(scene: Scene) -> None:
    """ "the special argument of 0 [...] requests that the sending client leave all channels"."""
    heard = scene.enter("maya", rooms=["#one", "#two"]).asks("JOIN 0")
    assert [line.params for line in every(heard, "PART")] == [("#one",), ("#two",)]
    assert scene.hub.channels == {}


def test_there_is_a_limit_to_the_rooms_one_is_in(build: Callable[..., Scene]) -> None:
    """ "If the client cannot join because they would be over their limit, they receive an ERR_TOOMANYCHANNELS"."""
    scene = build(rules=replace(RULES, channels_per_user=2))
    maya = scene.enter("maya", rooms=["#one", "#two"])
    assert params(maya.asks("JOIN #three"), "405")[1] == "#three"
    maya.say("PART #one")
    assert commands(maya.asks("JOIN #three"))[0] == "JOIN"


@pytest.mark.parametrize("line", ["JOIN :", "JOIN ,,"])
def test_no_room_at_all_is_nothing_to_do(scene: Scene, line: str) -> None:
    """A list without names joins nothing."""
    assert scene.enter("maya").asks(line) == []


# Doors


def test_an_invite_only_room_is_closed(scene: Scene) -> None:
    """ "If they have not received an invite, they will receive an ERR_INVITEONLYCHAN reply"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +i")
    assert params(scene.enter("leo").asks("JOIN #room"), "473")[1] == "#room"


def test_an_invite_exception_opens_it(scene: Scene) -> None:
    """ "If their nickmask matches any one of the masks set by this mode [...] they do not need an INVITE"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +iI leo!*@*")
    assert commands(scene.enter("leo").asks("JOIN #room"))[0] == "JOIN"


def test_a_locked_room_needs_its_key(scene: Scene) -> None:
    """ "If they do not supply a <key>, or [it] does not match, they will receive an ERR_BADCHANNELKEY reply"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +k sesame")
    leo = scene.enter("leo")
    assert commands(leo.asks("JOIN #room")) == ["475"]
    assert commands(leo.asks("JOIN #room Sesame")) == ["475"]
    assert commands(leo.asks("JOIN #room sesame"))[0] == "JOIN"


def test_a_full_room_is_full(scene: Scene) -> None:
    """ "If [...] the number of users joined matches or exceeds the value of this mode, new users cannot join"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +l 2")
    leo = scene.enter("leo", rooms=["#room"])
    sam = scene.enter("sam")
    assert params(sam.asks("JOIN #room"), "471")[1] == "#room"
    leo.say("PART #room")
    assert commands(sam.asks("JOIN #room"))[0] == "JOIN"


def test_the_banned_stay_outside(scene: Scene) -> None:
    """ "If they match one of these banned masks, they will receive an ERR_BANNEDFROMCHAN reply"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +b *!leo@*")
    assert params(scene.enter("leo").asks("JOIN #room"), "474")[1] == "#room"
    assert commands(scene.enter("sam").asks("JOIN #room"))[0] == "JOIN"


def test_an_exception_lets_some_of_the_banned_in(scene: Scene) -> None:
    """ "they will not be blocked from joining due to the ban mode"."""
    scene.enter("maya", rooms=["#room"]).say("MODE #room +be *!*@192.0.2.7 LEO!*@*")
    assert commands(scene.enter("leo").asks("JOIN #room"))[0] == "JOIN"
    assert commands(scene.enter("sam").asks("JOIN #room")) == ["474"]
