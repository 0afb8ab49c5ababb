"""MONITOR and extended-monitor.

https://ircv3.net/specs/extensions/monitor and https://ircv3.net/specs/extensions/extended-monitor
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, params, tag_free
from tests.scene import RULES, Person, Scene, quiet


@pytest.fixture
def maya(scene: Scene) -> Person:
    """She shares no room with anybody."""
    return scene.enter("maya")


def test_adding_tells_who_is_here_and_who_is_not(scene: Scene, maya: Person) -> None:
    """ "RPL_MONONLINE numerics listing those targets that are online", "RPL_MONOFFLINE [...] that are offline"."""
    scene.enter("leo")
    scene.enter("tom")
    assert maya.asks("MONITOR + leo,nobody,Tom") == [
        ":hub.example 730 maya leo!leo@192.0.2.7,tom!tom@192.0.2.7",
        ":hub.example 731 maya nobody",
    ]


def test_coming_and_going_is_told(scene: Scene, maya: Person) -> None:
    """ "a target has just become online", "has just left the irc network"."""
    maya.asks("MONITOR + leo")
    leo = scene.enter("leo")
    assert maya.hears() == [":hub.example 730 * :leo!leo@192.0.2.7"]
    leo.say("QUIT")
    assert maya.hears() == [":hub.example 731 * :leo"]


def test_a_connection_that_is_lost_has_gone(scene: Scene, maya: Person) -> None:
    """However somebody leaves."""
    leo = scene.enter("leo")
    maya.asks("MONITOR + LEO")
    leo.leaves()
    assert maya.hears() == [":hub.example 731 * :leo"]


def test_another_nick_is_going_and_coming(scene: Scene, maya: Person) -> None:
    """And another spelling is neither."""
    leo = scene.enter("leo")
    maya.asks("MONITOR + leo,lion")
    leo.say("NICK lion")
    assert maya.hears() == [":hub.example 731 * :leo", ":hub.example 730 * :lion!leo@192.0.2.7"]
    leo.say("NICK Lion")
    assert maya.hears() == []


def test_taking_off_and_clearing_are_silent(scene: Scene, maya: Person) -> None:
    """ "No output will be returned for use of this command"."""
    maya.asks("MONITOR + leo,tom,sam")
    assert maya.asks("MONITOR - leo,nobody") == []
    scene.enter("leo")
    assert maya.hears() == []
    assert maya.asks("MONITOR C") == []
    scene.enter("tom")
    assert maya.hears() == []


def test_the_list_is_told_as_it_was_asked_for(maya: Person) -> None:
    """ "All output will use RPL_MONLIST, and the output will be terminated with RPL_ENDOFMONLIST"."""
    maya.asks("MONITOR + Leo,tom", "MONITOR + LEO")
    assert maya.asks("MONITOR L") == [":hub.example 732 maya Leo,tom", ":hub.example 733 maya :End of the monitor list"]
    maya.asks("MONITOR c")
    assert commands(maya.asks("MONITOR l")) == ["733"]


def test_status_tells_all_again(scene: Scene, maya: Person) -> None:
    """ "Outputs for each target in the list being monitored, whether the client is online or offline"."""
    scene.enter("leo")
    maya.asks("MONITOR + leo,tom")
    assert commands(maya.asks("MONITOR S")) == ["730", "731"]


def test_a_full_list_names_what_did_not_fit(build: Callable[..., Scene]) -> None:
    """ "the list of targets, as the client sent them, that cannot be added"."""
    scene = build(rules=replace(RULES, watched=2))
    maya = scene.enter("maya")
    heard = maya.asks("MONITOR + leo,tom,Sam,pat")
    assert params(heard, "731")[1] == "leo,tom"
    assert params(heard, "734")[1:3] == ("2", "Sam,pat")
    assert "734" not in commands(maya.asks("MONITOR + tom"))


def test_masks_are_no_nicks(scene: Scene, maya: Person) -> None:
    """ "'target' MUST be a valid nick as determined by the IRC daemon"; others of the same line are watched."""
    heard = maya.asks("MONITOR + *!*@192.0.2.7,leo")
    assert params(heard, "432")[1] == "*!*@192.0.2.7"
    assert params(heard, "731")[1] == "leo"
    scene.enter("tom")
    assert maya.hears() == []


def test_long_lists_take_several_lines(scene: Scene, maya: Person) -> None:
    """ "the length of the target list is limited only by the buffer size of 512 chars"."""
    nicks = [f"somebody-with-a-long-nick-{number:03}" for number in range(60)]
    for start in range(0, 60, 10):
        maya.say(f"MONITOR + {','.join(nicks[start : start + 10])}")
    heard = maya.asks("MONITOR L")
    assert ",".join(line.params[1] for line in every(heard, "732")).split(",") == nicks
    assert max(map(tag_free, heard)) <= 512


@pytest.mark.parametrize(("line", "numeric"), [("MONITOR", "461"), ("MONITOR +", "461"), ("MONITOR - ,", "461")])
def test_something_to_watch_is_needed(maya: Person, line: str, numeric: str) -> None:
    """ERR_NEEDMOREPARAMS for what lacks its targets."""
    assert commands(maya.asks(line)) == [numeric]


def test_an_unknown_modifier_is_named(maya: Person) -> None:
    """The answer says which there are."""
    assert params(maya.asks("MONITOR X leo"), "FAIL")[:3] == ("MONITOR", "INVALID_PARAMS", "X")


def test_isupport_tells_how_many(scene: Scene) -> None:
    """ "Support of this specification is indicated by the MONITOR token in RPL_ISUPPORT"."""
    person = scene.connect()
    heard = person.asks("NICK maya", "USER maya 0 * :Maya")
    assert "MONITOR=100" in [token for line in every(heard, "005") for token in line.params]


def test_a_list_ends_with_its_connection(scene: Scene, maya: Person) -> None:
    """Another device of the same person has a list of its own, and nothing is kept for who is gone."""
    maya.asks("MONITOR + leo")
    maya.leaves()
    scene.enter("leo")
    assert "leo" not in scene.hub.watch


# extended-monitor


def watcher(scene: Scene, *caps: str) -> Person:
    person = scene.enter("sam", *caps)
    person.say("MONITOR + leo")
    return person


CHANGES = {
    "away-notify": ("AWAY :lunch", ":leo!leo@192.0.2.7 AWAY :lunch"),
    "setname": ("SETNAME :Leo the Lion", ":leo!leo@192.0.2.7 SETNAME :Leo the Lion"),
}


@pytest.mark.parametrize("cap", CHANGES)
def test_close_watchers_are_told_of_changes(scene: Scene, cap: str) -> None:
    """ "If away-notify is also enabled, the client will get AWAY notifications for monitored nicks"; so for SETNAME."""
    leo = scene.enter("leo")
    sam = watcher(scene, "extended-monitor", cap)
    quiet(sam)
    said, heard = CHANGES[cap]
    leo.say(said)
    assert sam.hears() == [heard]


@pytest.mark.parametrize("cap", CHANGES)
@pytest.mark.parametrize("asked", ["extended-monitor", ""])
def test_it_takes_both_capabilities(scene: Scene, cap: str, asked: str) -> None:
    """One alone tells strangers nothing."""
    leo = scene.enter("leo")
    sam = watcher(scene, asked or cap)
    quiet(sam)
    leo.say(CHANGES[cap][0])
    assert sam.hears() == []


def test_the_capability_may_come_after_the_list_and_go(scene: Scene) -> None:
    """It holds for as long as it is negotiated."""
    leo = scene.enter("leo")
    sam = watcher(scene, "away-notify")
    sam.say("CAP REQ extended-monitor")
    quiet(sam)
    leo.say("AWAY :lunch")
    assert commands(sam.hears()) == ["AWAY"]
    sam.say("CAP REQ -extended-monitor")
    quiet(sam)
    leo.say("AWAY")
    assert sam.hears() == []


def test_a_login_is_told_to_close_watchers(scene: Scene) -> None:
    """ "If account-notify is also enabled, the client will get ACCOUNT notifications for monitored nicks"."""

    scene.accounts.save("leo", Account("leo", "secret", 0), new=True)
    leo = scene.connect()
    leo.say("NICK lion", "USER lion 0 * :Leo")
    sam = scene.enter("sam", "extended-monitor", "account-notify")
    sam.say("MONITOR + lion")
    quiet(sam)
    leo.say("CAP REQ sasl", "AUTHENTICATE PLAIN", "AUTHENTICATE bGVvAGxlbwBzZWNyZXQ=")
    assert sam.hears() == [":lion!lion@192.0.2.7 ACCOUNT leo"]
