"""How it looks, row by row: pictures that a person can read and judge. Written anew with HUBBUB_PICTURES=1."""

import os
from pathlib import Path

import pytest

from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play

PICTURES = Path(__file__).parent / "screens"


async def a_morning(leo: Stage) -> None:
    """What the picture shows: talk, an answer, a reaction, comings and goings, a private word, somebody typing."""
    await leo.server(
        f":village 332 leo {ROOM} :Everything that fits nowhere else",
        f":village MODE {ROOM} +o maya",
        f":sam!s@v JOIN {ROOM}",
        f":tom!t@v JOIN {ROOM}",
        ":tom!t@v AWAY :lunch",
    )
    await leo.neighbour("maya", "Morning! The projector in room B is fixed, so we can demo at 11.")
    first = leo.room().entries[-1].msgid
    await leo.neighbour("priya", "can someone review the reconnect patch before lunch, *please*?")
    asked = leo.room().entries[-1].msgid
    await leo.server(
        *(f"@+draft/react=👍;+draft/reply={first} :{nick}!x@v TAGMSG {ROOM}" for nick in ("sam", "tom")),
        f"@+draft/react=🎉;+draft/reply={first} :tom!t@v TAGMSG {ROOM}",
        f"@time=2025-11-20T09:20:00.000Z;msgid=j1 :priya!p@v JOIN {ROOM}",
        f"@time=2025-11-20T09:20:30.000Z;msgid=j2 :priya!p@v PART {ROOM}",
        f"@time=2025-11-20T09:21:00.000Z;msgid=a1;+draft/reply={asked} :sam!s@v PRIVMSG {ROOM} :on it",
    )
    await leo.neighbour("sam", "a word?", "leo")
    await leo.server("@time=2025-11-20T09:26:00.000Z;msgid=d1 :tom!t@v PRIVMSG #demo :anyone?")
    await leo.presses("alt+2", "alt+1")
    await leo.server(f"@+typing=active :sam!s@v TAGMSG {ROOM}")
    await leo.sees("sam is typing…")


@pytest.mark.parametrize("size", [(100, 30), (60, 20), (40, 12), (20, 5)], ids=lambda size: f"{size[0]}x{size[1]}")
def test_the_chat_looks_like_its_picture(size: tuple[int, int]) -> None:
    """At each size nothing is cut off that is needed, and nothing is torn."""

    async def scene(leo: Stage) -> None:
        await leo.pilot.resize_terminal(100, 30)
        await a_morning(leo)
        await leo.pilot.resize_terminal(*size)
        await leo.pilot.pause()
        assert_looks(leo, f"chat-{size[0]}x{size[1]}")

    play(scene, size, Village(caps=CAPS, page=100), ROOM, "#demo")


def test_the_keys_look_like_their_picture() -> None:
    """F1 at the usual size."""

    async def scene(leo: Stage) -> None:
        await leo.presses("f1")
        await leo.sees("Keys")
        assert_looks(leo, "keys-100x30")

    play(scene)


def assert_looks(leo: Stage, name: str) -> None:
    path = PICTURES / f"{name}.txt"
    if "HUBBUB_PICTURES" in os.environ:
        path.write_text(leo.picture())
    assert leo.picture() == path.read_text(), f"{path} shows another picture"
