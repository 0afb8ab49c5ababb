"""METADATA. https://ircv3.net/specs/extensions/metadata"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.commands import metadata
from tests.irc.lines import commands, every, params
from tests.irc.logins import account, log_in, newcomer
from tests.irc.owners import owner, person, reopened
from tests.scene import Person, Scene, quiet

CAPS = ("draft/metadata-3", "batch")


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #tea."""
    return scene.enter("maya", *CAPS, rooms=["#tea"])


@pytest.fixture
def leo(scene: Scene, maya: Person) -> Person:
    """He is in #tea, and wants to know display names and URLs."""
    one = scene.enter("leo", *CAPS, rooms=["#tea"])
    one.say("METADATA * SUB display-name url")
    quiet(maya, one)
    return one


# The capability


def test_the_capability_tells_its_limits(scene: Scene) -> None:
    """ "max-subs: the maximum number of keys a client is allowed in its subscription list" and so on."""
    offered = " ".join(line.params[-1] for line in every(scene.connect().asks("CAP LS 302"), "CAP")).split()
    limits = "before-connect,max-subs=50,max-keys=20,max-value-bytes=300"
    assert f"draft/metadata-3={limits}" in offered
    assert f"draft/metadata-2={limits}" in offered


# Getting, listing, setting, clearing


def test_what_is_set_is_got(maya: Person) -> None:
    """ "responds with one RPL_KEYVALUE event, representing the new value"."""
    answer = ("maya", "maya", "url", "*", "http://maya.example")
    assert params(maya.asks("METADATA * SET url :http://maya.example"), "761") == answer
    heard = maya.asks("METADATA MAYA GET url")
    assert params(heard, "761") == answer
    assert commands(heard) == ["BATCH", "761", "BATCH"]
    assert params(heard[:1], "BATCH")[1:] == ("metadata", "maya")


def test_several_keys_are_answered_in_order(maya: Person) -> None:
    """ "RPL_KEYVALUE, RPL_KEYNOTSET, FAIL [...] for every key in order"."""
    maya.say("METADATA * SET url :x")
    heard = maya.asks("METADATA * GET foo url $bad bar")
    assert commands(heard) == ["BATCH", "766", "761", "FAIL", "766", "BATCH"]
    assert [line.params[2] for line in every(heard, "766")] == ["foo", "bar"]
    assert params(heard, "FAIL")[:3] == ("METADATA", "INVALID_KEY", "$bad")


def test_all_that_is_set_is_listed(maya: Person) -> None:
    """ "a metadata batch containing zero or more RPL_KEYVALUE events"."""
    assert commands(maya.asks("METADATA * LIST")) == ["BATCH", "BATCH"]
    maya.say("METADATA * SET url :x", "METADATA * SET a.b/c_d-1 :two words")
    heard = every(maya.asks("METADATA maya LIST"), "761")
    assert [line.params[2:] for line in heard] == [("a.b/c_d-1", "*", "two words"), ("url", "*", "x")]


def test_a_key_without_a_value_is_removed(maya: Person) -> None:
    """ "If no value is given, the key is removed"; if it was not set, "KEY_NOT_SET"."""
    maya.say("METADATA * SET url :x")
    assert params(maya.asks("METADATA * SET url"), "766")[1:3] == ("maya", "url")
    assert params(maya.asks("METADATA * SET url"), "FAIL")[:4] == ("METADATA", "KEY_NOT_SET", "maya", "url")
    maya.say("METADATA * SET url :x")
    assert commands(maya.asks("METADATA * SET url :")) == ["766"]


def test_all_keys_are_cleared_at_once(maya: Person) -> None:
    """ "This subcommand removes all metadata from the target"."""
    maya.say("METADATA #tea SET url :x", "METADATA #tea SET foo :y")
    heard = maya.asks("METADATA #tea CLEAR")
    assert [line.params[1:3] for line in every(heard, "766")] == [("#tea", "foo"), ("#tea", "url")]
    assert commands(maya.asks("METADATA #tea LIST")) == ["BATCH", "BATCH"]


@pytest.mark.parametrize("key", ["Url", "a:b", "é", "x" * 65, "$", "a b"])
def test_keys_are_of_few_letters(maya: Person, key: str) -> None:
    """ "Key names are restricted to the ranges a-z, 0-9, and _./-"."""
    line = f"METADATA * SET {key} :x" if " " not in key else f"METADATA * GET :{key}"
    assert params(maya.asks(line), "FAIL")[:2] == ("METADATA", "INVALID_KEY")


def test_a_value_that_could_not_be_told_is_refused(maya: Person) -> None:
    """ "the maximum size of values a client is allowed to set"; whatever is taken is told whole."""
    assert params(maya.asks(f"METADATA * SET url :{'x' * 301}"), "FAIL")[:3] == ("METADATA", "INVALID_VALUE", "url")
    assert params(maya.asks(f"METADATA * SET url :{'é' * 151}"), "FAIL")[:3] == ("METADATA", "INVALID_VALUE", "url")
    assert params(maya.asks(f"METADATA * SET url :{'x' * 300}"), "761")[4] == "x" * 300
    assert len(maya.asks("METADATA * GET url")[1].partition(" ")[2].encode()) <= 510


def test_there_are_so_many_keys(maya: Person) -> None:
    """ "FAIL METADATA LIMIT_REACHED": changing one is not one more."""
    maya.say(*(f"METADATA * SET key{number} :x" for number in range(20)))
    assert params(maya.asks("METADATA * SET more :x"), "FAIL")[:4] == ("METADATA", "LIMIT_REACHED", "maya", "20")
    assert commands(maya.asks("METADATA * SET key3 :y")) == ["761"]


@pytest.mark.parametrize("line", ["GET url", "LIST", "SET url :x", "CLEAR", "SYNC"])
@pytest.mark.parametrize("target", ["nobody", "#nowhere", "$a:user"])
def test_a_target_has_to_exist(maya: Person, target: str, line: str) -> None:
    """ "If the target is not valid, ONLY a FAIL METADATA INVALID_TARGET reply is sent"."""
    (answer,) = maya.asks(f"METADATA {target} {line}")
    assert params([answer], "FAIL")[:3] == ("METADATA", "INVALID_TARGET", target)


def test_nobody_changes_what_is_said_of_others(maya: Person, leo: Person) -> None:
    """ "If the user cannot clear keys on the given target, [...] an asterisk in the <Key> field"."""
    assert params(leo.asks("METADATA maya SET url :x"), "FAIL")[:4] == ("METADATA", "KEY_NO_PERMISSION", "maya", "url")
    assert params(leo.asks("METADATA maya CLEAR"), "FAIL")[:4] == ("METADATA", "KEY_NO_PERMISSION", "maya", "*")
    assert params(leo.asks("METADATA #tea SET url :x"), "FAIL")[:4] == ("METADATA", "KEY_NO_PERMISSION", "#tea", "url")
    assert params(leo.asks("METADATA #tea SET url"), "FAIL")[1] == "KEY_NO_PERMISSION"


def test_what_is_known_of_a_room_is_for_its_members(scene: Scene, maya: Person) -> None:
    """As is what is said in it."""
    maya.say("METADATA #tea SET url :x")
    sam = scene.enter("sam", *CAPS)
    for order in ("GET url", "LIST", "SYNC"):
        assert params(sam.asks(f"METADATA #tea {order}"), "FAIL")[:4] == ("METADATA", "KEY_NO_PERMISSION", "#tea", "*")


def test_an_unknown_subcommand_is_named(maya: Person) -> None:
    """And one without its parameters is short of them."""
    assert params(maya.asks("METADATA * DANCE"), "FAIL")[:3] == ("METADATA", "INVALID_PARAMS", "DANCE")
    assert commands(maya.asks("METADATA * GET", "METADATA * SUB", "METADATA *")) == ["461", "461", "461"]


# Subscribing


def test_keys_are_subscribed_to_and_listed(maya: Person) -> None:
    """ "The server MUST NOT list the same key multiple times in a response"."""
    heard = maya.asks("METADATA * SUB website avatar foo bar baz website")
    assert [key for line in every(heard, "770") for key in line.params[1:]][:5] == [
        "website",
        "avatar",
        "foo",
        "bar",
        "baz",
    ]
    assert params(heard, "774")[1:3] == ("*ALL", "0")
    heard = maya.asks("METADATA * SUBS")
    assert params(heard[:1], "BATCH")[1] == "metadata-subs"
    assert [key for line in every(heard, "772") for key in line.params[1:]] == [
        "avatar",
        "bar",
        "baz",
        "foo",
        "website",
    ]


def test_keys_are_unsubscribed_from(maya: Person) -> None:
    """ "or is not subscribed to a requested key, that key MUST appear in a RPL_METADATAUNSUBOK reply"."""
    maya.say("METADATA * SUB foo bar")
    assert params(maya.asks("METADATA * UNSUB bar other"), "771")[1:] == ("bar", "other")
    assert params(maya.asks("METADATA * SUBS"), "772")[1:] == ("foo",)


def test_invalid_keys_do_not_keep_the_others_from_being_heard(maya: Person) -> None:
    """ "the server sends a FAIL [...] reply to the client and continues processing keys"."""
    heard = maya.asks("METADATA * SUB foo $url bar")
    assert params(heard, "FAIL")[:3] == ("METADATA", "INVALID_KEY", "$url")
    assert params(heard, "770")[1:] == ("foo", "bar")


def test_too_many_subscriptions_are_refused_from_the_first_on(maya: Person) -> None:
    """ "MUST be this first key that the client could not subscribe to"."""
    maya.say(*(f"METADATA * SUB key{number}" for number in range(49)))
    heard = maya.asks("METADATA * SUB city country bar key3")
    assert params(heard, "FAIL")[:3] == ("METADATA", "LIMIT_REACHED", "country")
    assert params(heard, "770")[1:] == ("city",)


# Being told


def test_those_around_are_told_what_they_asked_for(maya: Person, leo: Person) -> None:
    """ "users who have subscribed to the changed key will receive [...] notifying them of the change"."""
    maya.say("METADATA * SET display-name :Maya M", "METADATA * SET avatar :x", "METADATA * SET display-name")
    told = [line.params for line in leo.reads()]
    assert told == [
        ("*", "maya", "display-name", "*", "Maya M"),
        ("*", "maya", "display-name", "That key is not set any more"),
    ]


def test_members_are_told_about_their_room(scene: Scene, maya: Person, leo: Person) -> None:
    """ "For channel metadata, this applies only to subscribers who are members of the updated channel"."""
    sam = scene.enter("sam", *CAPS)
    sam.say("METADATA * SUB url")
    quiet(sam)
    maya.say("METADATA #tea SET url :https://tea.example")
    assert [line.params for line in leo.reads()] == [("*", "#tea", "url", "*", "https://tea.example")]
    assert sam.hears() == []


def test_who_sets_something_is_answered_and_not_told(maya: Person) -> None:
    """ "themselves (excluding changes they make themselves)"."""
    maya.say("METADATA * SUB url")
    assert commands(maya.asks("METADATA * SET url :x")) == ["761"]


def test_other_devices_are_told(scene: Scene) -> None:
    """What one device sets, the others know."""
    one, other = (person(scene, "maya", *CAPS) for _ in range(2))
    other.say("METADATA * SUB url")
    quiet(other)
    one.say("METADATA * SET url :x")
    assert [line.params for line in other.reads()] == [("*", "maya", "url", "*", "x")]


def test_what_changes_nothing_is_not_told(maya: Person, leo: Person) -> None:
    """It is answered all the same."""
    maya.say("METADATA * SET url :x")
    leo.hears()
    assert commands(maya.asks("METADATA * SET url :x")) == ["761"]
    assert leo.hears() == []


def test_those_who_watch_are_told(scene: Scene, maya: Person) -> None:
    """ "users they are currently monitoring"."""
    sam = scene.enter("sam", *CAPS)
    sam.say("METADATA * SUB url", "MONITOR + maya")
    quiet(sam)
    maya.say("METADATA * SET url :x")
    assert [line.params for line in sam.reads()] == [("*", "maya", "url", "*", "x")]


def test_without_the_capability_nobody_is_told(scene: Scene, maya: Person) -> None:
    """ "Clients MUST request this capability in order to receive METADATA notifications"; batch belongs to it."""
    tom, sam = scene.enter("tom", rooms=["#tea"]), scene.enter("sam", "draft/metadata-3", rooms=["#tea"])
    tom.say("METADATA * SUB url")
    sam.say("METADATA * SUB url")
    quiet(tom, sam)
    maya.say("METADATA * SET url :x")
    assert tom.hears() == sam.hears() == []


def test_metadata_2_is_told_in_its_own_way(scene: Scene, maya: Person) -> None:
    """ "The format of the METADATA server message is: METADATA <Target> <Key> <Visibility> <Value>"."""
    tom = scene.enter("tom", "draft/metadata-2", "batch", rooms=["#tea"])
    tom.say("METADATA * SUB url")
    quiet(tom)
    maya.say("METADATA * SET url :two words", "METADATA * SET url")
    assert [(line.command, *line.params) for line in tom.reads()] == [
        ("METADATA", "maya", "url", "*", "two words"),
        ("766", "*", "maya", "url", "That key is not set any more"),
    ]


# Catching up


def test_whoever_comes_in_is_told_what_is_known_there(scene: Scene, maya: Person) -> None:
    """ "On joining a channel, users will get the channel's current metadata [...] and [...] for all users"."""
    maya.say("METADATA #tea SET url :t", "METADATA * SET url :m", "METADATA * SET avatar :a")
    sam = scene.enter("sam", *CAPS)
    sam.say("METADATA * SUB url display-name")
    heard = sam.asks("JOIN #tea")
    assert [line.params[1:] for line in every(heard, "761")] == [("#tea", "url", "*", "t"), ("maya", "url", "*", "m")]
    assert every(heard, "BATCH")[0].params[1:] == ("metadata", "#tea")


def test_where_nothing_is_known_nothing_is_told(scene: Scene, maya: Person) -> None:
    """A JOIN is as short as ever, and for those who subscribed to nothing, too."""
    sam = scene.enter("sam", *CAPS)
    assert "BATCH" not in commands(sam.asks("METADATA * SUB url", "JOIN #tea"))
    maya.say("METADATA * SET url :m")
    assert "BATCH" not in commands(scene.enter("tom", *CAPS).asks("JOIN #tea"))


def test_in_a_crowd_one_is_told_to_ask_later(scene: Scene, maya: Person, monkeypatch: pytest.MonkeyPatch) -> None:
    """ "the server MUST respond with a RPL_METADATASYNCLATER numeric instead"; then SYNC gives it all."""
    monkeypatch.setattr(metadata, "_CROWD", 1)
    maya.say("METADATA * SET url :m")
    sam = scene.enter("sam", *CAPS)
    sam.say("METADATA * SUB url")
    heard = sam.asks("JOIN #tea")
    assert params(heard, "774")[1:3] == ("#tea", "4")
    assert "761" not in commands(heard)
    assert params(sam.asks("METADATA #tea SYNC"), "761")[1:] == ("maya", "url", "*", "m")


def test_sync_tells_of_all_that_concerns_one(scene: Scene, maya: Person, leo: Person) -> None:
    """One person, one room with all in it, or with *ALL everything."""
    maya.say("METADATA #tea SET url :t", "METADATA * SET url :m", "METADATA * SET other :o")
    leo.say("METADATA * SET url :l")
    assert [line.params[1] for line in every(leo.asks("METADATA maya SYNC"), "761")] == ["maya"]
    assert [line.params[1] for line in every(leo.asks("METADATA #tea SYNC"), "761")] == ["#tea", "maya", "leo"]
    heard = leo.asks("METADATA * SYNC")
    assert [line.params[1] for line in every(heard, "761")] == ["leo"]
    heard = leo.asks("METADATA *all SYNC")
    assert every(heard, "BATCH")[0].params[1:] == ("metadata", "*ALL")
    assert sorted(line.params[1] for line in every(heard, "761")) == ["#tea", "leo", "maya"]


def test_whois_tells_it_to_those_who_know(scene: Scene, maya: Person, leo: Person) -> None:
    """ "a subset of that metadata MAY be sent with RPL_WHOISKEYVALUE numerics"."""
    maya.say("METADATA * SET url :m")
    assert params(leo.asks("WHOIS maya"), "760")[1:] == ("maya", "url", "*", "m")
    assert "760" not in commands(scene.enter("tom").asks("WHOIS maya"))


# Before registration, and after


def test_metadata_may_be_set_before_registration(scene: Scene) -> None:
    """ "clients receive their current metadata [...] plus any [...] set [...] via before-connect [...] in a batch"."""
    one = scene.connect()
    one.say("CAP REQ :draft/metadata-3 batch")
    assert params(one.asks("METADATA * SUB display-name"), "770") == ("*", "display-name")
    assert params(one.asks("METADATA * SET display-name :a b c"), "761") == ("*", "*", "display-name", "*", "a b c")
    assert commands(one.asks("METADATA * GET display-name")) == ["BATCH", "761", "BATCH"]
    assert commands(one.asks("METADATA * SYNC")) == ["774"]
    heard = one.asks("NICK abc", "USER u 0 * :r", "CAP END")
    told = commands(heard)
    assert params(heard, "761")[1:] == ("abc", "display-name", "*", "a b c")
    assert told.index("761") < told.index("422")
    assert params(one.asks("METADATA * LIST"), "761") == ("abc", "abc", "display-name", "*", "a b c")


def test_before_registration_one_is_nobody_else(scene: Scene) -> None:
    """ "Clients that have not completed connection registration MUST use * to target themselves"."""
    scene.enter("maya")
    one = scene.connect()
    assert params(one.asks("METADATA maya LIST"), "FAIL")[:4] == ("METADATA", "KEY_NO_PERMISSION", "maya", "*")
    assert params(one.asks("METADATA * SET url"), "766")[1:3] == ("*", "url")
    one.say(*(f"METADATA * SET key{number} :x" for number in range(20)))
    assert params(one.asks("METADATA * SET more :x"), "FAIL")[:2] == ("METADATA", "LIMIT_REACHED")
    assert params(one.asks(f"METADATA * SET key1 :{'x' * 301}"), "FAIL")[1] == "INVALID_VALUE"
    assert commands(one.asks("METADATA * CLEAR")).count("766") == 20


def test_who_has_set_nothing_gets_an_empty_batch(scene: Scene) -> None:
    """ "If none exists, the server MUST send an empty batch instead"."""
    one = scene.connect()
    one.say("CAP REQ :draft/metadata-3 batch", "NICK maya", "USER m 0 * :m")
    heard = every(one.asks("CAP END"), "BATCH")
    assert [line.params[1:] for line in heard] == [("metadata", "maya"), ()]


def test_metadata_of_an_account_is_remembered(scene: Scene, build: Callable[..., Scene]) -> None:
    """It is there at the next login, after a restart, too, and on whichever nick."""
    maya = person(scene, "maya", *CAPS)
    maya.say("METADATA * SET url :m", "METADATA * SET other :o", "METADATA * SET other")
    after = reopened(scene, build)
    one = newcomer(after, *CAPS)
    log_in(one, "maya")
    heard = one.asks("NICK maja", "USER m 0 * :m", "CAP END")
    assert [line.params[1:] for line in every(heard, "761")] == [("maja", "url", "*", "m")]


def test_what_an_account_set_before_registration_is_remembered(scene: Scene, build: Callable[..., Scene]) -> None:
    """It counts like what is set afterwards."""
    account(scene, "maya")
    one = newcomer(scene, *CAPS)
    log_in(one, "maya")
    one.say("METADATA * SET url :m", "NICK maya", "USER m 0 * :m", "CAP END")
    assert reopened(scene, build).hub.profiles == {"maya": {"url": "m"}}


def test_metadata_of_a_guest_goes_with_them(scene: Scene) -> None:
    """Nobody else finds it under their nick."""
    guest = scene.enter("tom", *CAPS)
    guest.say("METADATA * SET url :t")
    assert scene.memory.facts().result() == []
    guest.leaves()
    assert scene.hub.profiles == {}
    assert commands(scene.enter("tom", *CAPS).asks("METADATA * LIST")) == ["BATCH", "BATCH"]


def test_metadata_of_an_owned_room_is_remembered(scene: Scene, build: Callable[..., Scene]) -> None:
    """Also what was known when it came to belong to somebody, and under its new name."""
    maya = person(scene, "maya", *CAPS, rooms=("#tea",))
    maya.say("METADATA #tea SET url :t", "CS REGISTER #tea", "METADATA #tea SET more :x", "RENAME #tea #coffee")
    after = reopened(scene, build)
    assert after.hub.channel("#coffee").metadata == {"url": "t", "more": "x"}
    assert after.hub.profiles == {}


def test_metadata_of_a_room_of_the_moment_is_not(scene: Scene) -> None:
    """It goes with the room."""
    maya = scene.enter("maya", *CAPS, rooms=["#tea"])
    maya.say("METADATA #tea SET url :t", "PART #tea")
    assert scene.memory.facts().result() == []
    assert commands(maya.asks("JOIN #tea", "METADATA #tea LIST"))[-2:] == ["BATCH", "BATCH"]


def test_a_value_that_could_not_be_stored_is_not_set(build: Callable[..., Scene]) -> None:
    """Nobody hears of it."""
    scene = build(slow=True)
    maya, leo = owner(scene, "maya", "#tea", *CAPS), scene.enter("leo", *CAPS, rooms=["#tea"])
    leo.say("METADATA * SUB url")
    quiet(leo)
    scene.slow.held = True
    maya.say("METADATA #tea SET url :t")
    scene.slow.fail(OSError("no space"))
    scene.turn()
    assert params(maya.hears(), "FAIL")[:2] == ("METADATA", "NOT_STORED")
    assert leo.hears() == []
    assert scene.hub.channel("#tea").metadata == {}
    scene.faults.clear()
