"""Every store stands every store test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub.stores.sqlite import SqliteStore
from tests.stores.shelf import KINDS, HandClock, Loop, Shelf, shelf_of


@pytest.fixture(params=KINDS)
def shelf(request: pytest.FixtureRequest) -> Iterator[Shelf]:
    """A store of each kind in turn."""
    with shelf_of(request.param) as shelf:
        yield shelf


class Files:
    """A data directory and whoever has it open."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self.clock = HandClock()
        self.loop = Loop()
        self.breaks = 0
        self._open: list[SqliteStore] = []

    def open(self, synchronous: str = "full") -> Shelf:
        return Shelf(self.store(synchronous), self.clock, self.loop)

    def store(self, synchronous: str = "full") -> SqliteStore:
        self._open.append(SqliteStore(self.directory, self.clock, self.loop.soon, self._broke, synchronous))
        return self._open[-1]

    @property
    def current(self) -> SqliteStore:
        return self._open[-1]

    def close(self) -> None:
        while self._open:
            self._open.pop().close()

    def _broke(self) -> None:
        self.breaks += 1


@pytest.fixture
def files(tmp_path: Path) -> Iterator[Files]:
    files = Files(tmp_path / "data")
    yield files
    files.close()
