"""Bans from the server: whom a mask means, until when, and after a restart."""

import pytest

from hubbub.hub.events import Fact
from hubbub.hub.refusals import Why
from hubbub.hub.server_bans import Stranger, read_mask
from hubbub.hub.user import User
from hubbub.wire.casemap import fold
from hubbub.wire.masks import normalise
from tests.hub.hall import NOON, Hall, refused

LEO = Stranger(("Leo!lion@cloak.example", "Leo!lion@198.51.100.4"), "198.51.100.4", "Leopold")
V6 = Stranger(("leo!lion@2001:db8::4",), "2001:db8::4", "")
LOCAL = Stranger(("leo!lion@localhost",), "unix", "")


@pytest.fixture
def maya(hall: Hall) -> User:
    """She may ban people."""
    user = hall.enter("maya", host="192.0.2.7")
    hall.does(hall.hub.promote(user, "root", "moderator"))
    return user


@pytest.mark.parametrize(
    ("said", "kept"),
    [
        ("198.51.100.4", "198.51.100.4/32"),
        ("198.51.100.4/24", "198.51.100.0/24"),
        ("2001:DB8::4/64", "2001:db8::/64"),
        ("Leopold", "a:leopold"),
        ("a:Leopold", "a:leopold"),
        ("~a:Leopold", "a:leopold"),
        ("LEO!*@*", "leo!*@*"),
        ("leo*", "leo*!*@*"),
        ("*@Example.org", "*!*@example.org"),
    ],
)
def test_a_ban_is_kept_in_one_form(said: str, kept: str) -> None:
    """A plain word is an account; what has a wildcard or an @ is a mask; an address is a network of one."""
    assert read_mask(said, fold, normalise) == kept


@pytest.mark.parametrize(
    ("mask", "who", "fits"),
    [
        ("198.51.100.0/24", LEO, True),
        ("198.51.101.0/24", LEO, False),
        ("2001:db8::/32", LEO, False),
        ("2001:db8::/32", V6, True),
        ("198.51.100.0/24", V6, False),
        ("0.0.0.0/0", LOCAL, False),
        ("a:leopold", LEO, True),
        ("a:leo", LEO, False),
        ("a:", V6, False),
        ("*!lion@*", LEO, True),
        ("*!*@cloak.example", LEO, True),
        ("*!*@198.51.100.*", LEO, True),
        ("leo!*@*", LEO, True),
        ("tom!*@*", LEO, False),
    ],
)
def test_a_mask_means_some_and_not_others(hall: Hall, mask: str, who: Stranger, fits: bool) -> None:
    """The host that all see and the address behind it are both held against it."""
    assert hall.hub.bans.fits(mask, who) == fits


def test_a_ban_holds_until_it_is_over(hall: Hall, maya: User) -> None:
    """Then it is as if it had never been; one without an end stays."""
    hall.does(hall.hub.ban(maya, "198.51.100.0/24", "spam", NOON, NOON + 60_000))
    hall.does(hall.hub.ban(maya, "a:tom", "", NOON))
    found = hall.hub.bans.against(LEO, NOON + 59_999)
    assert found is not None
    assert (found.mask, found.setter, found.text) == ("198.51.100.0/24", "maya", "spam")
    assert hall.hub.bans.against(LEO, NOON + 60_000) is None
    assert [ban.mask for ban in hall.hub.bans.holding(NOON + 60_000)] == ["a:tom"]


def test_a_lifted_ban_holds_no_more(hall: Hall, maya: User) -> None:
    """By the same words that made it."""
    hall.does(hall.hub.ban(maya, "Leopold", "", NOON))
    hall.does(hall.hub.unban(maya, "leopold", NOON))
    assert hall.hub.bans.against(LEO, NOON) is None
    with refused(Why.BAN_ILLEGAL, "leopold", "That is not banned; UBAN LIST shows what is"):
        hall.hub.unban(maya, "leopold", NOON)


def test_bans_are_facts_that_outlast_a_restart(hall: Hall, maya: User) -> None:
    """What is over is forgotten with the next change."""
    kept: dict[str, Fact] = {}
    soon = NOON + 60_000
    for event in (
        hall.hub.ban(maya, "198.51.100.0/24", "spam", NOON, soon),
        hall.hub.ban(maya, "a:leopold", "", NOON),
    ):
        hall.does(event)
        kept |= {fact.key: fact for fact in event.facts}
    again = Hall()
    again.hub.remember(list(kept.values()), NOON)
    holding = [(ban.mask, ban.setter, ban.text, ban.until) for ban in again.hub.bans.holding(NOON)]
    assert holding == [("198.51.100.0/24", "maya", "spam", soon), ("a:leopold", "maya", "", 0)]
    later = hall.hub.ban(maya, "a:tom", "", soon)
    assert {fact.key: fact.value is None for fact in later.facts} == {"a:tom": False, "198.51.100.0/24": True}


def test_a_ban_is_in_the_audit_log(hall: Hall, maya: User) -> None:
    """Whoever bans is accountable."""
    assert hall.hub.ban(maya, "a:leopold", "spam", NOON).logs == ("&audit",)


@pytest.mark.parametrize("mask", ["*", "*!*@*", "0.0.0.0/0", "192.0.2.7"])
def test_nobody_bans_themselves(hall: Hall, maya: User, mask: str) -> None:
    """That would be everybody, or a slip."""
    with refused(Why.BAN_ILLEGAL, mask, "That would ban yourself; say more exactly who is meant"):
        hall.hub.ban(maya, mask, "", NOON)


def test_nobody_bans_those_of_a_higher_role(hall: Hall, maya: User) -> None:
    """As nobody disconnects them."""
    sam = hall.enter("sam", "sam", host="198.51.100.4")
    hall.does(hall.hub.promote(sam, "sam", "owner"))
    with refused(Why.NOT_PERMITTED, "You may not disconnect people"):
        hall.hub.ban(maya, "198.51.100.0/24", "", NOON)


@pytest.mark.parametrize("mask", ["", "two words", ":colon", "x" * 201])
def test_what_could_not_be_said_again_is_no_mask(hall: Hall, maya: User, mask: str) -> None:
    """It would have to be, to lift the ban."""
    with refused(Why.BAN_ILLEGAL, mask, "Expected an address, a network, an account or nick!user@host"):
        hall.hub.ban(maya, mask, "", NOON)


def test_others_ban_nobody(hall: Hall) -> None:
    """Not even lift a ban."""
    tom = hall.enter("tom")
    with refused(Why.NOT_PERMITTED, "You may not ban people from the server"):
        hall.hub.ban(tom, "a:leopold", "", NOON)
    with refused(Why.NOT_PERMITTED, "You may not ban people from the server"):
        hall.hub.unban(tom, "a:leopold", NOON)


def test_those_who_are_here_are_found(hall: Hall, maya: User) -> None:
    """A ban is for those who are in, too."""
    leo = hall.enter("leo", "leopold", host="198.51.100.4")
    hall.enter("tom")
    assert hall.hub.banned_people("198.51.100.0/24") == hall.hub.banned_people("a:leopold") == [leo]
