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
from hashlib import file_digest, sha256
from pathlib import Path
from typing import Final, NamedTuple, cast
from uuid import uuid4

import apsw

from hubbub.net.media import HEAD, media_type
from hubbub.net.pictures import Picture, develop, made_of

LINK_CHARACTERS: Final = 32
"""Of a link, in hex: 128 bits cannot be guessed."""

_DAY: Final = 86_400.0
_BUSY_MS: Final = 5_000
_FLUSH: Final = 8 << 20
"""Bytes of an upload that may wait in memory for the disk: a group of messages that is made durable waits behind them,
and behind a gigabyte that was half a second."""

_FULL: Final = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})

_PREVIEW: Final = ".preview"

_SCHEMA: Final = """
CREATE TABLE IF NOT EXISTS files (
    link TEXT PRIMARY KEY, digest TEXT NOT NULL, account TEXT NOT NULL, room TEXT NOT NULL, name TEXT NOT NULL,
    type TEXT NOT NULL, size INTEGER NOT NULL, width INTEGER NOT NULL, height INTEGER NOT NULL,
    preview INTEGER NOT NULL, uploaded REAL NOT NULL
) WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS files_account ON files (account);
CREATE INDEX IF NOT EXISTS files_room ON files (room);
CREATE INDEX IF NOT EXISTS files_digest ON files (digest);
"""
_SINCE: Final = {
    "room": "TEXT NOT NULL DEFAULT ''",
    "width": "INTEGER NOT NULL DEFAULT 0",
    "height": "INTEGER NOT NULL DEFAULT 0",
    "preview": "INTEGER NOT NULL DEFAULT 0",
}
"""Columns that the first indexes had not. Only ever append: they are in people's files."""

_COLUMNS: Final = "link, digest, account, room, name, type, size, width, height, preview, uploaded"
_FIND: Final = f"SELECT {_COLUMNS} FROM files WHERE link = ? AND uploaded > ?"  # noqa: S608  # of our own words
_ALL: Final = f"SELECT {_COLUMNS} FROM files WHERE uploaded > ? ORDER BY uploaded DESC"  # noqa: S608  # likewise
_KEEP: Final = f"INSERT OR REPLACE INTO files ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"  # noqa: S608  # likewise
_LOAD: Final = "SELECT count(*), coalesce(sum(size), 0) FROM files WHERE uploaded > ?"
_SUMS: Final = {
    "": "SELECT coalesce(sum(size), 0) FROM files",
    "account": "SELECT coalesce(sum(size), 0) FROM files WHERE account = :value",
    "room": "SELECT coalesce(sum(size), 0) FROM files WHERE room = :value",
}


class TooLarge(Exception):
    """More bytes than one file may have."""


class NoRoom(Exception):
    """Nowhere to put it; the text says whose fault that is, for who wants to share something."""


@dataclass(frozen=True, slots=True)
class Allowance:
    """Bytes of one file, of all files of one account, of all with one room and of all that there are, and days after
    which a file is forgotten; 0 is no limit. What somebody shared twice counts twice.
    """

    max_bytes: int = 10_485_760
    quota_bytes: int = 104_857_600
    room_bytes: int = 1_073_741_824
    total_bytes: int = 10_737_418_240
    days: int = 90


class Stored(NamedTuple):
    """One shared file. `type` is a media type, "" where it is nothing that may be shown; `room` a folded name, or "".

    `width` and `height` are those of a picture, else 0. `preview` says whether there is a small one of it; `uploaded`
    is in seconds.
    """

    link: str
    digest: str
    account: str
    room: str
    name: str
    type: str
    size: int
    width: int
    height: int
    preview: int
    uploaded: float


class Load(NamedTuple):
    """How much is shared, as quotas count it; what may still come by uploads under way; and what may be, 0 for all."""

    files: int
    size: int
    coming: int
    most: int


class Upload:
    """A file on its way in. It ends with `finish` or `drop`; another `drop` does no harm."""

    def __init__(self, files: Files, account: str, room: str, limit: int) -> None:
        self.account, self.room, self.limit, self.size = account, room, limit, 0
        self._files, self._digest, self._head = files, sha256(), b""
        self._flushed = 0
        self.path = self._came_as = files.directory / f"{uuid4().hex}.part"
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
            self._go_on()
            rest = memoryview(data)
            while rest:
                rest = rest[self._file.write(rest) :]
            if self.size - self._flushed >= _FLUSH:
                self._flushed = self.size
                _flush(self._file.fileno())

    def finish(self, name: str) -> Stored:
        """It is on the disk and in the index. Raises `NoRoom`."""
        with _full_is_no_room():
            self._go_on()
            os.fsync(self._file.fileno())
            self._file.close()
            kind = media_type(self._head)
            if kind.startswith("image/"):
                return self._finish_picture(name, kind)
            return self._files.take_in(self, self._digest.hexdigest(), name, kind)

    def pause(self) -> None:
        """Hold no descriptor until more is written."""
        self._file.close()

    def drop(self) -> None:
        """Leave nothing behind, and give back what was set aside for it."""
        self._file.close()
        for path in (self._came_as, *made_of(self._came_as)):
            path.unlink(missing_ok=True)
        self._files.forget(self)

    def _go_on(self) -> None:
        if self._file.closed:
            self._file = self.path.open("ab", buffering=0)

    def _finish_picture(self, name: str, kind: str) -> Stored:
        """One that cannot be shown safely is kept for who wants to save it."""
        picture = develop(self.path)
        if picture is None:
            return self._files.take_in(self, self._digest.hexdigest(), name, "")
        self.path, self.size = picture.path, picture.path.stat().st_size
        return self._files.take_in(self, _digest_of(picture.path), name, kind, picture)


class Files:
    """The directory and its index. `secret` makes the links, `now` is the time in seconds.

    A `visitor` leaves alone what a server beside it has under way. All of it raises OSError and apsw.Error.
    """

    def __init__(
        self,
        directory: Path,
        secret: bytes,
        allowance: Allowance,
        now: Callable[[], float],
        *,
        visitor: bool = False,
    ) -> None:
        self.directory, self.allowance = directory, allowance
        self._secret, self.now = secret, now
        self._lock = threading.Lock()  # over the index, and over which files stand beside it
        self._set_aside: Counter[tuple[str, str]] = Counter()  # bytes of uploads under way, by what they count against
        self._under_way: set[Upload] = set()
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._index = apsw.Connection(str(directory / "index.db"))
        self._index.set_busy_timeout(_BUSY_MS)
        self._index.execute("PRAGMA synchronous = FULL")
        self._make_index()
        if not visitor:
            self._clear()

    def begin(self, account: str, length: int | None, room: str = "") -> Upload:
        """An upload of `length` bytes, or of an unknown number of them. Raises `TooLarge`, `NoRoom`."""
        most = self.allowance.max_bytes
        if (length or 0) > most:
            raise TooLarge
        with self._lock:
            limit = most if length is None else length
            for quota, against, whose in self._quotas(account, room):
                left = quota - self._used(*against) - self._set_aside[against]
                limit = min(limit, left) if length is None else limit
                if left < limit or left <= 0:
                    raise NoRoom(f"{whose} may have {quota} bytes in all, and less than this one needs is left")
            upload = Upload(self, account, room, limit)
            self._set_aside.update(dict.fromkeys((against for _, against, _ in self._quotas(account, room)), limit))
            self._under_way.add(upload)
        return upload

    def take_in(self, upload: Upload, digest: str, name: str, kind: str, picture: Picture | None = None) -> Stored:
        """Give an upload its place; the same file of the same person again has the link that it had."""
        told = "\0".join((upload.account, digest, name, upload.room)).encode()
        link = hmac.digest(self._secret, told, "sha256").hex()[:LINK_CHARACTERS]
        width, height, preview = (picture.width, picture.height, picture.preview) if picture else (0, 0, None)
        stored = Stored(
            link,
            digest,
            upload.account,
            upload.room,
            name,
            kind,
            upload.size,
            width,
            height,
            bool(preview),
            self.now(),
        )
        with self._alone():
            try:
                if preview is not None:
                    preview.replace(self._preview_of(digest))
                upload.path.replace(self.directory / digest)
                _sync(self.directory)
                self._index.execute(_KEEP, stored)
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
                for _, against, _ in self._quotas(upload.account, upload.room):
                    self._set_aside[against] -= upload.limit
                self._set_aside += Counter()  # without those that have come to nothing

    def find(self, link: str) -> Stored | None:
        with self._lock:
            row = self._index.execute(_FIND, (link, self._oldest())).fetchone()
        return Stored(*row) if row else None

    def all(self) -> list[Stored]:
        """The latest first."""
        with self._lock:
            return [Stored(*row) for row in self._index.execute(_ALL, (self._oldest(),))]

    def load(self) -> Load:
        with self._lock:
            count, size = cast("tuple[int, int]", self._index.execute(_LOAD, (self._oldest(),)).get)
            return Load(count, size, sum(upload.limit for upload in self._under_way), self.allowance.total_bytes)

    def open(self, stored: Stored, *, preview: bool = False) -> int:
        """A descriptor to read it by, or its preview; it stays readable when the file is forgotten meanwhile."""
        path = self._preview_of(stored.digest) if preview else self.directory / stored.digest
        return os.open(path, os.O_RDONLY | getattr(os, "O_BINARY", 0))

    def remove(self, stored: Stored) -> None:
        """Its link leads nowhere any more; its bytes go with the last who shared them."""
        with self._alone():
            self._index.execute("DELETE FROM files WHERE link = ?", (stored.link,))
            self._remove_unnamed(stored.digest)

    def sweep(self) -> int:
        """Forget what is older than it may become; how many files."""
        with self._alone():
            gone = self._index.execute("DELETE FROM files WHERE uploaded <= ? RETURNING digest", (self._oldest(),))
            digests = [cast(str, row[0]) for row in gone.fetchall()]
            for digest in set(digests):
                self._remove_unnamed(digest)
        return len(digests)

    def close(self) -> None:
        with self._lock:
            self._index.close()

    def _make_index(self) -> None:
        """Or bring an older one up to date."""
        with self._alone():
            known = {row[1] for row in self._index.execute("PRAGMA table_info(files)")}
            for column, kind in _SINCE.items() if known else ():
                if column not in known:
                    self._index.execute(f"ALTER TABLE files ADD COLUMN {column} {kind}")
            self._index.execute(_SCHEMA)

    @contextmanager
    def _alone(self) -> Iterator[None]:
        """Neither a thread nor a command beside the server changes which files have a name."""
        with self._lock:
            self._index.execute("BEGIN IMMEDIATE")
            try:
                yield
            except BaseException:
                self._index.execute("ROLLBACK")
                raise
            self._index.execute("COMMIT")

    def _quotas(self, account: str, room: str) -> Iterator[tuple[int, tuple[str, str], str]]:
        """How many bytes, counted by which column and value, and whose they are; without those that have no limit."""
        allowance = self.allowance
        if allowance.quota_bytes:
            yield allowance.quota_bytes, ("account", account), "Your files"
        if allowance.room_bytes and room:
            yield allowance.room_bytes, ("room", room), f"The files of {room}"
        if allowance.total_bytes:
            yield allowance.total_bytes, ("", ""), "All files of this server"

    def _used(self, column: str, value: str) -> int:
        return cast(int, self._index.execute(_SUMS[column], {"value": value}).get)

    def _oldest(self) -> float:
        return self.now() - self.allowance.days * _DAY if self.allowance.days else -1.0

    def _preview_of(self, digest: str) -> Path:
        return self.directory / f"{digest}{_PREVIEW}"

    def _remove_unnamed(self, digest: str) -> None:
        """Two people may have shared the same bytes."""
        if not self._index.execute("SELECT 1 FROM files WHERE digest = ?", (digest,)).fetchone():
            (self.directory / digest).unlink(missing_ok=True)
            self._preview_of(digest).unlink(missing_ok=True)

    def _clear(self) -> None:
        """Remove what a crash left: uploads that never ended, and files that it kept from being named."""
        named = {cast(str, row[0]) for row in self._index.execute("SELECT DISTINCT digest FROM files")}
        for path in self.directory.iterdir():
            ours = path.suffix in {"", _PREVIEW} and len(path.stem) == 64
            if path.suffix == ".part" or (ours and path.stem not in named):
                path.unlink()


_flush: Final = getattr(os, "fdatasync", os.fsync)
"""Without when it was changed, where the system can leave that out."""


def _digest_of(path: Path) -> str:
    with path.open("rb") as file:
        digest = file_digest(file, "sha256").hexdigest()
        os.fsync(file.fileno())
    return digest


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
