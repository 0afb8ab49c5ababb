"""R11: an upgrade takes in what older versions stored, at once; and the version before it can still open the file."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest

from hubbub.hub.events import Event
from hubbub.hub.ports import Account, Sought
from hubbub.stores.migrations import STEPS
from hubbub.stores.sqlite import SqliteAccounts
from hubbub.stores.sqlite_file import for_writing
from tests.promises.fixtures.make import HERE, LEO, LOBBY, MAYA
from tests.promises.power import Disk, record
from tests.stores.conftest import Files
from tests.stores.shelf import EVERYTHING, NOON, Shelf, as_kept, meddle, said, texts

VERSIONS = [f"{major}.{minor}" for (major, minor), _ in STEPS]
STATES = 100

FILLED = """
INSERT INTO conv VALUES (3, 1, '#busy', {rows}, 1790000000000 + {rows}, 1790000000000 + {rows});
WITH RECURSIVE n (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM n WHERE n < {rows})
INSERT INTO msg SELECT 3 << 40 | n, 1790000000000 + n, 'maya!maya@host.example', 'maya', 1, 'again ' || n, NULL FROM n;
"""
"""What makes a database of version 1.0 a large one."""

UPGRADE = """
import os, sys
from pathlib import Path
from hubbub.stores.sqlite_file import for_writing

for_writing(Path(sys.argv[1]))
os._exit(0)
"""


def left_behind(version: str, directory: Path) -> None:
    """The database that a server of that version left."""
    directory.mkdir(exist_ok=True)
    script = HERE / f"schema-{version}.sql"
    if script.exists():
        meddle(directory, script.read_text("utf-8"))
    else:
        shutil.copy(HERE / f"schema-{version}.db", directory / "hubbub.db")


@pytest.mark.parametrize("version", VERSIONS)
def test_what_a_version_stored_this_one_shows(files: Files, version: str) -> None:
    """Down to the msgids that people kept; accounts log in, resends are known, and all that was said is found.

    Seen to fail where a step of the migration is left out.
    """
    left_behind(version, files.directory)
    shelf = files.open()
    assert [entry.event for entry in shelf.page()] == [kept(event) for event in LOBBY]
    assert shelf.page()[1].place.msgid == "_bkXPIWro822ktYaA8z8SQ"
    ((place,), (again,)) = shelf.add(said("next", who=MAYA), said("hi again", who=LEO, nonce="n1"))
    assert (place.seq, again.seq, again.repeated) == (5, 3, True)
    assert files.loop.wait(SqliteAccounts(files.current).find("maya")) == Account("Maya", "$argon2id$maya", NOON)
    assert search(files, shelf, "morning") == ["Morning!"]


def search(files: Files, shelf: Shelf, words: str) -> list[str]:
    """What is found once search has read all."""
    while shelf.wait(files.current.catch_up()):
        pass
    found = shelf.wait(shelf.store.search(["#lobby"], "maya", Sought(words), EVERYTHING))
    return texts(found)


def kept(event: Event) -> Event:
    return as_kept(event, "#lobby")


@pytest.mark.parametrize("rows", [1, 50_000])
def test_an_upgrade_takes_as_long_for_a_large_file_as_for_a_small_one(
    tmp_path: Path, rows: int, record_property: Callable[[str, object], None]
) -> None:
    """It writes the same few pages, whatever was stored: search reads on behind it, while people talk.

    Seen to fail with a migration that changes each row.
    """
    left_behind("1.0", tmp_path)
    meddle(tmp_path, FILLED.format(rows=rows))
    database = for_writing(tmp_path)
    written = (tmp_path / "hubbub.db-wal").stat().st_size
    database.close()
    record_property(f"bytes written to upgrade {rows} messages", written)
    assert written < 256 * 1024


@pytest.mark.parametrize("version", VERSIONS)
def test_the_version_before_can_open_it_again(files: Files, version: str) -> None:
    """All that version 1.0 says to a database still means the same, and what it stores then is shown and found.

    Seen to fail with a migration that renames a column.
    """
    left_behind(version, files.directory)
    files.store()
    files.close()
    meddle(files.directory, (HERE / "spoken-1.0.sql").read_text("utf-8"))
    shelf = files.open()
    assert shelf.texts() == ["Morning!", "hi", "old words"]
    assert search(files, shelf, "words") == ["old words"]
    assert [place.seq for (place,) in shelf.add(said("new words"))] == [6]


def test_a_power_cut_during_an_upgrade_loses_nothing(
    tmp_path: Path, memory: Path, chance: Random, record_property: Callable[[str, object], None]
) -> None:
    """Whatever is left of the disk, the next start finds all that was there, and takes the steps that are missing.

    Seen to fail where a step is not one transaction.
    """
    directory = memory / "run"
    left_behind("1.0", directory)
    disk = Disk(directory)
    script = "import os, sys; from pathlib import Path; from hubbub.stores.sqlite_file import for_writing\n"
    steps = record(
        [sys.executable, "-c", f"{script}for_writing(Path(sys.argv[1])); os._exit(0)", directory], tmp_path / "log"
    )
    moments = sorted(chance.choices(range(len(steps)), k=STATES))
    for number, step in enumerate(steps):
        for _ in range(moments.count(number)):
            found(memory / f"crashed {number}", disk.left(chance))
        disk.take(step)
    record_property("crash states of an upgrade opened", STATES)


def found(directory: Path, left: dict[str, bytes]) -> None:
    directory.mkdir(exist_ok=True)
    for name, content in left.items():
        (directory / name).write_bytes(content)
    files = Files(directory)
    shelf = files.open()
    assert shelf.texts() == ["Morning!", "hi"]
    assert [place.seq for (place,) in shelf.add(said("next"))] == [5]
    assert shelf.wait(files.current.write(lambda db: db.execute("PRAGMA integrity_check").get)) == "ok"
    files.close()
    shutil.rmtree(directory)
