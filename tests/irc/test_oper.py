"""Operators of the server: OPER, KILL, WALLOPS, REHASH, and how they show. https://modern.ircdocs.horse/#oper-message"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.ports import Account, Window
from hubbub.server.logins import AccountRules
from tests.irc.lines import commands, every, only, params
from tests.scene import Person, Scene, quiet

SETTINGS = Settings(
    operators={
        "root": OperatorLogin("secret", "admin"),
        "mod": OperatorLogin("secret", "moderator"),
        "boss": OperatorLogin("secret", "owner"),
    }
)


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=SETTINGS, accounts=AccountRules(attempts=3))


@pytest.fixture
def maya(scene: Scene) -> Person:
    """An admin."""
    return promoted(scene, "maya", "root")


def promoted(scene: Scene, nick: str, login: str, *caps: str) -> Person:
    person = scene.enter(nick, *caps)
    person.asks(f"OPER {login} secret")
    return person


def acts(scene: Scene) -> list[str]:
    """What the audit log keeps."""
    return [type(entry.event).__name__ for entry in scene.memory.page("&audit", Window(99)).result()]


# OPER


def test_the_right_password_makes_an_operator(scene: Scene) -> None:
    """ "RPL_YOUREOPER [...] The user will also receive a MODE message indicating their new user modes"."""
    maya = scene.enter("maya")
    heard = maya.asks("OPER root secret")
    assert heard == [
        ":maya!maya@192.0.2.7 MODE maya :+o",
        ":hub.example 381 maya :You are an operator of the server now",
    ]
    assert acts(scene) == ["Promoted"]


@pytest.mark.parametrize("words", ["root wrong", "nobody secret", "ROOT secret"])
def test_who_guesses_is_not_told_what_was_wrong(scene: Scene, words: str) -> None:
    """ERR_PASSWDMISMATCH for the name as for the password."""
    assert commands(scene.enter("tom").asks(f"OPER {words}")) == ["464"]


def test_guesses_are_counted(scene: Scene) -> None:
    """As at every login: who failed too often waits, even with the right password, and even if they reconnect."""
    tom = scene.enter("tom")
    for _ in range(3):
        tom.asks("OPER root wrong")
    tom.leaves()
    again = scene.enter("tom")
    assert params(again.asks("OPER root secret"), "FAIL")[:2] == ("OPER", "TEMPORARILY_UNAVAILABLE")
    scene.pass_time(601)
    assert "381" in commands(again.asks("OPER root secret"))


def test_a_house_without_operators_says_so(build: Callable[..., Scene]) -> None:
    """ERR_NOOPERHOST: there is nothing to guess."""
    assert commands(build().enter("tom").asks("OPER root secret")) == ["491"]


def test_both_words_are_needed(scene: Scene) -> None:
    """ERR_NEEDMOREPARAMS."""
    assert commands(scene.enter("tom").asks("OPER root")) == ["461"]


def test_an_operator_shows(scene: Scene, maya: Person) -> None:
    """313 in WHOIS, * in WHO, in USERHOST and in LUSERS' count."""
    tom = scene.enter("tom")
    assert params(tom.asks("WHOIS maya"), "313")[:2] == ("tom", "maya")
    assert params(tom.asks("WHO maya"), "352")[6] == "H*"
    assert [line.params[5] for line in every(tom.asks("WHO * o"), "352")] == ["maya"]
    assert params(tom.asks("USERHOST maya"), "302")[1] == "maya*=+maya@192.0.2.7"
    assert params(tom.asks("LUSERS"), "252")[1] == "1"


def test_giving_it_up_shows_as_well(scene: Scene, maya: Person) -> None:
    """MODE -o: nothing is left of it."""
    assert maya.asks("MODE maya -o") == [":maya!maya@192.0.2.7 MODE maya :-o"]
    assert params(maya.asks("LUSERS"), "252")[1] == "0"
    assert commands(maya.asks("WALLOPS :hello")) == ["481"]


def test_operators_see_addresses_and_modes(scene: Scene, maya: Person) -> None:
    """338 and 379, which others see of themselves alone."""
    tom = scene.enter("tom")
    tom.say("MODE tom +i")
    assert params(maya.asks("WHOIS tom"), "338")[2] == "192.0.2.7"
    assert params(maya.asks("WHOIS tom"), "379")[2] == "is using modes +i"
    assert not {"338", "379"} & set(commands(tom.asks("WHOIS maya")))
    assert params(maya.asks("WHO tom %i"), "354")[1] == "192.0.2.7"
    assert params(tom.asks("WHO maya %i"), "354")[1] == "255.255.255.255"


def test_an_operator_without_a_device_is_none(build: Callable[..., Scene]) -> None:
    """Who stays present keeps their account, not what OPER gave them: the next device knows the account's password."""
    scene = build(settings=SETTINGS)
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    maya = scene.connect()
    maya.say("PASS maya:secret", "NICK maya", "USER m 0 * :Maya", "OPER root secret")
    scene.server.submit(scene.hub.stay(scene.hub.user("maya"), True), None)
    scene.turn()
    maya.leaves()
    assert scene.hub.user("maya").role == ""
    assert acts(scene) == ["Promoted", "Promoted"]


def test_who_is_an_operator_no_longer_by_the_configuration_is_none(scene: Scene, maya: Person) -> None:
    """A login that is gone, or has another password or role, has to be shown again."""
    leo = promoted(scene, "leo", "mod")
    scene.irc.adopt(
        Settings(operators={"root": OperatorLogin("other", "admin"), "mod": OperatorLogin("secret", "moderator")})
    )
    scene.turn()
    assert maya.hears() == [":maya!maya@192.0.2.7 MODE maya :-o"]
    assert commands(leo.hears()) == []


# draft/oper-tag


def test_what_an_operator_says_is_tagged_for_those_who_ask(scene: Scene, maya: Person) -> None:
    """https://ircv3.net/specs/extensions/oper-tag: "to all commands sent by a user"; by which login is not told."""
    tom, sam = scene.enter("tom", "draft/oper-tag", rooms=["#room"]), scene.enter("sam", "message-tags")
    quiet(tom)
    maya.say("JOIN #room", "PRIVMSG #room :hello", "PRIVMSG sam :hello", "MODE maya -o", "PRIVMSG #room :bye")
    assert [(line.command, line.tags) for line in tom.reads()] == [
        ("JOIN", {"draft/oper": ""}),
        ("PRIVMSG", {"draft/oper": ""}),
        ("PRIVMSG", {}),
    ]
    assert "draft/oper" not in only(sam.hears(), "PRIVMSG").tags


# KILL


def test_whoever_is_killed_is_told_by_whom_and_why(scene: Scene, maya: Person) -> None:
    """ "the client being killed receives the KILL message", everybody around a QUIT, and the client an ERROR."""
    tom, leo = scene.enter("tom", rooms=["#room"]), scene.enter("leo", rooms=["#room"])
    quiet(tom)
    maya.say("KILL TOM :spam")
    assert tom.hears() == [
        ":maya!maya@192.0.2.7 KILL tom :spam",
        "ERROR :Closing Link: hub.example (Killed (maya (spam)))",
    ]
    assert tom.cable.closed
    assert leo.hears() == [":tom!tom@192.0.2.7 QUIT :Killed (maya (spam))"]
    assert acts(scene) == ["Promoted", "Killed"]


def test_a_reason_may_be_missing(scene: Scene, maya: Person) -> None:
    """As elsewhere, one is made up."""
    tom = scene.enter("tom")
    maya.say("KILL tom")
    assert params(tom.hears(), "KILL")[1] == "No reason was given"


@pytest.mark.parametrize("nick", ["leo", "tom", "nobody"])
def test_it_takes_an_operator(scene: Scene, nick: str) -> None:
    """ERR_NOPRIVILEGES, whether the nick is there or not."""
    scene.enter("leo")
    tom = scene.enter("tom")
    assert params(tom.asks(f"KILL {nick} :die"), "481") == ("tom", "You may not disconnect people")
    assert not tom.cable.closed


def test_it_takes_somebody_who_is_here(maya: Person) -> None:
    """ERR_NOSUCHNICK, ERR_NEEDMOREPARAMS."""
    assert commands(maya.asks("KILL nobody :why")) == ["401"]
    assert commands(maya.asks("KILL")) == ["461"]


def test_a_higher_role_is_out_of_reach(scene: Scene, maya: Person) -> None:
    """An admin cannot put an owner out; an owner can put out an admin."""
    leo = promoted(scene, "leo", "boss")
    assert commands(maya.asks("KILL leo :coup")) == ["481"]
    leo.say("KILL maya :coup")
    assert maya.cable.closed


def test_one_may_end_oneself(maya: Person) -> None:
    """It is a QUIT with more words."""
    maya.say("KILL maya :enough")
    assert commands(maya.hears()) == ["KILL", "ERROR"]


def test_all_devices_end_and_who_stays_present_does_not(build: Callable[..., Scene]) -> None:
    """Nobody is left under that nick."""
    scene = build(settings=SETTINGS)
    scene.accounts.save("tom", Account("tom", "secret", 0), new=True)
    maya = promoted(scene, "maya", "root")
    devices = [scene.connect(), scene.connect()]
    for device in devices:
        device.say("PASS tom:secret", "NICK tom", "USER t 0 * :Tom")
    scene.server.submit(scene.hub.stay(scene.hub.user("tom"), True), None)
    scene.turn()
    maya.say("KILL tom :spam")
    assert [bool(device.cable.closed) for device in devices] == [True, True]
    assert "tom" not in scene.hub.users
    assert [fact for fact in scene.memory.facts().result() if fact.scope == "presence"] == []


def test_who_is_present_without_a_device_can_be_put_out(build: Callable[..., Scene]) -> None:
    """The nick is free then."""
    scene = build(settings=SETTINGS)
    scene.accounts.save("tom", Account("tom", "secret", 0), new=True)
    maya, tom = promoted(scene, "maya", "root"), scene.connect()
    tom.say("PASS tom:secret", "NICK tom", "USER t 0 * :Tom")
    scene.server.submit(scene.hub.stay(scene.hub.user("tom"), True), None)
    scene.turn()
    tom.leaves()
    assert "tom" in scene.hub.users
    maya.say("KILL tom :gone")
    assert "tom" not in scene.hub.users


# WALLOPS


def test_wallops_reach_those_who_want_them(scene: Scene, maya: Person) -> None:
    """ "all currently connected users who have set the 'w' user mode for themselves"; and are echoed."""
    tom, leo = scene.enter("tom"), scene.enter("leo")
    leo.asks("MODE leo +w")
    maya.say("WALLOPS :tea is ready")
    assert leo.hears() == maya.hears() == [":maya!maya@192.0.2.7 WALLOPS :tea is ready"]
    assert tom.hears() == []


def test_wallops_take_an_admin_and_words(scene: Scene, maya: Person) -> None:
    """ERR_NOPRIVILEGES, ERR_NEEDMOREPARAMS."""
    leo = promoted(scene, "leo", "mod")
    assert commands(leo.asks("WALLOPS :hello")) == ["481"]
    assert commands(maya.asks("WALLOPS :")) == ["461"]
    assert commands(maya.asks("WALLOPS")) == ["461"]


# REHASH


def test_the_configuration_is_read_again(scene: Scene, maya: Person) -> None:
    """RPL_REHASHING; or the sentence that says where it is wrong, and then nothing was changed."""
    answers = ["", "hubbub.toml: motd: expected a string, got 7"]
    scene.irc.rehash = lambda: answers.pop(0)
    assert commands(maya.asks("REHASH")) == ["382"]
    assert params(maya.asks("REHASH"), "FAIL") == (
        "REHASH",
        "CANNOT_REHASH",
        "Nothing was changed: hubbub.toml: motd: expected a string, got 7",
    )


def test_it_takes_an_admin_to_reload(scene: Scene) -> None:
    """ERR_NOPRIVILEGES."""
    leo = promoted(scene, "leo", "mod")
    assert commands(leo.asks("REHASH")) == ["481"]
