"""Pushing: a bounded queue to push services, emptied in a thread of its own. https://www.rfc-editor.org/rfc/rfc8030

What is pushed is only a hint that there is something to read, which the logs keep: where a queue is full or a push
service does not answer, it is dropped, and nobody waits. One endpoint that fails does not hold up the others.
"""

from __future__ import annotations

import asyncio
import threading
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from hubbub.hub.events import Subscription
from hubbub.net.https import Https, Unreachable, place_of
from hubbub.net.webpush import Vapid, encrypt, receiver

_AT_ONCE: Final = 16
"""Requests at a time: each is a connection and a TLS handshake."""

WAITING_MAX: Final = 1000
"""Pushes under way and waiting: about two MiB."""

WAITING_EACH: Final = 4
"""Of these for one endpoint: a device that is told four times need not be told a fifth time at once."""

_RESTING_SECONDS: Final = 60.0
"""For how long nothing is pushed to an endpoint that failed."""

_RESTING_MAX: Final = 10_000

_TTL_SECONDS: Final = 7 * 24 * 60 * 60
"""How long a push service may keep it for a device that is off."""

_GONE: Final = (404, 410)
"""The subscription is no more: "a push service MUST return a 404 (Not Found)", and 410 where it is sure of it."""


@dataclass(frozen=True, slots=True)
class _Push:
    to: Subscription
    payload: bytes
    gone: Callable[[], Any]


class Pusher:
    """`soon` hands answers to the server's thread, `failed` is told there which host could not be reached, and why.

    All that is not of the worker is called, and changed, on the server's thread. `monotonic` gives seconds.
    """

    def __init__(
        self,
        vapid: Vapid,
        https: Https,
        soon: Callable[[Callable[[], Any]], Any],
        failed: Callable[[str, str], Any],
        monotonic: Callable[[], float],
    ) -> None:
        self._vapid, self._https = vapid, https
        self._soon, self._failed, self._monotonic = soon, failed, monotonic
        self._under_way: Counter[str] = Counter()
        self.waiting = 0
        """Pushes under way and waiting."""
        self._resting: dict[str, float] = {}
        self._queue: asyncio.Queue[_Push] = asyncio.Queue()
        self._loop = asyncio.new_event_loop()
        self._ending = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="hubbub-push", daemon=True)
        self._thread.start()

    @property
    def key(self) -> str:
        return self._vapid.public

    def objection(self, endpoint: str, p256dh: str, auth: str) -> str:
        """Why nothing can be pushed there, or ""."""
        try:
            place = place_of(endpoint)
            receiver(p256dh, auth)
        except ValueError as problem:
            return str(problem)
        is_address = ":" in place.host or place.host.replace(".", "").isdigit()
        return "expected a public host" if is_address and not self._https.allowed(place.host) else ""

    def push(self, to: Subscription, payload: bytes, gone: Callable[[], Any]) -> None:
        """Tell them, if there is room; `gone` is called where the subscription is no more."""
        key = to.endpoint
        if self._under_way[key] >= WAITING_EACH or self.waiting >= WAITING_MAX or self._rests(key):
            return
        self._under_way[key] += 1
        self.waiting += 1
        with suppress(RuntimeError):  # the worker has ended
            self._loop.call_soon_threadsafe(self._queue.put_nowait, _Push(to, payload, gone))

    def close(self) -> None:
        """Drop what waits."""
        with suppress(RuntimeError):  # it has ended by itself
            self._loop.call_soon_threadsafe(self._ending.set)
        self._thread.join(1.0)

    def _rests(self, endpoint: str) -> bool:
        until = self._resting.get(endpoint)
        if until is not None and until <= self._monotonic():
            del self._resting[endpoint]
            return False
        return until is not None

    def _finished(self, push: _Push, status: int, problem: str) -> None:
        endpoint = push.to.endpoint
        self._under_way[endpoint] -= 1
        self.waiting -= 1
        if not self._under_way[endpoint]:
            del self._under_way[endpoint]
        if status in _GONE:
            push.gone()
        elif problem:
            if len(self._resting) >= _RESTING_MAX:
                self._resting.clear()
            self._resting[endpoint] = self._monotonic() + _RESTING_SECONDS
            self._failed(place_of(endpoint).host, problem)  # the rest of an endpoint is a secret

    # The worker's thread

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        finally:
            self._loop.close()

    async def _serve(self) -> None:
        async with asyncio.TaskGroup() as group:
            workers = [group.create_task(self._work()) for _ in range(_AT_ONCE)]
            await self._ending.wait()
            for worker in workers:
                worker.cancel()

    async def _work(self) -> None:
        while True:
            push = await self._queue.get()
            status, problem = await self._attempt(push)
            with suppress(RuntimeError):  # the server's loop has ended
                self._soon(partial(self._finished, push, status, problem))

    async def _attempt(self, push: _Push) -> tuple[int, str]:
        """The status, and what is wrong with it or was on the way there."""
        try:
            status = await self._post(push)
        except Unreachable as problem:
            return 0, str(problem)
        except Exception as fault:  # ours: told like the others, and the worker goes on
            return 0, repr(fault)
        return status, "" if 200 <= status < 300 or status in _GONE else f"it answered {status}"

    async def _post(self, push: _Push) -> int:
        place, to = place_of(push.to.endpoint), receiver(push.to.p256dh, push.to.auth)
        headers = {
            "Authorization": self._vapid.authorization(place.origin),
            "Content-Encoding": "aes128gcm",
            "Content-Type": "application/octet-stream",
            "TTL": str(_TTL_SECONDS),
            "Urgency": "high",  # it is for them by name: less urgent ones do not wake a sleeping phone
        }
        return await self._https.post(place, headers, encrypt(push.payload, to))
