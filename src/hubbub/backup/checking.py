"""Looking a data directory or a backup through: the database, the files that were shared, and the slip of a backup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import apsw

from hubbub.backup.inventory import Broken, digest, read_slip
from hubbub.stores.directory import CannotOpen
from hubbub.stores.migrations import OURS
from hubbub.stores.sqlite_file import DATABASE, PATIENCE_MS
from hubbub.stores.sqlite_verify import examine

_SHARED: Final = "SELECT digest, min(size), max(size), max(preview) FROM files GROUP BY digest"


@dataclass(frozen=True, slots=True)
class Looked:
    """What was found of one thing, in words; `sound` says whether it is as it should be."""

    sound: bool
    words: str


def look_through(directory: Path) -> Iterator[Looked]:
    """Read all of it; a server may run there."""
    yield from _slip(directory)
    yield from _database(directory)
    if (directory / "files" / "index.db").is_file():
        yield from _shared(directory / "files")


def _slip(directory: Path) -> Iterator[Looked]:
    try:
        slip = read_slip(directory)
    except Broken as broken:
        yield Looked(False, str(broken))
        return
    if slip is None:
        return
    wrong = [f"{name} {flaw}" for name, due in slip.files.items() if (flaw := _differs(directory / name, due))]
    yield from (Looked(False, words) for words in wrong)
    if not wrong:
        said = f"a backup of {slip.made} by hubbub {slip.hubbub}"
        yield Looked(True, f"{said}: {len(slip.files)} files are as they were then")


def _differs(path: Path, due: str) -> str:
    try:
        return "" if digest(path) == due else "is not what it was when the backup was made"
    except OSError as error:
        return f"cannot be read ({error.strerror})"


def _database(directory: Path) -> Iterator[Looked]:
    try:
        found = examine(directory)
    except CannotOpen as error:
        yield Looked(False, str(error))
        return
    yield from (Looked(False, f"{DATABASE}: {flaw}") for flaw in found.flaws)
    if found.flaws:
        return
    if found.schema < OURS:
        yield Looked(True, f"{DATABASE}: undamaged, of an older schema; the next start brings it up to date")
    else:
        yield Looked(True, f"{DATABASE}: {found.entries} entries in {found.logs} logs, none missing, all in order")


def _shared(directory: Path) -> Iterator[Looked]:
    try:
        rows = _rows(directory / "index.db")
    except apsw.Error as error:
        yield Looked(False, f"files/index.db cannot be read ({error})")
        return
    wrong = [f"files/{row[0]} {flaw}" for row in rows if (flaw := _spoilt(directory, *row))]
    yield from (Looked(False, words) for words in wrong)
    if not wrong:
        yield Looked(True, f"files: {len(rows)} that were shared, each as it was")


def _rows(index: Path) -> list[Any]:
    database = apsw.Connection(str(index), flags=apsw.SQLITE_OPEN_READWRITE)
    try:
        database.set_busy_timeout(PATIENCE_MS)
        columns = {row[1] for row in database.execute("PRAGMA table_info(files)")}
        asked = _SHARED if "preview" in columns else _SHARED.replace("max(preview)", "0")
        return list(database.execute(asked).fetchall()) if columns else []
    finally:
        database.close()


def _spoilt(directory: Path, name: str, least: int, most: int, preview: int) -> str:
    """What is wrong with one, "" where nothing is."""
    path = directory / name
    if flaw := _differs(path, name):
        return flaw.replace("when the backup was made", "when it was shared")
    if not least == most == path.stat().st_size:
        return "has not the size that it is listed with"
    if preview and not path.with_name(f"{name}.preview").is_file():
        return "has lost the small picture of it"
    return ""
