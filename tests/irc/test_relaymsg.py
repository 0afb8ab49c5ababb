"""RELAYMSG: bridges speak in the names of people elsewhere. https://github.com/ircv3/ircv3-specifications/pull/417"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, only, params, without_tags
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """The bridge, which runs the room."""
    return scene.enter("maya", "batch", "echo-message", "labeled-response", "draft/relaymsg", rooms=["#Room"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    person = scene.enter("leo", rooms=["#room"])
    quiet(maya)
    return person


def test_it_is_said_under_another_name(maya: Person, leo: Person) -> None:
    """Everybody reads a message of somebody elsewhere, from where the bridge is."""
    maya.say("RELAYMSG #room smt/discord :hi there")
    assert leo.hears() == [":smt/discord!maya@192.0.2.7 PRIVMSG #Room :hi there"]


def test_the_bridge_knows_its_own(scene: Scene, maya: Person, leo: Person) -> None:
    """The tag names who relayed it, for those who negotiated it."""
    heard = only(maya.asks("@label=x RELAYMSG #room smt/discord hi"), "PRIVMSG")
    assert heard.tags == {"draft/relaymsg": "maya", "label": "x"}
    assert leo.hears() == [":smt/discord!maya@192.0.2.7 PRIVMSG #Room :hi"]


def test_history_has_it(maya: Person, leo: Person) -> None:
    """As it was said, with who relayed it."""
    maya.say("RELAYMSG #room smt/discord hi", "CAP REQ draft/chathistory")
    line = only(maya.asks("CHATHISTORY LATEST #room * 10"), "PRIVMSG")
    assert (line.source, line.tags["draft/relaymsg"]) == ("smt/discord!maya@192.0.2.7", "maya")


def test_a_relayed_message_carries_no_account(scene: Scene, maya: Person) -> None:
    """Nobody is taken for somebody they are not."""
    scene.hub.user("maya").account = "maya"
    scene.hub.user("maya").sign()
    sam = scene.enter("sam", "account-tag", rooms=["#room"])
    quiet(maya)
    maya.say("RELAYMSG #room smt/discord hi", "PRIVMSG #room :hi")
    assert [line.tags for line in every(sam.hears(), "PRIVMSG")] == [{}, {"account": "maya"}]


def test_client_tags_go_along(scene: Scene, maya: Person) -> None:
    """A bridge passes replies on."""
    maya.say("CAP REQ message-tags")
    sam = scene.enter("sam", "message-tags", rooms=["#room"])
    maya.say("@+reply=x RELAYMSG #room smt/discord hi")
    assert only(sam.hears(), "PRIVMSG").tags["+reply"] == "x"


def test_a_resend_is_stored_once(maya: Person, leo: Person) -> None:
    """A long label is a nonce."""
    for _ in range(2):
        maya.say("@label=0123456789abcdef RELAYMSG #room smt/discord hi")
    assert commands(leo.hears()) == ["PRIVMSG"]


NICKS = ["plain", "invalid!nick/discord", "a@b/c", "/discord", "a b/c", "#a/b", "a,b/c", "a/\u202eb", "x" * 32 + "/y"]


@pytest.mark.parametrize("nick", NICKS)
def test_a_nick_from_elsewhere_looks_like_one(maya: Person, leo: Person, nick: str) -> None:
    """ "FAIL RELAYMSG INVALID_NICK": a slash tells it from the nicks of this house."""
    assert params(maya.asks(f"RELAYMSG #room {nick} :hi"), "FAIL")[:2] == ("RELAYMSG", "INVALID_NICK")
    assert leo.hears() == []


def test_a_nick_from_elsewhere_may_be_of_any_script(maya: Person, leo: Person) -> None:
    """People elsewhere are called as they are."""
    maya.say("RELAYMSG #room Åsa/matrix :hej")
    assert without_tags(leo.hears()) == [":Åsa/matrix!maya@192.0.2.7 PRIVMSG #Room :hej"]


def test_only_operators_relay(maya: Person, leo: Person) -> None:
    """ "FAIL RELAYMSG PRIVS_NEEDED"."""
    assert params(leo.asks("RELAYMSG #room smt/discord hi"), "FAIL")[:2] == ("RELAYMSG", "PRIVS_NEEDED")
    assert maya.hears() == []


def test_what_cannot_be_relayed_is_said_so(scene: Scene, maya: Person) -> None:
    """No text, no room, no room for the text, no parameters."""
    assert params(maya.asks("RELAYMSG #room smt/discord :  "), "FAIL")[:2] == ("RELAYMSG", "BLANK_MSG")
    assert commands(maya.asks("RELAYMSG #nowhere smt/discord hi")) == ["403"]
    assert commands(maya.asks("RELAYMSG leo smt/discord hi")) == ["403"]
    assert commands(maya.asks(f"RELAYMSG #room smt/discord :{'a' * 470}")) == ["417"]
    assert commands(maya.asks("RELAYMSG #room smt/discord")) == ["461"]


def test_the_separator_is_told(scene: Scene) -> None:
    """The capability's value."""
    heard = scene.connect().asks("CAP LS 302")
    assert "draft/relaymsg=/" in " ".join(line.params[-1] for line in every(heard, "CAP")).split()
