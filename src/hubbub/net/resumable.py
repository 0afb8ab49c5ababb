"""Uploads that outlive the connection they come by: each waits an hour for who goes on with it.

A request that takes one over ends the turn of the one before, whose connection may be dead without our knowing.
Everything here blocks: it is for threads.
https://datatracker.ietf.org/doc/draft-ietf-httpbis-resumable-upload/
"""

from __future__ import annotations

import threading
from typing import Final
from uuid import uuid4

from hubbub.net.files import Files, Stored, Upload

WAITS_S: Final = 3_600.0
EACH_MAX: Final = 16
"""How many of one account wait: each is a file, and they may have promised a byte each."""


class Superseded(Exception):
    """Somebody else goes on with it, or nobody any more."""


class Busy(Exception):
    """It is all there, and being looked at."""


class Uneven(Exception):
    """There are fewer bytes than were promised, or more."""


class Resumable:
    """One upload, over several requests. `length` is how much it will be, None while nobody said so.

    `seen` is when something was last heard of it, in seconds; `stored` what became of it, once it is all there.
    """

    def __init__(self, upload: Upload, name: str, length: int | None, files: Files) -> None:
        self.token: Final = uuid4().hex
        self.account: Final = upload.account
        self.length = length
        self.stored: Stored | None = None
        self.seen = files.now()
        self._upload, self._name, self._files = upload, name, files
        self._lock = threading.Lock()
        self._turn = 0
        self._is_finishing = False

    @property
    def size(self) -> int:
        """How much there is, for whoever's turn it is."""
        return self._upload.size

    def take(self) -> int:
        """A turn, which ends the one before. Raises `Busy`."""
        with self._lock:
            if self._is_finishing:
                raise Busy
            self._turn += 1
            self.seen = self._files.now()
            return self._turn

    def write(self, turn: int, data: bytes) -> None:
        """Raises `Superseded`, `files.TooLarge`, `files.NoRoom`."""
        with self._lock:
            self._check(turn)
            self.seen = self._files.now()
            self._upload.write(data)

    def pause(self, turn: int) -> None:
        """The turn is over; what there is waits."""
        with self._lock:
            if turn == self._turn:
                self._upload.pause()

    def finish(self, turn: int) -> Stored:
        """That was all of it. Raises `Superseded`, `Uneven`, `files.NoRoom`."""
        with self._lock:
            self._check(turn)
            if self.length not in {None, self.size}:
                raise Uneven
            self._is_finishing = True
        try:
            self.stored = self._upload.finish(self._name)
        finally:
            with self._lock:
                self._is_finishing = False
                self._turn += 1
        return self.stored

    def drop(self) -> None:
        """Leave nothing behind, unless it is all there."""
        with self._lock:
            self._turn += 1
            if not self._is_finishing:
                self._upload.drop()

    def _check(self, turn: int) -> None:
        if turn != self._turn:
            raise Superseded


class Resumables:
    """All that are under way, by their tokens, which nobody can guess. They end with the server."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._lock = threading.Lock()
        self._known: dict[str, Resumable] = {}

    def begin(self, account: str, length: int | None, room: str, name: str) -> Resumable:
        """Raises `files.TooLarge`, `files.NoRoom`."""
        self.sweep()
        self._make_way(account)
        begun = Resumable(self._files.begin(account, length, room), name, length, self._files)
        with self._lock:
            self._known[begun.token] = begun
        return begun

    def find(self, token: str, account: str) -> Resumable | None:
        """One of this account's."""
        with self._lock:
            found = self._known.get(token)
        return found if found is not None and found.account == account and not self._is_over(found) else None

    def drop(self, resumable: Resumable) -> None:
        with self._lock:
            self._known.pop(resumable.token, None)
        resumable.drop()

    def sweep(self) -> None:
        """Drop what nobody went on with."""
        with self._lock:
            over = [one for one in self._known.values() if self._is_over(one)]
        for one in over:
            self.drop(one)

    def close(self) -> None:
        """None of them goes on any more."""
        with self._lock:
            known, self._known = self._known, {}
        for one in known.values():
            one.drop()

    def _make_way(self, account: str) -> None:
        """The one that waited longest gives way."""
        with self._lock:
            theirs = sorted((one for one in self._known.values() if one.account == account), key=lambda one: one.seen)
        for one in theirs[: max(len(theirs) - EACH_MAX + 1, 0)]:
            self.drop(one)

    def _is_over(self, one: Resumable) -> bool:
        return self._files.now() - one.seen >= WAITS_S
