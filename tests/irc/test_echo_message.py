"""echo-message: a message that comes back is a message that was stored.

https://ircv3.net/specs/extensions/echo-message
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.hub.ports import StoreFailed
from tests.irc.lines import commands, only, without_tags
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", "echo-message", "message-tags", rooms=["#room"])


@pytest.mark.parametrize("line", ["PRIVMSG #room :hi", "NOTICE #room :hi", "PRIVMSG leo :hi", "NOTICE leo :hi"])
def test_what_one_says_comes_back(scene: Scene, maya: Person, line: str) -> None:
    """ "servers MUST send PRIVMSG and NOTICE messages back to the client that sent them"."""
    leo = scene.enter("leo", "message-tags", rooms=["#room"])
    quiet(maya)
    echo = maya.asks(line)
    assert without_tags(echo) == [f":maya!maya@192.0.2.7 {line}"]
    assert leo.hears() == echo


def test_tags_come_back_with_a_tagmsg(scene: Scene, maya: Person) -> None:
    """ "When the message-tags capability has been enabled, the same rules apply to TAGMSG messages"."""
    assert only(maya.asks("@+typing=active TAGMSG #room"), "TAGMSG").tags["+typing"] == "active"
    sam = scene.enter("sam", "echo-message", rooms=["#room"])
    assert sam.asks("TAGMSG #room") == []


def test_the_final_version_comes_back(scene: Scene, maya: Person) -> None:
    """ "If servers apply any modifications to these messages, they MUST send the final version", names respelled."""
    assert only(maya.asks("PRIVMSG #ROOM :hi"), "PRIVMSG").params[0] == "#room"
    scene.enter("Leo")
    assert only(maya.asks("PRIVMSG lEO :hi"), "PRIVMSG").params[0] == "Leo"


def test_nothing_comes_back_to_those_who_did_not_ask(scene: Scene) -> None:
    """Without the capability a client shows its own words itself."""
    leo, _ = scene.enter("leo", rooms=["#room"]), scene.enter("sam", rooms=["#room"])
    assert leo.asks("PRIVMSG #room :hi", "NOTICE #room :hi", "PRIVMSG sam :hi") == []


def test_from_outside_comes_back_as_well(scene: Scene, maya: Person) -> None:
    """An echo does not depend on hearing the room."""
    maya.say("MODE #room -n")
    tom = scene.enter("tom", "echo-message")
    assert tom.asks("PRIVMSG #room :hi") == [":tom!tom@192.0.2.7 PRIVMSG #room :hi"]
    assert tom.asks("PRIVMSG @#room :hi") == [":tom!tom@192.0.2.7 PRIVMSG @#room :hi"]


def test_who_talks_to_themselves_hears_it_as_sender_and_receiver(maya: Person) -> None:
    """ "echo-message will result in duplicate messages being sent by the server, as both sent and received"."""
    one, other = maya.asks("PRIVMSG maya :note to self")
    assert one == other


def test_who_talks_to_themselves_without_echo_hears_it_once(scene: Scene) -> None:
    """Only as whom it was said to."""
    leo = scene.enter("leo")
    assert leo.asks("PRIVMSG LEO :note to self") == [":leo!leo@192.0.2.7 PRIVMSG leo :note to self"]


def test_an_echo_is_a_promise(build: Callable[..., Scene]) -> None:
    """ "receiving a message with themselves as the sender acts as an acknowledgement": it comes once it is stored."""
    scene = build(slow=True)
    maya = scene.enter("maya", "echo-message", rooms=["#room"])
    scene.slow.held = True
    assert maya.asks("PRIVMSG #room :hi") == []
    scene.slow.land()
    scene.turn()
    assert commands(maya.hears()) == ["PRIVMSG"]


def test_what_could_not_be_stored_does_not_come_back() -> None:
    """The sender is told so in a FAIL, and nobody hears the message."""
    scene = Scene(slow=True)
    maya = scene.enter("maya", "echo-message", rooms=["#room"])
    leo = scene.enter("leo", rooms=["#room"])
    scene.slow.held = True
    quiet(maya, leo)
    maya.say("PRIVMSG #room :hi")
    scene.slow.fail(StoreFailed("disk full"))
    scene.turn()
    assert only(maya.hears(), "FAIL").params[:2] == ("PRIVMSG", "NOT_STORED")
    assert leo.hears() == []
