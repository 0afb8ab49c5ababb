"""Who somebody is: logging in and out, whom messages still find, and what an account may be called."""

from __future__ import annotations

import pytest

from hubbub.hub.events import LoggedIn, LoggedOut, pair_log
from hubbub.hub.refusals import Refused, Why
from tests.hub.hall import Ear, Hall, refused


def test_whoever_logs_in_signs_as_their_account(hall: Hall) -> None:
    """All who share a room hear of it, they themselves among them; strangers do not."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("sam")
    hall.room("#tea", maya, leo)
    assert hall.does(hall.hub.log_in(maya, "Maya")) == ["leo", "maya"]
    assert (maya.account, maya.identity, maya.who.account) == ("Maya", "maya", "Maya")
    assert hall.hub.wearers("maya") == [maya]


def test_who_is_logged_in_as_that_already_sees_nothing_happen(hall: Hall) -> None:
    """Showing the same password twice is no news."""
    assert hall.hub.log_in(hall.enter("maya", "maya"), "maya") is None


def test_what_was_on_its_way_to_the_guest_still_finds_them(hall: Hall) -> None:
    """A message that was decided before the login belongs to the guest's log, and is heard."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    said = hall.hub.say(leo, "PRIVMSG", "maya", "hello")
    hall.does(hall.hub.log_in(maya, "Maya"))
    assert hall.does(said) == ["leo", "maya"]
    assert hall.hub.say(leo, "PRIVMSG", "maya", "again").logs == (pair_log("~leo", "maya"),)


def test_one_may_log_in_as_somebody_else(hall: Hall) -> None:
    """Messages to the first account are theirs no more."""
    maya = hall.enter("maya", "maya")
    hall.does(hall.hub.log_in(maya, "Mayflower"))
    assert hall.hub.wearers("maya") == []
    assert hall.hub.wearers("mayflower") == [maya]


def test_whoever_logs_out_is_a_guest_nobody_was_before(hall: Hall) -> None:
    """Messages to the account find them no more, and neither do those to the guest they were at first."""
    maya = hall.enter("maya")
    hall.does(hall.hub.log_in(maya, "maya"))
    assert hall.does(hall.hub.log_out(maya, "~new")) == ["maya"]
    assert (maya.account, maya.identity, maya.who.account) == ("", "~new", "")
    assert hall.hub.identities == {"~new": [maya]}
    with refused(Why.NOT_LOGGED_IN):
        hall.hub.log_out(maya, "~newer")


def test_whoever_stayed_stays_no_longer_when_they_log_out(hall: Hall) -> None:
    """Presence without devices is for accounts; what was stored of it is forgotten with the logout."""
    maya = hall.enter("maya", "maya")
    hall.room("#tea", maya)
    hall.does(hall.hub.stay(maya, True))
    event = hall.hub.log_out(maya, "~new")
    assert {fact.field: fact.value for fact in event.facts} == {"user": None, "#tea": None}
    hall.does(event)
    assert not maya.stays


def test_who_leaves_after_a_login_leaves_no_identity_behind(hall: Hall) -> None:
    """Neither the account's nor the guest's."""
    maya = hall.enter("maya")
    hall.does(hall.hub.log_in(maya, "Maya"))
    hall.does(hall.hub.quit(maya, ""))
    assert hall.hub.identities == {}


def test_devices_are_not_taken_along(hall: Hall) -> None:
    """Several sessions of an account are one user: none of them alone may make it another's."""
    maya = hall.enter("maya", "maya")
    hall.hub.attach(maya, Ear(maya))
    for ask in (lambda: hall.hub.log_in(maya, "leo"), lambda: hall.hub.log_out(maya, "~new")):
        with refused(Why.NOT_ALONE, "maya"):
            ask()


def test_an_entry_about_a_guest_logs_nobody_out(hall: Hall) -> None:
    """A second logout from elsewhere changes nothing."""
    maya = hall.enter("maya")
    assert hall.does(LoggedOut(maya.who, (), "~other")) == []
    assert maya.identity == "~maya"
    assert hall.does(LoggedIn(maya.who, (), "maya")) == ["maya"]


@pytest.mark.parametrize("name", ["9lives", "ma ya", "#maya", "*", "", "NickServ", "chanserv"])
def test_an_account_is_called_like_a_nick(hall: Hall, name: str) -> None:
    """Anything else could not be worn, and the names of services are nobody's."""
    with refused(Why.ACCOUNT_ILLEGAL, name):
        hall.hub.check_account(name, None)


def test_nobodys_nick_is_given_to_an_account_of_somebody_else(hall: Hall) -> None:
    """The wearer may have it, others may not; a nick that somebody is on the way to counts, too."""
    maya = hall.enter("maya")
    assert hall.hub.check_account("Maya", maya) == "maya"
    assert hall.hub.check_account("free", None) == "free"
    hall.hub.rename(maya, "lion")
    for name in ("maya", "Lion"):
        with refused(Why.ACCOUNT_TAKEN, name):
            hall.hub.check_account(name, hall.hub.users.get("leo"))


@pytest.mark.parametrize("password", ["sesame", "maya2024"[:7], "MAYFLOWER", "aaaaaaaaaaaa", ""])
def test_weak_passwords_are_refused(hall: Hall, password: str) -> None:
    """Short ones, one letter again and again, and the account's own name."""
    with refused(Why.PASSWORD_WEAK, "Mayflower"):
        hall.hub.check_password("Mayflower", password)


@pytest.mark.parametrize("password", ["x1" * 151, "rosebud\trosebud", "é" * 151])
def test_passwords_that_no_line_could_carry_are_refused(hall: Hall, password: str) -> None:
    """ "300 bytes should be a safe reasonable limit", and controls end up nowhere good."""
    with refused(Why.PASSWORD_ILLEGAL, "maya"):
        hall.hub.check_password("maya", password)


@pytest.mark.parametrize("password", ["rosebud and sled", "correct horse battery staple", "пароль-для-чая"])
def test_any_other_password_is_good(hall: Hall, password: str) -> None:
    """There are no rules about which characters it must have."""
    hall.hub.check_password("maya", password)


@pytest.mark.parametrize("nick", ["NickServ", "CHANSERV", "histserv"])
def test_nobody_wears_the_nick_of_a_service(hall: Hall, nick: str) -> None:
    """People entrust passwords to these names."""
    with pytest.raises(Refused) as no:
        hall.hub.check_nick(nick)
    assert no.value.why is Why.NICK_OF_SERVICE
