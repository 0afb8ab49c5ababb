"""How a server was over the last day: a sample each minute, kept in memory, and what lies on its shelf of files."""

from __future__ import annotations

import asyncio
import os
import time
from collections import deque
from collections.abc import Iterable, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Final

from hubbub.hub.oversight import Sample, Shared
from hubbub.hub.promise import Promise
from hubbub.net.site import Site
from hubbub.server import Server
from hubbub.stores.sqlite import SqliteStore

_EVERY_S: Final = 60.0
_KEPT: Final = 24 * 60
_STATM: Final = Path("/proc/self/statm")


class Pulse:
    """An `Overseer`. `data` is the directory of the store; of one in memory there is less to tell."""

    def __init__(self, server: Server, store: object, data: Path, site: Site | None) -> None:
        self._server, self._data, self._site = server, data, site
        self._store = store if isinstance(store, SqliteStore) else None
        self._samples: deque[Sample] = deque(maxlen=_KEPT)
        self._before = self._counts()
        self._timer: asyncio.TimerHandle | None = None

    def watch(self) -> None:
        """Take a sample a minute from now, and each minute after."""
        self._timer = asyncio.get_running_loop().call_later(_EVERY_S, self._beat_and_watch)

    def close(self) -> None:
        if self._timer is not None:
            self._timer.cancel()

    def samples(self, most: int) -> Sequence[Sample]:
        return [*self._samples, self._sample(self._counts())][-most:]

    def files(self) -> Promise[list[Shared]]:
        promise: Promise[list[Shared]] = Promise()
        if self._site is None:
            promise.keep([])
        else:
            self._site.begin(self._list(self._site, promise))
        return promise

    async def _list(self, site: Site, promise: Promise[list[Shared]]) -> None:
        try:
            found = await site.run(site.files.all)
        except Exception as error:
            promise.fail(error)
            return
        whole = ((site.url_of(one), one) for one in found)
        promise.keep([Shared(u, f.account, f.room, f.name, f.size, round(f.uploaded * 1000)) for u, f in whole])

    def beat(self) -> None:
        """Take a sample now, and keep it."""
        counts = self._counts()
        self._samples.append(self._sample(counts))
        self._before = counts

    def _beat_and_watch(self) -> None:
        self.beat()
        self.watch()

    def _counts(self) -> tuple[float, float, int, int, float]:
        """What only grows: seconds, seconds of CPU, rows, groups, and seconds of making them durable."""
        stats = self._store.stats if self._store is not None else None
        stored = (stats.rows, stats.groups, stats.commits.total) if stats is not None else (0, 0, 0.0)
        return (time.monotonic(), time.process_time(), *stored)

    def _sample(self, counts: tuple[float, float, int, int, float]) -> Sample:
        seconds, cpu, rows, groups, durable = (now - then for now, then in zip(counts, self._before, strict=True))
        hub = self._server.hub
        return Sample(
            self._server.clock.now(),
            len(hub.users),
            len(self._server.sessions),
            len(hub.channels),
            int(rows),
            round(durable / groups * 1e6) if groups else 0,
            round(cpu / seconds * 1000) if seconds else 0,
            _memory_kib(),
            _size(self._data.glob("hubbub.db*")) // 1024,
        )


def _memory_kib() -> int:
    """What is resident; 0 where the system does not say so in a file."""
    with suppress(OSError, ValueError, IndexError):
        return int(_STATM.read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE") // 1024
    return 0


def _size(paths: Iterable[Path]) -> int:
    total = 0
    for path in paths:
        with suppress(FileNotFoundError):
            total += path.stat().st_size
    return total
