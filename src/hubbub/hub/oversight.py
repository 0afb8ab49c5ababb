"""What those who run a server look at, and who tells it: net and the store know, dialects ask."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from hubbub.hub.promise import Promise


class Sample(NamedTuple):
    """How the server was at `at` (ms); `rows` and `commit_us`, a mean, `cpu_permille` are since the sample before."""

    at: int
    people: int
    connections: int
    rooms: int
    rows: int
    commit_us: int
    cpu_permille: int
    memory_kib: int
    store_kib: int


class Shared(NamedTuple):
    """A file that somebody shared: `url` leads to it, `uploaded` is in ms, `room` a folded name or ""."""

    url: str
    account: str
    room: str
    name: str
    size: int
    uploaded: int


class Overseer(Protocol):
    def samples(self, most: int) -> Sequence[Sample]:
        """The latest, and at last one of this moment, in the order of time."""

    def files(self) -> Promise[list[Shared]]:
        """The latest first."""
