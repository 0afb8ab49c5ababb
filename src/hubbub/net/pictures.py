"""Pictures that were shared, made ready to be shown: each is opened by a process of its own, `darkroom`, never here."""

from __future__ import annotations

import errno
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Final

BYTES_MAX: Final = 64 << 20
"""A picture is held in memory once to be copied; who shares a larger file gets it kept, and not shown."""

_SECONDS: Final = 20.0
_FULL: Final = 3
"""What `darkroom` ends with where the disk is full; it is not imported, for what it brings along."""


@dataclass(frozen=True, slots=True)
class Picture:
    """What is to be kept of it, and how large it is drawn, in pixels. `preview` is None where none is needed."""

    path: Path
    preview: Path | None
    width: int
    height: int


def develop(path: Path) -> Picture | None:
    """None for what cannot be shown, or not safely. It may leave what `made_of` says.

    Raises OSError where the disk is full.
    """
    bare, preview = made_of(path)
    if path.stat().st_size > BYTES_MAX:
        return None
    try:
        done = subprocess.run(  # noqa: S603  # ourselves, and paths that we made
            [sys.executable, "-P", "-m", "hubbub.net.darkroom", path, bare, preview],
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    if done.returncode == _FULL:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))
    if done.returncode != 0:
        return None
    width, height = map(int, done.stdout.split())
    return Picture(bare if bare.exists() else path, preview if preview.exists() else None, width, height)


def made_of(path: Path) -> tuple[Path, Path]:
    """Where a picture is copied without what its maker wrote beside it, and where its preview comes to lie."""
    return path.with_suffix(".bare.part"), path.with_suffix(".preview.part")
