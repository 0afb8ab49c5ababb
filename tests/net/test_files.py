"""Where shared files are kept: once, for a time, and as they were after a crash."""

from __future__ import annotations

from pathlib import Path

import apsw
import pytest

from hubbub.net.files import Allowance, Files, Stored

DAY = 86_400.0


class Calendar:
    """Seconds that pass when a test says so."""

    def __init__(self) -> None:
        self.now = 1_000_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def calendar() -> Calendar:
    return Calendar()


@pytest.fixture
def files(tmp_path: Path, calendar: Calendar) -> Files:
    return Files(tmp_path, b"secret", Allowance(days=2), calendar)


def share(files: Files, account: str, body: bytes, name: str = "") -> Stored:
    upload = files.begin(account, len(body))
    upload.write(body)
    return upload.finish(name)


def kept(files: Files) -> list[str]:
    return [path.name for path in files.directory.iterdir() if path.name != "index.db"]


def test_the_same_bytes_are_kept_once_under_a_link_for_each(files: Files) -> None:
    """Nobody learns by their own link that somebody else shared the same."""
    maya, leo = share(files, "maya", b"tea"), share(files, "leo", b"tea")
    assert maya.link != leo.link
    assert kept(files) == [maya.digest]
    assert share(files, "maya", b"tea") == maya


def test_a_file_is_forgotten_after_its_days(files: Files, calendar: Calendar) -> None:
    """Its bytes go with the last who shared them."""
    maya = share(files, "maya", b"tea")
    calendar.now += DAY
    leo = share(files, "leo", b"tea")
    calendar.now += DAY
    assert files.find(maya.link) is None
    files.sweep()
    assert files.find(leo.link) == leo
    assert kept(files) == [leo.digest]
    calendar.now += DAY
    files.sweep()
    assert kept(files) == []


def test_a_crash_leaves_what_was_whole(files: Files, tmp_path: Path, calendar: Calendar) -> None:
    """What was under way, or not named yet, is removed at the next start."""
    maya = share(files, "maya", b"tea", "tea.txt")
    upload = files.begin("leo", 10)
    upload.write(b"half")
    (tmp_path / ("0" * 64)).write_bytes(b"not named")
    after = Files(tmp_path, b"secret", Allowance(days=2), calendar)
    assert kept(after) == [maya.digest]
    assert after.find(maya.link) == maya
    upload.drop()


def test_an_index_of_the_first_shape_is_read_on(tmp_path: Path) -> None:
    """What was shared before files had rooms has none, and stays where its link leads."""
    (tmp_path / ("d" * 64)).write_bytes(b"tea")
    index = apsw.Connection(str(tmp_path / "index.db"))
    index.execute(
        """CREATE TABLE files (
               link TEXT PRIMARY KEY, digest TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL,
               type TEXT NOT NULL, size INTEGER NOT NULL, uploaded REAL NOT NULL) WITHOUT ROWID;
           INSERT INTO files VALUES ('f', ?, 'maya', 'tea.txt', '', 3, 5.0)""",
        ("d" * 64,),
    )
    index.close()
    for _ in range(2):
        files = Files(tmp_path, b"secret", Allowance(), lambda: 6.0)
        assert files.find("f") == Stored("f", "d" * 64, "maya", "", "tea.txt", "", 3, 0, 0, 0, 5.0)
        files.close()
