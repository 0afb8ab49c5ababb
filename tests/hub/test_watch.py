"""Watching: who is told when a nick comes and goes, and of what its wearer changes."""

import pytest

from hubbub.hub.events import Event, Instead, Sighted
from hubbub.hub.user import User
from tests.hub.hall import Ear, Hall, names


@pytest.fixture
def ear(hall: Hall) -> Ear:
    """What maya listens with."""
    session = hall.enter("maya").sessions[0]
    assert isinstance(session, Ear)
    return session


def watch(hall: Hall, ear: Ear, nick: str) -> bool:
    return hall.hub.watch.add(ear, hall.hub.fold(nick), nick, 2)


def told(hall: Hall, event: Sighted | Instead) -> list[str]:
    return names(hall.hub.apply(hall.entry(event)))


def test_a_list_holds_each_nick_once(hall: Hall, ear: Ear) -> None:
    """ "Targets already in the list MUST NOT be added again", however they are spelled."""
    assert [watch(hall, ear, nick) for nick in ("leo", "LEO", "tom", "sam", "leo")] == [True, True, True, False, True]
    assert hall.hub.watch.listed(ear) == ["leo", "tom"]


def test_what_is_taken_off_is_watched_no_more(hall: Hall, ear: Ear) -> None:
    """One, all, or with the session; what was not listed does not matter."""
    for nick in ("leo", "tom"):
        watch(hall, ear, nick)
    hall.hub.watch.remove(ear, "leo")
    hall.hub.watch.remove(ear, "leo")
    assert ("leo" in hall.hub.watch, "tom" in hall.hub.watch) == (False, True)
    hall.hub.watch.clear(ear)
    assert hall.hub.watch.listed(ear) == []
    watch(hall, ear, "tom")
    hall.hub.watch.leave(ear)
    assert "tom" not in hall.hub.watch


def test_nobody_is_sighted_whom_nobody_watches(hall: Hall) -> None:
    """Most people come and go without an event more."""
    maya = hall.enter("maya")
    assert hall.hub.sighting(maya) is None
    event = hall.hub.quit(maya, "")
    hall.does(event)
    assert list(hall.hub.sequel(event)) == []


def test_whoever_comes_is_sighted_with_their_mask(hall: Hall, ear: Ear) -> None:
    """The watcher is told, and nobody else."""
    watch(hall, ear, "Leo")
    hall.enter("sam")
    event = hall.hub.sighting(hall.enter("leo"))
    assert event is not None
    assert (event.nick, event.mask, event.here) == ("leo", "leo!leo@home.example", True)
    assert told(hall, event) == ["maya"]


def test_whoever_goes_is_sighted_by_their_nick(hall: Hall, ear: Ear) -> None:
    """However they spelled it."""
    watch(hall, ear, "leo")
    event = hall.hub.quit(hall.enter("LEO"), "")
    hall.does(event)
    assert [(e.nick, e.mask, e.here) for e in hall.hub.sequel(event) if isinstance(e, Sighted)] == [
        ("LEO", "LEO", False)
    ]


def test_a_rename_is_going_and_coming(hall: Hall, ear: Ear) -> None:
    """Each for those who watch that nick."""
    leo = hall.enter("leo")
    for nick in ("leo", "lion"):
        watch(hall, ear, nick)
    event = hall.hub.rename(leo, "lion")
    assert event is not None
    hall.does(event)
    assert [(e.nick, e.here) for e in hall.hub.sequel(event) if isinstance(e, Sighted)] == [
        ("leo", False),
        ("lion", True),
    ]


def test_another_spelling_is_no_news(hall: Hall, ear: Ear) -> None:
    """The nick was here and is."""
    leo = hall.enter("leo")
    watch(hall, ear, "leo")
    event = hall.hub.rename(leo, "LEO")
    assert event is not None
    hall.does(event)
    assert list(hall.hub.sequel(event)) == []


@pytest.mark.parametrize(("close", "noticed"), [(False, ["leo"]), (True, ["leo", "maya"])])
def test_changes_are_noticed_by_those_who_watch_closely(hall: Hall, ear: Ear, close: bool, noticed: list[str]) -> None:
    """Beside those around; a watcher who did not ask for it hears of comings and goings alone."""
    leo = hall.enter("leo")
    watch(hall, ear, "leo")
    hall.hub.watch.closely(ear, close)
    assert hall.does(hall.hub.away(leo, "lunch")) == noticed
    assert hall.does(hall.hub.change_realname(leo, "Leo the Lion")) == noticed


def test_whoever_is_near_and_watches_hears_once(hall: Hall, ear: Ear) -> None:
    """One change is one line."""
    leo = hall.enter("leo")
    hall.room("#tea", hall.hub.user("maya"), leo)
    watch(hall, ear, "leo")
    hall.hub.watch.closely(ear, True)
    assert hall.does(hall.hub.away(leo, "lunch")) == ["leo", "maya"]


def test_a_new_host_looks_to_others_like_leaving_and_coming_back(hall: Hall) -> None:
    """ "QUIT, JOIN and MODE commands, to restore membership and user channel modes"; not to whom it is about."""
    maya, leo = operator(hall), hall.enter("leo")
    hall.room("#tea", leo, maya)
    hall.room("#tom", hall.enter("tom"), leo)
    event = hall.hub.change_host(maya, "leo", "lions.example")
    assert hall.does(event) == ["leo", "maya", "tom"]
    assert leo.who.mask == "leo!leo@lions.example"
    told_to = [(type(e.event).__name__, e.event.who.mask, told(hall, e)) for e in instead(hall, event)]
    assert told_to == [
        ("Quit", "leo!leo@home.example", ["maya", "tom"]),
        ("Joined", "leo!leo@lions.example", ["maya"]),
        ("ModesChanged", "hubbub.local", ["maya"]),
        ("Joined", "leo!leo@lions.example", ["tom"]),
    ]


def instead(hall: Hall, event: Event) -> list[Instead]:
    return [e for e in hall.hub.sequel(event) if isinstance(e, Instead)]


def operator(hall: Hall) -> User:
    maya = hall.enter("maya")
    hall.does(hall.hub.promote(maya, "maya", "admin"))
    return maya
