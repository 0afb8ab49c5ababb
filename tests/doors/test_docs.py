"""docs/doors.md says what the doors do."""

from pathlib import Path

from hubbub.config.endpoint import ROOM_DOORS
from hubbub.wire.chunks import TEXT_MAX
from tests.doors.porch import Porch

DOCS = (Path(__file__).parents[2] / "docs" / "doors.md").read_text()


def test_every_door_stands_there_with_its_port() -> None:
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in DOCS.splitlines() if line.startswith("|")]
    told = dict(zip(rows[0], rows[2], strict=True))
    assert {door: told[door] for door in ROOM_DOORS} == {door: str(port) for door, port in ROOM_DOORS.items()}
    assert f"{TEXT_MAX:,} bytes" in DOCS


def test_nc_shows_what_stands_there(porch: Porch) -> None:
    """The example, line by line."""
    example = DOCS.split("$ nc localhost 4000\n")[1].split("```")[0].splitlines()
    leo = porch.enter("leo", rooms=["#lobby"])
    leo.say("PRIVMSG #lobby :morning")
    maya = porch.at("plain")
    for line in ("maya", "hello", "/msg leo yes!"):
        maya.cable.data += f"{line}\n".encode()  # as a terminal echoes it
        maya.sends(f"{line}\n")
        if line == "hello":
            leo.say("PRIVMSG #lobby :hi maya", "PRIVMSG maya :lunch?")
    assert list(map(untimed, maya.lines())) == list(map(untimed, example))


def untimed(line: str) -> str:
    return line.partition("] ")[2] if line[0] == "[" else line
