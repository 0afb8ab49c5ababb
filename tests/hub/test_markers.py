"""Read markers: up to where somebody has read, on whichever device. https://ircv3.net/specs/extensions/read-marker"""

import pytest

from hubbub.hub.events import Fact, MarkedRead
from hubbub.hub.hub import Hub
from hubbub.hub.markers import MOST, Markers, mark_read
from hubbub.hub.refusals import Why
from hubbub.hub.user import User
from tests.hub.hall import NOON, RULES, Ear, Hall, Plain, refused


def mark(hall: Hall, user: User, target: str, at: int) -> MarkedRead | None:
    return mark_read(hall.hub, user, target, at, NOON)


def read(hall: Hall, user: User, log: str) -> int:
    return hall.hub.markers.at(user.identity, log)


def test_all_devices_of_one_person_hear_it_and_nobody_else(hall: Hall) -> None:
    """ "The read markers sent by a user MUST NOT be disclosed to other users"."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo")
    hall.enter("maya_phone", "maya")
    hall.hub.attach(maya, Ear(maya, Plain()))
    hall.room("#tea", maya, leo)
    assert hall.does(mark(hall, maya, "#TEA", 5)) == ["maya", "maya", "maya_phone"]
    assert (read(hall, maya, "#tea"), read(hall, leo, "#tea")) == (5, 0)


def test_a_marker_only_moves_forward(hall: Hall) -> None:
    """ "The last read timestamp of a target MUST only ever increase"."""
    maya = hall.enter("maya")
    hall.does(mark(hall, maya, "#tea", 5))
    assert mark(hall, maya, "#tea", 5) is None
    assert mark(hall, maya, "#tea", 4) is None
    late = MarkedRead(maya.who, (), maya.identity, "#tea", "#tea", 4)
    hall.does(late)
    assert read(hall, maya, "#tea") == 5


def test_nobody_reads_the_future(hall: Hall) -> None:
    """The time of now is put for a later one."""
    event = mark(hall, hall.enter("maya"), "#tea", NOON + 1000)
    assert event is not None
    assert event.at == NOON


def test_a_conversation_is_known_by_who_is_at_its_other_end(hall: Hall) -> None:
    """What was read of it stays read when they change their nick."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo", "leo")
    hall.does(mark(hall, maya, "LEO", 5))
    hall.does(hall.hub.rename(leo, "lion"))
    assert mark(hall, maya, "lion", 5) is None


def test_accounts_keep_their_markers_and_guests_while_they_are_here(hall: Hall) -> None:
    """A guest's name falls to the next."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo")
    kept, passing = mark(hall, maya, "#tea", 5), mark(hall, leo, "#tea", 5)
    assert kept is not None
    assert passing is not None
    assert (kept.facts, passing.facts) == ((Fact("marker", "maya", "#tea", "5"),), ())
    hall.does(kept)
    hall.does(passing)
    for user in (maya, leo):
        hall.does(hall.hub.quit(user, ""))
    assert (read(hall, maya, "#tea"), read(hall, leo, "#tea")) == (5, 0)


def test_a_restart_brings_them_back() -> None:
    """Facts of other scopes are somebody else's."""
    hub = Hub(RULES)
    hub.markers.bring_back([Fact("marker", "maya", "#tea", "5"), Fact("channel", "#tea", "topic", '"x"')])
    assert hub.markers.at("maya", "#tea") == 5


def test_there_is_an_end_to_markers(hall: Hall) -> None:
    """The conversation read longest ago makes room, in memory and in what is kept."""
    maya = hall.enter("maya", "maya")
    for number in range(MOST):
        hall.hub.markers.move("maya", f"#{number}", number + 1)
    event = mark(hall, maya, "#tea", NOON)
    assert event is not None
    assert event.facts == (Fact("marker", "maya", "#0", None), Fact("marker", "maya", "#tea", str(NOON)))
    hall.does(event)
    assert (read(hall, maya, "#0"), read(hall, maya, "#1"), read(hall, maya, "#tea")) == (0, 2, NOON)
    again = mark_read(hall.hub, maya, "#1", NOON, NOON)
    assert again is not None
    assert len(again.facts) == 1


def test_those_of_one_person_settle_one_by_one() -> None:
    """Of two that are on their way the later decision knows the earlier one."""
    event = MarkedRead(User("maya", "maya", "m", "h", "r").who, (), "maya", "#tea", "#tea", 5)
    assert event.settles == "what maya has read"


def test_a_conversation_with_nobody_is_no_secret(hall: Hall) -> None:
    """Whether a room or a nick is there is not told by a marker."""
    maya = hall.enter("maya")
    assert mark(hall, maya, "#nowhere", 5) is not None
    assert mark(hall, maya, "nobody", 5) is not None


@pytest.mark.parametrize("target", ["@#tea", "+#tea"])
def test_talk_of_a_rank_is_marked_by_those_who_read_it(hall: Hall, target: str) -> None:
    """Others may not."""
    maya, leo = hall.enter("maya"), hall.enter("leo")
    hall.room("#tea", maya, leo)
    assert mark(hall, maya, target, 5) is not None
    with refused(Why.HISTORY_HIDDEN, target):
        mark(hall, leo, target, 5)


def test_what_was_never_marked_is_unread() -> None:
    """0 is before every message."""
    assert Markers().at("maya", "#tea") == 0
