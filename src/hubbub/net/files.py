"""The files that people shared: each kept once by what it holds, and found by a link that nobody can guess.

A file is written aside, made durable, renamed to the SHA-256 of its bytes, and only then named in an index; so there is
all of it or nothing. Everything here blocks: it is for threads.
"""

from __future__ import annotations

import errno
import hmac
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final, NamedTuple, cast
from uuid import uuid4

import apsw

from hubbub.net.media import HEAD, media_type

LINK_CHARACTERS: Final = 32
"""Of a link, in hex: 128 bits cannot be guessed."""

_DAY: Final = 86_400.0
_BUSY_MS: Final = 5_000
_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS files (
    link TEXT PRIMARY KEY, digest TEXT NOT NULL, account TEXT NOT NULL, name TEXT NOT NULL, type TEXT NOT NULL,
    size INTEGER NOT NULL, uploaded REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_account ON files (account);
CREATE INDEX IF NOT EXISTS files_digest ON files (digest);
"""


class TooLarge(Exception):
    """More bytes than one file may have."""


class NoRoom(Exception):
    """Nowhere to put it; the text says whose fault that is, for who wants to share something."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bytes of one file, bytes of all files of one account, and days after which a file is forgotten; 0 is no limit."""

    max_bytes: int = 10_485_760
    quota_bytes: int = 104_857_600
    days: int = 90


class Stored(NamedTuple):
    """One shared file. `type` is a media type, "" where its first bytes are none of those that may be shown."""

    link: str
    digest: str
    name: str
    type: str
    size: int


class Upload:
    """A file on its way in. It ends with `finish` or `drop`; another `drop` does no harm."""

    def __init__(self, files: Files, account: str, limit: int) -> None:
        self.account, self.limit, self.size = account, limit, 0
        self._files, self._digest, self._head = files, sha256(), b""
        self.path = files.directory / f"{uuid4().hex}.part"
        with _full_is_no_room():
            self._file = self.path.open("xb", buffering=0)

    def write(self, data: bytes) -> None:
        """Raises `TooLarge`, `NoRoom`."""
        self.size += len(data)
        if self.size > self.limit:
            raise TooLarge
        self._digest.update(data)
        self._head += data[: HEAD - len(self._head)]
        with _full_is_no_room():
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]

    def finish(self, name: str) -> Stored:
        """It is on the disk and in the index. Raises `NoRoom`."""
        with _full_is_no_room():
            os.fsync(self._file.fileno())
            self._file.close()
            return self._files.take_in(self, self._digest.hexdigest(), name, media_type(self._head))

    def drop(self) -> None:
        """Leave nothing behind, and give back what was set aside for it."""
        self._file.close()
        self.path.unlink(missing_ok=True)
        self._files.forget(self)


class Files:
    """The directory and its index. `secret` makes the links, `now` is the time in seconds.

    All of it raises OSError and apsw.Error.
    """

    def __init__(self, directory: Path, secret: bytes, allowance: Allowance, now: Callable[[], float]) -> None:
        self.directory, self.allowance = directory, allowance
        self._secret, self._now = secret, now
        self._lock = threading.Lock()  # over the index, and over which files stand beside it
        self._set_aside: Counter[str] = Counter()  # bytes of uploads under way, by account
        self._under_way: set[Upload] = set()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._index = apsw.Connection(str(directory / "index.db"))
        self._index.set_busy_timeout(_BUSY_MS)
        self._index.execute("PRAGMA synchronous = FULL")
        self._index.execute(_SCHEMA)
        self._clear()

    def begin(self, account: str, length: int | None) -> Upload:
        """An upload of `length` bytes, or of an unknown number of them. Raises `TooLarge`, `NoRoom`."""
        most, quota = self.allowance.max_bytes, self.allowance.quota_bytes
        if (length or 0) > most:
            raise TooLarge
        with self._lock:
            left = quota - self._used(account) - self._set_aside[account] if quota else most
            limit = min(most, left) if length is None else length
            if left < limit or left <= 0:
                raise NoRoom(f"Your files may have {quota} bytes in all, and less than this one needs is left")
            upload = Upload(self, account, limit)
            self._set_aside[account] += limit
            self._under_way.add(upload)
        return upload

    def take_in(self, upload: Upload, digest: str, name: str, kind: str) -> Stored:
        """Give an upload its place; the same file of the same person again has the link that it had."""
        told = "\0".join((upload.account, digest, name)).encode()
        link = hmac.digest(self._secret, told, "sha256").hex()[:LINK_CHARACTERS]
        stored = Stored(link, digest, name, kind, upload.size)
        with self._lock:
            try:
                upload.path.replace(self.directory / digest)
                _sync(self.directory)
                row = (link, digest, upload.account, name, kind, upload.size, self._now())
                self._index.execute("INSERT OR REPLACE INTO files VALUES (?, ?, ?, ?, ?, ?, ?)", row)
            except BaseException:
                self._remove_unnamed(digest)
                raise
        self.forget(upload)
        return stored

    def forget(self, upload: Upload) -> None:
        """It is over: what was set aside for it is free."""
        with self._lock:
            if upload in self._under_way:
                self._under_way.discard(upload)
                self._set_aside[upload.account] -= upload.limit
                self._set_aside += Counter()  # without those that have come to nothing

    def find(self, link: str) -> Stored | None:
        with self._lock:
            query = "SELECT link, digest, name, type, size FROM files WHERE link = ? AND uploaded > ?"
            row = self._index.execute(query, (link, self._oldest())).fetchone()
        return Stored(*row) if row else None

    def open(self, stored: Stored) -> int:
        """A descriptor to read it by; it stays readable when the file is forgotten meanwhile."""
        return os.open(self.directory / stored.digest, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def sweep(self) -> None:
        """Forget what is older than it may become."""
        with self._lock:
            gone = self._index.execute("DELETE FROM files WHERE uploaded <= ? RETURNING digest", (self._oldest(),))
            for digest in {cast(str, row[0]) for row in gone.fetchall()}:
                self._remove_unnamed(digest)

    def close(self) -> None:
        with self._lock:
            self._index.close()

    def _used(self, account: str) -> int:
        query = "SELECT coalesce(sum(size), 0) FROM files WHERE account = ?"
        return cast(int, self._index.execute(query, (account,)).get)

    def _oldest(self) -> float:
        return self._now() - self.allowance.days * _DAY if self.allowance.days else -1.0

    def _remove_unnamed(self, digest: str) -> None:
        """Two people may have shared the same bytes."""
        if not self._index.execute("SELECT 1 FROM files WHERE digest = ?", (digest,)).fetchone():
            (self.directory / digest).unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove what a crash left: uploads that never ended, and files that it kept from being named."""
        named = {cast(str, row[0]) for row in self._index.execute("SELECT DISTINCT digest FROM files")}
        for path in self.directory.iterdir():
            if path.suffix == ".part" or (not path.suffix and len(path.name) == 64 and path.name not in named):
                path.unlink()


@contextmanager
def _full_is_no_room() -> Iterator[None]:
    try:
        yield
    except apsw.FullError:
        raise NoRoom("The disk of this server is full") from None
    except OSError as error:
        if error.errno in _FULL:
            raise NoRoom("The disk of this server is full") from None
        raise


def _sync(directory: Path) -> None:
    """A name is durable when its directory is; Windows has no such call."""
    with suppress(PermissionError):
        descriptor = os.open(directory, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
