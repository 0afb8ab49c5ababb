"""A house without sockets: what `compose.House` puts together, on wires and a disk, which can crash and begin anew."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any, Final

from hubbub.config import Endpoint
from hubbub.dialects.irc.dialect import Irc, Settings
from hubbub.hub.account import Account
from hubbub.hub.hub import Hub
from hubbub.hub.ports import StoreFailed
from hubbub.hub.promise import Promise
from hubbub.net.connection import Connection
from hubbub.net.crowd import Crowd
from hubbub.net.door import Door, Terms
from hubbub.net.fanout import Way
from hubbub.net.limits import Gate
from hubbub.server import Server, Session
from hubbub.server.logins import AccountRules, Logins
from hubbub.server.registrar import Registrar
from hubbub.server.revocation import Revocation
from tests.scene import RULES, PlainPasswords
from tests.simulator.disk import Disk
from tests.simulator.loop import VirtualLoop
from tests.simulator.wires import End, Silence

SETTINGS: Final = Settings(backlog=0, ping_seconds=15, timeout_seconds=10, page=20)
TERMS: Final = Terms(sendq_bytes=32 * 1024, registration_seconds=20, idle_seconds=15, linger_seconds=3)
WORD: Final = "sesame123"

NOON: Final = 1_790_000_000_000


class LoopClock:
    """The loop's time, as of some noon; `ahead` are ms by which the wall clock was set, and `back` whether it ever went
    back: then whoever comes in a second time may be shown again what was said after the hour that it is now."""

    def __init__(self, loop: VirtualLoop) -> None:
        self._loop, self.ahead, self.back = loop, 0, False

    def set(self, by: int) -> None:
        """By so many ms."""
        self.ahead, self.back = self.ahead + by, self.back or by < 0

    def now(self) -> int:
        return NOON + round(self._loop.time() * 1000) + self.ahead

    def monotonic(self) -> float:
        return self._loop.time()


class House:
    """One life of the server. `faults` are what it would have logged."""

    def __init__(self, loop: VirtualLoop, clock: LoopClock, disk: Disk, rules: AccountRules, seed: str) -> None:
        self.faults: list[Exception] = []
        self.ends: list[End] = []
        self.alive, self.listening = True, False
        self._loop, self._disk = loop, disk
        self._checks: list[Promise[bool]] = []
        self._random = Random(f"{seed}/house")
        self.store = disk.open()
        self.hub = Hub(RULES)
        store: Any = self.store  # it gets the rest of its methods by __getattr__
        self.server = Server(self.hub, store, disk.accounts, clock, self._soon, self._later, self._report, Way)
        self.logins = Logins(self.server, PlainPasswords(self._verify), rules)
        self.irc = Irc(self.server, SETTINGS, Registrar(self.logins, disk.accounts), "1.2.3")
        self.crowd = Crowd(TERMS, Gate(), loop.time)
        self._door = Door(Endpoint("ircs", "192.0.2.1", 6697), self.irc.accept, self.irc.refuse)

    async def open(self) -> None:
        self.hub.remember(await self._disk.ask(self.store.facts()), self.server.clock.now())
        self.server.keep_time()
        Revocation(self.logins).watch()
        self.crowd.watch()
        self.listening = True

    async def enrol(self, *names: str) -> None:
        """They have accounts."""
        for name in names:
            keys = await self._disk.ask(self.logins.passwords.encode(WORD))
            account = Account(name, keys.secret, self.server.clock.now(), keys.scram)
            await self._disk.ask(self._disk.accounts.save(self.hub.fold(name), account, new=True))

    def door(self) -> Connection:
        """Where somebody new comes in."""
        return Connection(self.crowd, self._door)

    def crash(self) -> None:
        """All that was in memory is gone; the kernel hangs up on everybody."""
        self._end()
        for end in self.ends:
            end.set_protocol(Silence())
            end.abort()
        self.store.crash()
        self._unwind()

    async def stop(self) -> None:
        """As SIGTERM does it."""
        self.listening = False
        await self._disk.ask(self.server.stop("restarting"))
        await self.crowd.end("restarting", 2.0)
        self._end()
        self.store.close()
        self._unwind()

    def _end(self) -> None:
        self.alive = self.listening = False
        if self.crowd._timer is not None:
            self.crowd._timer.cancel()

    def _unwind(self) -> None:
        """Who waits in the dead process comes to an end, which nobody hears of: Python would complain of them else."""
        for promise in self._checks:
            if not promise.done:
                promise.keep(False)
        while self.server._timeline.behind:
            self.server._end_turn()

    def _soon(self, action: Callable[[], None]) -> None:
        self._loop.call_soon(self._do, action)

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self._loop.call_later(seconds, self._do, action)

    def _do(self, action: Callable[[], None]) -> None:
        if self.alive:
            action()

    def _verify(self, secret: str | None, given: str) -> Promise[bool]:
        """In a pool of threads, which takes its time."""
        promise: Promise[bool] = Promise()
        self._checks.append(promise)
        seconds = self._random.choice((0.0, 0.003, 0.1))
        self._loop.arrive(seconds, lambda: self._do(lambda: promise.keep(secret == given)))
        return promise

    def _report(self, fault: Exception, session: Session[Any] | None) -> None:
        if self.alive and not isinstance(fault, StoreFailed):
            self.faults.append(fault)
