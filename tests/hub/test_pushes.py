"""Pushes: whom a message is for, whether they are there to read it, and where their devices are told."""

from __future__ import annotations

import pytest

from hubbub.hub.account import mark
from hubbub.hub.events import Fact, Said, Subscribed, Subscription
from hubbub.hub.hub import Hub
from hubbub.hub.pushes import MOST, called, is_there, subscribe, unsubscribe
from hubbub.hub.rights import rights_of
from hubbub.hub.user import User
from tests.hub.hall import NOON, RULES, Ear, Hall, Plain

PHONE = "https://push.example/phone"


def subscription(endpoint: str = PHONE, at: int = NOON) -> Subscription:
    return Subscription(endpoint, "point", "secret", mark("sesame"), at, ("message-tags",))


def asks_for_pushes(hall: Hall, user: User, endpoint: str = PHONE, at: int = NOON) -> Subscribed:
    event = subscribe(hall.hub, user.identity, subscription(endpoint, at))
    assert hall.does(event) == []
    return event


def endpoints(hall: Hall, identity: str) -> list[str]:
    return [known.endpoint for known in hall.hub.pushes.of(identity)]


@pytest.fixture
def maya(hall: Hall) -> User:
    """She has an account, and a phone that is to be told."""
    maya = hall.enter("maya", "maya")
    asks_for_pushes(hall, maya)
    return maya


@pytest.fixture
def leo(hall: Hall, maya: User) -> User:
    """He is in #tea with her."""
    leo = hall.enter("leo")
    hall.room("#tea", leo, maya)
    return leo


def says(hall: Hall, user: User, target: str, text: str, verb: str = "PRIVMSG") -> list[str]:
    """For whom that is."""
    return called(hall.hub, hall.hub.say(user, verb, target, text))


# --- whom it is for -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["PRIVMSG", "NOTICE"])
def test_what_is_said_to_somebody_is_for_them(hall: Hall, leo: User, verb: str) -> None:
    """And not for whoever says it."""
    assert says(hall, leo, "maya", "hi", verb) == ["maya"]
    assert says(hall, hall.hub.user("maya"), "leo", "hi", verb) == []
    assert says(hall, hall.hub.user("maya"), "maya", "a note to myself", verb) == []


@pytest.mark.parametrize(
    "text", ["maya: tea?", "MAYA", "(maya)", "[maya]", "hi maya!", "maya's tea", "äh, maya", "\x01ACTION hugs maya\x01"]
)
def test_in_a_room_it_is_for_whom_it_names(hall: Hall, leo: User, text: str) -> None:
    """However it is spelled, and whatever stands around it."""
    assert says(hall, leo, "#tea", text) == ["maya"]


@pytest.mark.parametrize(
    "text",
    ["tea?", "mayam", "amaya", "maya2", "mayaä", "https://maya.example/maya", "\x01VERSION maya\x01", "leo, sam"],
)
def test_it_is_for_nobody_whom_it_does_not_name(hall: Hall, leo: User, text: str) -> None:
    """A part of a word is no name, nor is one of a link; what asks programs is not for people."""
    assert says(hall, leo, "#tea", text) == []


def test_a_nick_is_a_name_as_the_account_is(hall: Hall, leo: User) -> None:
    """Whoever goes by another nick today is still known by the old name."""
    hall.does(hall.hub.rename(hall.hub.user("maya"), "maia"))
    assert says(hall, leo, "#tea", "maia: tea?") == ["maya"]
    assert says(hall, leo, "#tea", "maya: tea?") == ["maya"]
    assert says(hall, leo, "#tea", "maya or maia: tea?") == ["maya"]


def test_an_account_is_meant_where_somebody_else_wears_its_name(hall: Hall, leo: User) -> None:
    """Where nobody's nick is reserved a guest may wear it: both are meant, and one of them has a phone."""
    hall.does(hall.hub.rename(hall.hub.user("maya"), "maia"))
    hall.room("#tea", hall.enter("maya"))
    assert says(hall, leo, "#tea", "maya: tea?") == ["maya"]


def test_who_is_not_in_the_room_is_not_told(hall: Hall, leo: User) -> None:
    """What is said there is not theirs to read."""
    hall.does(hall.hub.part(hall.hub.user("maya"), "#tea", ""))
    assert says(hall, leo, "#tea", "maya: tea?") == []


def test_an_operator_who_may_read_a_room_is_not_told_of_it(hall: Hall, leo: User) -> None:
    """They look into it when they have to; nobody there speaks to them."""
    maya = hall.hub.user("maya")
    hall.does(hall.hub.part(maya, "#tea", ""))
    maya.rights = rights_of("owner", reads=True)
    assert says(hall, leo, "#tea", "maya: tea?") == []


def test_talk_of_a_rank_is_for_those_who_read_it(hall: Hall, leo: User) -> None:
    """Whoever else it names learns nothing."""
    assert says(hall, leo, "@#tea", "maya: tea?") == []
    hall.mode(leo, "#tea", "+o", "maya")
    assert says(hall, leo, "@#tea", "maya: tea?") == ["maya"]


def test_what_is_only_passing_is_for_nobody(hall: Hall, leo: User) -> None:
    """Typing wakes no phone, and a reaction none either."""
    for tags in ({"+typing": "active"}, {"+draft/react": "x", "+draft/reply": "m1"}):
        assert called(hall.hub, hall.hub.say(leo, "TAGMSG", "maya", "", tags)) == []


def test_who_has_asked_for_nothing_is_told_nothing(hall: Hall) -> None:
    """The usual case, which is decided first."""
    leo, sam = hall.enter("leo"), hall.enter("sam", "sam")
    assert says(hall, leo, "sam", "hi") == []
    asks_for_pushes(hall, hall.enter("maya", "maya"))
    assert says(hall, leo, sam.nick, "hi") == []


def test_an_event_from_elsewhere_needs_nobody_here(hall: Hall, maya: User) -> None:
    """Whoever said it may be gone."""
    said = Said(hall.enter("leo").who, ("maya,~leo",), "PRIVMSG", "maya", "hi")
    hall.does(hall.hub.quit(hall.hub.user("leo"), ""))
    assert called(hall.hub, said) == ["maya"]


# --- whether they are there ---------------------------------------------------------------------------------------


def test_who_is_connected_is_there(hall: Hall, maya: User) -> None:
    """Nobody present is not."""
    assert is_there(hall.hub, "maya")
    assert not is_there(hall.hub, "nobody")


def test_who_is_away_is_not_there(hall: Hall, maya: User) -> None:
    """Until they are back."""
    hall.does(hall.hub.away(maya, "lunch"))
    assert not is_there(hall.hub, "maya")
    hall.does(hall.hub.away(maya, ""))
    assert is_there(hall.hub, "maya")


@pytest.mark.parametrize("sign", ["absent", "pinged"])
def test_a_device_that_nobody_sits_at_or_that_does_not_answer_does_not_count(hall: Hall, maya: User, sign: str) -> None:
    """One other that does is enough."""
    setattr(maya.sessions[0], sign, True)
    assert not is_there(hall.hub, "maya")
    hall.hub.attach(maya, Ear(maya, Plain()))
    assert is_there(hall.hub, "maya")


def test_who_stays_without_a_device_is_not_there(hall: Hall, maya: User) -> None:
    """That is what all this is for."""
    maya.sessions.clear()
    assert not is_there(hall.hub, "maya")


def test_another_nick_of_the_same_account_is_them_too(hall: Hall, maya: User) -> None:
    maya.sessions.clear()
    hall.enter("maya_desk", "maya")
    assert is_there(hall.hub, "maya")


# --- where they are told ------------------------------------------------------------------------------------------


def test_a_subscription_is_remembered_over_a_restart(hall: Hall, maya: User) -> None:
    """As a fact; those of other scopes are somebody else's."""
    event = asks_for_pushes(hall, maya)
    assert [(fact.scope, fact.key, fact.field) for fact in event.facts] == [("push", "maya", PHONE)]
    hub = Hub(RULES)
    hub.remember([*event.facts, Fact("marker", "maya", "#tea", "5")], NOON)
    assert hub.pushes.of("maya") == [subscription()]


def test_a_new_one_takes_the_place_of_the_one_for_the_same_endpoint(hall: Hall, maya: User) -> None:
    """ "Servers MUST replace any previous subscription with the same <endpoint>"."""
    asks_for_pushes(hall, maya, at=NOON + 1)
    assert hall.hub.pushes.of("maya") == [subscription(at=NOON + 1)]


def test_one_is_taken_away(hall: Hall, maya: User) -> None:
    """What is not there cannot be, which is no refusal."""
    event = unsubscribe(hall.hub, "maya", PHONE)
    assert event is not None
    assert event.facts == (Fact("push", "maya", PHONE, None),)
    assert hall.does(event) == []
    assert (endpoints(hall, "maya"), bool(hall.hub.pushes)) == ([], False)
    assert unsubscribe(hall.hub, "maya", PHONE) is None
    assert hall.does(event) == []


def test_there_is_an_end_to_subscriptions(hall: Hall, maya: User) -> None:
    """The one renewed longest ago makes room, in memory and in what is kept; renewing one makes none go."""
    for number in range(1, MOST):
        asks_for_pushes(hall, maya, f"https://push.example/{number}", NOON + number)
    renewed = asks_for_pushes(hall, maya, at=NOON + 100)
    assert len(renewed.facts) == 1
    event = asks_for_pushes(hall, maya, "https://push.example/new", NOON + 101)
    assert event.facts[0] == Fact("push", "maya", "https://push.example/1", None)
    assert len(endpoints(hall, "maya")) == MOST
    assert "https://push.example/1" not in endpoints(hall, "maya")
    assert PHONE in endpoints(hall, "maya")


def test_those_of_one_person_settle_one_by_one(maya: User) -> None:
    """Of two that are on their way the later decision knows the earlier one."""
    assert Subscribed(maya.who, (), "maya", PHONE, None).settles == "where maya is pushed to"


def test_the_mark_of_a_proof_gives_the_proof_not_away() -> None:
    """It is only compared."""
    assert mark("sesame") == mark("sesame") != mark("sesam")
    assert "sesame" not in mark("sesame")
