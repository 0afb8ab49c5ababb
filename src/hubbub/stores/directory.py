"""The data directory: private to its owner, and claimed by one server at a time."""

import os
import sys
import time
from pathlib import Path
from typing import Final

LOCK: Final = "hubbub.lock"

_PATIENCE_SECONDS: Final = 0.5


class CannotOpen(Exception):
    """The stored data cannot be used. The text is one sentence that says why and what helps."""


class Locked(CannotOpen):
    """Another process has the data open for writing."""


class Claim:
    """The sole right to write in a directory, given up by `release` or by the end of the process, however it ends."""

    def __init__(self, directory: Path) -> None:
        """Creates the directory where it is missing. Raises `Locked`, or `CannotOpen` where it cannot be written to."""
        path = make(directory) / LOCK
        try:
            self._file = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise unwritable(directory, error) from error
        if not self._take():
            holder = os.read(self._file, 20).decode("ascii", "replace").strip() or "unknown"
            os.close(self._file)
            raise Locked(f"{directory} is in use by process {holder}: stop that one, or choose another data directory")
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def _take(self) -> bool:
        """Who only makes the file holds the lock for some milliseconds: wait that long, and not much longer."""
        give_up = time.monotonic() + _PATIENCE_SECONDS
        while not _lock(self._file):
            if time.monotonic() > give_up:
                return False
            time.sleep(0.02)
        return True

    def release(self) -> None:
        """Give it up, once. The file stays: removing it would let two processes lock two files of one name."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1


def holder(directory: Path) -> int:
    """The process that has claimed it, 0 where none has. Raises OSError where that cannot be seen."""
    try:
        file = os.open(directory / LOCK, os.O_RDWR)
    except FileNotFoundError:
        return 0
    try:
        return 0 if _lock(file) else int(os.read(file, 20).strip() or 0)
    finally:
        os.close(file)


def make(directory: Path) -> Path:
    """The directory, made for its owner alone where it was missing. Raises `CannotOpen`."""
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unwritable(directory, error) from error
    return directory


def unwritable(directory: Path, error: OSError) -> CannotOpen:
    why = (error.strerror or str(error)).lower()
    return CannotOpen(f"cannot keep data in {directory}: {why}; choose a directory that this user can write to")


if sys.platform == "win32":
    import msvcrt

    _FAR: Final = 1 << 30  # a locked byte cannot be read there, and the pid should be

    def _lock(file: int) -> bool:
        os.lseek(file, _FAR, os.SEEK_SET)
        try:
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        except OSError:
            return False
        finally:
            os.lseek(file, 0, os.SEEK_SET)
        return True

else:
    import fcntl

    def _lock(file: int) -> bool:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
