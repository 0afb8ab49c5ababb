"""UBAN: keeping somebody from the whole server."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from hubbub.hub.cloak import Cloak
from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, params
from tests.scene import RULES, Person, Scene, quiet

SETTINGS = Settings(operators={"root": OperatorLogin("secret", "moderator")})


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    house = build(settings=SETTINGS)
    house.accounts.save("tom", Account("Tom", "secret", 0), new=True)
    return house


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She may ban people."""
    person = scene.enter("maya")
    person.asks("OPER root secret")
    return person


def comes(scene: Scene, nick: str = "tom", address: str = "198.51.100.4", password: str = "") -> Person:
    person = scene.connect(address=address)
    person.say(*([f"PASS {password}"] if password else []), f"NICK {nick}", f"USER {nick} 0 * :{nick}")
    return person


def test_whoever_is_banned_is_told_why_and_until_when(scene: Scene, maya: Person) -> None:
    """ERR_YOUREBANNEDCREEP, and the end of the connection."""
    assert maya.asks("UBAN ADD 198.51.100.0/24 2h spam and more spam") == [
        ":hub.example NOTICE maya :198.51.100.0/24 is banned until 2026-09-21T16:13:20.000Z; 0 disconnected"
    ]
    leo = comes(scene, "leo")
    reason = "You are banned from this server until 2026-09-21T16:13:20.000Z: spam and more spam"
    assert leo.hears() == [f":hub.example 465 leo :{reason}", f"ERROR :{reason}"]
    assert leo.cable.closed
    assert "leo" not in scene.hub.users
    scene.pass_time(2 * 3600)
    assert "001" in commands(comes(scene, "leo").hears())


@pytest.mark.parametrize("mask", ["a:tom", "Tom", "tom!*@*", "*!*@198.51.100.*", "198.51.100.4", "198.51.0.0/16"])
def test_whoever_is_here_and_is_meant_goes(scene: Scene, maya: Person, mask: str) -> None:
    """By account, nick, host or address; the others stay."""
    tom, leo = comes(scene, "tom", password="tom:secret"), scene.enter("leo")
    for person in (tom, leo):
        person.say("JOIN #room")
    quiet(tom, leo)
    assert "1 disconnected" in maya.asks(f"UBAN ADD {mask} :spam")[-1]
    assert tom.hears()[-1] == "ERROR :You are banned from this server for good: spam"
    assert leo.hears() == [":tom!tom@198.51.100.4 QUIT :Banned from the server"]


def test_a_device_from_a_banned_network_goes_alone(scene: Scene, maya: Person) -> None:
    """Its person, who is elsewhere as well, stays; and so goes whoever had not come in yet."""
    desk, phone = (comes(scene, "tom", address, "tom:secret") for address in ("203.0.113.9", "198.51.100.4"))
    stranger = scene.connect(address="198.51.100.5")
    maya.asks("UBAN ADD 198.51.100.0/24 :spam")
    assert [bool(person.cable.closed) for person in (desk, phone, stranger)] == [False, True, True]
    assert "tom" in scene.hub.users


def test_a_banned_account_finds_no_other_way_in(scene: Scene, maya: Person) -> None:
    """Neither from elsewhere, nor by logging in when it is in already."""
    maya.asks("UBAN ADD Tom")
    assert "465" in commands(comes(scene, "tommy", "203.0.113.9", "tom:secret").hears())
    guest = comes(scene, "guest", "203.0.113.9")
    guest.say("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE dG9tAHRvbQBzZWNyZXQ=")
    assert "465" in commands(guest.hears())
    assert guest.cable.closed


def test_bans_are_listed_and_lifted(scene: Scene, maya: Person) -> None:
    """As they are kept, with who made them and when."""
    maya.asks("UBAN ADD Tom 1w12h being rude", "UBAN ADD *!*@spam.example")
    assert [line.params[1] for line in every(maya.asks("UBAN LIST"), "NOTICE")] == [
        "a:tom until 2026-09-29T02:13:20.000Z, by maya at 2026-09-21T14:13:20.000Z: being rude",
        "*!*@spam.example for good, by maya at 2026-09-21T14:13:20.000Z: -",
        "2 bans",
    ]
    assert maya.asks("UBAN DEL tom") == [":hub.example NOTICE maya :a:tom is not banned any more"]
    assert "001" in commands(comes(scene, password="tom:secret").hears())


def test_stats_k_lists_them_to_operators(scene: Scene, maya: Person) -> None:
    """Others are told the end alone."""
    maya.asks("UBAN ADD Tom being rude")
    assert params(maya.asks("STATS k"), "216") == ("maya", "K", "a:tom", "*", "*", "being rude")
    assert commands(scene.enter("leo").asks("STATS k")) == ["219"]


@pytest.mark.parametrize(
    ("line", "code"),
    [
        ("UBAN FORGIVE tom", "INVALID_PARAMS"),
        ("UBAN ADD", "INVALID_PARAMS"),
        ("UBAN DEL", "INVALID_PARAMS"),
        ("UBAN ADD *!*@*", "INVALID_MASK"),
        ("UBAN DEL nobody", "INVALID_MASK"),
        ("UBAN ADD :", "INVALID_MASK"),
    ],
)
def test_what_cannot_be_is_said_to_be_so(maya: Person, line: str, code: str) -> None:
    """Each answer says what was expected."""
    assert params(maya.asks(line), "FAIL")[:2] == ("UBAN", code)


@pytest.mark.parametrize("line", ["UBAN ADD tom", "UBAN DEL tom", "UBAN LIST"])
def test_it_takes_an_operator(scene: Scene, line: str) -> None:
    """ERR_NOPRIVILEGES."""
    assert commands(scene.enter("leo").asks(line)) == ["481"]


def test_a_cloak_can_be_banned_and_hides_nobody_from_a_ban(build: Callable[..., Scene]) -> None:
    """The host that others see and the address behind it both count."""
    cloak = Cloak(b"s" * 32)
    scene = build(settings=SETTINGS, rules=replace(RULES, host_of=cloak))
    maya = scene.enter("maya")
    maya.asks("OPER root secret")
    tom = comes(scene)
    assert params(maya.asks("WHOIS tom"), "311")[3] == cloak("198.51.100.4")
    assert params(maya.asks("WHOIS tom"), "338")[2] == "198.51.100.4"
    maya.asks(f"UBAN ADD *!*@{cloak('198.51.100.4')}")
    assert tom.cable.closed
    maya.asks("UBAN ADD *!*@203.0.113.*")
    assert "465" in commands(comes(scene, "leo", "203.0.113.9").hears())
