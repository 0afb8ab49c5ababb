"""Moderation: kick, topic and invitation, and who may do which."""

import pytest

from hubbub.hub.channel import Channel
from hubbub.hub.events import Invited, Kicked, TopicChanged
from hubbub.hub.refusals import Why
from hubbub.hub.user import User
from tests.hub.hall import Hall, refused


@pytest.fixture
def maya(hall: Hall) -> User:
    """The operator of #tea; leo is half one, sam and priya are members, tom is outside."""
    maya, leo, sam, priya = (hall.enter(nick) for nick in ("maya", "leo", "sam", "priya"))
    hall.enter("tom")
    hall.room("#Tea", maya, leo, sam, priya)
    hall.mode(maya, "#tea", "+h", "leo")
    return maya


def test_an_operator_puts_somebody_out(hall: Hall, maya: User) -> None:
    """All hear it, whoever is put out among them, and only they are out."""
    event = hall.hub.kick(maya, "#TEA", "SAM", "enough")
    assert event == Kicked(maya.who, ("#tea",), "#Tea", "sam", "enough")
    assert hall.does(event) == ["leo", "maya", "priya", "sam"]
    assert not hall.hub.user("sam").memberships
    assert [user.nick for user in hall.hub.channel("#tea").members] == ["maya", "leo", "priya"]


def test_a_kick_stands_between_what_is_decided_before_and_after(hall: Hall, maya: User) -> None:
    """Nothing else is decided in the room until it has happened."""
    assert hall.hub.kick(maya, "#tea", "sam", "").settles == "#tea"


def test_half_an_operator_kicks_members_and_no_operator(hall: Hall, maya: User) -> None:
    """+h ranks above members and below +o."""
    leo = hall.hub.user("leo")
    assert hall.hub.kick(leo, "#tea", "sam", "").nick == "sam"
    with refused(Why.NOT_OPERATOR, "#Tea"):
        hall.hub.kick(leo, "#tea", "maya", "")


@pytest.mark.parametrize(("nick", "why"), [("sam", Why.NOT_OPERATOR), ("tom", Why.NOT_ON_CHANNEL)])
def test_members_and_outsiders_kick_nobody(hall: Hall, maya: User, nick: str, why: Why) -> None:
    """An outsider's answer is that they are not in the room."""
    with refused(why, "#Tea"):
        hall.hub.kick(hall.hub.user(nick), "#tea", "priya", "")


def test_nobody_is_kicked_who_is_not_there(hall: Hall, maya: User) -> None:
    """Not in the room and not in the house are two answers."""
    with refused(Why.NOT_THERE, "tom", "#Tea"):
        hall.hub.kick(maya, "#tea", "TOM", "")
    with refused(Why.NO_SUCH_NICK, "nobody"):
        hall.hub.kick(maya, "#tea", "nobody", "")
    with refused(Why.NO_SUCH_CHANNEL, "#nowhere"):
        hall.hub.kick(maya, "#nowhere", "sam", "")


def test_nobody_is_kicked_under_a_name_that_is_going(hall: Hall, maya: User) -> None:
    """Behind a rename on its way, the old nick is nobody: the entry would be in the log and put nobody out."""
    sam = hall.hub.user("sam")
    rename = hall.hub.rename(sam, "samuel")
    with refused(Why.NO_SUCH_NICK, "sam"):
        hall.hub.kick(maya, "#tea", "sam", "")
    hall.does(rename)
    assert hall.hub.kick(maya, "#tea", "samuel", "").nick == "samuel"


def test_a_nick_that_changes_its_case_is_still_one(hall: Hall, maya: User) -> None:
    """The folded nick is the same before and after, so it can be named meanwhile."""
    hall.hub.rename(hall.hub.user("sam"), "Sam")
    assert hall.hub.kick(maya, "#tea", "SAM", "").nick == "sam"


def test_reasons_and_topics_are_of_bounded_length(hall: Hall, maya: User) -> None:
    """What is longer is cut."""
    assert hall.hub.kick(maya, "#tea", "sam", "x" * 500).text == "x" * 390
    assert hall.hub.topic(maya, "#tea", "x" * 500).text == "x" * 390


def test_a_topic_says_who_set_it_and_when(hall: Hall, maya: User) -> None:
    """All in the room hear it; an empty one takes it away."""
    event = hall.hub.topic(maya, "#tea", "Assam")
    assert event == TopicChanged(maya.who, ("#tea",), "#Tea", "Assam")
    assert hall.does(event) == ["leo", "maya", "priya", "sam"]
    topic = hall.hub.channel("#tea").topic
    assert topic is not None
    assert (topic.text, topic.setter, topic.at) == ("Assam", maya.who.mask, hall.now)
    hall.does(hall.hub.topic(maya, "#tea", ""))
    assert hall.hub.channel("#tea").topic is None


def test_a_kept_topic_is_for_operators(hall: Hall, maya: User) -> None:
    """+t keeps members from it; without it, all inside may set it and nobody outside."""
    sam, tom = hall.hub.user("sam"), hall.hub.user("tom")
    with refused(Why.NOT_OPERATOR, "#Tea"):
        hall.hub.topic(sam, "#tea", "mine")
    assert hall.hub.topic(hall.hub.user("leo"), "#tea", "ours").text == "ours"
    hall.mode(maya, "#tea", "-t")
    assert hall.hub.topic(sam, "#tea", "mine").text == "mine"
    with refused(Why.NOT_ON_CHANNEL, "#Tea"):
        hall.hub.topic(tom, "#tea", "theirs")


def test_a_guest_hears_the_invitation(hall: Hall, maya: User) -> None:
    """It is told to the guest, and openly to the other operators; no log keeps it."""
    event = hall.hub.invite(hall.hub.user("sam"), "TOM", "#tea")
    assert event == Invited(hall.hub.user("sam").who, (), "#Tea", "tom")
    assert hall.does(event) == ["tom"]
    assert hall.does(Invited(event.who, (), "#Tea", "tom", openly=True)) == ["maya"]
    assert hall.does(Invited(maya.who, (), "#Tea", "tom", openly=True)) == []


def test_only_an_operators_invitation_opens_the_door(hall: Hall, maya: User) -> None:
    """What any member may do is ask; bans, key and limit hold for whom they asked."""
    hall.does(hall.hub.invite(hall.hub.user("sam"), "tom", "#tea"))
    assert hall.hub.user("tom").invitations == {}
    hall.does(hall.hub.invite(maya, "tom", "#tea"))
    assert list(hall.hub.user("tom").invitations) == ["#tea"]


def test_an_invite_only_room_invites_through_its_operators(hall: Hall, maya: User) -> None:
    """Where +i is set, a member's word is not enough."""
    hall.mode(maya, "#tea", "+i")
    with refused(Why.NOT_OPERATOR, "#Tea"):
        hall.hub.invite(hall.hub.user("sam"), "tom", "#tea")
    assert hall.hub.invite(maya, "tom", "#tea").nick == "tom"


def test_invitations_are_given_by_members_to_outsiders(hall: Hall, maya: User) -> None:
    """Whoever is in needs none, and whoever is out gives none."""
    with refused(Why.ALREADY_THERE, "leo", "#Tea"):
        hall.hub.invite(maya, "LEO", "#tea")
    with refused(Why.NOT_ON_CHANNEL, "#Tea"):
        hall.hub.invite(hall.hub.user("tom"), "leo", "#tea")
    with refused(Why.NO_SUCH_NICK, "nobody"):
        hall.hub.invite(maya, "nobody", "#tea")


def test_invitations_that_are_kept_are_bounded(hall: Hall, maya: User) -> None:
    """The oldest gives way, so that nobody fills another's memory."""
    most = hall.hub.rules.channels_per_user
    sam = hall.hub.user("sam")
    for number in range(most + 5):
        name = f"#room{number}"
        hall.hub.channels[name] = channel = Channel(name, name, 0)
        hall.does(Invited(maya.who, (), name, "tom", opens=True))
        assert channel not in sam.invitations.values()
    kept = hall.hub.user("tom").invitations
    assert len(kept) == most
    assert next(iter(kept)) == "#room5"
