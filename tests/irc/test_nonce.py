"""A label that is long enough names a message for good: sent again, it is the same message.

ISUPPORT says from which length on, as hubbub.chat/NONCE; https://ircv3.net/specs/extensions/labeled-response
"""

from __future__ import annotations

import pytest

from hubbub.dialects.irc.commands.talk import NONCE_MIN
from hubbub.wire.line import Line
from tests.irc.lines import every, only
from tests.scene import Person, Scene, quiet

CAPS = ("labeled-response", "batch", "echo-message", "message-tags")
LABEL = "k7q4m2-f00dfeed-1"


@pytest.fixture
def leo(scene: Scene) -> Person:
    return scene.enter("leo", "message-tags", rooms=["#room"])


@pytest.fixture
def maya(scene: Scene, leo: Person) -> Person:
    person = scene.enter("maya", *CAPS, rooms=["#room"])
    quiet(leo)
    return person


def echo(person: Person, line: str) -> Line:
    return only(person.asks(line), "PRIVMSG")


def test_the_length_of_a_nonce_is_announced(scene: Scene, maya: Person) -> None:
    """A client knows how long its labels have to be."""
    tokens = [token for line in every(maya.asks("VERSION"), "005") for token in line.params]
    assert f"hubbub.chat/NONCE={NONCE_MIN}" in tokens
    assert len(LABEL) >= NONCE_MIN


def test_a_message_that_is_sent_again_is_the_same_message(scene: Scene, maya: Person, leo: Person) -> None:
    """Whoever lost the connection before the echo came may send it again: nobody reads it twice."""
    first = echo(maya, f"@label={LABEL} PRIVMSG #room :hi")
    again = echo(maya, f"@label={LABEL} PRIVMSG #room :hi")
    assert first.tags == again.tags
    assert [line.params[1] for line in every(leo.hears(), "PRIVMSG")] == ["hi"]


def test_short_labels_are_counters(maya: Person, leo: Person) -> None:
    """They start anew with each connection, so the same one means another message."""
    label = "x" * (NONCE_MIN - 1)
    ids = {echo(maya, f"@label={label} PRIVMSG #room :hi").tags["msgid"] for _ in range(2)}
    assert len(ids) == 2
    assert len(every(leo.hears(), "PRIVMSG")) == 2


def test_a_label_of_just_that_length_will_do(maya: Person, leo: Person) -> None:
    """The length that is announced is long enough."""
    label = "x" * NONCE_MIN
    ids = {echo(maya, f"@label={label} PRIVMSG #room :hi").tags["msgid"] for _ in range(2)}
    assert len(ids) == 1


def test_one_label_for_several_targets_is_a_message_to_each(maya: Person, leo: Person) -> None:
    """Each of them is kept, and sent again each is known again."""
    for _ in range(2):
        heard = every(maya.asks(f"@label={LABEL} PRIVMSG #room,leo :hi"), "PRIVMSG")
        assert len({line.tags["msgid"] for line in heard}) == 2
    assert [line.params[0] for line in every(leo.hears(), "PRIVMSG")] == ["#room", "leo"]


def test_labels_of_others_are_theirs(scene: Scene, maya: Person, leo: Person) -> None:
    """Two people may have the same idea."""
    sam = scene.enter("sam", *CAPS, rooms=["#room"])
    ids = {echo(person, f"@label={LABEL} PRIVMSG #room :hi").tags["msgid"] for person in (maya, sam)}
    assert len(ids) == 2
