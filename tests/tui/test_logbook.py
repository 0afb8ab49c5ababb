"""What is said is written down for those who want it: in files that a person can read, and that only they can."""

from pathlib import Path

import pytest

from tests.tui.stage import ROOM, Stage, play


@pytest.fixture
def logs(tmp_path: Path) -> Path:
    return tmp_path / "data" / "hubbub" / "logs"


def written(logs: Path) -> dict[str, str]:
    """What stands in each file, by its place below a network's folder."""
    return {str(path.relative_to(logs / "Village")): path.read_text() for path in logs.rglob("*.log")}


def test_nothing_is_written_until_it_is_wished_for(logs: Path) -> None:
    """From then on a file for each conversation, with the day on each line; what steers a terminal is not in it."""

    async def scene(leo: Stage) -> None:
        await leo.neighbour("maya", "off the record")
        assert written(logs) == {}
        await leo.types("/set logs on")
        await leo.neighbour("maya", "good \x02morning")
        await leo.types("hi")
        await leo.sees("leo│ hi")
        await leo.neighbour("sam", "a word?", "leo")
        files = written(logs)
        assert files["#general.log"] == "2025-11-20 [09:12] maya: good morning\n2025-11-20 [09:12] leo: hi\n"
        assert "sam: a word?" in files["sam.log"]
        assert {path.stat().st_mode & 0o777 for path in (logs / "Village").iterdir()} == {0o600}

    play(scene)


def test_a_name_leads_to_no_other_file(logs: Path) -> None:
    """Rooms are named by others."""

    async def scene(leo: Stage) -> None:
        await leo.types("/set logs on")
        await leo.server(":maya!m@v PRIVMSG #../../evil :hello")
        await leo.until(lambda: written(logs))
        assert list(written(logs)) == ["#.._.._evil.log"]

    play(scene)


def test_what_cannot_be_written_is_told_once(logs: Path) -> None:
    """And chatting goes on."""
    logs.parent.mkdir(parents=True)
    logs.write_text("in the way")

    async def scene(leo: Stage) -> None:
        await leo.types("/set logs on")
        await leo.neighbour("maya", "one")
        await leo.neighbour("maya", "two")
        await leo.sees("two")
        assert sum("conversations are not written down" in text for text in leo.said(ROOM)) == 1

    play(scene)
