"""CHGHOST. https://ircv3.net/specs/extensions/chghost"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.ports import Window
from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet

OPERATORS = Settings(operators={"root": OperatorLogin("secret", "admin"), "mod": OperatorLogin("secret", "moderator")})


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=OPERATORS)


@pytest.fixture
def maya(scene: Scene) -> Person:
    """An admin, in no room."""
    person = scene.enter("maya")
    person.asks("OPER root secret")
    return person


def test_who_knows_it_is_told_of_the_new_host(scene: Scene, maya: Person) -> None:
    """ "to other clients who share channels with the target client", and to whom it is about."""
    leo, tom = (scene.enter(nick, "chghost", rooms=["#room"]) for nick in ("leo", "tom"))
    quiet(leo, tom)
    maya.say("CHGHOST leo lions.example")
    assert leo.hears() == tom.hears() == [":leo!leo@192.0.2.7 CHGHOST leo lions.example"]
    tom.hears()
    leo.say("PRIVMSG #room :hello")
    assert tom.hears() == [":leo!leo@lions.example PRIVMSG #room :hello"]


def test_others_see_somebody_leave_and_come_back(scene: Scene, maya: Person) -> None:
    """ "appropriate QUIT, JOIN and MODE commands, to restore membership and user channel modes"."""
    leo, tom = scene.enter("leo", rooms=["#room", "#den"]), scene.enter("tom", rooms=["#room"])
    quiet(leo, tom)
    maya.say("CHGHOST leo lions.example")
    assert tom.hears() == [
        ":leo!leo@192.0.2.7 QUIT :Changing host",
        ":leo!leo@lions.example JOIN #room",
        ":hub.example MODE #room +o leo",
    ]
    assert leo.hears() == [":hub.example 396 leo lions.example :is now the host that others see"]


def test_history_keeps_none_of_it(scene: Scene, maya: Person) -> None:
    """Nobody has left."""
    scene.enter("leo", rooms=["#room"])
    maya.say("CHGHOST leo lions.example")
    kept = scene.memory.page("#room", Window(10)).result()
    assert [type(entry.event).__name__ for entry in kept] == ["Joined"]


@pytest.mark.parametrize("host", ["nodot", "two..dots", "with_underscore.example", f"{'x' * 60}.example"])
def test_what_is_no_host_is_refused(scene: Scene, maya: Person, host: str) -> None:
    """It stands in front of all that they say."""
    scene.enter("leo")
    assert params(maya.asks(f"CHGHOST leo {host}"), "FAIL")[:2] == ("CHGHOST", "INVALID_HOST")


def test_it_takes_an_admin_and_somebody_who_is_here(scene: Scene, maya: Person) -> None:
    """ERR_NOPRIVILEGES, ERR_NOSUCHNICK."""
    leo = scene.enter("leo")
    assert commands(leo.asks("CHGHOST leo lions.example")) == ["481"]
    leo.asks("OPER mod secret")
    assert commands(leo.asks("CHGHOST leo lions.example")) == ["481"]
    assert commands(maya.asks("CHGHOST nobody lions.example")) == ["401"]
