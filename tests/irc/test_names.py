"""NAMES, and what capabilities add to it.

https://modern.ircdocs.horse/#names-message, https://ircv3.net/specs/extensions/multi-prefix and
https://ircv3.net/specs/extensions/userhost-in-names
"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, every, params, tag_free
from tests.scene import Scene


def test_members_are_listed_with_their_highest_prefix(scene: Scene) -> None:
    """ "<prefix> is the highest channel membership prefix that client has in the channel, if they have one"."""
    maya = scene.enter("maya", rooms=["#room"])
    for nick in ("leo", "sam", "priya"):
        scene.enter(nick, rooms=["#room"])
    maya.say("MODE #room +vhv maya leo sam")
    heard = maya.asks("NAMES #room")
    assert params(heard, "353") == ("maya", "=", "#room", "@maya %leo +sam priya")
    assert params(heard, "366")[:2] == ("maya", "#room")


def test_multi_prefix_lists_them_all(scene: Scene) -> None:
    """ "all possible prefixes which apply to a user in NAMES, WHO and WHOIS output [...] from highest to lowest"."""
    maya = scene.enter("maya", "multi-prefix", rooms=["#room"])
    maya.say("MODE #room +vh maya maya")
    assert params(maya.asks("NAMES #room"), "353")[3] == "@%+maya"
    assert params(maya.asks("WHO #room"), "352")[6] == "H@%+"
    assert params(maya.asks("WHOIS maya"), "319")[2] == "@%+#room"


def test_userhost_in_names_shows_the_full_mask(scene: Scene) -> None:
    """ "to contain the full hostmask (nick!user@host) of every user listed"."""
    scene.enter("leo", rooms=["#room"])
    maya = scene.enter("maya", "userhost-in-names")
    assert params(maya.asks("JOIN #room"), "353")[3] == "@leo!leo@192.0.2.7 maya!maya@192.0.2.7"


def test_a_secret_room_has_its_own_symbol(scene: Scene) -> None:
    """ "("@", 0x40) - Secret channel"."""
    maya = scene.enter("maya", rooms=["#room"])
    maya.say("MODE #room +s")
    assert params(maya.asks("NAMES #room"), "353")[1] == "@"


def test_a_secret_room_is_empty_for_outsiders(scene: Scene) -> None:
    """ "If the given channel has the secret channel mode set and the user is not joined, one RPL_ENDOFNAMES"."""
    scene.enter("leo", rooms=["#room"]).say("MODE #room +s")
    assert commands(scene.enter("maya").asks("NAMES #room")) == ["366"]


def test_an_open_room_is_seen_from_outside(scene: Scene) -> None:
    """Those who could join may look first."""
    scene.enter("leo", rooms=["#room"])
    assert params(scene.enter("maya").asks("NAMES #ROOM"), "353")[2:] == ("#room", "@leo")


def test_the_invisible_are_not_shown_to_outsiders(scene: Scene) -> None:
    """ "Users with the invisible user mode set are not shown [...] unless the requesting client is also joined"."""
    scene.enter("leo", rooms=["#room"]).say("MODE leo +i")
    scene.enter("sam", rooms=["#room"])
    maya = scene.enter("maya")
    assert params(maya.asks("NAMES #room"), "353")[3] == "sam"
    maya.say("JOIN #room")
    assert params(maya.asks("NAMES #room"), "353")[3] == "@leo sam maya"


def test_several_rooms_end_once(scene: Scene) -> None:
    """One list was asked for, and its one end says which."""
    maya = scene.enter("maya", rooms=["#one", "#two"])
    heard = maya.asks("NAMES #one,#nowhere,#two")
    assert [line.params[2] for line in every(heard, "353")] == ["#one", "#two"]
    assert params(heard, "366")[1] == "#one,#nowhere,#two"


def test_bad_names_have_an_end_and_no_error(scene: Scene) -> None:
    """ "If the channel name is invalid or the channel does not exist, one RPL_ENDOFNAMES [...] should be returned"."""
    maya = scene.enter("maya")
    assert params(maya.asks("NAMES nonsense"), "366")[1] == "nonsense"
    assert params(maya.asks("NAMES"), "366")[1] == "*"
    assert params(maya.asks("NAMES :"), "366")[1] == "*"


def test_a_big_room_takes_several_lines(scene: Scene) -> None:
    """Nobody is left out, and nobody is cut in two."""
    nicks = [f"{'n' * 28}{number:03}" for number in range(60)]
    for nick in nicks:
        scene.enter(nick, rooms=["#room"])
    maya = scene.enter("maya", "userhost-in-names", "multi-prefix")
    heard = maya.asks("JOIN #room")
    listed = " ".join(line.params[3] for line in every(heard, "353")).split()
    assert [name.lstrip("@").partition("!")[0] for name in listed] == [*nicks, "maya"]
    assert len(every(heard, "366")) == 1
    assert max(map(tag_free, heard)) <= 512


@pytest.mark.parametrize("cap", ["no-implicit-names", "draft/no-implicit-names"])
def test_who_wants_no_names_on_joining_gets_them_on_asking(scene: Scene, cap: str) -> None:
    """ "servers MUST NOT send an implicit NAMES reply after sending a JOIN message" but "MUST reply to explicit NAMES".

    https://ircv3.net/specs/extensions/no-implicit-names
    """
    maya = scene.enter("maya", cap)
    assert commands(maya.asks("JOIN #room")) == ["JOIN"]
    assert commands(maya.asks("NAMES #room")) == ["353", "366"]
