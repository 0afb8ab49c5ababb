"""Strict transport security. https://ircv3.net/specs/extensions/sts"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from hubbub.dialects.irc.dialect import Settings, Sts
from tests.irc.lines import every, params
from tests.scene import Scene


def offered(scene: Scene, *, secure: bool, version: str = " 302") -> list[str]:
    """What CAP LS says of it."""
    heard = scene.connect(secure=secure).asks(f"CAP LS{version}")
    words = [word for line in every(heard, "CAP") for word in line.params[-1].split()]
    return [word for word in words if word.partition("=")[0] == "sts"]


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    return build(settings=Settings(sts=Sts(6697, 2_592_000, preload=True)))


def test_who_comes_without_tls_is_told_where_it_is(scene: Scene) -> None:
    """ "To enforce an STS upgrade policy, servers MUST send this key to insecurely connected clients"."""
    assert offered(scene, secure=False) == ["sts=port=6697"]


def test_who_comes_by_tls_is_told_for_how_long(scene: Scene) -> None:
    """ "To enforce an STS persistence policy, servers MUST send this key to securely connected clients"."""
    assert offered(scene, secure=True) == ["sts=duration=2592000,preload"]


def test_a_duration_of_nothing_ends_it(build: Callable[..., Scene]) -> None:
    """ "A duration=0 value indicates a disabled STS persistence policy with an immediate expiry"."""
    assert offered(build(settings=Settings(sts=Sts(6697, 0))), secure=True) == ["sts=duration=0"]


def test_without_a_value_it_is_not_mentioned(scene: Scene) -> None:
    """ "the capability has a REQUIRED value": clients before 302 can read none."""
    assert offered(scene, secure=False, version="") == []


def test_it_is_off_unless_configured(build: Callable[..., Scene]) -> None:
    """ "this capability MUST be made available as an optional configuration setting"."""
    assert offered(build(), secure=False) == []


def test_nobody_can_request_it(scene: Scene) -> None:
    """ "Clients MUST NOT request this capability with CAP REQ. Servers MAY reply with a CAP NAK"."""
    maya = scene.connect()
    maya.say("CAP LS 302")
    assert params(maya.asks("CAP REQ sts"), "CAP")[1:] == ("NAK", "sts")


def test_browsers_are_told_nothing(scene: Scene) -> None:
    """They can go to no port of IRC, and their URL says whether they come by TLS."""
    browser = scene.connect()
    browser.cable.framing = lambda lines: lines
    heard = browser.asks("CAP LS 302")
    assert any("sasl" in line for line in heard)
    assert all("sts" not in line for line in heard)
