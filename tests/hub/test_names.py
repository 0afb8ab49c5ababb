"""Names: who may wear a nick, how it is claimed, and what the others hear when it changes or goes."""

from dataclasses import replace

import pytest

from hubbub.hub.events import Renamed
from hubbub.hub.refusals import Why
from tests.hub.hall import RULES, Ear, Hall, refused


@pytest.mark.parametrize(
    "nick", ["", "1maya", "-maya", "ma ya", "máya", "maya!", "#maya", "maya,leo", "x" * 33, "maуa"]
)
def test_a_nick_is_plain_ascii(hall: Hall, nick: str) -> None:
    """A name that only looks like another's is the oldest trick in chat."""
    with refused(Why.NICK_ILLEGAL, nick):
        hall.hub.check_nick(nick)


@pytest.mark.parametrize("nick", ["maya", "M", "[maya]", "maya-1", "_", "x" * 32, "`^{|}\\"])
def test_a_nick_may_use_what_irc_allows(hall: Hall, nick: str) -> None:
    """Letters, digits and the specials; the answer is its folded form."""
    assert hall.hub.check_nick(nick) == nick.lower()


def test_a_nick_is_worn_by_one(hall: Hall) -> None:
    """In any case of its letters."""
    hall.enter("Maya")
    with refused(Why.NICK_TAKEN, "mAYA"):
        hall.hub.check_nick("mAYA")


def test_a_name_on_its_way_is_claimed(hall: Hall) -> None:
    """Nobody takes a nick that a rename was granted for, and the old one stays taken until it is done."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    event = hall.hub.rename(maya, "maia")
    assert event == Renamed(maya.who, (), "maia")
    for nick in ("MAIA", "maya"):
        with refused(Why.NICK_TAKEN, nick):
            hall.hub.rename(leo, nick)
    hall.does(event)
    assert not hall.hub.claims
    assert hall.hub.check_nick("maya") == "maya"
    assert hall.hub.user("maia") is maya


def test_an_abandoned_rename_gives_its_claim_back(hall: Hall) -> None:
    """What was decided and will not happen leaves nothing behind."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    event = hall.hub.rename(maya, "maia")
    assert event is not None
    hall.hub.abandon(event)
    assert maya.nick == "maya"
    assert hall.hub.rename(leo, "maia") is not None


def test_only_renames_leave_something_to_abandon(hall: Hall) -> None:
    """Abandoning any other event changes nothing."""
    maya = hall.enter("maya")
    hall.hub.rename(maya, "maia")
    hall.hub.abandon(hall.hub.quit(maya, ""))
    assert list(hall.hub.claims) == ["maia"]


def test_the_same_nick_is_no_news(hall: Hall) -> None:
    """Nothing is claimed and nothing happens."""
    assert hall.hub.rename(hall.enter("maya"), "maya") is None
    assert not hall.hub.claims


def test_a_nick_may_change_its_case(hall: Hall) -> None:
    """It is the same nick to the house, spelled anew."""
    maya = hall.enter("maya")
    hall.does(hall.hub.rename(maya, "MAYA"))
    assert hall.hub.users == {"maya": maya}
    assert maya.who.mask == "MAYA!maya@home.example"


def test_all_who_share_a_room_hear_a_rename_once(hall: Hall) -> None:
    """However many rooms they share, and nobody else."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.enter("tom")
    hall.room("#tea", maya, leo)
    hall.room("#coffee", maya, leo, sam)
    event = hall.hub.rename(maya, "maia")
    assert event is not None
    assert event.logs == ("#tea", "#coffee")
    assert hall.does(event) == ["leo", "maia", "sam"]


def test_rank_and_room_outlast_a_rename(hall: Hall) -> None:
    """A member is a member under any nick."""
    maya = hall.enter("maya")
    room = hall.room("#tea", maya)
    hall.does(hall.hub.rename(maya, "maia"))
    assert room.status(hall.hub.user("maia")) == "o"


def test_all_who_share_a_room_hear_a_quit(hall: Hall) -> None:
    """Whoever quits hears nothing more, is in no room, and their nick is free."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya, leo)
    hall.room("#coffee", maya, leo)
    hall.room("#alone", maya)
    event = hall.hub.quit(maya, "bye")
    assert event.logs == ("#tea", "#coffee", "#alone")
    assert hall.does(event) == ["leo"]
    assert set(hall.hub.channels) == {"#tea", "#coffee"}
    assert not maya.memberships
    assert not maya.sessions
    hall.does(hall.hub.rename(sam, "maya"))
    assert hall.hub.user("maya") is sam


def test_whoever_left_is_remembered(hall: Hall) -> None:
    """WHOWAS knows a nick after a rename and after a quit, the latest first, with its time in ms."""
    maya = hall.enter("maya", "maya")
    hall.does(hall.hub.rename(maya, "maia"))
    hall.does(hall.hub.quit(maya, ""))
    assert [(past.nick, past.account, past.left) for past in hall.hub.past] == [
        ("maia", "maya", hall.now),
        ("maya", "maya", hall.now - 1000),
    ]


def test_the_memory_of_those_who_left_is_bounded() -> None:
    """The oldest are forgotten first."""
    hall = Hall(replace(RULES, whowas=2))
    for nick in ("maya", "leo", "sam"):
        hall.does(hall.hub.quit(hall.enter(nick), ""))
    assert [past.nick for past in hall.hub.past] == ["sam", "leo"]


def test_an_identity_is_forgotten_with_its_last_wearer(hall: Hall) -> None:
    """Somebody who is here twice under one account is still here when one of the two goes."""
    desk, phone = hall.enter("maya", "maya"), hall.enter("maya_phone", "maya")
    assert hall.hub.wearers("maya") == [desk, phone]
    hall.does(hall.hub.quit(desk, ""))
    assert hall.hub.wearers("maya") == [phone]
    hall.does(hall.hub.quit(phone, ""))
    assert hall.hub.wearers("maya") == []
    assert not hall.hub.identities


def test_the_house_counts_its_fullest_hour(hall: Hall) -> None:
    """Those who left were still here together."""
    maya = hall.enter("maya")
    hall.enter("leo")
    hall.does(hall.hub.quit(maya, ""))
    hall.enter("sam")
    assert hall.hub.most_users == 2


def test_neighbours_learn_who_is_away(hall: Hall) -> None:
    """Away with a reason, of bounded length, and back without one."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("sam")
    hall.room("#tea", maya, leo)
    assert hall.does(hall.hub.away(maya, "x" * 300)) == ["leo", "maya"]
    assert maya.away == "x" * 200
    hall.does(hall.hub.away(maya, ""))
    assert maya.away == ""


def test_every_session_of_a_user_hears_for_itself(hall: Hall) -> None:
    """A second session is an ear of its own."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    hall.hub.attach(leo, Ear(leo))
    assert hall.does(hall.hub.rename(maya, "maia")) == ["leo", "leo", "maia"]
