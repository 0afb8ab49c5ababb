"""Secrets stay with those who may read them: every question that could bring one up, asked by everybody.

Maya's room is secret, she is invisible in it, and a canary sits in all that can be known of it. Whoever asks, it is
heard only by those to whom `rights.can` gives it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from hubbub.dialects.irc.dialect import OperatorLogin, Settings
from tests.scene import RULES, Person, Scene

SETTINGS = Settings(
    operators={
        "mod": OperatorLogin("secret", "moderator"),
        "root": OperatorLogin("secret", "admin"),
        "boss": OperatorLogin("secret", "owner"),
        "eye": OperatorLogin("secret", "owner", reads=True),
    }
)

OPERATORS = frozenset(SETTINGS.operators)
ASKERS = ("outsider", "member", *SETTINGS.operators)

HEARD_BY = {
    # that the room is there, and who is in it
    ("LIST", "canary-topic"): {"member", *OPERATORS},
    ("LIST #can*", "canary-topic"): {"member", *OPERATORS},
    ("NAMES #canary", "maya"): {"member", *OPERATORS},
    ("TOPIC #canary", "canary-topic"): {"member", *OPERATORS},
    ("WHO #canary", "maya"): {"member", *OPERATORS},
    ("WHO #canary %cn", "maya"): {"member", *OPERATORS},
    ("WHO may*", "maya"): {"member", *OPERATORS},
    ("WHO cloak.example", "maya"): {"member", *OPERATORS},
    ("WHOIS maya", "#canary"): {"member", *OPERATORS},
    ("MODE #canary b", "canary!*@*"): {"member", *OPERATORS},
    ("METADATA #canary LIST", "canary-fact"): {"member"},
    # what opens it
    ("MODE #canary", "canary-key"): {"member"},
    # what was said in it
    ("CHATHISTORY LATEST #canary * 10", "canary-words"): {"member", "eye"},
    ("CHATHISTORY LATEST @#canary * 10", "canary-ranks"): {"eye"},
    ("SEARCH in=#canary", "canary-words"): {"member", "eye"},
    ("SEARCH in=@#canary;text=canary", "canary-ranks"): {"eye"},
    ("SEARCH text=canary", "canary-words"): {"member"},
    ("CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 10", "#canary"): {
        "member"
    },
    # where people are
    ("WHOIS maya", "198.51.100.99"): OPERATORS,
    ("WHO maya %i", "198.51.100.99"): OPERATORS,
    ("WHO 198.51.100.99", "maya"): OPERATORS,
    # what operators do and know
    ("AUDIT", "became an operator"): {"root", "boss", "eye"},
    ("STATS o", "sam-login"): OPERATORS,
    ("LINKS", "364"): OPERATORS,
}
"""What is asked, the song that its answer may hold, and who may hear it."""


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    logins = {**SETTINGS.operators, "sam-login": OperatorLogin("secret", "moderator")}
    house = build(settings=replace(SETTINGS, operators=logins), rules=replace(RULES, host_of=lambda _: "cloak.example"))
    maya = house.connect(address="198.51.100.99")
    maya.say("NICK maya", "USER maya 0 * :Maya", "MODE maya +i", "JOIN #canary", "TOPIC #canary :canary-topic")
    maya.say("MODE #canary +k canary-key", "MODE #canary +sb canary", "METADATA #canary SET url :canary-fact")
    maya.say("PRIVMSG #canary :canary-words", "PRIVMSG @#canary :canary-ranks")
    house.enter("sam").say("OPER sam-login secret")
    return house


@pytest.fixture(params=ASKERS)
def asker(request: pytest.FixtureRequest, scene: Scene) -> tuple[str, Person]:
    """Tom, as whoever he is this time."""
    tom = scene.enter("tom", "draft/chathistory", "message-tags", "batch")
    if request.param == "member":
        tom.say("JOIN #canary canary-key")
    elif request.param in OPERATORS:
        tom.say(f"OPER {request.param} secret")
    return request.param, tom


@pytest.mark.parametrize(("line", "song"), HEARD_BY, ids=lambda words: words[:40])
def test_the_canary_is_heard_by_those_who_may_hear_it(asker: tuple[str, Person], line: str, song: str) -> None:
    """Neither by fewer nor by more.

    Seen to fail where any of the rights asked for is everybody's, or nobody's.
    """
    name, tom = asker
    question = line.removeprefix("MODE ").split(" ")
    answer = " ".join(word for heard in tom.asks(line) for word in heard.split(" ") if word not in question[:1])
    assert (song in answer) == (name in HEARD_BY[line, song])


@pytest.mark.parametrize("line", [line for line, _ in HEARD_BY if "#canary" in line and not line.startswith("WHO")])
def test_what_is_hidden_is_answered_as_what_is_not_there(scene: Scene, line: str) -> None:
    """An outsider cannot tell a secret room from one that nobody has made.

    Seen to fail where rooms that one may not see are refused with another word.
    """
    tom = scene.enter("tom", "draft/chathistory")
    hidden, missing = tom.asks(line), tom.asks(line.replace("#canary", "#nobody"))
    assert [text.replace("#canary", "#nobody") for text in hidden] == missing
