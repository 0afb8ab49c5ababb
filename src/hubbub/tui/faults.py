"""Faults of ours, written down for whoever mends them: the person before the screen is told where."""

import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from hubbub import __version__
from hubbub.client.keeping import append
from hubbub.wire.clean import clean

_BYTES_MAX: Final = 1_000_000
"""What broke that often is known by now: begin anew."""


def keep(error: BaseException, path: Path | None = None) -> str:
    """Write a fault down; says where it stands, or why it does not. `path` is for those who want it elsewhere."""
    path = path or _usual()
    try:
        if path.exists() and path.stat().st_size > _BYTES_MAX:
            path.unlink()
        append(path, _text(error))
    except OSError as problem:
        last = traceback.extract_tb(error.__traceback__)[-1:]
        where = f" in {Path(last[0].filename).name}, line {last[0].lineno}" if last else ""
        return f"it was {type(error).__name__}{where} (not written down in {path}: {problem.strerror})"
    return f"what it was stands in {path}"


def _text(error: BaseException) -> str:
    lines = "".join(traceback.format_exception(error)).split("\n")
    return "\n".join([f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%SZ} hubbub {__version__}", *map(clean, lines), ""])


def _usual() -> Path:
    from platformdirs import user_state_path

    return user_state_path("hubbub") / "terminal.log"
