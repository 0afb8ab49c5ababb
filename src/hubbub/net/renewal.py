"""A certificate that is renewed before it ends: ordered, kept, and taken in while people talk."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from cryptography import x509

from hubbub import logs
from hubbub.net.keeping import write_whole

_LOG: Final = logs.logger("net")

_LOOK_SECONDS: Final = 43_200.0
"""Between two looks: clocks are set, and machines sleep."""

_AGAIN_SECONDS: Final = 60.0
_AGAIN_MOST: Final = 21_600.0
"""Authorities allow few tries an hour: the wait doubles up to this."""


class Renewal:
    """`file` holds key and chain. `issue` makes them anew: it blocks, and may raise. `take` is told of them."""

    def __init__(self, file: Path, issue: Callable[[], bytes], take: Callable[[], None]) -> None:
        self._file, self._issue, self._take = file, issue, take
        self._task: asyncio.Task[None] | None = None

    def watch(self) -> None:
        self._task = asyncio.get_running_loop().create_task(self._keep_fresh())

    def stop(self) -> None:
        """What is under way comes to nothing."""
        if self._task is not None:
            self._task.cancel()

    async def _keep_fresh(self) -> None:
        again = _AGAIN_SECONDS
        while True:
            if not is_due(self._file, datetime.now(UTC)):
                await asyncio.sleep(_LOOK_SECONDS)
            elif await self._renewed():
                again = _AGAIN_SECONDS
            else:
                await asyncio.sleep(again)
                again = min(again * 2, _AGAIN_MOST)

    async def _renewed(self) -> bool:
        try:
            pem = await _aside(self._issue)
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_whole(self._file, pem)
            self._take()
        except Exception as error:  # whatever it is, people talk on, and it is tried again
            _LOG.warning("no new certificate yet; trying again", file=str(self._file), reason=str(error))
            return False
        _LOG.info("took in a new certificate", file=str(self._file))
        return True


def is_due(file: Path, now: datetime) -> bool:
    """Whether a third of its time, or less, is left; also where there is none that can be read."""
    try:
        chain = x509.load_pem_x509_certificates(file.read_bytes())
    except (OSError, ValueError):
        return True
    begins, ends = chain[0].not_valid_before_utc, chain[0].not_valid_after_utc
    return ends - now <= (ends - begins) / 3


async def _aside(work: Callable[[], bytes]) -> bytes:
    """In a thread that an end does not wait for, as it would for one of a pool."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[bytes] = loop.create_future()

    def settle(pem: bytes, error: Exception | None) -> None:
        if done.cancelled():
            return
        done.set_exception(error) if error is not None else done.set_result(pem)

    def run() -> None:
        pem, fault = b"", None
        try:
            pem = work()
        except Exception as error:
            fault = error
        with suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, pem, fault)

    threading.Thread(target=run, name="hubbub-acme", daemon=True).start()
    return await done
