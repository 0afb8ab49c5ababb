"""Staying present without a device: PERSISTENCE, and what others see of somebody who stays."""

from __future__ import annotations

from hubbub.server.logins import AccountRules
from tests.irc.lines import every
from tests.irc.logins import account, member
from tests.scene import Person, Scene, quiet


def test_somebody_chooses_to_stay(scene: Scene) -> None:
    """The answer is what was chosen and what holds; devices that know of it are told as well."""
    account(scene, "maya")
    phone, desk = member(scene, "maya"), member(scene, "maya", "draft/persistence")
    quiet(phone, desk)
    assert phone.asks("PERSISTENCE GET") == [":hub.example PERSISTENCE STATUS DEFAULT OFF"]
    assert phone.asks("PERSISTENCE SET on") == [":hub.example PERSISTENCE STATUS ON ON"]
    assert desk.hears() == [":hub.example PERSISTENCE STATUS ON ON"]
    assert phone.asks("PERSISTENCE SET DEFAULT") == [":hub.example PERSISTENCE STATUS DEFAULT OFF"]


def test_only_an_account_can_stay(scene: Scene) -> None:
    """FAIL PERSISTENCE ACCOUNT_REQUIRED."""
    heard = scene.enter("leo").asks("PERSISTENCE SET ON")
    assert [line.params[:2] for line in every(heard, "FAIL")] == [("PERSISTENCE", "ACCOUNT_REQUIRED")]


def test_what_cannot_be_chosen_is_refused(scene: Scene) -> None:
    """FAIL PERSISTENCE INVALID_PARAMS."""
    account(scene, "maya")
    for wrong in ("SET", "SET MAYBE", "PUT ON"):
        heard = member(scene, "maya").asks(f"PERSISTENCE {wrong}")
        assert [line.params[:2] for line in every(heard, "FAIL")] == [("PERSISTENCE", "INVALID_PARAMS")]


def staying(scene: Scene) -> Person:
    """maya, who stays, in #den."""
    account(scene, "maya")
    maya = member(scene, "maya")
    maya.say("PERSISTENCE SET ON", "JOIN #den")
    return maya


def test_who_stays_is_away_and_hears_later(scene: Scene) -> None:
    """Nobody sees them quit; whoever writes to them is told, and their next device is in the room again."""
    maya = staying(scene)
    leo = scene.enter("leo", "away-notify", rooms=["#den"])
    maya.leaves()
    assert [line.partition(" ")[2] for line in leo.hears()] == ["AWAY :Not connected"]
    assert [line.params[-1] for line in every(leo.asks("PRIVMSG maya :psst"), "301")] == ["Not connected"]
    back = member(scene, "maya")
    assert "#den" in {line.params[1] for line in every(back.asks("NAMES #den"), "366")}
    assert [line.partition(" ")[2] for line in leo.hears()] == ["AWAY"]


def test_where_the_house_says_off_nobody_stays(scene: Scene) -> None:
    """What they chose is kept, and counts when the house changes its mind."""
    scene.irc.logins.rules = AccountRules(always_on="off")
    account(scene, "maya")
    maya = member(scene, "maya")
    maya.hears()
    assert maya.asks("PERSISTENCE SET ON") == [":hub.example PERSISTENCE STATUS ON OFF"]
    maya.leaves()
    assert "maya" not in scene.hub.users


def test_where_the_house_says_opt_out_everybody_with_an_account_stays(scene: Scene) -> None:
    """Unless they refuse."""
    scene.irc.logins.rules = AccountRules(always_on="opt-out")
    for name in ("maya", "leo"):
        account(scene, name)
    maya, leo = member(scene, "maya"), member(scene, "leo")
    leo.say("PERSISTENCE SET OFF")
    maya.leaves()
    leo.leaves()
    assert list(scene.hub.users) == ["maya"]
