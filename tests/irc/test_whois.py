"""WHOIS and WHOWAS: about one person. https://modern.ircdocs.horse/#whois-message"""

from __future__ import annotations

import pytest

from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, params, tag_free
from tests.scene import Person, Scene


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", rooms=["#room"])


def test_somebody_is_told_about(scene: Scene, maya: Person) -> None:
    """ "information about a particular user", and its end."""
    leo = scene.enter("leo", rooms=["#room"])
    scene.pass_time(30)
    leo.say("PRIVMSG #room :hi")
    scene.pass_time(12)
    heard = maya.asks("WHOIS leo")
    assert params(heard, "311")[1:] == ("leo", "leo", "192.0.2.7", "*", "Leo")
    assert params(heard, "312")[1:] == ("leo", "hub.example", "hubbub")
    assert params(heard, "317")[1:4] == ("leo", "12", "1790000000")
    assert params(heard, "319")[1:] == ("leo", "#room")
    assert commands(heard)[0] == "311"
    assert commands(heard)[-1] == "318"


@pytest.mark.parametrize("line", ["WHOIS LEO", "WHOIS hub.example LEO", "WHOIS leo LEO", "WHOIS LEO,maya"])
def test_the_end_repeats_what_was_asked(scene: Scene, maya: Person, line: str) -> None:
    """ "<nick> MUST be exactly the <nick> parameter sent by the client [...] the case MUST be preserved"."""
    scene.enter("leo")
    heard = maya.asks(line)
    assert params(heard, "311")[1] == "leo"
    assert params(heard, "318")[1] == line.rpartition(" ")[2]


def test_nobody_is_told_about_with_an_end_as_well(maya: Person) -> None:
    """ "The server SHOULD end its response with RPL_ENDOFWHOIS, even if it did not send any other numeric"."""
    heard = maya.asks("WHOIS nobody")
    assert commands(heard) == ["401", "318"]
    assert params(heard, "401")[1] == "nobody"


@pytest.mark.parametrize("line", ["WHOIS", "WHOIS :", "WHOWAS", "WHOWAS :"])
def test_about_whom_has_to_be_said(maya: Person, line: str) -> None:
    """ERR_NONICKNAMEGIVEN, and nothing else."""
    assert commands(maya.asks(line)) == ["431"]


def test_an_account_is_shown(scene: Scene, maya: Person) -> None:
    """ "authenticated as the owner of <account>"."""
    scene.accounts.save("priya", Account("Priya", "secret", 0), new=True)
    scene.connect().say("PASS priya:secret", "NICK p", "USER p 0 * :P")
    assert params(maya.asks("WHOIS p"), "330")[1:3] == ("p", "Priya")
    assert every(maya.asks("WHOIS maya"), "330") == []


def test_a_secure_connection_is_shown(scene: Scene, maya: Person) -> None:
    """ "the client is connecting to the server in a way the server considers reasonably safe"."""
    scene.connect(secure=True).say("NICK tom", "USER tom 0 * :Tom")
    assert params(maya.asks("WHOIS tom"), "671")[1] == "tom"
    assert every(maya.asks("WHOIS maya"), "671") == []


def test_ones_own_address_is_shown_to_oneself_alone(scene: Scene, maya: Person) -> None:
    """Some numerics "contain privacy-sensitive information that should not be revealed to other users"."""
    assert params(maya.asks("WHOIS maya"), "338")[1:3] == ("maya", "192.0.2.7")
    assert every(scene.enter("leo").asks("WHOIS maya"), "338") == []


def test_secret_rooms_are_shown_to_those_who_are_in_them(scene: Scene, maya: Person) -> None:
    """ "secret channels will not show up [...] unless the user the numeric is being sent to is joined to that"."""
    maya.say("JOIN #hidden", "MODE #hidden +s")
    leo = scene.enter("leo")
    assert params(leo.asks("WHOIS maya"), "319")[2] == "@#room"
    leo.say("JOIN #hidden")
    assert params(leo.asks("WHOIS maya"), "319")[2] == "@#room @#hidden"


def test_rooms_of_the_invisible_are_for_those_who_share_one(scene: Scene, maya: Person) -> None:
    """ "some servers hide all channels from the WHOIS reply of an invisible user"."""
    maya.say("MODE maya +i")
    leo = scene.enter("leo")
    assert every(leo.asks("WHOIS maya"), "319") == []
    leo.say("JOIN #room")
    assert params(leo.asks("WHOIS maya"), "319")[2] == "@#room"
    assert params(maya.asks("WHOIS maya"), "319")[2] == "@#room"


def test_many_rooms_take_several_lines(scene: Scene) -> None:
    """ "RPL_WHOISCHANNELS can be sent multiple times in the same whois reply"."""
    rooms = [f"#{'r' * 55}{number}" for number in range(20)]
    heard = scene.enter("m" * 32, rooms=rooms).asks(f"WHOIS {'m' * 32}")
    lines = every(heard, "319")
    assert " ".join(line.params[2] for line in lines).split() == [f"@{room}" for room in rooms]
    assert len(lines) > 1
    assert max(map(tag_free, heard)) <= 512


# WHOWAS


def test_who_left_is_remembered(scene: Scene, maya: Person) -> None:
    """ "a nickname which no longer exists. This may either be due to a nickname change or the user leaving IRC"."""
    scene.enter("leo").leaves()
    scene.enter("sam").say("NICK samuel")
    heard = maya.asks("WHOWAS LEO")
    assert commands(heard) == ["314", "312", "369"]
    assert params(heard, "314")[1:] == ("leo", "leo", "192.0.2.7", "*", "Leo")
    assert params(heard, "369")[1] == "LEO"
    assert commands(maya.asks("WHOWAS sam")) == ["314", "312", "369"]


@pytest.mark.parametrize(
    ("count", "found"), [("", "cba"), ("1", "c"), ("2", "cb"), ("9", "cba"), ("0", "cba"), ("-1", "cba"), ("x", "cba")]
)
def test_the_latest_come_first_up_to_the_count(scene: Scene, maya: Person, count: str, found: str) -> None:
    """ "returning the most recent entry first [...] up to <count> replies", all for what is not positive."""
    for name in "abc":
        tom = scene.connect()
        tom.say("NICK tom", f"USER {name} 0 * :Tom")
        tom.leaves()
    heard = maya.asks(f"WHOWAS tom {count}".rstrip())
    assert "".join(line.params[2] for line in every(heard, "314")) == found


@pytest.mark.parametrize("nick", ["nobody", "maya", "*"])
def test_who_never_left_was_never_here(maya: Person, nick: str) -> None:
    """ "Servers MUST reply with either ERR_WASNOSUCHNICK or a non-empty list [...] both followed with" the end."""
    heard = maya.asks(f"WHOWAS {nick}")
    assert commands(heard) == ["406", "369"]
    assert params(heard, "406")[1] == nick
