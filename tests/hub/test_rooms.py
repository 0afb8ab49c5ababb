"""Rooms: who may enter, who is in, and who hears of it."""

from dataclasses import replace

import pytest

from hubbub.hub.events import Joined
from hubbub.hub.refusals import Why
from tests.hub.hall import RULES, Hall, refused


def test_whoever_makes_a_room_runs_it(hall: Hall) -> None:
    """The first one in is its operator, the second is not."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    room = hall.room("#tea", maya, leo)
    assert (room.status(maya), room.status(leo)) == ("o", "")
    assert room.ranks(maya, "h")
    assert not room.ranks(leo, "v")


def test_a_request_changes_nothing(hall: Hall) -> None:
    """A join that was granted makes no room until its entry is taken in."""
    maya = hall.enter("maya")
    assert hall.hub.join(maya, "#tea") == Joined(maya.who, ("#tea",), "#tea", "Maya", "o")
    assert not hall.hub.channels
    assert not maya.memberships


def test_everybody_in_the_room_hears_who_comes(hall: Hall) -> None:
    """Those inside and whoever comes hear a join; those outside do not."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.enter("priya")
    hall.room("#tea", maya)
    assert hall.does(hall.hub.join(leo, "#tea")) == ["leo", "maya"]


def test_a_room_keeps_the_spelling_of_its_founder(hall: Hall) -> None:
    """Names of rooms fold; what is told is the name as it was first spelled."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    room = hall.room("#Tea", maya)
    assert hall.hub.join(leo, "#tEA") == Joined(leo.who, ("#tea",), "#Tea", "Leo")
    assert hall.hub.channel("#TEA") is room


def test_joining_twice_is_no_news(hall: Hall) -> None:
    """Whoever is in already gets no event."""
    maya = hall.enter("maya")
    hall.room("#tea", maya)
    assert hall.hub.join(maya, "#TEA") is None


def test_an_empty_room_is_gone(hall: Hall) -> None:
    """With its last member goes the room, its modes and its lists; the next one in makes a new one."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+b", "leo!*@*")
    hall.does(hall.hub.part(maya, "#tea", ""))
    assert not hall.hub.channels
    room = hall.room("#tea", leo)
    assert room.status(leo) == "o"
    assert not room.lists["b"]


def test_whoever_comes_into_an_emptied_room_runs_it(hall: Hall) -> None:
    """A join decided while the last member was still there finds nobody, and must not leave a room without operator."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    late = hall.hub.join(leo, "#tea")
    hall.does(hall.hub.part(maya, "#tea", ""))
    hall.does(late)
    assert hall.hub.channel("#tea").status(leo) == "o"


def test_only_the_first_of_two_founders_runs_the_room(hall: Hall) -> None:
    """Two who made the same room at the same time: the one whose entry came first has it."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    first, second = hall.hub.join(maya, "#tea"), hall.hub.join(leo, "#tea")
    hall.does(first)
    hall.does(second)
    assert [hall.hub.channel("#tea").status(user) for user in (maya, leo)] == ["o", ""]


def test_a_room_knows_when_it_was_made(hall: Hall) -> None:
    """It is as old as the entry that made it."""
    room = hall.room("#tea", hall.enter("maya"), hall.enter("leo"))
    assert room.created == hall.now - 1000


@pytest.mark.parametrize(
    "name", ["tea", "#", "#a b", "#a,b", "#a:b", "#a\x07", "#a\u200bb", "#a\u2028", "#" + "x" * 64]
)
def test_a_room_needs_a_legal_name(hall: Hall, name: str) -> None:
    """`#` and visible characters, no comma and no colon, 64 at most."""
    with refused(Why.CHANNEL_ILLEGAL, name):
        hall.hub.join(hall.enter("maya"), name)


@pytest.mark.parametrize("name", ["#ティー", "##", "#c++", "#" + "x" * 63])
def test_a_room_may_be_named_in_any_script(hall: Hall, name: str) -> None:
    """What can be seen can be a name."""
    assert hall.room(name, hall.enter("maya")).name == name


def test_nobody_is_in_more_rooms_than_they_may() -> None:
    """The limit is refused, and a room left makes way for another."""
    hall = Hall(replace(RULES, channels_per_user=2))
    maya = hall.enter("maya")
    hall.room("#one", maya)
    hall.room("#two", maya)
    with refused(Why.TOO_MANY_CHANNELS, "#three"):
        hall.hub.join(maya, "#three")
    hall.does(hall.hub.part(maya, "#one", ""))
    assert hall.hub.join(maya, "#three") is not None


def test_a_key_opens_the_door(hall: Hall) -> None:
    """Where +k is set, the word must be given exactly."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+k", "Oolong")
    for wrong in ("", "oolong"):
        with refused(Why.KEY_WRONG, "#tea"):
            hall.hub.join(leo, "#tea", wrong)
    assert hall.hub.join(leo, "#tea", "Oolong") is not None


def test_an_invite_only_room_lets_in_who_is_on_its_list(hall: Hall) -> None:
    """+i keeps everybody out but those whom a mask of +I fits."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+i")
    hall.mode(maya, "#tea", "+I", "sam")
    with refused(Why.INVITE_ONLY, "#tea"):
        hall.hub.join(leo, "#tea")
    assert hall.hub.join(sam, "#tea") is not None


def test_a_full_room_takes_nobody_in(hall: Hall) -> None:
    """+l counts members, and the next join waits until the one before it has been counted."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+l", "2")
    last = hall.hub.join(leo, "#tea")
    assert last is not None
    assert last.settles == "#tea"
    hall.does(last)
    with refused(Why.CHANNEL_FULL, "#tea"):
        hall.hub.join(sam, "#tea")


def test_a_ban_keeps_out_and_an_exception_lets_in(hall: Hall) -> None:
    """+b refuses whom it fits, unless +e fits them too."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+b", "*!*@home.example")
    with refused(Why.BANNED, "#tea"):
        hall.hub.join(leo, "#tea")
    hall.mode(maya, "#tea", "+e", "LEO")
    assert hall.hub.join(leo, "#tea") is not None


def test_a_ban_also_fits_the_address_behind_a_host(hall: Hall) -> None:
    """A host that is shown instead of the address does not hide from a ban."""
    maya, leo = hall.enter("maya"), hall.enter("leo", host="cloak.example")
    leo.address = "192.0.2.7"
    hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+b", "*!*@192.0.2.*")
    with refused(Why.BANNED, "#tea"):
        hall.hub.join(leo, "#tea")


def test_an_invitation_opens_every_door_once(hall: Hall) -> None:
    """Whoever was asked in passes key, limit, +i and bans; having been in, they need another invitation."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    for letters, argument in [("+i", ""), ("+k", "word"), ("+l", "1"), ("+b", "leo")]:
        hall.mode(maya, "#tea", letters, argument)
    assert hall.does(hall.hub.invite(maya, "leo", "#tea")) == ["leo"]
    hall.does(hall.hub.join(leo, "#tea"))
    hall.does(hall.hub.part(leo, "#tea", ""))
    with refused(Why.KEY_WRONG, "#tea"):
        hall.hub.join(leo, "#tea")


def test_an_invitation_ends_with_its_room(hall: Hall) -> None:
    """A new room of the same name is another room."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    hall.room("#tea", maya)
    hall.does(hall.hub.invite(maya, "leo", "#tea"))
    hall.does(hall.hub.part(maya, "#tea", ""))
    hall.room("#tea", sam)
    hall.mode(sam, "#tea", "+i")
    with refused(Why.INVITE_ONLY, "#tea"):
        hall.hub.join(leo, "#tea")


def test_everybody_in_the_room_hears_who_leaves(hall: Hall) -> None:
    """Whoever parts hears it too, and is out."""
    maya, leo, sam = hall.enter("maya"), hall.enter("leo"), hall.enter("sam")
    room = hall.room("#tea", maya, leo)
    hall.room("#other", leo, sam)
    assert hall.does(hall.hub.part(leo, "#TEA", "late")) == ["leo", "maya"]
    assert list(room.members) == [maya]
    assert list(leo.memberships) == ["#other"]


def test_one_cannot_leave_where_one_is_not(hall: Hall) -> None:
    """A room one is not in, and a room that is not there, have different answers."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya)
    with refused(Why.NOT_ON_CHANNEL, "#tea"):
        hall.hub.part(leo, "#tea", "")
    with refused(Why.NO_SUCH_CHANNEL, "#coffee"):
        hall.hub.part(leo, "#coffee", "")


def test_a_secret_room_is_visible_to_its_members_alone(hall: Hall) -> None:
    """+s hides it from everybody else."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    room = hall.room("#tea", maya)
    assert room.visible_to(leo)
    hall.mode(maya, "#tea", "+s")
    assert (room.visible_to(maya), room.visible_to(leo)) == (True, False)


def test_the_audience_of_a_room_is_made_once(hall: Hall) -> None:
    """It is the same object until somebody comes, goes, or changes how they read."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    room = hall.room("#tea", maya)
    before = room.audience()
    assert room.audience() is before
    hall.does(hall.hub.join(leo, "#tea"))
    assert room.audience() is not before
    after = room.audience()
    hall.hub.refresh(leo)
    assert room.audience() is not after
