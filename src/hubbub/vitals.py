"""How a server is: whether it can go on, and numbers for who watches it."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from hubbub.hub.promise import Promise
from hubbub.net.crowd import Crowd
from hubbub.net.tls import Certificates
from hubbub.server import Server
from hubbub.stores.sqlite import SqliteStore

if TYPE_CHECKING:
    from hubbub.metrics import Numbers
    from hubbub.net.site import Site

Shown: TypeAlias = Callable[[], Iterable[Certificates]]

_PATIENCE_S: Final = 5.0
_FRESH_S: Final = 2.0
"""Looking costs a write to the disk, and anybody may ask."""


class Vitals:
    """`data` is the directory of the store; of one in memory there is less to tell. `certificates` are those shown."""

    def __init__(
        self,
        server: Server,
        crowd: Crowd,
        store: object,
        data: Path,
        certificates: Shown,
        site: Site | None = None,
    ) -> None:
        self._store = store if isinstance(store, SqliteStore) else None
        self._looked, self._look = 0.0, asyncio.get_running_loop().create_future()
        self._look.set_result("")
        self._numbers: Numbers | None = None
        self._site = site
        self._parts = server, crowd, self._store, data, certificates

    async def trouble(self) -> str:
        """Why messages cannot be kept just now, or "". That there is an answer shows that the loop turns."""
        if self._look.done() and time.monotonic() - self._looked > _FRESH_S:
            self._looked = time.monotonic()
            self._look = asyncio.ensure_future(self._probe())
        return await asyncio.shield(self._look)

    async def metrics(self) -> bytes:
        """In the form that Prometheus reads. Its library is loaded when somebody first asks, while others go on."""
        if self._numbers is None:
            module = await asyncio.to_thread(import_module, "hubbub.metrics")
            self._numbers = module.Numbers(*self._parts)
        load = await self._site.run(self._site.files.load) if self._site is not None else None
        return self._numbers.text(load)

    async def _probe(self) -> str:
        if self._store is None:
            return ""
        promise = self._store.probe()
        over = asyncio.Event()
        promise.then(over.set)
        try:
            await asyncio.wait_for(over.wait(), _PATIENCE_S)
        except TimeoutError:
            return "the disk does not answer"
        return _failure(promise)


def _failure(promise: Promise[Any]) -> str:
    try:
        promise.result()
    except Exception as error:  # whatever it is: nothing can be kept
        return str(error)
    return ""
