"""INVITE and invite-notify.

https://modern.ircdocs.horse/#invite-message and https://ircv3.net/specs/extensions/invite-notify
"""

from __future__ import annotations

import pytest

from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #room."""
    return scene.enter("maya", rooms=["#room"])


def test_host_and_guest_are_told(scene: Scene, maya: Person) -> None:
    """ "the server MUST send RPL_INVITING to the command issuer, and an INVITE message to the target user"."""
    leo = scene.enter("leo")
    assert params(maya.asks("INVITE LEO #ROOM"), "341") == ("maya", "leo", "#room")
    assert leo.hears() == [":maya!maya@192.0.2.7 INVITE leo #room"]


def test_an_invitation_opens_a_closed_room_once(scene: Scene, maya: Person) -> None:
    """It is used up by coming in."""
    leo = scene.enter("leo")
    maya.say("MODE #room +i", "INVITE leo #room")
    leo.hears()
    assert commands(leo.asks("JOIN #room"))[0] == "JOIN"
    leo.say("PART #room")
    assert commands(leo.asks("JOIN #room"))[-1] == "473"


def test_an_invitation_of_an_operator_overrides_a_ban(scene: Scene, maya: Person) -> None:
    """Whoever may lift a ban may also look past it."""
    leo = scene.enter("leo")
    maya.say("MODE #room +b leo", "INVITE leo #room")
    leo.hears()
    assert commands(leo.asks("JOIN #room"))[0] == "JOIN"


def test_an_invitation_ends_with_its_room(scene: Scene, maya: Person) -> None:
    """A room of the same name is another room."""
    leo = scene.enter("leo")
    maya.say("INVITE leo #room", "PART #room")
    scene.enter("sam", rooms=["#room"]).say("MODE #room +i")
    leo.hears()
    assert commands(leo.asks("JOIN #room")) == ["473"]


def test_only_members_invite(scene: Scene, maya: Person) -> None:
    """ "Only members of the channel are allowed to invite other users. Otherwise, [...] ERR_NOTONCHANNEL"."""
    scene.enter("leo")
    assert params(scene.enter("sam").asks("INVITE leo #room"), "442")[1] == "#room"


def test_only_operators_invite_into_a_closed_room(scene: Scene, maya: Person) -> None:
    """ "they SHOULD reject it when the channel has invite-only mode set, and the user is not a channel operator"."""
    leo, sam = scene.enter("leo", rooms=["#room"]), scene.enter("sam")
    assert commands(leo.asks("INVITE sam #room")) == ["341"]
    maya.say("MODE #room +i")
    leo.hears()
    assert params(leo.asks("INVITE sam #room"), "482")[1] == "#room"
    assert commands(sam.hears()) == ["INVITE"]


def test_who_is_there_needs_no_invitation(scene: Scene, maya: Person) -> None:
    """ "If the user is already on the target channel, the server MUST reject the command with ERR_USERONCHANNEL"."""
    scene.enter("leo", rooms=["#room"])
    assert params(maya.asks("INVITE leo #room"), "443")[1:3] == ("leo", "#room")


@pytest.mark.parametrize(("line", "numeric"), [("INVITE nobody #room", "401"), ("INVITE leo #nowhere", "403")])
def test_guest_and_room_have_to_exist(scene: Scene, maya: Person, line: str, numeric: str) -> None:
    """ "The target channel SHOULD exist [...] Otherwise, the server SHOULD reject [...] with ERR_NOSUCHCHANNEL"."""
    scene.enter("leo")
    assert commands(maya.asks(line)) == [numeric]


def test_the_host_learns_that_the_guest_is_away(scene: Scene, maya: Person) -> None:
    """An invitation is a message to somebody who may not be looking."""
    scene.enter("leo").say("AWAY :lunch")
    assert commands(maya.asks("INVITE leo #room")) == ["341", "301"]


def test_invite_alone_lists_the_invitations(scene: Scene, maya: Person) -> None:
    """ "reply with a list of channels the sender is invited to as RPL_INVITELIST [...] ending with 337"."""
    leo = scene.enter("leo")
    assert commands(leo.asks("INVITE")) == ["337"]
    maya.say("INVITE leo #room")
    assert commands(leo.asks("INVITE")) == ["336", "337"]
    assert params(leo.asks("INVITE"), "336") == ("leo", "#room")


def test_a_guest_needs_a_room(maya: Person) -> None:
    """A nick alone lacks where to."""
    assert params(maya.asks("INVITE leo"), "461")[1] == "INVITE"


def test_invite_notify_tells_the_other_operators(scene: Scene, maya: Person) -> None:
    """ "a server may choose to only send the message to clients having channel op"."""
    sam = scene.enter("sam", "invite-notify", rooms=["#room"])
    tom = scene.enter("tom", "invite-notify", rooms=["#room"])
    leo = scene.enter("leo", "invite-notify")
    maya.say("CAP REQ invite-notify", "MODE #room +o sam")
    quiet(maya, sam, tom, leo)
    assert commands(maya.asks("INVITE leo #room")) == ["341"]
    assert sam.hears() == [":maya!maya@192.0.2.7 INVITE leo #room"]
    assert tom.hears() == []
    assert leo.hears() == [":maya!maya@192.0.2.7 INVITE leo #room"]


def test_without_the_capability_other_members_are_not_notified(scene: Scene, maya: Person) -> None:
    """ "Other channel members SHOULD NOT be notified"."""
    sam = scene.enter("sam", rooms=["#room"])
    scene.enter("leo")
    maya.say("MODE #room +o sam")
    sam.hears()
    maya.say("INVITE leo #room")
    assert sam.hears() == []
