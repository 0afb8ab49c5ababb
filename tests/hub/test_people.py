"""What people change about themselves, whom they hear, and whom operators disconnect."""

import pytest

from hubbub.hub.people import ACCEPTED_MAX
from hubbub.hub.refusals import Why
from hubbub.hub.user import User
from tests.hub.hall import Hall, changes, refused


def set_modes(hall: Hall, user: User, letters: str) -> None:
    event, unknown = hall.hub.change_user_modes(user, changes(letters))
    assert not unknown
    hall.does(event)


def say(hall: Hall, user: User, nick: str, text: str = "hello") -> list[str]:
    return hall.does(hall.hub.say(user, "PRIVMSG", nick, text))


def test_a_real_name_changes_for_all_around(hall: Hall) -> None:
    """And stays so for who stays present without a device."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    assert hall.does(hall.hub.change_realname(maya, "Maya M.")) == ["leo", "maya"]
    assert maya.realname == "Maya M."
    assert hall.hub.change_realname(maya, "Maya N.").facts == ()
    hall.does(hall.hub.stay(maya, True))
    (fact,) = hall.hub.change_realname(maya, "Maya N.").facts
    assert '"Maya N."' in str(fact.value)


@pytest.mark.parametrize("name", ["", "x" * 151, "two\nlines", "bell\x07"])
def test_a_real_name_is_some_visible_characters(hall: Hall, name: str) -> None:
    """It is shown in one line."""
    with refused(Why.REALNAME_ILLEGAL, "A real name is 1 to 150 visible characters"):
        hall.hub.change_realname(hall.enter("maya"), name)


def test_a_bot_signs_as_one(hall: Hall) -> None:
    """From +B to -B, in all it does."""
    robo = hall.enter("robo")
    set_modes(hall, robo, "+B")
    assert hall.hub.say(robo, "PRIVMSG", "robo", "beep").who.bot
    set_modes(hall, robo, "-B")
    assert not robo.who.bot


def test_strangers_do_not_reach_who_hears_only_the_known(hall: Hall) -> None:
    """+R: those without an account are refused, whatever they say."""
    maya, tom = hall.enter("maya", "maya"), hall.enter("tom")
    set_modes(hall, maya, "+R")
    with refused(Why.STRANGER, "maya"):
        say(hall, tom, "maya")
    with refused(Why.STRANGER, "maya"):
        hall.hub.say(tom, "TAGMSG", "maya", "", {"+typing": "active"})
    assert say(hall, hall.enter("leo", "leo"), "maya") == ["leo", "maya"]


def test_whoever_is_accepted_does(hall: Hall) -> None:
    """By their identity: the next who wears the nick is somebody else."""
    maya, tom = hall.enter("maya", "maya"), hall.enter("tom")
    set_modes(hall, maya, "+R")
    hall.hub.accept(maya, tom)
    assert say(hall, tom, "maya") == ["maya", "tom"]
    hall.does(hall.hub.quit(tom, ""))
    other = hall.enter("tom")
    other.identity = "~another"
    with refused(Why.STRANGER, "maya"):
        say(hall, other, "maya")


def test_one_hears_oneself(hall: Hall) -> None:
    """Guests may be +R, too."""
    tom = hall.enter("tom")
    set_modes(hall, tom, "+R")
    assert say(hall, tom, "tom") == ["tom"]


def test_of_many_accepted_the_oldest_is_forgotten(hall: Hall) -> None:
    """One list does not grow for ever; who is accepted again stands last."""
    maya = hall.enter("maya", "maya")
    people = [hall.enter(f"n{number}") for number in range(ACCEPTED_MAX)]
    for person in (*people, people[0], hall.enter("one-more")):
        hall.hub.accept(maya, person)
    assert len(maya.accepted) == ACCEPTED_MAX
    assert people[0].identity in maya.accepted
    assert people[1].identity not in maya.accepted


def test_who_takes_no_ctcp_is_sent_none(hall: Hall) -> None:
    """+T: but actions are words like others."""
    maya, tom = hall.enter("maya"), hall.enter("tom")
    set_modes(hall, maya, "+T")
    with refused(Why.CTCP_UNWANTED, "maya"):
        say(hall, tom, "maya", "\x01VERSION\x01")
    assert say(hall, tom, "maya", "\x01ACTION waves\x01") == ["maya", "tom"]


def test_whether_somebody_is_here_is_not_told_to_who_may_not_kill(hall: Hall) -> None:
    """The answer is the same for a nick that nobody wears."""
    tom = hall.enter("tom")
    for nick in ("tom", "nobody"):
        with refused(Why.NOT_PERMITTED, "You may not disconnect people"):
            hall.hub.kill(tom, nick, "")


def test_announcements_reach_those_who_want_them(hall: Hall) -> None:
    """Operators who set +w among them."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("tom")
    hall.does(hall.hub.promote(maya, "root", "admin"))
    set_modes(hall, leo, "+w")
    assert hall.does(hall.hub.announce(maya, "tea is ready")) == ["leo"]
    with refused(Why.NOT_PERMITTED, "You may not speak to everybody"):
        hall.hub.announce(leo, "mine, too")
