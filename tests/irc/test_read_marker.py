"""MARKREAD: up to where somebody has read. https://ircv3.net/specs/extensions/read-marker"""

from __future__ import annotations

import pytest

from hubbub.hub.ports import Account
from tests.irc.lines import commands, every, only, params
from tests.irc.test_devices import device
from tests.scene import Person, Scene

CAP = "draft/read-marker"
T1, T2 = "timestamp=2026-01-31T09:30:00.123Z", "timestamp=2026-01-31T09:30:00.124Z"


@pytest.fixture
def maya(scene: Scene) -> Person:
    return scene.enter("maya", CAP, rooms=["#Room"])


def test_a_marker_is_set_and_got(maya: Person) -> None:
    """ "The server MUST reply to a successful MARKREAD [...] using a MARKREAD server command"."""
    assert maya.asks("MARKREAD #room") == [":hub.example MARKREAD #Room *"]
    heard = only(maya.asks(f"MARKREAD #ROOM {T1}"), "MARKREAD")
    assert (heard.source, heard.params) == ("hub.example", ("#Room", T1))
    assert params(maya.asks("MARKREAD #room"), "MARKREAD") == ("#Room", T1)


def test_an_older_time_changes_nothing(maya: Person) -> None:
    """ "the server MUST reply with a MARKREAD command with the newer, previous value"."""
    maya.say(f"MARKREAD #room {T2}")
    for older in (T1, T2):
        assert params(maya.asks(f"MARKREAD #room {older}"), "MARKREAD") == ("#Room", T2)


def test_the_future_is_now(scene: Scene, maya: Person) -> None:
    """ "it can clamp it between the last read timestamp and the current time"."""
    heard = params(maya.asks("MARKREAD #room timestamp=2100-01-01T00:00:00.000Z"), "MARKREAD")
    assert heard == ("#Room", "timestamp=2026-09-21T14:13:20.000Z")


def test_a_join_tells_it(scene: Scene, maya: Person) -> None:
    """ "The command MUST be sent before the RPL_ENDOFNAMES reply for that channel following the JOIN"."""
    maya.say(f"MARKREAD #room {T1}", "PART #room")
    heard = maya.asks("JOIN #room,#new")
    assert commands(heard) == ["JOIN", "MARKREAD", "353", "366"] * 2
    assert [line.params for line in every(heard, "MARKREAD")] == [("#room", T1), ("#new", "*")]


def test_who_did_not_negotiate_it_may_ask_and_is_told_nothing_else(scene: Scene, maya: Person) -> None:
    """ "The capability MAY be negotiated, and affects which messages are sent by the server"."""
    sam = scene.enter("sam")
    assert "MARKREAD" not in commands(sam.asks("JOIN #room"))
    assert params(sam.asks(f"MARKREAD #room {T1}"), "MARKREAD") == ("#Room", T1)
    assert params(sam.asks("MARKREAD #room"), "MARKREAD") == ("#Room", T1)


def test_markers_are_nobody_elses_business(scene: Scene, maya: Person) -> None:
    """ "The read markers sent by a user MUST NOT be disclosed to other users"."""
    leo = scene.enter("leo", CAP, rooms=["#room"])
    maya.say(f"MARKREAD #room {T1}", f"MARKREAD leo {T1}")
    assert leo.hears() == []
    assert params(leo.asks("MARKREAD #room"), "MARKREAD") == ("#Room", "*")
    assert params(leo.asks("MARKREAD maya"), "MARKREAD") == ("maya", "*")


def test_a_person_is_marked_as_they_are_called(scene: Scene, maya: Person) -> None:
    """Also one who is not here."""
    scene.enter("leo")
    assert params(maya.asks(f"MARKREAD LEO {T1}"), "MARKREAD") == ("leo", T1)
    assert params(maya.asks(f"MARKREAD nobody {T1}"), "MARKREAD") == ("nobody", T1)


def test_a_room_one_is_not_in_tells_nothing_of_itself(scene: Scene, maya: Person) -> None:
    """It is called as it was called by who asks."""
    scene.enter("leo", rooms=["#Secret"])
    assert params(maya.asks("MARKREAD #secret"), "MARKREAD") == ("#secret", "*")


def test_the_label_stands_on_the_answer(scene: Scene, maya: Person) -> None:
    """Whether the marker moves or not, and whether it was negotiated or not."""
    maya.say("CAP REQ :batch labeled-response")
    sam = scene.enter("sam", "batch", "labeled-response")
    for person in (maya, sam):
        for line in (f"MARKREAD #x {T1}", f"MARKREAD #x {T1}", "MARKREAD #x"):
            assert only(person.asks(f"@label=l {line}"), "MARKREAD").tags["label"] == "l"


@pytest.mark.parametrize(
    "word", ["*", "nonsense", T1.removeprefix("timestamp="), "timestamp=", "msgid=x", T1[:-1], ":"]
)
def test_what_is_no_time_is_refused(maya: Person, word: str) -> None:
    """ "FAIL MARKREAD INVALID_PARAMS", and "The timestamp MUST NOT be a literal *"."""
    assert params(maya.asks(f"MARKREAD #room {word}"), "FAIL")[:2] == ("MARKREAD", "INVALID_PARAMS")


@pytest.mark.parametrize("day", ["2026-13-01", "2026-02-30"])
def test_a_day_that_never_was_is_refused(maya: Person, day: str) -> None:
    """It looks like a time and is none."""
    assert params(maya.asks(f"MARKREAD #room timestamp={day}T00:00:00.000Z"), "FAIL")[1] == "INVALID_PARAMS"


@pytest.mark.parametrize("line", ["MARKREAD", "MARKREAD :"])
def test_a_target_is_needed(maya: Person, line: str) -> None:
    """ "FAIL MARKREAD NEED_MORE_PARAMS :Missing parameters"."""
    assert params(maya.asks(line), "FAIL")[:2] == ("MARKREAD", "NEED_MORE_PARAMS")


# Several devices


def test_every_device_is_told(scene: Scene) -> None:
    """ "SHOULD send a MARKREAD command for that target to all the clients of the user"."""
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    phone, desk, old = (device(scene, "maya", *caps) for caps in ((CAP,), (CAP,), ()))
    phone.say("JOIN #room")
    assert [commands(person.hears()).count("MARKREAD") for person in (phone, desk, old)] == [1, 1, 0]
    phone.say(f"MARKREAD #room {T1}")
    assert [person.hears() for person in (phone, desk, old)] == [[f":hub.example MARKREAD #room {T1}"]] * 2 + [[]]


def test_a_new_device_learns_where_one_was(scene: Scene) -> None:
    """It is shown the rooms it is in as if it had joined them."""
    scene.accounts.save("maya", Account("maya", "secret", 0), new=True)
    device(scene, "maya").say("JOIN #room", f"MARKREAD #room {T1}")
    heard = device(scene, "maya", CAP).hears()
    assert commands(heard)[-4:] == ["JOIN", "MARKREAD", "353", "366"]
    assert params(heard, "MARKREAD") == ("#room", T1)
