"""RENAME. https://ircv3.net/specs/extensions/channel-rename"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.irc.lines import commands, every, params
from tests.irc.owners import owner, person, reopened, said
from tests.scene import Person, Scene, quiet

RENAME = "draft/channel-rename"


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #tea and knows the capability."""
    return scene.enter("maya", RENAME, rooms=["#tea"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #tea, too, with an old client."""
    one = scene.enter("leo", rooms=["#tea"])
    maya.say("TOPIC #tea :Assam")
    quiet(maya, one)
    return one


def test_those_who_know_are_told_of_the_new_name(scene: Scene, maya: Person) -> None:
    """ "in turn allows a server to inform a client that a channel name has been changed"."""
    sam = scene.enter("sam", RENAME, rooms=["#tea"])
    told = [":maya!maya@192.0.2.7 RENAME #tea #Coffee :Typo fix"]
    assert maya.asks("RENAME #tea #Coffee :Typo fix") == told
    assert sam.hears() == told


def test_a_rename_always_has_its_third_parameter(maya: Person) -> None:
    """ "The server to client command MUST always include the third parameter, an empty string MAY be used"."""
    assert maya.asks("RENAME #tea #coffee") == [":maya!maya@192.0.2.7 RENAME #tea #coffee :"]


def test_old_clients_part_and_join(maya: Person, leo: Person) -> None:
    """ "Send the client a PART message [...] followed by the usual messages that would be sent if [it] had joined"."""
    maya.say("RENAME #tea #coffee :Typo fix")
    heard = leo.hears()
    assert commands(heard) == ["PART", "JOIN", "332", "333", "353", "366"]
    assert heard[:2] == [":leo!leo@192.0.2.7 PART #tea :Typo fix", ":leo!leo@192.0.2.7 JOIN #coffee"]
    assert params(heard, "332")[1:] == ("#coffee", "Assam")
    assert params(heard, "353")[2:] == ("#coffee", "@maya leo")


def test_whoever_renames_need_not_know_the_capability(maya: Person, leo: Person) -> None:
    """ "the server SHOULD rename the channel, but use the fallback mechanism to report the name change"."""
    maya.say("MODE #tea +o leo")
    leo.say("CAP REQ :labeled-response batch")
    heard = leo.asks("@label=x RENAME #tea #coffee")
    assert commands(heard) == ["BATCH", "PART", "JOIN", "332", "333", "353", "366", "BATCH"]
    assert maya.hears()[-1] == ":leo!leo@192.0.2.7 RENAME #tea #coffee :"


def test_all_of_the_room_stays(scene: Scene, maya: Person, leo: Person) -> None:
    """ "A channel rename preserves all channel state, such as membership, mode and topic"."""
    maya.say("MODE #tea +mlb 9 tom", "MODE #tea +v leo", "INVITE sam #tea")
    before = maya.asks("MODE #tea", "MODE #tea b", "NAMES #tea")
    maya.say("RENAME #tea #coffee")
    leo.hears()
    after = maya.asks("MODE #coffee", "MODE #coffee b", "NAMES #coffee")
    assert [line.replace("#coffee", "#tea") for line in after] == before
    leo.say("PRIVMSG #coffee :here")
    assert [line.params for line in every(maya.hears(), "PRIVMSG")] == [("#coffee", "here")]
    assert commands(maya.asks("PRIVMSG #tea :there?")) == ["403"]


def test_an_invitation_is_still_good(scene: Scene, maya: Person) -> None:
    """It was for the room, not for its name."""
    sam = scene.enter("sam")
    maya.say("MODE #tea +i", "INVITE sam #tea", "RENAME #tea #coffee")
    assert commands(sam.asks("JOIN #coffee"))[0] == "JOIN"


def test_history_goes_on_under_the_new_name(scene: Scene) -> None:
    """What was said before is found there, as said there; nothing of it under the old name."""
    maya = scene.enter("maya", RENAME, "draft/chathistory", "batch", "message-tags", rooms=["#Tea"])
    maya.say("PRIVMSG #Tea :one", "RENAME #Tea #Coffee", "PRIVMSG #coffee :two")
    heard = maya.asks("CHATHISTORY LATEST #coffee * 10")
    assert [line.params for line in every(heard, "PRIVMSG")] == [("#Coffee", "one"), ("#Coffee", "two")]
    assert commands(maya.asks("CHATHISTORY LATEST #tea * 10")) == ["FAIL"]
    maya.say("JOIN #tea")
    assert every(maya.asks("CHATHISTORY LATEST #tea * 10"), "PRIVMSG") == []


def test_a_read_marker_goes_along(scene: Scene, build: Callable[..., Scene]) -> None:
    """What was read is read, whatever the room is called; after a restart, too."""
    maya = owner(scene, "maya", "#tea", RENAME, "draft/read-marker")
    maya.say("MARKREAD #tea timestamp=2026-09-21T14:00:00.000Z", "RENAME #tea #coffee")
    stands = params(maya.asks("MARKREAD #coffee"), "MARKREAD")
    assert stands == ("#coffee", "timestamp=2026-09-21T14:00:00.000Z")
    again = person(reopened(scene, build), "maya", "draft/read-marker", rooms=("#coffee",))
    assert params(again.asks("MARKREAD #coffee"), "MARKREAD") == stands


def test_a_change_of_case_alone_is_always_allowed(maya: Person, leo: Person) -> None:
    """ "Implementations MUST allow channels to be renamed while only changing the casing"; old clients need no JOIN."""
    assert maya.asks("RENAME #tea #TEA") == [":maya!maya@192.0.2.7 RENAME #tea #TEA :"]
    assert leo.hears() == []
    assert params(leo.asks("TOPIC #tea"), "332")[1] == "#TEA"
    assert params(maya.asks("RENAME #tea #TEA"), "FAIL")[1] == "CANNOT_RENAME"


def test_only_operators_rename(scene: Scene, maya: Person, leo: Person) -> None:
    """ "If existing error numerics [...] are more appropriate, they SHOULD be used instead"."""
    assert params(leo.asks("RENAME #tea #coffee"), "482")[1] == "#tea"
    assert params(scene.enter("sam").asks("RENAME #tea #coffee"), "442")[1] == "#tea"
    assert params(maya.asks("RENAME #nowhere #coffee"), "403")[1] == "#nowhere"
    assert params(maya.asks("RENAME #tea"), "461")[1] == "RENAME"


def test_a_name_that_is_taken_is_refused(scene: Scene, maya: Person) -> None:
    """ "FAIL RENAME CHANNEL_NAME_IN_USE <old-channel> <new-channel>"."""
    scene.enter("sam", rooms=["#coffee"])
    heard = params(maya.asks("RENAME #tea #Coffee"), "FAIL")
    assert heard[:4] == ("RENAME", "CHANNEL_NAME_IN_USE", "#tea", "#Coffee")


@pytest.mark.parametrize(
    "name", ["%local", "&local", "tea", "#", "#a,b", "#" + "x" * 200, "#\N{LATIN SMALL LETTER E WITH ACUTE}" + "é" * 40]
)
def test_a_name_that_no_channel_can_have_is_refused(maya: Person, name: str) -> None:
    """ "Server implementations MAY prevent channel renames that change the prefix type"."""
    assert params(maya.asks(f"RENAME #tea {name}"), "FAIL")[:3] == ("RENAME", "CANNOT_RENAME", "#tea")


def test_nobody_makes_the_new_room_meanwhile(build: Callable[..., Scene]) -> None:
    """A JOIN that comes while the renaming is on its way to the store comes into the renamed room."""
    scene = build(slow=True)
    maya, sam = scene.enter("maya", RENAME, rooms=["#tea"]), scene.enter("sam")
    scene.slow.held = True
    maya.say("RENAME #tea #coffee")
    sam.say("JOIN #coffee")
    scene.slow.land()
    scene.turn()
    scene.slow.held = False
    while scene.slow.groups:
        scene.slow.land()
        scene.turn()
    assert [user.nick for user in scene.hub.channel("#coffee").members] == ["maya", "sam"]
    assert scene.hub.channel("#coffee").status(scene.hub.user("sam")) == ""


def test_a_renaming_that_cannot_be_stored_did_not_happen(build: Callable[..., Scene]) -> None:
    """All is as it was, and the name is free."""
    scene = build(slow=True)
    maya = scene.enter("maya", RENAME, rooms=["#tea"])
    scene.slow.held = True
    maya.say("RENAME #tea #coffee")
    scene.slow.fail(OSError("no space"))
    scene.slow.held = False
    scene.turn()
    assert params(maya.hears(), "FAIL")[:2] == ("RENAME", "NOT_STORED")
    assert commands(maya.asks("JOIN #coffee"))[0] == "JOIN"
    scene.faults.clear()


# Where the old name leads


@pytest.fixture
def moved(scene: Scene) -> Person:
    """She owns #coffee, which was called #tea."""
    one = owner(scene, "maya", "#tea", RENAME)
    one.say("RENAME #tea #coffee")
    return one


def test_the_old_name_of_an_owned_room_is_answered(scene: Scene, moved: Person) -> None:
    """ "send a FAIL JOIN CHANNEL_RENAMED message to clients attempting to join the old channel name"."""
    heard = params(scene.enter("sam", RENAME).asks("JOIN #TEA"), "FAIL")
    assert heard[:4] == ("JOIN", "CHANNEL_RENAMED", "#TEA", "#coffee")


def test_old_clients_are_led_to_the_new_name(scene: Scene, moved: Person) -> None:
    """ "the 470 numeric MAY be used [...] to redirect clients from the old channel to the new channel"."""
    heard = scene.enter("leo").asks("JOIN #tea")
    assert params(heard, "470")[:3] == ("leo", "#tea", "#coffee")
    assert params(heard, "JOIN") == ("#coffee",)


def test_the_name_of_a_room_of_the_moment_is_free_again(maya: Person, leo: Person) -> None:
    """Nobody is led anywhere, and whoever comes first runs the new room of that name."""
    maya.say("RENAME #tea #coffee")
    assert params(leo.asks("JOIN #tea"), "353")[3] == "@leo"


def test_all_names_a_room_had_lead_to_it(moved: Person, scene: Scene, build: Callable[..., Scene]) -> None:
    """Over several renamings, over a restart, and until it is called so again."""
    moved.say("RENAME #coffee #Cocoa")
    assert scene.hub.forwards == {"#tea": "#Cocoa", "#coffee": "#Cocoa"}
    after = reopened(scene, build)
    assert after.hub.forwards == scene.hub.forwards
    assert params(after.enter("sam").asks("JOIN #tea"), "JOIN") == ("#Cocoa",)
    moved.say("RENAME #cocoa #tea")
    assert scene.hub.forwards == {"#coffee": "#tea", "#cocoa": "#tea"}
    assert reopened(scene, build).hub.forwards == scene.hub.forwards


def test_so_many_names_lead_to_a_room(scene: Scene, moved: Person) -> None:
    """The latest five: nobody keeps names from others by giving them up."""
    for number in range(9):
        moved.say(f"RENAME #{'coffee' if not number else f'n{number - 1}'} #n{number}")
    assert list(scene.hub.forwards) == ["#n3", "#n4", "#n5", "#n6", "#n7"]
    assert commands(scene.enter("sam").asks("JOIN #tea"))[0] == "JOIN"


def test_a_name_that_leads_somewhere_is_taken(scene: Scene, moved: Person) -> None:
    """ "might choose to prevent registering an old channel name while a channel redirection is in place"."""
    sam = scene.enter("sam", rooms=["#milk"])
    assert params(sam.asks("RENAME #milk #tea"), "FAIL")[1] == "CHANNEL_NAME_IN_USE"


def test_a_dropped_room_takes_its_old_names_along(scene: Scene, moved: Person) -> None:
    """They are free for others."""
    moved.say("CS DROP #coffee #coffee")
    assert scene.hub.forwards == {}
    assert scene.memory.facts().result() == []


def test_only_the_owner_renames_an_owned_room(scene: Scene, moved: Person) -> None:
    """Others may be operators of it, and it is not theirs."""
    leo = scene.enter("leo", rooms=["#coffee"])
    moved.say("MODE #coffee +o leo")
    assert commands(leo.asks("RENAME #coffee #mine"))[-1] == "482"


def test_an_owned_room_is_remembered_under_its_new_name(
    scene: Scene, moved: Person, build: Callable[..., Scene]
) -> None:
    """Nothing is left under the old one, and INFO tells of it."""
    moved.say("TOPIC #coffee :Arabica", "MODE #coffee +b tom")
    after = reopened(scene, build)
    assert list(after.hub.channels) == ["#coffee"]
    assert {fact.key for fact in scene.memory.facts().result() if fact.scope == "channel"} == {"#coffee"}
    assert "Before, it was called #tea" in said(person(after, "maya"), "CS INFO #coffee")


def test_renaming_in_words(scene: Scene) -> None:
    """ChanServ does it, too."""
    maya = owner(scene, "maya", "#tea")
    assert said(maya, "CS RENAME #tea #coffee better") == ["#tea is called #coffee now"]
    assert said(maya, "CS RENAME #coffee tea")[0].startswith("a channel is #")
