"""What a data directory holds that has to be kept, and the slip of paper that lies in a backup of it."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from fnmatch import fnmatch
from hashlib import file_digest
from pathlib import Path
from typing import Final

import msgspec

SLIP: Final = "backup.json"
CONFIG: Final = "hubbub.toml"
"""The configuration file, in a backup whatever it is called elsewhere."""

ASIDE: Final = "replaced-"
"""How directories begin that a restore moved things into."""

_PASSING: Final = ("hubbub.lock", "listening.json", "*-wal", "*-shm", "*-journal", "*.part", "*.new", "*.log*")
"""What is of this moment alone, and logs about the server."""

_CONTENT: Final = re.compile(r"[0-9a-f]{64}(\.preview)?")


class Slip(msgspec.Struct, frozen=True):
    """The version of hubbub that made it, of its schema, when (ISO), and the SHA-256 of each file by its path; what
    people shared is called by its own."""

    hubbub: str
    schema: str
    made: str
    files: dict[str, str]


class Broken(Exception):
    """Not to be used as a backup, or not to be made; one sentence that says why and what helps."""


def kept(directory: Path) -> Iterator[Path]:
    """The files to keep, relative to it; databases first, so that nothing is named whose bytes are missing."""
    return iter(sorted(_walk(directory), key=lambda path: (not is_database(path), path)))


def is_database(path: Path) -> bool:
    return path.suffix == ".db"


def is_content(path: Path) -> bool:
    """Whether it is something that somebody shared, or the small picture of it."""
    return path.parent.name == "files" and _CONTENT.fullmatch(path.name) is not None


def digest(path: Path) -> str:
    with path.open("rb") as file:
        return file_digest(file, "sha256").hexdigest()


def read_slip(directory: Path) -> Slip | None:
    """None where there is none: somebody copied the files themselves. Raises `Broken`."""
    try:
        return msgspec.json.decode((directory / SLIP).read_bytes(), type=Slip)
    except FileNotFoundError:
        return None
    except (OSError, msgspec.DecodeError) as error:
        raise Broken(f"{directory / SLIP} cannot be read ({error}): use another backup") from None


def _walk(directory: Path) -> Iterator[Path]:
    for place, directories, names in os.walk(directory, followlinks=True):
        directories[:] = [name for name in directories if not name.startswith((ASIDE, "."))]
        for name in names:
            path = Path(place, name)
            if path.is_file() and not any(fnmatch(name, pattern) for pattern in _PASSING):
                yield path.relative_to(directory)
