"""Logs that go on under another name: history follows the room."""

from hubbub.hub.events import Fact, Kicked, RoomRenamed, Said
from hubbub.hub.ports import Window
from tests.stores.shelf import LEO, MAYA, NOON, Shelf, said


def renaming(old: str, new: str) -> RoomRenamed:
    return RoomRenamed(MAYA, (old, "&audit"), old, new, new, "")


def test_a_log_goes_on_under_its_new_name(shelf: Shelf) -> None:
    """What was said before stands there with what comes, the numbers go on, and the old name is empty."""
    shelf.add(said("one", "#tea"), said("two", "#tea"))
    shelf.add(renaming("#tea", "#coffee"))
    (place,) = shelf.add(said("three", "#coffee"))[0]
    assert (place.log, place.seq) == ("#coffee", 4)
    assert shelf.texts("#coffee") == ["one", "two", "three"]
    assert shelf.page("#tea") == []


def test_what_was_said_before_is_read_as_said_there(shelf: Shelf) -> None:
    """Room and place bear the new name; a msgid from before still finds its message."""
    (place,) = shelf.add(said("one", "#tea"))[0]
    shelf.add(renaming("#tea", "#coffee"))
    (entry,) = shelf.page("#coffee", Window(10, verbs=("PRIVMSG",)))
    assert isinstance(entry.event, Said)
    assert (entry.event.target, entry.event.logs) == ("#coffee", ("#coffee",))
    assert (entry.place.log, entry.place.seq, entry.place.msgid) == ("#coffee", 1, place.msgid)


def test_a_room_made_anew_under_the_old_name_has_a_log_of_its_own(shelf: Shelf) -> None:
    """Nothing of what the other one said is in it."""
    shelf.add(said("one", "#tea"))
    shelf.add(renaming("#tea", "#coffee"))
    assert shelf.add(said("new", "#tea"))[0][0].seq == 1
    assert (shelf.texts("#tea"), shelf.texts("#coffee")) == (["new"], ["one"])


def test_what_was_called_so_before_is_put_aside(shelf: Shelf) -> None:
    """A room that is gone may have left a log of that name: it is not mixed in, and not lost."""
    shelf.add(said("long ago", "#coffee"))
    shelf.add(said("one", "#tea"))
    shelf.add(renaming("#tea", "#coffee"))
    assert shelf.texts("#coffee") == ["one"]
    aside = [target.log for target in shelf.wait(shelf.store.conversations()) if target.log != "#coffee"]
    assert [shelf.texts(log) for log in aside] == [["long ago"]]


def test_a_message_and_the_renaming_may_come_in_one_group(shelf: Shelf) -> None:
    """The message keeps its place, and its nonce answers with it afterwards."""
    places = shelf.add(said("one", "#tea", nonce="n1"), renaming("#tea", "#coffee"))
    again = shelf.add(said("one", "#coffee", nonce="n1"))
    assert again[0][0].repeated
    assert again[0][0].msgid == places[0][0].msgid
    assert shelf.texts("#coffee") == ["one"]


def test_logs_of_a_rank_move_with_the_room(shelf: Shelf) -> None:
    """What was said to its operators stays said to them."""
    shelf.add(said("psst", "@#tea"))
    shelf.add(renaming("#tea", "#coffee"))
    assert shelf.texts("@#coffee") == ["psst"]


def test_a_renaming_that_changes_nothing_but_case_moves_nothing(shelf: Shelf) -> None:
    """The log bears the folded name already."""
    shelf.add(said("one", "#tea"))
    shelf.add(RoomRenamed(MAYA, ("#tea",), "#tea", "#Tea", "#tea", "", facts=(Fact("channel", "#tea", "room", "{}"),)))
    assert shelf.texts("#tea") == ["one"]


def test_what_moved_stays_moved_when_it_is_moved_again(shelf: Shelf) -> None:
    """There and back is where it was."""
    shelf.add(said("one", "#tea"))
    shelf.add(renaming("#tea", "#coffee"))
    shelf.add(renaming("#coffee", "#tea"))
    assert shelf.texts("#tea") == ["one"]
    assert shelf.page("#coffee") == []


def test_a_fact_knows_since_when_it_holds(shelf: Shelf) -> None:
    """The time of the event that made it so; where no log has that event, the clock's."""
    (places,) = shelf.add(Kicked(LEO, ("#tea",), "#tea", "sam", "", facts=(Fact("a", "b", "c", "1"),)))
    assert [fact.ts for fact in shelf.wait(shelf.store.facts())] == [places[0].ts]
    shelf.clock.wall = NOON + 5000
    shelf.add(Kicked(LEO, (), "#tea", "sam", "", facts=(Fact("a", "b", "c", "2"),)))
    assert [fact.ts for fact in shelf.wait(shelf.store.facts())] == [NOON + 5000]
