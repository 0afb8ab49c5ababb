"""AWAY and away-notify.

https://modern.ircdocs.horse/#away-message and https://ircv3.net/specs/extensions/away-notify
"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She is in #room and wants to know who is away."""
    return scene.enter("maya", "away-notify", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", rooms=["#room"])
    quiet(maya)
    return person


def test_going_and_coming_back_are_acknowledged(leo: Person) -> None:
    """ "The server acknowledges the change in away status by returning the RPL_NOWAWAY and RPL_UNAWAY numerics"."""
    assert commands(leo.asks("AWAY :lunch")) == ["306"]
    assert commands(leo.asks("AWAY")) == ["305"]
    assert commands(leo.asks("AWAY :lunch", "AWAY :")) == ["306", "305"]


def test_whoever_shares_a_room_is_notified_once(scene: Scene, maya: Person, leo: Person) -> None:
    """ "clients will be sent an AWAY message when a user sharing a channel with them sets, changes or removes"."""
    for person in (maya, leo):
        person.say("JOIN #other")
    quiet(maya, leo)
    leo.say("AWAY :lunch", "AWAY :long lunch", "AWAY")
    assert maya.hears() == [
        ":leo!leo@192.0.2.7 AWAY :lunch",
        ":leo!leo@192.0.2.7 AWAY :long lunch",
        ":leo!leo@192.0.2.7 AWAY",
    ]


def test_what_changes_nothing_is_not_told(maya: Person, leo: Person) -> None:
    """Clients that say AWAY every minute disturb nobody."""
    leo.say("AWAY", "AWAY :lunch", "AWAY :lunch")
    assert maya.hears() == [":leo!leo@192.0.2.7 AWAY :lunch"]


def test_who_did_not_ask_is_not_notified(scene: Scene, leo: Person) -> None:
    """The capability is what allows a client to specify that it would like to be notified."""
    sam = scene.enter("sam", rooms=["#room"])
    leo.say("AWAY :lunch")
    assert sam.hears() == []


def test_strangers_are_not_notified(scene: Scene, leo: Person) -> None:
    """Who shares no room has no business with it."""
    tom = scene.enter("tom", "away-notify")
    leo.say("AWAY :lunch")
    assert tom.hears() == []


def test_nobody_is_notified_of_themselves(maya: Person) -> None:
    """ "Clients SHOULD NOT be sent AWAY messages to notify them of their own away status"."""
    assert commands(maya.asks("AWAY :lunch")) == ["306"]
    assert commands(maya.asks("JOIN #other")) == ["JOIN", "353", "366"]


def test_who_joins_while_away_is_told_to_the_room(scene: Scene, maya: Person) -> None:
    """ "as well as when a user joins and has an away message set"; nobody outside that room is told again."""
    sam = scene.enter("sam", "away-notify", rooms=["#elsewhere"])
    leo = scene.enter("leo", rooms=["#elsewhere"])
    leo.say("AWAY :lunch")
    quiet(maya, sam)
    leo.say("JOIN #room")
    assert maya.hears() == [":leo!leo@192.0.2.7 JOIN #room", ":leo!leo@192.0.2.7 AWAY :lunch"]
    assert sam.hears() == []


def test_who_joins_while_here_is_not(scene: Scene, maya: Person) -> None:
    """ "Note that AWAY will not be sent for joining users with no away message set"."""
    scene.enter("leo", rooms=["#room"])
    assert commands(maya.hears()) == ["JOIN"]


def test_being_away_shows_in_whois_who_and_userhost(maya: Person, leo: Person) -> None:
    """ "Servers SHOULD notify clients when a user they're interacting with is away"."""
    leo.say("AWAY :lunch")
    assert params(maya.asks("WHOIS leo"), "301") == ("maya", "leo", "lunch")
    assert params(maya.asks("WHO leo"), "352")[6] == "G"
    assert params(maya.asks("USERHOST leo"), "302")[1] == "leo=-leo@192.0.2.7"
    leo.say("AWAY")
    assert params(maya.asks("WHO leo"), "352")[6] == "H"
    assert params(maya.asks("USERHOST leo"), "302")[1] == "leo=+leo@192.0.2.7"
    assert "301" not in commands(maya.asks("WHOIS leo"))


def test_a_long_reason_is_cut_to_awaylen(maya: Person, leo: Person) -> None:
    """ "If [it] has more characters than this parameter, it may be silently truncated"."""
    leo.say(f"AWAY :{'x' * 400}")
    assert params(maya.hears(), "AWAY")[0] == "x" * 200
