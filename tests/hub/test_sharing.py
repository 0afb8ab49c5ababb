"""Who may share files, read them and take them back, by what their account is to a room and to the server."""

from __future__ import annotations

from dataclasses import replace

import pytest

from hubbub.hub.events import AUDIT, FileRemoved, Who
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.rights import Right
from tests.hub.hall import RULES, Hall, refused


def may(hall: Hall, account: str, right: Right, owner: str, room: str, role: str = "") -> bool:
    try:
        hall.hub.check_file(hall.hub.visitor(account, role), right, owner, room)
    except Refused:
        return False
    return True


def test_one_shares_with_rooms_that_one_is_in(hall: Hall) -> None:
    """Whoever is outside is told the same as if there were no such room."""
    hall.room("#Den", hall.enter("maya", "maya"))
    maya, leo = hall.hub.visitor("maya", ""), hall.hub.visitor("leo", "")
    assert hall.hub.check_sharing(maya, "#DEN") == "#den"
    assert hall.hub.check_sharing(leo, "") == ""
    for room in ("#Den", "#nowhere"):
        with refused(Why.NOT_PERMITTED, f"You are not in {room}"):
            hall.hub.check_sharing(leo, room)


def test_a_house_may_let_only_operators_share() -> None:
    """Of whatever role."""
    hall = Hall(replace(RULES, members_share=False))
    with refused(Why.NOT_PERMITTED, "You may not share files on this server"):
        hall.hub.check_sharing(hall.hub.visitor("maya", ""), "")
    assert hall.hub.check_sharing(hall.hub.visitor("maya", "moderator"), "") == ""


def test_what_a_room_was_shown_is_its_members(hall: Hall) -> None:
    """Until they leave; whoever shared it reads it all the same, and no role reads what it is not in."""
    maya, leo = hall.enter("maya", "maya"), hall.enter("leo", "leo")
    hall.room("#den", maya, leo)
    read = Right.READ_FILE
    assert [may(hall, name, read, "maya", "#den") for name in ("maya", "leo", "sam")] == [True, True, False]
    assert not may(hall, "sam", read, "maya", "#den", "owner")
    hall.does(hall.hub.part(leo, "#den", ""))
    hall.does(hall.hub.part(maya, "#den", ""))
    assert [may(hall, name, read, "maya", "#den") for name in ("Maya", "leo")] == [True, False]


def test_what_was_shown_to_nobody_in_particular_is_everybodys(hall: Hall) -> None:
    """Who has an account, that is: others do not come so far."""
    assert may(hall, "sam", Right.READ_FILE, "maya", "")


@pytest.mark.parametrize(
    ("account", "role", "allowed"),
    [("maya", "", True), ("leo", "", True), ("sam", "", False), ("sam", "moderator", True)],
)
def test_a_file_is_taken_back_by_who_answers_for_it(hall: Hall, account: str, role: str, allowed: bool) -> None:
    """Who shared it, who runs the room, who runs the server."""
    hall.room("#den", hall.enter("leo", "leo"), hall.enter("maya", "maya"), hall.enter("sam", "sam"))
    assert may(hall, account, Right.REMOVE_FILE, "maya", "#den", role) is allowed


def test_what_is_taken_from_another_is_kept_in_the_audit_log(hall: Hall) -> None:
    """What is one's own is nobody else's business, however one writes one's name."""
    hall.room("#den", hall.enter("leo", "leo"), hall.enter("maya", "maya"))
    leo, maya = hall.hub.visitor("leo", ""), hall.hub.visitor("Maya", "")
    assert hall.hub.remove_file(maya, "plan.txt", "maya", "#den") is None
    event = hall.hub.remove_file(leo, "plan.txt", "maya", "#den")
    assert event == FileRemoved(Who("leo", "leo"), (AUDIT,), "plan.txt", "maya", "#den")
    with refused(Why.NOT_PERMITTED, "You may not take that file back"):
        hall.hub.remove_file(hall.hub.visitor("sam", ""), "plan.txt", "maya", "#den")
