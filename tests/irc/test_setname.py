"""SETNAME and draft/whoami. https://ircv3.net/specs/extensions/setname"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.hub.ports import Account, StoreFailed
from tests.irc.lines import commands, every, only, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", "setname", rooms=["#room"])


def test_the_change_is_confirmed_to_all_who_know_the_capability(scene: Scene, maya: Person) -> None:
    """ "to all clients in common channels, as well as to the client from which it originated"."""
    leo, tom = scene.enter("leo", "setname", rooms=["#room"]), scene.enter("tom", rooms=["#room"])
    stranger = scene.enter("sam", "setname")
    quiet(maya, leo, tom, stranger)
    maya.say("SETNAME :Maya M. <maya@example.org>")
    line = ":maya!maya@192.0.2.7 SETNAME :Maya M. <maya@example.org>"
    assert (maya.hears(), leo.hears()) == ([line], [line])
    assert (tom.hears(), stranger.hears()) == ([], [])


def test_whois_and_who_show_it(maya: Person) -> None:
    """From then on it is the real name."""
    maya.say("SETNAME :Maya M.")
    assert params(maya.asks("WHOIS maya"), "311")[-1] == "Maya M."
    assert params(maya.asks("WHO maya"), "352")[-1] == "0 Maya M."


def test_without_the_capability_it_works_in_silence(scene: Scene) -> None:
    """ "the server SHOULD handle it silently (with no response)"."""
    tom = scene.enter("tom")
    assert tom.asks("SETNAME :Tom T.") == []
    assert params(tom.asks("WHOIS tom"), "311")[-1] == "Tom T."


@pytest.mark.parametrize("name", ["", "x" * 151, "bell\x07"])
def test_what_is_no_real_name_is_refused(maya: Person, name: str) -> None:
    """ "it MUST send a FAIL message with the INVALID_REALNAME code"."""
    assert params(maya.asks(f"SETNAME :{name}"), "FAIL")[:2] == ("SETNAME", "INVALID_REALNAME")
    assert params(maya.asks("WHOIS maya"), "311")[-1] == "Maya"


def test_a_name_is_needed(maya: Person) -> None:
    """ERR_NEEDMOREPARAMS, as for every command."""
    assert commands(maya.asks("SETNAME")) == ["461"]


def test_isupport_tells_its_length(scene: Scene) -> None:
    """ "servers MUST provide a NAMELEN token in RPL_ISUPPORT with the maximum allowed length for realnames"."""
    heard = scene.connect().asks("NICK maya", "USER maya 0 * :Maya")
    assert "NAMELEN=150" in [token for line in every(heard, "005") for token in line.params]


def test_a_change_that_cannot_be_stored_is_refused_as_such(build: Callable[..., Scene]) -> None:
    """ "for any other reason, it MUST send a FAIL message with the CANNOT_CHANGE_REALNAME code"."""
    scene = build(slow=True)
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    maya = scene.connect()
    maya.say("CAP REQ setname", "CAP END", "PASS maya:secret", "NICK maya", "USER m 0 * :Maya")
    scene.server.submit(scene.hub.stay(scene.hub.user("maya"), True), None)  # so that there is something to store
    scene.turn()
    quiet(maya)
    scene.slow.held = True
    maya.say("SETNAME :Maya M.")
    scene.slow.fail(StoreFailed("disk full"))
    scene.turn()
    assert params(maya.hears(), "FAIL")[:2] == ("SETNAME", "CANNOT_CHANGE_REALNAME")
    assert scene.hub.user("maya").realname == "Maya"
    scene.faults.clear()


def test_whoami_tells_ones_mask_between_isupport_and_lusers(scene: Scene) -> None:
    """https://github.com/ircv3/ircv3-specifications/pull/603: a SETNAME of oneself in the welcome."""
    maya = scene.connect()
    heard = maya.asks("CAP REQ :draft/whoami chghost", "NICK maya", "USER m 0 * :Maya M.", "CAP END")
    told = only(heard, "SETNAME")
    assert (told.source, told.params) == ("maya!m@192.0.2.7", ("Maya M.",))
    order = commands(heard)
    assert order.index("005") < order.index("SETNAME") < order.index("251")
    assert "SETNAME" not in commands(scene.connect().asks("NICK tom", "USER t 0 * :Tom"))
