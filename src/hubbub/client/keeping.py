"""Files that nobody else on this computer may read: what opens doors, and what was said."""

import os
from pathlib import Path


def write_whole(path: Path, text: str) -> None:
    """In one step: a reader finds the old file or the new one, also where several of us write. Raises OSError."""
    draft = path.with_suffix(f".{os.getpid()}")
    _make_folder(path)
    draft.touch(mode=0o600)
    draft.write_text(text, encoding="utf-8")
    draft.replace(path)


def append(path: Path, text: str) -> None:
    """Behind what is there. Raises OSError."""
    _make_folder(path)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600), "a", encoding="utf-8") as file:
        file.write(text)


def _make_folder(path: Path) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
