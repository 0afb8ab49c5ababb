"""Being away before one is here, and devices that nobody sits in front of.

https://ircv3.net/specs/extensions/pre-away
"""

from __future__ import annotations

import pytest

from hubbub.hub.ports import Account
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.wire.line import Line
from tests.irc.lines import commands, params
from tests.scene import Person, Scene, quiet

CAP = "draft/pre-away"


@pytest.fixture
def scene(scene: Scene) -> Scene:
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    return scene


def device(scene: Scene, *lines: str, caps: str = CAP) -> Person:
    """A connection of maya's that says `lines` before it is in."""
    person = scene.connect()
    person.say(f"CAP REQ :{caps}", *lines, "PASS maya:secret", "NICK maya", "USER m 0 * :Maya", "CAP END")
    return person


def status(person: Person) -> str:
    """What WHOIS says about maya's being away."""
    return next((line.params[2] for line in _whois(person) if line.command == "301"), "here")


def _whois(person: Person) -> list[Line]:
    person.hears()
    person.say("WHOIS maya")
    return person.reads()


def test_away_is_taken_before_registration(scene: Scene) -> None:
    """ "servers MUST accept the AWAY command before connection registration has completed"."""
    maya = scene.connect()
    maya.say(f"CAP REQ {CAP}")
    assert commands(maya.asks("AWAY :lunch")) == ["306"]
    assert commands(maya.asks("AWAY")) == ["305"]
    assert commands(maya.asks("AWAY :lunch again")) == ["306"]
    maya.say("NICK maya-m", "USER m 0 * :Maya", "CAP END")
    assert params(scene.enter("leo").asks("WHOIS maya-m"), "301")[2] == "lunch again"


def test_it_takes_the_capability(scene: Scene) -> None:
    """ "Clients wishing to make use of this specification MUST negotiate the capability"."""
    assert commands(scene.connect().asks("AWAY :lunch")) == ["451"]


def test_coming_is_told_all_the_same(scene: Scene) -> None:
    """ "does not inhibit reporting of the change in nickname status, e.g. via monitor"."""
    leo = scene.enter("leo", "extended-monitor", "away-notify")
    leo.asks("MONITOR + maya")
    device(scene, "AWAY :lunch")
    assert leo.hears() == [":hub.example 730 * :maya!m@192.0.2.7", ":maya!m@192.0.2.7 AWAY :lunch"]


def test_a_star_means_that_nobody_is_there(scene: Scene) -> None:
    """ "Servers MAY substitute a human-readable message for the *"."""
    leo = scene.enter("leo")
    phone = device(scene, "AWAY *")
    assert status(leo) == NOT_CONNECTED
    phone.say("AWAY")
    assert status(leo) == "here"


def test_a_star_is_a_word_to_those_who_do_not_know_it(scene: Scene) -> None:
    """Without the capability AWAY has "its normal semantics"."""
    leo, tom = scene.enter("leo"), scene.enter("tom")
    tom.say("AWAY *")
    assert params(leo.asks("WHOIS tom"), "301")[2] == "*"


def test_a_device_that_comes_by_itself_makes_nobody_present(scene: Scene) -> None:
    """ "an away message of * should be treated as though the connection did not exist at all"."""
    leo = scene.enter("leo", "away-notify", rooms=["#room"])
    desk = device(scene)
    desk.say("JOIN #room", "AWAY :lunch")
    quiet(leo)
    phone = device(scene, "AWAY *")
    phone.say("AWAY *")
    assert leo.hears() == []
    assert status(leo) == "lunch"


def test_whoever_stays_is_not_back_until_somebody_is(scene: Scene) -> None:
    """Fetching history is not being there; sitting down is."""
    leo = scene.enter("leo")
    desk = device(scene)
    scene.server.submit(scene.hub.stay(scene.hub.user("maya"), True), None)
    scene.turn()
    desk.leaves()
    device(scene, "AWAY *")
    assert status(leo) == NOT_CONNECTED
    device(scene)
    assert status(leo) == "here"


def test_when_the_last_who_sits_there_goes_nobody_does(scene: Scene) -> None:
    """What is left connected by itself."""
    leo = scene.enter("leo")
    desk = device(scene)
    device(scene, "AWAY *")
    assert status(leo) == "here"
    desk.leaves()
    assert status(leo) == NOT_CONNECTED


def test_a_device_that_sits_down_with_a_message_brings_it(scene: Scene) -> None:
    """As if it were said afterwards."""
    leo = scene.enter("leo")
    device(scene)
    device(scene, "AWAY :in a meeting")
    assert status(leo) == "in a meeting"
