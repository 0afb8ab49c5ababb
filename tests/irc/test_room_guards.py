"""Who may enter and who may speak: extended bans, +M, +R, +W and +f.

https://modern.ircdocs.horse/#extban-parameter and https://ircv3.net/specs/extensions/account-extban
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.irc.lines import commands, every, params
from tests.irc.owners import owner, person, reopened
from tests.scene import Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She runs #tea."""
    return scene.enter("maya", rooms=["#tea"])


def tokens(one: Person) -> dict[str, str]:
    words = [word for line in every(one.asks("VERSION"), "005") for word in line.params[1:-1]]
    return {word.partition("=")[0]: word.partition("=")[2] for word in words}


# Extended bans


def test_the_kinds_of_bans_are_told(maya: Person) -> None:
    """ "Servers publishing the ACCOUNTEXTBAN token MUST also publish the EXTBAN token"."""
    told = tokens(maya)
    assert (told["EXTBAN"], told["ACCOUNTEXTBAN"]) == (",am", "a")


@pytest.mark.parametrize(
    ("given", "listed"),
    [
        ("a:Leo", "a:Leo"),
        ("~a:leo", "a:leo"),
        ("account:leo", "a:leo"),
        ("m:leo", "m:leo!*@*"),
        ("~m:leo@host", "m:*!leo@host"),
        ("mute:a:leo", "m:a:leo"),
        ("m:m:leo", "m:leo!*@*"),
        ("M:A:leo", "m:a:leo"),
        ("a:", "a:*"),
        ("m:", "m:*!*@*"),
        ("x:leo", "x:leo!*@*"),
    ],
)
def test_a_line_is_listed_in_one_form(maya: Person, given: str, listed: str) -> None:
    """However it is written, and it is taken off in any of them."""
    assert params(maya.asks(f"MODE #tea +b {given}"), "MODE") == ("#tea", "+b", listed)
    assert params(maya.asks(f"MODE #tea -b {given}"), "MODE") == ("#tea", "-b", listed)


def test_a_banned_account_stays_out_whatever_its_nick(scene: Scene, maya: Person) -> None:
    """ "Servers MUST support matching exact account names": in any case, and nobody else who is called so."""
    maya.say("MODE #tea +b a:LEO")
    leo = person(scene, "leo")
    leo.say("NICK lion")
    assert commands(leo.asks("JOIN #tea")) == ["474"]
    assert commands(scene.enter("leopold").asks("JOIN #tea"))[0] == "JOIN"


def test_account_masks_are_taken(scene: Scene, maya: Person) -> None:
    """ "Servers MAY support matching account masks": of `a:*`, guests are not meant."""
    maya.say("MODE #tea +b a:*")
    assert commands(person(scene, "leo").asks("JOIN #tea")) == ["474"]
    assert commands(scene.enter("sam").asks("JOIN #tea"))[0] == "JOIN"


def test_exceptions_and_invitations_know_accounts(scene: Scene, maya: Person) -> None:
    """+e and +I take the same lines."""
    maya.say("MODE #tea +ib *!*@*", "MODE #tea +eI a:leo a:leo")
    assert commands(person(scene, "leo").asks("JOIN #tea"))[0] == "JOIN"
    assert commands(person(scene, "sam").asks("JOIN #tea")) == ["473"]


def test_a_mute_lets_in_and_not_speak(scene: Scene, maya: Person) -> None:
    """Until a voice or an exception of either form helps; an exception from mutes is none from bans."""
    maya.say("MODE #tea +b m:leo")
    leo = scene.enter("leo", rooms=["#tea"])
    assert params(leo.asks("PRIVMSG #tea :hi"), "404")[1:] == ("#tea", "you are muted in it")
    maya.say("MODE #tea +e m:leo")
    assert leo.asks("PRIVMSG #tea :hi") == []
    maya.say("MODE #tea +b leo")
    assert leo.asks("PRIVMSG #tea :hi") == []
    leo.say("PART #tea")
    assert commands(leo.asks("JOIN #tea")) == ["474"]


def test_a_muted_account_is_muted_under_every_nick(scene: Scene, maya: Person) -> None:
    """The kinds combine."""
    leo = person(scene, "leo", rooms=("#tea",))
    maya.say("MODE #tea +b m:a:leo")
    leo.say("NICK lion")
    assert "404" in commands(leo.asks("PRIVMSG #tea :hi"))


# Only with an account


def test_only_those_who_are_logged_in_enter(scene: Scene, maya: Person) -> None:
    """+R; whoever is asked in comes in all the same."""
    maya.say("MODE #tea +R")
    guest = scene.enter("tom")
    assert params(guest.asks("JOIN #tea"), "477")[1] == "#tea"
    assert commands(person(scene, "leo").asks("JOIN #tea"))[0] == "JOIN"
    maya.say("INVITE tom #tea")
    assert "JOIN" in commands(guest.asks("JOIN #tea"))


def test_only_those_who_are_logged_in_speak(scene: Scene, maya: Person) -> None:
    """+M; a voice helps."""
    tom, leo = scene.enter("tom", rooms=["#tea"]), person(scene, "leo", rooms=("#tea",))
    maya.say("MODE #tea +M")
    quiet(tom, leo)
    assert params(tom.asks("PRIVMSG #tea :hi"), "404")[1] == "#tea"
    assert leo.asks("PRIVMSG #tea :hi") == []
    maya.say("MODE #tea +v tom")
    assert "404" not in commands(tom.asks("PRIVMSG #tea :hi"))


# Slow mode


def test_a_slow_room_gives_everybody_time(scene: Scene, maya: Person) -> None:
    """+W 10: one message of each in ten seconds, and the answer says how long to wait."""
    leo, sam = scene.enter("leo", rooms=["#tea"]), scene.enter("sam", rooms=["#tea"])
    maya.say("MODE #tea +W 10")
    quiet(maya, leo, sam)
    assert leo.asks("PRIVMSG #tea :one") == []
    scene.pass_time(6.5)
    assert params(leo.asks("PRIVMSG #tea :two"), "404")[1:] == ("#tea", "it is slow (+W): wait 4 more seconds")
    assert leo.asks("NOTICE #tea :two") == []
    assert sam.asks("PRIVMSG #tea :mine") == []
    scene.pass_time(4)
    leo.say("PRIVMSG #tea :three", "PRIVMSG #tea :four")
    assert [line.params[1] for line in every(maya.hears(), "PRIVMSG")] == ["one", "mine", "three"]


def test_a_rank_need_not_wait(scene: Scene, maya: Person) -> None:
    """Nor does somebody who only types."""
    leo = scene.enter("leo", "message-tags", rooms=["#tea"])
    maya.say("MODE #tea +W 60")
    assert commands(maya.asks("PRIVMSG #tea :a", "PRIVMSG #tea :b")) == []
    leo.hears()
    assert leo.asks("@+typing=active TAGMSG #tea", "PRIVMSG #tea :a", "@+typing=active TAGMSG #tea") == []


def test_outsiders_do_not_speak_in_a_slow_room(scene: Scene, maya: Person) -> None:
    """Nobody could tell how long they waited."""
    maya.say("MODE #tea -n+W 5")
    assert "slow" in params(scene.enter("tom").asks("PRIVMSG #tea :hi"), "404")[2]


@pytest.mark.parametrize("seconds", ["", "0", "-5", "many", "21601"])
def test_the_wait_is_a_number_of_seconds(maya: Person, seconds: str) -> None:
    """Up to six hours."""
    assert params(maya.asks(f"MODE #tea +W {seconds}"), "696")[1:3] == ("#tea", "W")


# Forwarding


def test_who_may_not_enter_is_sent_on(scene: Scene, maya: Person) -> None:
    """470 names both, and the JOIN is that of the other room."""
    maya.say("JOIN #cups", "MODE #tea +if #cups")
    heard = scene.enter("leo").asks("JOIN #TEA")
    assert params(heard, "470")[:3] == ("leo", "#TEA", "#cups")
    assert params(heard, "JOIN") == ("#cups",)


@pytest.mark.parametrize("modes", ["+i", "+k sesame", "+l 1", "+b leo", "+R"])
def test_whatever_shuts_the_door(scene: Scene, maya: Person, modes: str) -> None:
    """Key, limit, ban and the want of an account, too."""
    maya.say("JOIN #cups", f"MODE #tea {modes}", "MODE #tea +f #cups")
    assert params(scene.enter("leo").asks("JOIN #tea"), "JOIN") == ("#cups",)


def test_who_may_enter_is_not_sent_on(scene: Scene, maya: Person) -> None:
    """A forward is for closed doors."""
    maya.say("JOIN #cups", "MODE #tea +f #cups")
    assert params(scene.enter("leo").asks("JOIN #tea"), "JOIN") == ("#tea",)


def test_nobody_is_sent_on_twice(scene: Scene, maya: Person) -> None:
    """Two closed rooms may point at each other."""
    maya.say("JOIN #cups", "MODE #tea +if #cups", "MODE #cups +if #tea")
    assert commands(scene.enter("leo").asks("JOIN #tea")) == ["470", "473"]


def test_a_forward_leads_to_a_room_one_runs(scene: Scene, maya: Person) -> None:
    """People are not sent where nobody asked for them; nor nowhere, nor in a circle."""
    scene.enter("leo", rooms=["#his"])
    assert params(maya.asks("MODE #tea +f #nowhere"), "696")[1:4] == ("#tea", "f", "#nowhere")
    assert params(maya.asks("MODE #tea +f #tea"), "696")[1:4] == ("#tea", "f", "#tea")
    assert params(maya.asks("MODE #tea +f #his"), "482")[1] == "#his"
    assert params(maya.asks("MODE #tea +f"), "696")[1:4] == ("#tea", "f", "*")


def test_a_forward_is_shown_and_taken_off(maya: Person) -> None:
    """Type C: with its argument when set, without when unset."""
    maya.say("JOIN #cups")
    assert params(maya.asks("MODE #tea +f #CUPS"), "MODE") == ("#tea", "+f", "#cups")
    assert maya.asks("MODE #tea +f #cups") == []
    assert params(maya.asks("MODE #tea"), "324")[2:] == ("+fnt", "#cups")
    assert params(maya.asks("MODE #tea -f"), "MODE") == ("#tea", "-f")


# Secret rooms


SPIES = [
    "MODE #tea",
    "MODE #tea b",
    "MODE #tea +i",
    "TOPIC #tea",
    "TOPIC #tea :mine",
    "INVITE tom #tea",
    "KICK #tea maya",
    "PART #tea",
    "PRIVMSG #tea :anybody?",
    "RENAME #tea #mine",
    "CS INFO #tea",
    "CS REGISTER #tea",
    "CS FILTER #tea",
    "METADATA #tea GET url",
    "METADATA #tea SET url :x",
    "METADATA #tea SYNC",
    "NAMES #tea",
    "WHO #tea",
    "LIST #tea",
]


@pytest.mark.parametrize("line", SPIES)
def test_a_secret_room_is_as_good_as_none_to_others(scene: Scene, line: str) -> None:
    """Whatever they ask, the answer is that of a room that does not exist."""
    maya = owner(scene, "maya", "#tea")
    maya.say("MODE #tea +s", "TOPIC #tea :Assam")
    tom = person(scene, "tom", "draft/metadata-3", "batch")
    assert tom.asks(line) == [answer.replace("#nix", "#tea") for answer in tom.asks(line.replace("#tea", "#nix"))]


def test_those_who_were_asked_in_know_of_it(scene: Scene, maya: Person) -> None:
    """They can see what they are asked into; so can those who have letters in it."""
    maya.say("MODE #tea +s", "TOPIC #tea :Assam")
    tom = scene.enter("tom")
    maya.say("INVITE tom #tea")
    assert params(tom.asks("TOPIC #tea"), "332")[2] == "Assam"


def test_modes_of_a_room_are_remembered(scene: Scene, build: Callable[..., Scene]) -> None:
    """All the new ones, too."""
    maya = owner(scene, "maya", "#tea")
    maya.say("JOIN #cups", "MODE #tea +MRCWf 30 #cups", "MODE #tea +b m:a:leo")
    before = maya.asks("MODE #tea")
    after = reopened(scene, build)
    assert person(after, "maya").asks("MODE #tea") == before
    assert list(after.hub.channel("#tea").lists["b"]) == ["m:a:leo"]
