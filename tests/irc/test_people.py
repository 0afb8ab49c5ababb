"""USERHOST and ISON. https://modern.ircdocs.horse/#userhost-message"""

from __future__ import annotations

import pytest

from tests.irc.lines import every, params, tag_free
from tests.scene import Scene


def test_userhost_tells_where_people_come_from(scene: Scene) -> None:
    """ "nicknames and the information associated with them", "-" for those who are away."""
    scene.enter("leo").say("AWAY :lunch")
    maya = scene.enter("maya")
    assert params(maya.asks("USERHOST LEO nobody maya"), "302")[1] == "leo=-leo@192.0.2.7 maya=+maya@192.0.2.7"


def test_userhost_is_for_five_at_most(scene: Scene) -> None:
    """ "The USERHOST command takes up to five nicknames"."""
    nicks = [f"guest{number}" for number in range(7)]
    for nick in nicks:
        scene.enter(nick)
    found = params(scene.enter("maya").asks(f"USERHOST {' '.join(nicks)}"), "302")[1]
    assert [word.partition("=")[0] for word in found.split()] == nicks[:5]


def test_ison_tells_who_is_here(scene: Scene) -> None:
    """Nicks are given as words of one parameter or as parameters, and told as they are spelled."""
    scene.enter("Leo")
    maya = scene.enter("maya")
    assert params(maya.asks("ISON leo nobody maya"), "303")[1] == "Leo maya"
    assert params(maya.asks("ISON :leo nobody maya"), "303")[1] == "Leo maya"


@pytest.mark.parametrize(("line", "numeric"), [("USERHOST nobody", "302"), ("ISON nobody", "303"), ("ISON :", "303")])
def test_nobody_is_an_answer(scene: Scene, line: str, numeric: str) -> None:
    """The reply comes whether or not anybody is found."""
    assert params(scene.enter("maya").asks(line), numeric) == ("maya", "")


@pytest.mark.parametrize("verb", ["USERHOST", "ISON"])
def test_who_is_meant_has_to_be_said(scene: Scene, verb: str) -> None:
    """ERR_NEEDMOREPARAMS where it is not."""
    assert params(scene.enter("maya").asks(verb), "461")[1] == verb


@pytest.mark.parametrize(("verb", "numeric"), [("USERHOST", "302"), ("ISON", "303")])
def test_many_take_several_lines(scene: Scene, verb: str, numeric: str) -> None:
    """Everybody who is here is told, and nobody is cut in two."""
    nicks = [f"{'n' * 31}{number}" for number in range(5 if verb == "USERHOST" else 10)]
    for nick in nicks:
        person = scene.connect(address="2001:db8:1111:2222:3333:4444:5555:6666")
        person.say(f"NICK {nick}", f"USER {'u' * 20} 0 * :N")
    heard = scene.enter("m" * 32).asks(f"{verb} {' '.join(nicks)} {' '.join(nicks[:4])}")
    found = " ".join(line.params[1] for line in every(heard, numeric)).split()
    assert [word.partition("=")[0] for word in found][: len(nicks)] == nicks
    assert max(map(tag_free, heard)) <= 512
