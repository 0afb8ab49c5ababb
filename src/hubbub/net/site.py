"""What http:// listeners serve: the page, files and who may add to them, and the threads that wait for disks."""

from __future__ import annotations

import asyncio
import os
import re
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import Any, Final, NamedTuple, Protocol, TypeVar, TypeVarTuple
from urllib.parse import urlsplit

import apsw

from hubbub import logs
from hubbub.net.files import LINK_CHARACTERS, Files, Stored
from hubbub.net.landing import Landing
from hubbub.net.limits import Trusted
from hubbub.net.pages import Asset, Pages
from hubbub.net.resumable import Resumables

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

_LOG: Final = logs.logger("net")
_LINK: Final = re.compile(rf"[0-9a-f]{{{LINK_CHARACTERS}}}(?:/preview)?|uploads/[0-9a-f]{{32}}")
_THREADS: Final = 4
_FINISHERS: Final = 2
"""How many uploads are made durable at once, and pictures looked at: nobody else waits behind them."""
_SWEEP_SECONDS: Final = 3_600.0
_END_SECONDS: Final = 2.0


class NotLetIn(Exception):
    """Who asks may not share files: an HTTP status, and a sentence why."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status = status


class Asker(NamedTuple):
    """Who somebody says they are, and where they ask from."""

    name: str
    password: str
    address: str


class Doorkeeper(Protocol):
    """Says who may do what with files. All of it raises `NotLetIn`."""

    def share(self, asker: Asker, room: str) -> Awaitable[tuple[str, str]]:
        """The account, and the room by the name that it is known by here, "" for none."""

    def read(self, asker: Asker, stored: Stored) -> Awaitable[None]: ...

    def remove(self, asker: Asker, stored: Stored) -> Awaitable[None]: ...


class Vitals(Protocol):
    """How the server is."""

    def trouble(self) -> Awaitable[str]:
        """Why it cannot go on, or ""."""

    def metrics(self) -> Awaitable[bytes]:
        """For Prometheus."""


class Site:
    """`url` is where people find its files from outside; with `for_members`, who reads them shows that they may.

    One per server, within one event loop.
    """

    def __init__(
        self,
        files: Files,
        keeper: Doorkeeper,
        pages: Callable[[], Pages],
        url: str = "",
        *,
        for_members: bool = False,
    ) -> None:
        """`pages` reads them; it is called when somebody first asks, so that starting costs nobody the time."""
        self.files: Final = files
        self.resumables: Final = Resumables(files)
        self.keeper: Final = keeper
        self.for_members: Final = for_members
        self.url = url
        self._read_pages = pages
        self._pages: asyncio.Future[Pages] | None = None
        self.landing: Landing | None = None
        self.vitals: Vitals | None = None
        self.watchers = Trusted()
        """Who may read metrics."""
        self.challenges: Final[dict[str, str]] = {}
        """What a certificate's authority wants to find here, by token."""
        self._pool = ThreadPoolExecutor(_THREADS, "hubbub-files")
        self._finishers = ThreadPoolExecutor(_FINISHERS, "hubbub-finish")
        self._visits: set[asyncio.Task[None]] = set()
        self._timer: asyncio.TimerHandle | None = None

    def url_of(self, stored: Stored) -> str:
        return f"{self.url.rstrip('/')}/{stored.link}"

    def asked_for(self, target: str) -> str | None:
        """The link in a request's target, or that of a preview or an upload; "" where files are shared, else None.

        A proxy may hand on the path of `url` or leave it out.
        """
        try:
            path, prefix = urlsplit(target).path, urlsplit(self.url).path.rstrip("/")
        except ValueError:
            return None
        rest = "" if path == prefix else path.removeprefix(f"{prefix}/").removeprefix("/")
        return rest if not rest or _LINK.fullmatch(rest) else None

    async def page(self, target: str) -> Asset | None:
        """What of the page lies there."""
        if self._pages is None:
            self._pages = asyncio.ensure_future(self.run(self._read_pages))
        return (await asyncio.shield(self._pages)).find(target.partition("?")[0])

    async def run(self, work: Callable[[*Ts], T], *given: *Ts) -> T:
        """Do it where waiting disturbs nobody."""
        return await asyncio.get_running_loop().run_in_executor(self._pool, work, *given)

    async def finish(self, work: Callable[[*Ts], Stored], *given: *Ts) -> Stored:
        """Raises what `work` does."""
        return await asyncio.get_running_loop().run_in_executor(self._finishers, work, *given)

    async def open(self, stored: Stored, *, preview: bool) -> int | None:
        """A descriptor; None where the file is gone."""
        try:
            return await self.run(partial(self.files.open, stored, preview=preview))
        except FileNotFoundError:
            return None

    async def read(self, descriptor: int, size: int, start: int) -> bytes:
        return await self.run(os.pread, descriptor, size, start)

    def begin(self, visit: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(visit)
        self._visits.add(task)
        task.add_done_callback(self._visits.discard)

    def watch(self) -> None:
        """Forget old files, now and every hour."""
        self._timer = asyncio.get_running_loop().call_later(_SWEEP_SECONDS, self.watch)
        self.begin(self._sweep())

    async def close(self) -> None:
        """When the connections are gone: wait for what is being written, and break off what takes too long."""
        if self._timer is not None:
            self._timer.cancel()
        await self._end_visits()
        self._pool.shutdown()
        self._finishers.shutdown()
        self.resumables.close()
        self.files.close()

    async def _end_visits(self) -> None:
        """Those that are broken off put away what they have begun, for which they need the threads."""
        if self._visits:
            _, late = await asyncio.wait(self._visits, timeout=_END_SECONDS)
            for visit in late:
                visit.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _sweep(self) -> None:
        try:
            await self.run(self.resumables.sweep)
            await self.run(self.files.sweep)
        except (OSError, apsw.Error) as error:
            _LOG.warning("could not forget old files", reason=str(error))
