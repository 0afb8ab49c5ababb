"""Putting a backup back: all of it is copied and made ready before anything that is there is touched."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterable
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import Final

import apsw

from hubbub.backup.checking import look_through
from hubbub.backup.inventory import ASIDE, CONFIG, SLIP, Broken, kept, read_slip
from hubbub.backup.taking import sync
from hubbub.stores.directory import LOCK, CannotOpen, Claim
from hubbub.stores.migrations import TooNew
from hubbub.stores.sqlite_copy import begin_epoch, epoch
from hubbub.stores.sqlite_file import DATABASE, schema

_DRAFT: Final = ".restoring"


def restore(backup: Path, data: Path, *, replace: bool = False) -> Path | None:
    """Make the data directory what it was; where the things went that were there. Raises `Broken`."""
    _look_at(backup)
    try:
        claim = Claim(data)
    except CannotOpen as error:
        raise Broken(str(error)) from None
    try:
        there = [path for path in data.iterdir() if path.name not in {LOCK, _DRAFT} and not path.name.startswith(ASIDE)]
        if there and not replace:
            raise Broken(f"{data} is not empty ({_few(there)}): --replace moves aside what is there, and loses nothing")
        draft = _draft(backup, data)
        return _exchange(data, draft, there)
    except (OSError, CannotOpen, apsw.Error) as error:
        raise Broken(f"{data}: could not restore: {error}") from error
    finally:
        claim.release()


def _look_at(backup: Path) -> None:
    if not (backup / DATABASE).is_file():
        raise Broken(f"there is no {DATABASE} in {backup}: name a directory that 'hubbub backup' made")
    slip = read_slip(backup)
    try:
        schema(backup)
    except TooNew as error:
        made = f"hubbub {slip.hubbub} made this backup; " if slip else ""
        raise Broken(f"{made}{error}") from None
    except CannotOpen as error:
        raise Broken(str(error)) from None
    wrong = [found.words for found in look_through(backup) if not found.sound]
    if wrong:
        more = f", and {len(wrong) - 1} more; 'hubbub verify {backup}' lists them" if len(wrong) > 1 else ""
        raise Broken(f"{backup} is damaged, and nothing was restored: {wrong[0]}{more}")


def _draft(backup: Path, data: Path) -> Path:
    draft = data / _DRAFT
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(mode=0o700)
    for name in kept(backup):
        if str(name) not in {SLIP, CONFIG}:
            (draft / name).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            shutil.copy(backup / name, draft / name)
            sync(draft / name)
    # The clock's, so that two restores of one backup give no id twice, though neither knows of the other.
    begin_epoch(draft, max(int(time.time()), epoch(backup) + 1, epoch(data) + 1))
    sync(draft / DATABASE)
    return draft


def _exchange(data: Path, draft: Path, there: Iterable[Path]) -> Path | None:
    """The database comes last: until then a server that starts finds the old one, or none."""
    name = f"{ASIDE}{datetime.now().astimezone():%Y-%m-%d}"
    names = (data / f"{name}-{number}" for number in count(1))
    aside = next(path for path in names if not path.exists())
    for path in sorted(there, key=lambda path: path.name == DATABASE):
        aside.mkdir(mode=0o700, exist_ok=True)
        path.rename(aside / path.name)
    for path in sorted(draft.iterdir(), key=lambda path: path.name == DATABASE):
        os.replace(path, data / path.name)
    draft.rmdir()
    sync(data)
    return aside if aside.exists() else None


def _few(paths: list[Path]) -> str:
    names = sorted(path.name for path in paths)
    return ", ".join(names[:3]) + (", …" if len(names) > 3 else "")
