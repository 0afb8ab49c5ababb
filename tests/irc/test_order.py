"""What a dialect decides while the store works: in the order it was asked, and by the state it leads to.

Talk goes on its way at once, changes are waited for, and questions are answered behind all that was decided.
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(slow=True)


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #room, and from now on the store takes its time."""
    person = scene.enter("leo", rooms=["#room"])
    quiet(maya)
    scene.slow.held = True
    return person


def land_all(scene: Scene) -> None:
    while scene.slow.groups:
        scene.slow.land()
        scene.turn()


@pytest.mark.parametrize(
    ("change", "line", "answers"),
    [
        ("KICK #room leo", "PRIVMSG #room :hi", "404"),
        ("KICK #room leo", "PRIVMSG @#room :hi", "404"),
        ("MODE #room +m", "PRIVMSG #ROOM :hi", "404"),
        ("MODE #room +b leo", "NOTICE #room :hi", ""),
        ("KICK #room leo", "TOPIC #room :hi", "442"),
        ("MODE #room +i", "INVITE sam #room", "482"),
        ("MODE #room +l 2", "MODE #room", "324 329"),
        ("MODE #room +o leo", "KICK #room maya", "KICK"),
    ],
)
def test_what_is_asked_behind_a_change_is_judged_after_it(
    scene: Scene, maya: Person, leo: Person, change: str, line: str, answers: str
) -> None:
    """Whatever takes or gives rights in a room has happened when the next line about that room is judged."""
    scene.slow.held = False
    scene.enter("sam")
    scene.slow.held = True
    maya.say(change)
    leo.say(line)
    assert leo.hears() == []
    land_all(scene)
    assert commands(leo.hears())[1:] == answers.split()


@pytest.mark.parametrize(
    ("change", "numeric"), [("+i", "473"), ("+k sesame", "475"), ("+b sam", "474"), ("+l 2", "471")]
)
def test_a_door_that_is_being_closed_is_closed(
    scene: Scene, maya: Person, leo: Person, change: str, numeric: str
) -> None:
    """Nobody slips in while the change is on its way."""
    sam = scene.enter("sam")
    maya.say(f"MODE #room {change}")
    assert sam.asks("JOIN #room") == []
    land_all(scene)
    assert commands(sam.hears()) == [numeric]


def test_the_modes_shown_are_those_that_were_set(scene: Scene, maya: Person, leo: Person) -> None:
    """A question behind a change of one's own shows what it came to."""
    maya.say("MODE #room +k sesame", "MODE #room", "TOPIC #room :x", "TOPIC #room")
    land_all(scene)
    heard = maya.hears()
    assert commands(heard) == ["MODE", "324", "329", "TOPIC", "332", "333"]
    assert params(heard, "324")[2:] == ("+knt", "sesame")


def test_a_question_about_a_room_waits_for_what_others_changed(scene: Scene, maya: Person, leo: Person) -> None:
    """MODE and TOPIC without anything to set are questions, and come behind what is on its way in any room."""
    maya.say("JOIN #other")
    leo.say("MODE #room", "TOPIC #room")
    assert leo.hears() == []
    land_all(scene)
    assert commands(leo.hears()) == ["324", "329", "331"]


@pytest.mark.parametrize(
    "line", ["WHO #room", "NAMES #room", "LIST", "WHOIS leo", "PING x", "ISON leo", "LUSERS", "HELP"]
)
def test_a_question_comes_behind_what_was_said_before(scene: Scene, maya: Person, leo: Person, line: str) -> None:
    """An answer never overtakes a message."""
    leo.say("PRIVMSG #room :first")
    assert maya.asks(line) == []
    land_all(scene)
    heard = commands(maya.hears())
    assert heard[0] == "PRIVMSG"
    assert len(heard) > 1


def test_a_join_and_the_words_behind_it_arrive_in_order(scene: Scene, maya: Person, leo: Person) -> None:
    """The line behind a change waits for it, so one may speak as soon as one has asked to come in."""
    sam = scene.enter("sam")
    scene.slow.held = True
    sam.say("JOIN #room", "PRIVMSG #room :hello", "PART #room", "PRIVMSG #room :again")
    land_all(scene)
    assert commands(maya.hears()) == ["JOIN", "PRIVMSG", "PART"]
    assert commands(sam.hears()) == ["JOIN", "353", "366", "PART", "404"]
