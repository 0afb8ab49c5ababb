"""The pace of delivery: where writing takes long, what is told waits a little for what is being stored."""

from __future__ import annotations

import pytest

from tests.scene import HandClock
from tests.server.stage import Stage

LONG = 1 / 128
"""Seconds, exact in binary, and worth waiting for."""


class Tired:
    """A link to somebody whom it takes long to write to."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self.pieces: list[bytes] = []
        self.seconds = LONG

    def write(self, data: bytes) -> None:
        self._clock.advance(self.seconds)
        self.pieces.append(data)


@pytest.fixture
def link(stage: Stage) -> Tired:
    """sam's, from whom it is known by now how long he takes."""
    link = Tired(stage.clock)
    stage.sam.session.link = link  # type: ignore[assignment]  # as much of a link as is needed here
    stage.maya.say("PRIVMSG #tea :long ago")
    stage.land()
    link.pieces.clear()
    return link


def talk(stage: Stage) -> None:
    """maya's word is stored, and leo's is being stored."""
    stage.maya.say("PRIVMSG #tea :one")
    stage.leo.say("PRIVMSG #tea :two")
    stage.land()


def test_what_is_told_waits_for_what_is_being_stored(stage: Stage, link: Tired) -> None:
    """Both leave in one write."""
    talk(stage)
    assert not link.pieces
    stage.land()
    assert [piece.count(b"\n") for piece in link.pieces] == [2]


def test_it_waits_no_longer_than_telling_takes(stage: Stage, link: Tired) -> None:
    """However long the disk takes."""
    talk(stage)
    stage.pass_time(LONG / 2)
    assert not link.pieces
    stage.pass_time(LONG / 2)
    assert [piece.count(b"\n") for piece in link.pieces] == [1]


def test_it_waits_for_one_group_and_not_for_the_next(stage: Stage, link: Tired) -> None:
    """Under steady talk there is always one being stored."""
    talk(stage)
    stage.maya.say("PRIVMSG #tea :three")
    stage.land()
    assert [piece.count(b"\n") for piece in link.pieces] == [2]


def test_a_group_that_fails_keeps_nobody_waiting(stage: Stage, link: Tired) -> None:
    """What was stored before it is told."""
    talk(stage)
    stage.fail()
    assert [piece.count(b"\n") for piece in link.pieces] == [1]


def test_where_telling_is_quick_nobody_waits(stage: Stage, link: Tired) -> None:
    """A few readers are written to before the disk has answered."""
    link.seconds = 0.0
    for number in range(10):
        stage.maya.say(f"PRIVMSG #tea :{number}")
        stage.land()
    link.pieces.clear()
    talk(stage)
    assert [piece.count(b"\n") for piece in link.pieces] == [1]
