"""WEBIRC: gateways that speak for others. https://ircv3.net/specs/extensions/webirc"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.dialects.irc.dialect import Gateway, OperatorLogin, Settings
from tests.irc.lines import commands, params
from tests.scene import Person, Scene

PRINT = "22e88c7d6da9b73fbb515ed6a8f6d133c680527a799e3069ca7ce346d90649b2"
SETTINGS = Settings(gateways=(Gateway("other", ("10.0.0.0/8",)), Gateway("hunter2", ("192.0.2.0/24", "unix"))))


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=SETTINGS)


def says(scene: Scene, line: str, *, address: str = "192.0.2.7", secure: bool = False) -> Person:
    person = scene.connect(address=address, secure=secure)
    person.say(line)
    return person


def test_the_client_is_where_the_gateway_says(scene: Scene) -> None:
    """ "This information can be used by the network as if the user was connecting directly"."""
    maya = says(scene, "WEBIRC hunter2 kiwi host.example 198.51.100.3")
    maya.say("NICK maya", "USER maya 0 * :Maya")
    assert maya.hears()[0].startswith(":hub.example 001 maya ")
    assert params(maya.asks("WHOIS maya"), "311")[3] == "198.51.100.3"
    assert params(maya.asks("WHOIS maya"), "338")[2] == "198.51.100.3"


def test_operators_see_the_gateway(build: Callable[..., Scene]) -> None:
    """ "IRC servers SHOULD show when a WebIRC connection is in use"."""
    scene = build(settings=replace(SETTINGS, operators={"root": OperatorLogin("secret", "moderator")}))
    maya, leo = scene.enter("maya"), says(scene, "WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3")
    leo.say("NICK leo", "USER leo 0 * :Leo")
    assert "320" not in commands(maya.asks("WHOIS leo"))
    maya.say("OPER root secret")
    assert params(maya.asks("WHOIS leo"), "320")[1:] == ("leo", "is connecting through the gateway kiwi")


def test_a_local_socket_is_an_address_of_its_own(scene: Scene) -> None:
    """As a gateway on the same machine uses it."""
    maya = says(scene, "WEBIRC hunter2 kiwi 2001:db8::1 2001:db8::1", address="unix")
    assert (maya.cable.closed, maya.cable.address) == ("", "2001:db8::1")


@pytest.mark.parametrize(
    ("line", "address"),
    [
        ("WEBIRC wrong kiwi 198.51.100.3 198.51.100.3", "192.0.2.7"),
        ("WEBIRC other kiwi 198.51.100.3 198.51.100.3", "192.0.2.7"),
        ("WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3", "203.0.113.9"),
        ("WEBIRC hunter2 kiwi 198.51.100.3 somewhere", "192.0.2.7"),
        ("WEBIRC hunter2 kiwi 198.51.100.3 :", "192.0.2.7"),
    ],
)
def test_whoever_is_not_trusted_is_closed(scene: Scene, line: str, address: str) -> None:
    """ "the gateway SHOULD close any connections with an ERROR command"; the address stays what it was."""
    person = says(scene, line, address=address)
    assert commands(person.hears()) == ["ERROR"]
    assert person.cable.closed
    assert person.cable.address == address


def test_a_house_without_gateways_trusts_none(build: Callable[..., Scene]) -> None:
    """Nothing is trusted that nobody configured."""
    assert says(build(), "WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3").cable.closed


@pytest.mark.parametrize("before", ["CAP LS 302", "NICK maya", "USER m 0 * :m", "PASS x", "CAP REQ batch"])
def test_it_has_to_come_first(scene: Scene, before: str) -> None:
    """ "MUST be the first command sent from the WebIRC gateway [...] before capability negotiation"."""
    person = says(scene, before)
    person.say("WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3")
    assert person.cable.closed == "WEBIRC has to be the first command"


def test_it_comes_once(scene: Scene) -> None:
    """A client behind the gateway cannot be yet somebody else."""
    person = says(scene, "WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3")
    person.say("WEBIRC hunter2 kiwi 192.0.2.9 192.0.2.9")
    assert person.cable.closed


def test_who_is_in_already_is_who_they_are(scene: Scene) -> None:
    """ERR_ALREADYREGISTERED."""
    assert commands(scene.enter("maya").asks("WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3")) == ["462"]


@pytest.mark.parametrize(
    ("options", "by_tls", "secure"),
    [
        ("", True, False),
        (":secure", False, False),
        (":secure", True, True),
        (":secure=examplevalue123 local-port=6697 remote-port=21726", True, True),
        (":tls", True, False),
    ],
)
def test_it_is_secure_only_if_both_ways_are(scene: Scene, options: str, by_tls: bool, secure: bool) -> None:
    """ "if this flag is sent and the connection from the gateway to the server is also secure with TLS"."""
    line = f"WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3 {options}".strip()
    assert says(scene, line, secure=by_tls).cable.secure is secure


@pytest.mark.parametrize(
    ("option", "fingerprint"),
    [(f"certfp-sha-256={PRINT.upper()}", PRINT), ("certfp-sha-256=1234", ""), (f"certfp-sha-1={PRINT}", "")],
)
def test_a_certificate_is_passed_on(scene: Scene, option: str, fingerprint: str) -> None:
    """ "Servers should accept either upper case or lower case hexadecimal characters"."""
    line = f"WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3 :secure {option}"
    assert says(scene, line, secure=True).cable.fingerprint == fingerprint
    assert says(scene, line, secure=False).cable.fingerprint == ""


def test_an_address_that_is_full_is_turned_away(scene: Scene) -> None:
    """The gate counts people where they are."""
    person = scene.connect()
    person.cable.stand_for = lambda address, secure, fingerprint: "Too many"  # type: ignore[method-assign]
    person.say("WEBIRC hunter2 kiwi 198.51.100.3 198.51.100.3")
    assert person.cable.closed == "Too many"
