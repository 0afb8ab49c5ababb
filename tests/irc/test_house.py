"""HOUSE: what those who run the server look at, in lines for programs."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.commands.house import _SECTIONS
from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.oversight import Sample, Shared
from hubbub.hub.promise import Promise, kept
from tests.irc.owners import owner
from tests.scene import Person, Scene

SETTINGS = Settings(operators={"root": OperatorLogin("secret", "admin"), "mod": OperatorLogin("secret", "moderator")})


class Watchman:
    """Tells of two minutes, and of two files."""

    def samples(self, most: int) -> list[Sample]:
        return [Sample(at * 60_000, 3, 4, 1, 10, 250, 12, 64_000, 512) for at in (1, 2)][-most:]

    def files(self) -> Promise[list[Shared]]:
        return kept(
            [
                Shared("https://files.example/tea", "maya", "#tea", "a plan.pdf", 2048, 60_000),
                Shared("https://files.example/all", "maya", "", "", 1, 30_000),
            ]
        )


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    scene = build(settings=SETTINGS)
    scene.irc.overseer = Watchman()
    return scene


def operator(scene: Scene, login: str) -> Person:
    one = scene.enter(login, "batch")
    one.say(f"OPER {login} secret")
    one.hears()
    return one


def rows(person: Person, command: str) -> list[str]:
    """What stands in the one batch of the answer."""
    person.say(command)
    start, *inside, end = person.hears()
    assert (" hubbub.chat/house " in start, " BATCH -" in end) == (True, True)
    return [line.partition(":hub.example HOUSE ")[2] for line in inside]


def test_each_is_told_what_they_may_see(scene: Scene) -> None:
    """Moderators look after people, admins after the house, too; guests see nothing."""
    assert rows(operator(scene, "root"), "HOUSE") == ["MAY HEALTH BANS AUDIT FILES"]
    assert rows(operator(scene, "mod"), "HOUSE") == ["MAY BANS FILES"]
    assert rows(scene.enter("tom", "batch"), "HOUSE") == ["MAY"]


@pytest.mark.parametrize("section", _SECTIONS)
def test_nobody_else_sees_it(scene: Scene, section: str) -> None:
    """The answer is the one that every command gives to those who may not."""
    tom = scene.enter("tom")
    tom.say(f"HOUSE {section}")
    assert [line.split(" ")[1] for line in tom.hears()] == ["481"]


def test_how_it_was_is_told_minute_by_minute(scene: Scene) -> None:
    """As many as are asked for, up to now."""
    root = operator(scene, "root")
    now = "HEALTH 1970-01-01T00:02:00.000Z 3 4 1 10 250 12 64000 512"
    assert rows(root, "HOUSE HEALTH")[1:] == [now]
    assert rows(root, "HOUSE HEALTH 1") == [now]


def test_bans_and_deeds_are_told_in_parts(scene: Scene) -> None:
    """Who, when, until when and why; what was done is a sentence."""
    root = operator(scene, "root")
    root.say("UBAN ADD *!*@192.0.2.9 for spam")
    root.hears()
    assert [row.split(" ", 4)[::2] for row in rows(root, "HOUSE BANS")] == [["BANS", "*", "root :for spam"]]
    assert rows(root, "HOUSE AUDIT 1")[0].split(" ", 2)[2] == (
        "root * :banned *!*@192.0.2.9 from the server (for spam)"
    )


def test_the_link_of_a_file_is_told_to_those_who_may_read_it(scene: Scene) -> None:
    """It is the key to it: who runs the server knows that there is a file, and reads no rooms of others by that."""
    root, _ = operator(scene, "root"), owner(scene, "maya", "#tea")
    stranger, everybodys = rows(root, "HOUSE FILES")
    assert stranger == "FILES 1970-01-01T00:01:00.000Z 2048 maya #tea * :a plan.pdf"
    assert everybodys == "FILES 1970-01-01T00:00:30.000Z 1 maya * https://files.example/all :"
    root.say("JOIN #tea")
    root.hears()
    assert " https://files.example/tea :" in rows(root, "HOUSE FILES")[0]


def test_other_words_are_refused(scene: Scene) -> None:
    """With those that are known."""
    root = operator(scene, "root")
    root.say("HOUSE CELLAR")
    assert "Expected HEALTH, BANS, AUDIT, FILES" in root.hears()[0]
