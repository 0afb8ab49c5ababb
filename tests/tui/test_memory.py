"""What leo had open is open again when he comes back, with what is new."""

import re
from pathlib import Path

from hubbub.tui.memory import Memory
from tests.client.village import Village
from tests.tui.stage import CAPS, ROOM, Stage, play


def moved(memory: Path, address: str) -> None:
    """The village has another port at each start."""
    memory.write_text(re.sub(r'leo@[^"]*', f"leo@{address}", memory.read_text()))


def broken(memory: Path, text: str) -> None:
    memory.write_text(text)


def come_back(village: Village, memory: Path) -> None:
    """A start, a look around, an end."""

    async def scene(leo: Stage) -> None:
        network = leo.desk.network
        way = leo.app.links.way(network)
        moved(memory, str(way.address))
        Memory(memory).restore(network, way)
        await leo.sees("#maths", "sam")
        await leo.until(lambda: leo.room("#maths").unread == 1)
        await leo.until(lambda: leo.desk.front is leo.room(), "the room he asked for is in front")

    play(scene, (100, 30), village)


def test_rooms_and_people_are_there_again_with_what_is_new(tmp_path: Path) -> None:
    """Also where a server keeps no markers for leo: how far he had read is kept beside them."""
    village = Village(caps=CAPS - {"draft/read-marker"}, page=100)
    memory = tmp_path / "open.json"

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "sums for friday")
        await leo.types("/query sam")
        await leo.types("/join maths")
        await leo.neighbour("maya", "five sums", "#maths")
        await leo.until(lambda: leo.room("#maths").marker is not None)
        Memory(memory).keep(leo.app.links)

    play(scene, (100, 30), village)
    assert memory.stat().st_mode & 0o777 == 0o600
    village.neighbour("maya", "#maths", "and a sixth")
    come_back(village, memory)


def test_what_somebody_broke_is_passed_over(tmp_path: Path) -> None:
    """The file may be edited; leo comes into his room all the same."""
    memory = tmp_path / "open.json"

    async def scene(leo: Stage) -> None:
        network = leo.desk.network
        name = f"leo@{leo.app.links.way(network).address}"
        for text in ("{", "[]", f'{{"{name}": 3}}', f'{{"{name}": {{"#a b": 1, "": "x", "sam": "never"}}}}'):
            broken(memory, text)
            Memory(memory).restore(network, leo.app.links.way(network))
        assert [buffer.name for buffer in leo.desk.buffers] == [ROOM, "sam"]

    play(scene)
