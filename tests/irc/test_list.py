"""LIST and its conditions. https://modern.ircdocs.horse/#list-message"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every
from tests.scene import Person, Scene


def listed(asker: Person, line: str) -> set[str]:
    """The channels in the answer, which begins and ends as it should."""
    heard = asker.asks(line)
    assert commands(heard)[0] == "321"
    assert commands(heard)[-1] == "323"
    return {found.params[1] for found in every(heard, "322")}


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She sees #old with one member and #new with two, an hour younger; #secret hides."""
    leo = scene.enter("leo", rooms=["#old", "#secret"])
    leo.say("MODE #secret +s", "TOPIC #old :First")
    scene.pass_time(3600)
    leo.say("JOIN #new")
    scene.enter("sam", rooms=["#new"])
    scene.pass_time(60)
    return scene.enter("maya")


def test_rooms_are_listed_with_members_and_topic(maya: Person) -> None:
    """ "sends information about a channel [...] <client count> is an integer [...] <topic> is the channel's topic"."""
    heard = maya.asks("LIST")
    assert [line.params for line in every(heard, "322")] == [("maya", "#old", "1", "First"), ("maya", "#new", "2", "")]


def test_a_secret_room_is_listed_for_its_members_alone(scene: Scene, maya: Person) -> None:
    """ "A channel that is set to secret will not show up [...] unless the client sending the command is joined"."""
    assert listed(maya, "LIST") == {"#old", "#new"}
    assert listed(maya, "LIST #secret") == set()
    scene.enter("tom", rooms=["#secret"])
    maya.say("JOIN #secret")
    assert listed(maya, "LIST") == {"#old", "#new", "#secret"}


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("#old", {"#old"}),
        ("#OLD", {"#old"}),
        ("#old,#new", {"#old", "#new"}),
        ("#nowhere", set()),
        ("#old,#nowhere", {"#old"}),
    ],
)
def test_the_rooms_that_were_named_are_listed(maya: Person, asked: str, found: set[str]) -> None:
    """ "If this parameter is given, the information for only the given channels is returned"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize(
    ("asked", "found"), [("*ld", {"#old"}), ("#n?w", {"#new"}), ("*", {"#old", "#new"}), ("*x*", set())]
)
def test_m_searches_by_mask(maya: Person, asked: str, found: set[str]) -> None:
    """ "M: Searching based on a mask"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize(("asked", "found"), [("!*ld", {"#new"}), ("!*", set()), ("!*x*", {"#old", "#new"})])
def test_n_searches_by_what_does_not_match(maya: Person, asked: str, found: set[str]) -> None:
    """ "N: Searching based on a non-matching !mask. i.e., the opposite of M"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [(">0", {"#old", "#new"}), (">1", {"#new"}), ("<2", {"#old"}), ("<1", set()), (">2", set()), (">0,<2", {"#old"})],
)
def test_u_searches_by_users(maya: Person, asked: str, found: set[str]) -> None:
    """ "U: [...] to search for a channel that has less or more than val users, respectively"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("C>30", {"#old"}),
        ("C<30", {"#new"}),
        ("C<0", set()),
        ("C>0", {"#old", "#new"}),
        ("C<1", set()),
        ("C>61", set()),
    ],
)
def test_c_searches_by_age(maya: Person, asked: str, found: set[str]) -> None:
    """ "C: [...] created either less than val minutes ago, or more than val minutes ago, respectively"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize(
    ("asked", "found"), [("T>30", {"#old"}), ("T<30", set()), ("T<100", {"#old"}), ("T>61", set())]
)
def test_t_searches_by_the_age_of_the_topic(maya: Person, asked: str, found: set[str]) -> None:
    """ "T: [...] a topic time that was set less than val minutes ago, or more than val minutes ago"."""
    assert listed(maya, f"LIST {asked}") == found


@pytest.mark.parametrize("asked", ["#old,#new >1", "#new,>1,!*ld", "* >1,C<30", ">1 #old,#new"])
def test_names_and_conditions_go_together(maya: Person, asked: str) -> None:
    """ "the server filters the returned list of channels with the given conditions"."""
    assert listed(maya, f"LIST {asked}") == {"#new"}


@pytest.mark.parametrize("asked", [":", ",", "<", "C>", "T>x", f">{'9' * 400}", "\u0663"])
def test_odd_conditions_are_masks_that_may_fit_nothing(maya: Person, asked: str) -> None:
    """Whatever is asked has a beginning and an end."""
    assert listed(maya, f"LIST {asked}") <= {"#old", "#new"}
