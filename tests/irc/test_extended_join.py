"""extended-join: who comes, as whom, and what they call themselves. https://ircv3.net/specs/extensions/extended-join"""

from __future__ import annotations

from hubbub.hub.ports import Account
from tests.scene import Scene, quiet


def test_a_guest_comes_without_an_account(scene: Scene) -> None:
    """ ":nick!user@host JOIN #channelname * :Real Name"."""
    maya = scene.enter("maya", "extended-join", rooms=["#room"])
    leo = scene.connect()
    leo.say("NICK leo", "USER leo 0 * :Leo the Lion", "JOIN #room")
    assert maya.hears() == [":leo!leo@192.0.2.7 JOIN #room * :Leo the Lion"]


def test_an_account_is_named_as_it_is_spelled(scene: Scene) -> None:
    """ "The penultimate parameter is the display name of that account. The last parameter is the user's GECOS"."""
    scene.accounts.save("priya", Account("Priya", "secret", 0), new=True)
    maya = scene.enter("maya", "extended-join", rooms=["#room"])
    scene.connect().say("PASS priya:secret", "NICK p", "USER p 0 * :P", "JOIN #room")
    assert maya.hears() == [":p!p@192.0.2.7 JOIN #room Priya :P"]


def test_who_joins_reads_it_in_their_own_way(scene: Scene) -> None:
    """Each client is told in the words it negotiated."""
    maya, leo = scene.enter("maya", rooms=["#room"]), scene.enter("leo", "extended-join")
    quiet(maya, leo)
    assert leo.asks("JOIN #room")[0] == ":leo!leo@192.0.2.7 JOIN #room * :Leo"
    assert maya.hears() == [":leo!leo@192.0.2.7 JOIN #room"]
