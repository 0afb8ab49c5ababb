"""Retention: rooms forget after their own time, others after the house's, and the state of a room stays."""

from __future__ import annotations

import pytest

from hubbub.hub.events import AUDIT, Said
from hubbub.hub.ports import StoreFailed, Window
from hubbub.hub.promise import Promise, broken
from hubbub.server.retention import SECONDS, SLICE, Retention
from tests.irc.owners import owner
from tests.scene import Scene

DAY = 86_400.0


def texts(scene: Scene, log: str) -> list[str]:
    entries = scene.memory.page(log, Window(10_000)).result()
    return [entry.event.text for entry in entries if isinstance(entry.event, Said)]


@pytest.fixture
def scene() -> Scene:
    """#short keeps three days and #long says nothing; one was said in each ten days ago, and one today."""
    scene = Scene()
    maya = owner(scene, "maya", "#short")
    maya.say("CS SET #short retention 3", "JOIN #long", "TOPIC #long :news")
    for text in ("old", "new"):
        maya.say(
            f"PRIVMSG #short :{text}", f"PRIVMSG @#short :{text}", f"PRIVMSG #long :{text}", f"PRIVMSG maya :{text}"
        )
        if text == "old":
            scene.pass_time(10 * DAY)
    return scene


def test_a_room_forgets_after_its_own_time(scene: Scene) -> None:
    """And so does what was said to a rank in it."""
    Retention(scene.server, 0).watch()
    scene.turn()
    assert texts(scene, "#short") == texts(scene, "@#short") == ["new"]
    assert texts(scene, "#long") == ["old", "new"]


def test_others_forget_after_the_time_of_the_house(scene: Scene) -> None:
    """Rooms and private talk alike; what operators did is kept."""
    before = scene.memory.page(AUDIT, Window(100)).result()
    Retention(scene.server, 7).watch()
    scene.turn()
    assert texts(scene, "#long") == ["new"]
    assert [t.log for t in scene.memory.conversations().result() if "maya" in t.log] != []
    assert before
    assert scene.memory.page(AUDIT, Window(100)).result() == before


def test_the_state_of_a_room_is_not_what_was_said(scene: Scene) -> None:
    """Its topic holds, and who is in it."""
    Retention(scene.server, 7).watch()
    scene.turn()
    assert any("news" in line for line in scene.enter("leo").asks("TOPIC #long"))


def test_nothing_is_forgotten_unless_somebody_says_so() -> None:
    """The default keeps everything."""
    scene = Scene()
    scene.enter("maya", rooms=["#room"]).say("PRIVMSG #room :old")
    scene.pass_time(10_000 * DAY)
    Retention(scene.server, 0).watch()
    assert texts(scene, "#room") == ["old"]


def test_much_goes_a_slice_at_a_time(scene: Scene) -> None:
    """Commits have time between."""
    maya = scene.enter("sam", rooms=["#much"])
    maya.say(*[f"PRIVMSG #much :{n}" for n in range(SLICE)])
    scene.pass_time(10 * DAY)
    Retention(scene.server, 7).watch()
    assert len(texts(scene, "#much")) == 1, "the JOIN was the first of the slice"
    scene.pass_time(1)
    assert texts(scene, "#much") == []


def test_it_is_looked_after_again(scene: Scene) -> None:
    """For as long as the server runs, also where the store has failed once."""
    retention = Retention(scene.server, 30)
    retention.watch()
    assert texts(scene, "#long") == ["old", "new"]
    retention.days = 7
    scene.pass_time(SECONDS)
    assert texts(scene, "#long") == ["new"]


def test_a_failure_is_reported_and_tried_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    """A full disk, say."""

    def forget(*_: object) -> Promise[int]:
        return broken(StoreFailed("the disk is full"))

    with monkeypatch.context() as patch:
        patch.setattr(scene.memory, "forget", forget)
        Retention(scene.server, 7).watch()
    assert [str(fault) for fault in scene.faults] == ["the disk is full"]
    scene.pass_time(SECONDS)
    assert texts(scene, "#long") == ["new"]
