"""Rights: each is asked by its name, and comes with a role or with what somebody is to the thing."""

import pytest

from hubbub.hub.refusals import Why
from hubbub.hub.rights import ROLES, Right, can, demand, rights_of
from hubbub.hub.sharing import SharedFile
from hubbub.hub.user import User
from tests.hub.hall import Hall, changes, refused

OF_A_ROLE = {
    "moderator": {
        Right.SEE_ADDRESS,
        Right.SEE_BANS,
        Right.SEE_OPERATORS,
        Right.SEE_SERVERS,
        Right.BAN,
        Right.SHARE_FILE,
        Right.SEE_FILES,
    },
    "admin": {Right.WALLOPS, Right.CHANGE_HOST, Right.RULE_ROOM, Right.REHASH, Right.READ_AUDIT, Right.SEE_HEALTH},
    "owner": set(),
}


def promoted(hall: Hall, nick: str, role: str, *, reads: bool = False) -> User:
    """Somebody who has become an operator of the server."""
    user = hall.hub.users.get(nick) or hall.enter(nick)
    hall.does(hall.hub.promote(user, f"{nick}-login", role, reads=reads))
    return user


@pytest.mark.parametrize("right", Right)
def test_whoever_is_nobody_in_particular_may_nothing(hall: Hall, right: Right) -> None:
    """Not even see a secret room, or somebody invisible in it."""
    tom, maya = hall.enter("tom"), hall.enter("maya")
    room = hall.room("#tea", maya)
    hall.mode(maya, "#tea", "+s")
    hall.does(hall.hub.change_user_modes(maya, changes("+i"))[0])
    rooms, files = {Right.SEE_ROOM, Right.READ_ROOM, Right.RULE_ROOM}, {Right.READ_FILE, Right.REMOVE_FILE}
    file = SharedFile("maya", "#tea", room)
    about = room if right in rooms else file if right in files else maya
    assert not can(tom, right, about)


@pytest.mark.parametrize("role", ROLES)
def test_a_role_gives_its_rights_and_those_below_it(hall: Hall, role: str) -> None:
    """Moderators look after people, admins after the house, too."""
    maya, leo = promoted(hall, "maya", role), hall.enter("leo")
    expected: set[Right] = set()
    for name, own in OF_A_ROLE.items():
        expected |= own
        if name == role:
            break
    asked = set().union(*OF_A_ROLE.values())
    assert {right for right in asked if can(maya, right, leo)} == expected


@pytest.mark.parametrize("role", ROLES)
def test_no_role_reads_rooms_it_is_not_in(hall: Hall, role: str) -> None:
    """That they may is said for one login by its name, and shows in nothing else."""
    leo = hall.enter("leo")
    room = hall.room("#tea", leo)
    assert not can(promoted(hall, "maya", role), Right.READ_ROOM, room)
    assert can(promoted(hall, "sam", role, reads=True), Right.READ_ROOM, room)
    assert can(leo, Right.READ_ROOM, room)


def test_nobody_is_disconnected_by_a_lower_role(hall: Hall) -> None:
    """The same role may, and a higher one."""
    roles = ["", *ROLES]
    people = {role: promoted(hall, f"n{index}", role) for index, role in enumerate(roles)}
    for rank, role in enumerate(roles):
        allowed = {other for other in roles if can(people[role], Right.KILL, people[other])}
        assert allowed == (set(roles[: rank + 1]) if role else set())


def test_what_may_not_be_is_refused_in_words(hall: Hall) -> None:
    """The sentence says what it was."""
    with refused(Why.NOT_PERMITTED, "You may not reload the configuration"):
        demand(hall.enter("maya"), Right.REHASH)


def test_whoever_is_an_operator_no_longer_may_nothing(hall: Hall) -> None:
    """By giving it up, by -o, or because the configuration knows them no more."""
    maya = promoted(hall, "maya", "owner", reads=True)
    hall.does(hall.hub.promote(maya, "", ""))
    assert (maya.rights, maya.role, maya.login, maya.modes) == (frozenset(), "", "", frozenset())
    assert not hall.hub.operators


def test_a_role_nobody_knows_gives_no_rights() -> None:
    """A newer neighbour may have more roles."""
    assert rights_of("emperor", reads=False) == frozenset()


def test_an_operator_signs_as_one_until_they_are_none(hall: Hall) -> None:
    """What they say tells it, and no longer than it is so."""
    maya = promoted(hall, "maya", "admin")
    assert (maya.who.operator, hall.hub.operators) == (True, {maya})
    event, _ = hall.hub.change_user_modes(maya, changes("-o"))
    hall.does(event)
    assert (maya.who.operator, hall.hub.operators) == (False, set())


def test_an_operator_who_leaves_is_counted_no_longer(hall: Hall) -> None:
    """LUSERS tells how many are here."""
    maya = promoted(hall, "maya", "admin")
    assert hall.hub.operators == {maya}
    hall.does(hall.hub.quit(maya, ""))
    assert hall.hub.operators == set()


def test_nobody_becomes_an_operator_by_a_mode(hall: Hall) -> None:
    """OPER alone makes one; whoever tries this is not answered."""
    assert hall.hub.change_user_modes(hall.enter("maya"), changes("+o")) == (None, "")
