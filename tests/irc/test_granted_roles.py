"""Roles by grant: an account that is somebody on this server is so whenever its owner logs in."""

from __future__ import annotations

from msgspec.structs import replace

from hubbub.server.logins import ROLE
from tests.irc.lines import every
from tests.irc.logins import account, member
from tests.scene import Scene


def granted(scene: Scene, name: str, role: str) -> None:
    made = account(scene, name)
    scene.accounts.save(name, replace(made, options={ROLE: role}), new=False)


def test_whoever_logs_in_has_the_role_of_their_account(scene: Scene) -> None:
    """Without OPER, and with its rights: a moderator disconnects, an admin rules more."""
    granted(scene, "maya", "moderator")
    maya, leo = member(scene, "maya"), scene.enter("leo")
    assert scene.hub.user("maya").role == "moderator"
    maya.say("KILL leo :enough")
    assert leo.cable.closed
    assert [line.command for line in every(maya.asks("REHASH"), "481")] == ["481"]


def test_an_account_that_was_granted_nothing_is_nobody(scene: Scene) -> None:
    """Nor one that was granted what is no role."""
    granted(scene, "maya", "emperor")
    account(scene, "leo")
    for name in ("maya", "leo"):
        member(scene, name)
        assert scene.hub.user(name).role == ""
