"""Taking entries in: an entry from history or another place may be about what is gone, and is never refused."""

import pytest

from hubbub.hub import events
from hubbub.hub.events import (
    AccessChanged,
    Announced,
    Edited,
    Event,
    FileRemoved,
    HostChanged,
    Instead,
    Invited,
    InviteMade,
    InviteRevoked,
    InviteUsed,
    Joined,
    Kicked,
    Killed,
    LoggedIn,
    LoggedOut,
    MarkedRead,
    MetadataChanged,
    ModeChange,
    ModesChanged,
    OwnerChanged,
    Parted,
    PeerNoted,
    Promoted,
    Quit,
    Ranked,
    RealnameChanged,
    Redacted,
    Renamed,
    RoomRenamed,
    Said,
    ServerBanChanged,
    SettingChanged,
    Sighted,
    Stayed,
    Subscribed,
    Tended,
    TopicChanged,
    UserModesChanged,
    WentAway,
)
from tests.hub.hall import STRANGER, Hall, changes, scenery

ROOM = ("#tea",)
GONE = ("#gone",)

ABOUT_NOBODY: list[Event] = [
    Joined(STRANGER, ROOM, "#tea", "Nobody"),
    Joined(STRANGER, GONE, "#gone", "Nobody", "o"),
    Parted(STRANGER, ROOM, "#tea", ""),
    Kicked(STRANGER, ROOM, "#tea", "nobody", ""),
    Renamed(STRANGER, ROOM, "somebody"),
    Quit(STRANGER, ROOM, ""),
    LoggedIn(STRANGER, (), "nobody"),
    LoggedOut(STRANGER, (), "~nobody"),
    WentAway(STRANGER, (), "lunch"),
    RealnameChanged(STRANGER, (), "Nobody"),
    Promoted(STRANGER, ("&audit",), "root", "admin"),
    Stayed(STRANGER, (), True),
    Subscribed(STRANGER, (), "nobody", "https://push.example/1", None),
    MarkedRead(STRANGER, (), "~nobody", "#tea", "#tea", 1),
    UserModesChanged(STRANGER, (), tuple(changes("+i"))),
    Invited(STRANGER, (), "#tea", "nobody"),
    ModesChanged(STRANGER, ROOM, "#tea", (ModeChange(True, "o", "nobody"),)),
    AccessChanged(STRANGER, ROOM, "#tea", "nobody", "o"),
    SettingChanged(STRANGER, ROOM, "#tea", "retention", "7"),
    MetadataChanged(STRANGER, (), "nobody", "url", "https://nobody.example"),
]

ABOUT_NOWHERE: list[Event] = [
    Said(STRANGER, GONE, "PRIVMSG", "#gone", "anybody?"),
    Said(STRANGER, (), "TAGMSG", "#gone", "", {"+typing": "active"}),
    Said(STRANGER, ("@#gone",), "PRIVMSG", "@#gone", "anybody?"),
    Said(STRANGER, ("~a,~b",), "PRIVMSG", "b", "anybody?"),
    Said(STRANGER, (), "TAGMSG", "gone", ""),
    Redacted(STRANGER, GONE, "#gone", "m1"),
    Edited(STRANGER, GONE, "PRIVMSG", "#gone", "m1", "nobody?"),
    Parted(STRANGER, GONE, "#gone", ""),
    Kicked(STRANGER, GONE, "#gone", "maya", ""),
    TopicChanged(STRANGER, GONE, "#gone", "tea"),
    ModesChanged(STRANGER, GONE, "#gone", tuple(changes("+i"))),
    Invited(STRANGER, (), "#gone", "maya"),
    HostChanged(STRANGER, ("&audit",), "nobody", "nobody!n@old.example", "n", "new.example"),
    Instead(STRANGER, (), Quit(STRANGER, (), ""), "nobody"),
    Instead(STRANGER, (), Joined(STRANGER, (), "#gone", ""), "maya", "#gone"),
    Sighted(STRANGER, (), "nobody", "nobody", here=True),
    Killed(STRANGER, ("&audit",), "nobody", ""),
    Announced(STRANGER, ("&audit",), "to those who hear it"),
    ServerBanChanged(STRANGER, ("&audit",), "10.0.0.0/8", adding=False),
    FileRemoved(STRANGER, ("&audit",), "plan.txt", "nobody", "#gone"),
    Tended(STRANGER, ("&audit",), "took a backup"),
    InviteMade(STRANGER, ("&audit",), "k7q4m2", "#gone"),
    InviteRevoked(STRANGER, ("&audit",), "k7q4m2", "#gone"),
    InviteUsed(STRANGER, ("&audit",), "k7q4m2", "#gone"),
    PeerNoted(STRANGER, ()),
    OwnerChanged(STRANGER, GONE, "#gone", "maya"),
    AccessChanged(STRANGER, GONE, "#gone", "maya", "o"),
    SettingChanged(STRANGER, GONE, "#gone", "retention", "7"),
    RoomRenamed(STRANGER, GONE, "#gone", "#come", "#come", ""),
    MetadataChanged(STRANGER, (), "#gone", "url", "https://gone.example"),
    Ranked(STRANGER, (), "#gone", "maya", "o"),
]


@pytest.fixture
def full(hall: Hall) -> Hall:
    """Maya and leo are in #tea, sam is outside."""
    hall.room("#tea", hall.enter("maya"), hall.enter("leo"))
    hall.enter("sam")
    return hall


@pytest.mark.parametrize("event", ABOUT_NOBODY + ABOUT_NOWHERE, ids=repr)
def test_an_entry_about_what_is_gone_changes_nothing(full: Hall, event: Event) -> None:
    """Neither people nor rooms nor memories are other than before."""
    before = scenery(full.hub)
    full.does(event)
    assert scenery(full.hub) == before


@pytest.mark.parametrize("event", ABOUT_NOWHERE, ids=repr)
def test_what_happens_nowhere_is_heard_by_nobody(full: Hall, event: Event) -> None:
    """A room that is gone has no members."""
    assert full.does(event) == []


def test_every_kind_of_event_is_known(full: Hall) -> None:
    """Each kind that the hub can decide has its rule."""
    named = [kind for kind in vars(events).values() if isinstance(kind, type) and issubclass(kind, Event)]
    kinds = {kind for kind in named if not kind.__subclasses__()}
    assert kinds == {type(event) for event in ABOUT_NOBODY + ABOUT_NOWHERE}


def test_an_unknown_kind_of_event_is_a_fault(full: Hall) -> None:
    """The error says what is missing."""
    with pytest.raises(TypeError, match="no rule takes in Event; add it to the table"):
        full.does(Event(STRANGER, ROOM))


def test_whoever_is_in_does_not_come_in_again(full: Hall) -> None:
    """A second entry for the same visit is told to nobody, and rank and room stay as they are."""
    maya = full.hub.user("maya")
    before = full.hub.channel("#tea").audience()
    assert full.does(Joined(maya.who, ROOM, "#tea", "Maya")) == []
    assert full.hub.channel("#tea").status(maya) == "o"
    assert full.hub.channel("#tea").audience() is before


def test_whoever_was_put_out_cannot_leave_any_more(full: Hall) -> None:
    """A PART decided behind a KICK changes nothing; it stands in the log, so those in the room are told."""
    maya, leo = full.hub.user("maya"), full.hub.user("leo")
    kick, part = full.hub.kick(maya, "#tea", "leo", ""), full.hub.part(leo, "#tea", "")
    assert full.does(kick) == ["leo", "maya"]
    assert full.does(part) == ["maya"]


def test_what_was_decided_about_who_is_gone_is_told_to_those_whose_log_it_stands_in(full: Hall) -> None:
    """A KICK behind a PART, a QUIT behind a KICK: nothing comes of them, and nobody reads later what was not heard."""
    maya, leo = full.hub.user("maya"), full.hub.user("leo")
    part, kick, quit_ = full.hub.part(leo, "#tea", ""), full.hub.kick(maya, "#tea", "leo", ""), full.hub.quit(leo, "")
    assert full.does(part) == ["leo", "maya"]
    assert full.does(kick) == ["maya"]
    assert "maya" in full.does(quit_)


def test_the_last_one_put_out_closes_the_room(full: Hall) -> None:
    """However the last member goes, an empty room is gone."""
    leo = full.hub.user("leo")
    full.does(full.hub.quit(full.hub.user("maya"), ""))
    full.does(Kicked(STRANGER, ROOM, "#tea", leo.nick, ""))
    assert not full.hub.channels


def test_an_operator_who_is_no_member_may_act_from_elsewhere(full: Hall) -> None:
    """What was stored was granted where it was decided: it is done, whoever signed it."""
    assert full.does(ModesChanged(STRANGER, ROOM, "#tea", tuple(changes("+mv", "", "leo")))) == ["leo", "maya"]
    assert full.hub.channel("#tea").status(full.hub.user("leo")) == "v"
    assert full.does(TopicChanged(STRANGER, ROOM, "#tea", "Assam")) == ["leo", "maya"]


def test_a_mode_that_nobody_here_knows_changes_nothing(full: Hall) -> None:
    """A newer neighbour may know more letters; those that are known take effect."""
    full.does(ModesChanged(STRANGER, ROOM, "#tea", (ModeChange(True, "Z", "?"), ModeChange(True, "m"))))
    assert full.hub.channel("#tea").mode_letters() == "mnt"


def test_a_rename_from_elsewhere_settles_the_claim(full: Hall) -> None:
    """Whoever is called so now, nobody is on the way to that nick any more."""
    sam = full.hub.user("sam")
    full.hub.rename(sam, "samuel")
    full.does(Renamed(sam.who, (), "samuel"))
    assert not full.hub.claims


def test_what_nobody_heard_is_still_an_entry(full: Hall) -> None:
    """A room without listeners takes talk in like any other."""
    maya = full.hub.user("maya")
    maya.sessions.clear()
    full.hub.user("leo").sessions.clear()
    full.hub.refresh(maya)
    assert full.does(full.hub.say(maya, "PRIVMSG", "#tea", "echo?")) == []
