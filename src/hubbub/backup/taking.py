"""Taking a backup: made beside its place, synced, and only then given its name."""

from __future__ import annotations

import os
import shutil
from contextlib import closing, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import apsw
import msgspec

from hubbub import __version__
from hubbub.backup.inventory import CONFIG, SLIP, Broken, Slip, digest, is_content, is_database, kept
from hubbub.stores.directory import LOCK, CannotOpen, Claim
from hubbub.stores.sqlite_copy import copy
from hubbub.stores.sqlite_file import DATABASE, schema

_INDEX: Final = Path("files", "index.db")


@dataclass(frozen=True, slots=True)
class Taken:
    """A backup: its files, their bytes, and how many of them are hard links to what lay there already."""

    files: int
    size: int
    linked: int


def take(data: Path, target: Path, config: Path | None = None, *, replace: bool = False) -> Taken:
    """Back up a data directory, whether a server runs on it or not. Raises `Broken`."""
    _look_at(data, target, replace=replace)
    draft = target.with_name(f".{target.name}.part")
    try:
        claim = Claim(draft)
    except CannotOpen as error:
        raise Broken(f"another backup to {target} may be under way: {error}") from None
    try:
        _empty(draft)
        taken = _fill(data, draft, target.parent, config)
    except (OSError, CannotOpen, apsw.Error) as error:
        _empty(draft)
        raise Broken(f"{target}: nothing was backed up: {error}") from error
    finally:
        claim.release()
    _name(draft, target)
    return taken


def sync(path: Path) -> None:
    """Make a file or, where the system can, a directory durable."""
    with suppress(PermissionError):  # Windows cannot open a directory
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)


def _look_at(data: Path, target: Path, *, replace: bool) -> None:
    if not (data / DATABASE).is_file():
        raise Broken(f"there is no {DATABASE} in {data}: name the directory of a server that has run once")
    if target.resolve().is_relative_to(data.resolve()):
        raise Broken(f"{target} is in the data directory, and would be lost with it: name a place on another disk")
    if target.exists() and not replace:
        raise Broken(f"{target} is there already: name another place, one with today's date say, or say --replace")
    if target.exists() and not (target / SLIP).is_file():
        raise Broken(f"{target} is no backup that hubbub made, so it is not replaced: name another place")


def _empty(draft: Path) -> None:
    """But for the lock that says that we are at it."""
    for path in draft.iterdir():
        if path.name != LOCK:
            shutil.rmtree(path) if path.is_dir() else path.unlink()


def _fill(data: Path, draft: Path, siblings: Path, config: Path | None) -> Taken:
    """Databases first: what they name is looked for behind that, and so is there."""
    earlier = [data, *(path.parent for path in siblings.glob(f"*/{SLIP}"))]
    for name in filter(is_database, kept(data)):
        copy(data / name, _place(draft, name))
    linked = sum(_put(name, draft, earlier) for name in kept(data) if not is_database(name))
    if (draft / _INDEX).exists():
        _leave_out_what_went(data, draft)
    if config is not None:
        shutil.copy(config, draft / CONFIG)
    _write_slip(draft)
    for place, _, names in os.walk(draft):
        for path in (*(Path(place, name) for name in names), Path(place)):
            sync(path)
    found = list(kept(draft))
    return Taken(len(found), sum((draft / name).stat().st_size for name in found), linked)


def _place(draft: Path, name: Path) -> Path:
    (draft / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    return draft / name


def _put(name: Path, draft: Path, earlier: list[Path]) -> bool:
    """Copy a file, or link to what was shared where it lies already: that never changes. Whether it was linked."""
    target = _place(draft, name)
    for place in earlier if is_content(name) else ():
        with suppress(OSError):
            os.link(place / name, target)
            return True
    with suppress(FileNotFoundError):  # taken back meanwhile
        shutil.copy(earlier[0] / name, target)
    return False


def _leave_out_what_went(data: Path, draft: Path) -> None:
    """What was taken back while we copied is in the copied index alone. What is missing otherwise stays listed: whoever
    verifies the backup shall hear of it."""
    with closing(apsw.Connection(str(draft / _INDEX))) as index, closing(apsw.Connection(str(data / _INDEX))) as now:
        for (name,) in index.execute("SELECT DISTINCT digest FROM files").fetchall():
            lost = not (draft / "files" / str(name)).exists()
            if lost and not now.execute("SELECT 1 FROM files WHERE digest = ?", (name,)).get:
                index.execute("DELETE FROM files WHERE digest = ?", (name,))


def _write_slip(draft: Path) -> None:
    files = {name.as_posix(): digest(draft / name) for name in kept(draft) if not is_content(name)}
    slip = Slip(__version__, ".".join(map(str, schema(draft))), f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ}", files)
    (draft / SLIP).write_bytes(msgspec.json.format(msgspec.json.encode(slip), indent=1) + b"\n")


def _name(draft: Path, target: Path) -> None:
    """What was called so before is removed last."""
    (draft / LOCK).unlink()
    old = target.with_name(f".{target.name}.old")
    if target.exists():
        target.rename(old)
    draft.rename(target)
    sync(target.parent)
    if old.exists():
        shutil.rmtree(old)
