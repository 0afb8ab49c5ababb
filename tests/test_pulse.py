"""The pulse of a server: what is kept of each minute, and what is told of the moment."""

from __future__ import annotations

from pathlib import Path

from hubbub.pulse import Pulse
from tests.scene import Scene


def test_a_day_of_minutes_is_kept_and_the_moment_is_last(tmp_path: Path) -> None:
    """Each with who was there then; as many as are asked for, the latest."""
    scene = Scene()
    pulse = Pulse(scene.server, scene.memory, tmp_path, None)
    (tmp_path / "hubbub.db").write_bytes(bytes(4096))
    for _ in range(1500):
        pulse.beat()
    scene.clock.advance(60)
    maya = scene.enter("maya", rooms=["#tea"])
    *before, now = pulse.samples(9999)
    assert len(before) == 24 * 60
    assert (before[-1].people, now.people, now.connections, now.rooms) == (0, 1, 1, 1)
    assert (now.at - before[-1].at, now.store_kib) == (60_000, 4)
    assert now.memory_kib > 0
    maya.say("QUIT")
    assert [sample.people for sample in pulse.samples(1)] == [0]


def test_without_a_page_there_are_no_files(tmp_path: Path) -> None:
    """Nothing can be shared there."""
    assert Pulse(Scene().server, None, tmp_path, None).files().result() == []
