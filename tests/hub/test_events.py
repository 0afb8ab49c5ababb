"""Events: who did it, which log they hold up, and which of them cannot be prevented."""

import pytest

from hubbub.hub.events import (
    Event,
    Joined,
    Kicked,
    ModesChanged,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicChanged,
    WentAway,
    Who,
)

MAYA = Who("maya!m@home.example", "maya")
ROOM = ("#tea",)


def test_a_signature_names_the_nick() -> None:
    """A person's, and a server's whole name."""
    assert MAYA.nick == "maya"
    assert Who("hub.example").nick == "hub.example"


@pytest.mark.parametrize(
    "event",
    [
        Kicked(MAYA, ROOM, "#tea", "leo", ""),
        ModesChanged(MAYA, ROOM, "#tea", ()),
        TopicChanged(MAYA, ROOM, "#tea", ""),
        Joined(MAYA, ROOM, "#tea", "Maya", "o"),
        Joined(MAYA, ROOM, "#tea", "Maya", counted=True),
        Parted(MAYA, ROOM, "#tea", "", open=True),
    ],
    ids=repr,
)
def test_what_changes_rights_holds_its_room_up(event: Event) -> None:
    """The next decision there must know of it."""
    assert event.settles == "#tea"


@pytest.mark.parametrize(
    "event",
    [
        Said(MAYA, ROOM, "PRIVMSG", "#tea", "hi"),
        Joined(MAYA, ROOM, "#tea", "Maya"),
        Parted(MAYA, ROOM, "#tea", ""),
        Renamed(MAYA, ROOM, "maia"),
        Quit(MAYA, ROOM, ""),
        WentAway(MAYA, (), ""),
    ],
    ids=repr,
)
def test_talk_and_coming_and_going_hold_nothing_up(event: Event) -> None:
    """They may be decided many at a time."""
    assert event.settles == ""


def test_only_a_quit_cannot_be_prevented() -> None:
    """A connection that is gone is gone, stored or not."""
    assert Quit(MAYA, ROOM, "").inevitable
    assert not Parted(MAYA, ROOM, "#tea", "").inevitable


def test_events_are_cheap_values() -> None:
    """They compare by what they say, and the collector does not track them."""
    import gc

    one, other = (Said(MAYA, ROOM, "PRIVMSG", "#tea", "hi") for _ in range(2))
    assert one == other
    assert not gc.is_tracked(one)
