"""Rooms that belong to accounts: they last, with all that they are."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial

import pytest

from tests.irc.lines import commands, every, params
from tests.irc.owners import owner, person, reopened, said
from tests.scene import RULES, Scene, quiet


def test_an_owned_room_outlasts_its_people(scene: Scene) -> None:
    """Modes and topic are still there when somebody comes back, who is its operator by their account."""
    maya = owner(scene, "maya", "#tea")
    maya.say("TOPIC #tea :Assam", "MODE #tea +m-t", "PART #tea")
    heard = maya.asks("JOIN #tea")
    assert params(heard, "332")[2] == "Assam"
    assert params(heard, "353")[3] == "@maya"
    assert params(maya.asks("MODE #tea"), "324")[2] == "+mn"


def test_a_room_nobody_owns_is_gone_with_its_people(scene: Scene) -> None:
    """As ever."""
    maya = scene.enter("maya", rooms=["#tea"])
    maya.say("TOPIC #tea :Assam", "PART #tea")
    assert "332" not in commands(maya.asks("JOIN #tea"))


def test_an_owned_room_outlasts_a_restart(scene: Scene, build: Callable[..., Scene]) -> None:
    """With topic, modes, key, limit, lists, access and age, all as they were, times and setters included."""
    maya = owner(scene, "maya", "#Tea")
    maya.say("TOPIC #tea :Assam", "MODE #tea +ksl-n sesame 9", "MODE #tea +be tom!*@* a:sam", "MODE #tea +W 5")
    person(scene, "leo")
    maya.say("CS ACCESS #tea ADD leo op")
    asked = ("MODE #tea", "MODE #tea b", "MODE #tea e", "TOPIC #tea", "CS ACCESS #tea")
    before = maya.asks(*asked)
    again = person(reopened(scene, build), "maya", rooms=("#TEA",))
    assert again.asks(*asked) == before
    assert params(before, "324")[2:] == ("+Wklst", "5", "sesame", "9")


def test_only_what_is_set_in_an_owned_room_is_remembered(scene: Scene) -> None:
    """A room of the moment leaves no fact behind."""
    maya = scene.enter("maya", rooms=["#tea"])
    maya.say("TOPIC #tea :Assam", "MODE #tea +bm tom")
    assert scene.memory.facts().result() == []


def test_a_topic_that_was_removed_stays_removed(scene: Scene, build: Callable[..., Scene]) -> None:
    """What is taken away is forgotten, too: lists, topic, access."""
    maya = owner(scene, "maya", "#tea")
    person(scene, "leo")
    maya.say("TOPIC #tea :Assam", "MODE #tea +b tom", "CS ACCESS #tea ADD leo voice")
    maya.say("TOPIC #tea :", "MODE #tea -b tom", "CS ACCESS #tea DEL leo")
    room = reopened(scene, build).hub.channel("#tea")
    assert (room.topic, room.lists["b"], list(room.access)) == (None, {}, ["maya"])


def test_a_house_may_give_rooms_to_who_makes_them(build: Callable[..., Scene]) -> None:
    """After a restart they run it, topic and all, and not the guest who came back first."""
    scene = build(rules=replace(RULES, makers_own=True))
    maya = person(scene, "maya", rooms=("#tea",))
    maya.say("TOPIC #tea :Assam")
    after = reopened(scene, partial(build, rules=scene.hub.rules))
    tom = after.enter("tom", rooms=["#tea"])
    assert params(tom.asks("NAMES #tea"), "353")[3] == "tom"
    heard = person(after, "maya").asks("JOIN #tea")
    assert params(heard, "332")[2] == "Assam"
    assert set(params(heard, "353")[3].split()) == {"@maya", "tom"}
    tom.hears()
    maya = after.enter("sam", rooms=["#cake"])
    assert after.hub.channel("#cake").owner == "", "a guest owns nothing"
    assert params(maya.asks("NAMES #cake"), "353")[3] == "@sam"


def test_who_runs_the_server_gives_a_room_that_nobody_owns(scene: Scene, build: Callable[..., Scene]) -> None:
    """Before anybody has been in it; it keeps its age, and is given once."""
    person(scene, "maya").say("QUIT")
    scene.server.submit(scene.hub.give_house_room("#Tea", "maya") or pytest.fail("refused"), None)
    scene.turn()
    assert scene.hub.give_house_room("#tea", "leo") is None
    tom = scene.enter("tom", rooms=["#tea"])
    assert params(tom.asks("NAMES #tea"), "353")[3] == "tom"
    assert params(person(scene, "maya").asks("JOIN #tea"), "353")[3] == "tom @maya"
    again = reopened(scene, build).hub.channel("#tea")
    assert (again.name, again.owner, again.created) == ("#Tea", "maya", scene.hub.channel("#tea").created)


def test_whoever_comes_first_into_an_owned_room_does_not_run_it(scene: Scene) -> None:
    """Empty or not, it is somebody's."""
    maya = owner(scene, "maya", "#tea")
    maya.say("PART #tea")
    assert params(scene.enter("leo").asks("JOIN #tea"), "353")[3] == "leo"


def test_letters_come_with_the_account(scene: Scene) -> None:
    """Whom the owner gave a rank has it from the moment they come in, and the room is told."""
    maya, leo = owner(scene, "maya", "#tea"), person(scene, "leo")
    maya.say("CS ACCESS #tea ADD leo voice")
    quiet(maya, leo)
    heard = leo.asks("JOIN #tea")
    assert commands(heard)[:2] == ["JOIN", "MODE"]
    assert params(heard, "353")[3] == "@maya +leo"
    assert maya.hears() == [":leo!leo@192.0.2.7 JOIN #tea", ":hub.example MODE #tea +v leo"]


def test_a_nick_is_not_an_account(scene: Scene) -> None:
    """Whoever merely calls themselves like the owner gets nothing."""
    owner(scene, "maya", "#tea").leaves()
    guest = scene.enter("maia")
    assert params(guest.asks("JOIN #tea"), "353")[3] == "maia"


def test_a_standing_opens_every_door(scene: Scene) -> None:
    """Those whose account has letters are not kept out by key, limit, invitation or ban."""
    maya, leo = owner(scene, "maya", "#tea"), person(scene, "leo")
    maya.say("CS ACCESS #tea ADD leo halfop", "MODE #tea +iklb sesame 1 leo!*@*")
    assert commands(leo.asks("JOIN #tea"))[0] == "JOIN"


def test_only_who_is_logged_in_can_own(scene: Scene) -> None:
    """A guest has nothing that would last."""
    guest = scene.enter("maya", rooms=["#tea"])
    assert said(guest, "CS REGISTER #tea") == ["Log in to an account first: that channel is for those who have one"]


def test_only_who_runs_a_room_can_make_it_theirs(scene: Scene) -> None:
    """Neither members nor outsiders, and nobody what is somebody's already."""
    maya, leo = person(scene, "maya", rooms=("#tea",)), person(scene, "leo", rooms=("#tea",))
    assert said(leo, "CS REGISTER #tea") == ["Only an operator of that channel may do that"]
    assert said(leo, "CS REGISTER #nowhere") == ["There is no such channel; JOIN makes one"]
    maya.say("CS REGISTER #tea", "MODE #tea +o leo")
    assert said(leo, "CS REGISTER #tea") == ["That channel belongs to somebody already"]


def test_an_account_owns_so_many_rooms(build: Callable[..., Scene]) -> None:
    """Each is read at every start."""
    scene = build(rules=replace(RULES, rooms_per_account=1))
    maya = owner(scene, "maya", "#tea")
    maya.say("JOIN #coffee")
    assert said(maya, "CS REGISTER #coffee") == ["That account owns as many channels as it may"]


def test_a_room_changes_hands(scene: Scene, build: Callable[..., Scene]) -> None:
    """The new owner may do everything, the old one stays an operator; after a restart, too."""
    maya, leo = owner(scene, "maya", "#tea"), person(scene, "leo")
    assert said(maya, "CS TRANSFER #tea leo") == ["#tea belongs to leo now"]
    assert said(maya, "CS TRANSFER #tea maya") == ["Only the owner of that channel may do that"]
    assert said(leo, "CS SET #tea retention 7") == ["retention of #tea is 7"]
    room = reopened(scene, build).hub.channel("#tea")
    assert (room.owner, {key: access.status for key, access in room.access.items()}) == (
        "leo",
        {"maya": "o", "leo": "o"},
    )


def test_a_room_is_given_to_accounts_that_exist(scene: Scene) -> None:
    """Otherwise whoever takes the name later would own it."""
    maya = owner(scene, "maya", "#tea")
    assert said(maya, "CS TRANSFER #tea nobody") == ["There is no account of that name"]
    assert said(maya, "CS ACCESS #tea ADD nobody op") == ["There is no account of that name"]


def test_a_room_is_dropped_by_saying_its_name_twice(scene: Scene, build: Callable[..., Scene]) -> None:
    """Then it is a room like any other, and nothing of it is remembered."""
    maya = owner(scene, "maya", "#tea", "draft/metadata-3", "batch")
    maya.say("TOPIC #tea :Assam", "METADATA #tea SET url :https://tea.example")
    assert "twice" in said(maya, "CS DROP #tea")[0]
    assert scene.hub.channel("#tea").owner == "maya"
    assert said(maya, "CS DROP #tea #tea") == ["#tea belongs to nobody any more"]
    assert scene.memory.facts().result() == []
    maya.say("PART #tea")
    assert not scene.hub.channels


def test_the_owner_is_not_put_out_of_their_room(scene: Scene) -> None:
    """Other operators may neither kick nor depose them, nor bar their door."""
    maya, leo = owner(scene, "maya", "#tea"), scene.enter("leo", rooms=["#tea"])
    maya.say("MODE #tea +o leo")
    leo.hears()
    assert commands(leo.asks("KICK #tea maya", "MODE #tea -o maya")) == ["482", "482"]
    leo.say("MODE #tea +ib maya!*@*")
    maya.say("PART #tea")
    assert commands(maya.asks("JOIN #tea"))[0] == "JOIN"


def test_operators_by_account_rule_from_outside(scene: Scene) -> None:
    """They need not be in the room, nor wear their letters, to keep order in it."""
    maya, leo, tom = owner(scene, "maya", "#tea"), person(scene, "leo"), scene.enter("tom", rooms=["#tea"])
    maya.say("CS ACCESS #tea ADD leo op")
    quiet(maya, leo, tom)
    leo.say("KICK #tea tom :enough", "MODE #tea +m", "TOPIC #tea :quiet")
    assert commands(maya.hears()) == ["KICK", "MODE", "TOPIC"]
    assert tom.hears() == [":leo!leo@192.0.2.7 KICK #tea tom :enough"]


def test_a_store_that_fails_leaves_the_room_as_it_was(build: Callable[..., Scene]) -> None:
    """What could not be remembered did not happen."""
    scene = build(slow=True)
    maya = person(scene, "maya", rooms=("#tea",))
    scene.slow.held = True
    maya.say("CS REGISTER #tea")
    scene.slow.fail(OSError("no space"))
    scene.turn()
    assert every(maya.hears(), "NOTICE")[0].params[1].startswith("The server could not store that")
    assert scene.hub.channel("#tea").owner == ""
    assert [str(fault) for fault in scene.faults] == ["no space"]
    scene.faults.clear()


def test_owned_rooms_are_listed_while_nobody_is_in(scene: Scene) -> None:
    """They can be found."""
    owner(scene, "maya", "#tea").say("TOPIC #tea :Assam", "PART #tea")
    assert params(scene.enter("leo").asks("LIST"), "322")[1:] == ("#tea", "0", "Assam")
