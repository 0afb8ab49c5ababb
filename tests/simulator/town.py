"""A town: a house, a disk, people and wires, and what goes wrong between them; all of it from one seed."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from itertools import count
from random import Random
from typing import Final
from unittest.mock import patch

from hubbub.client import connection
from hubbub.client.stream import Stream
from hubbub.client.trust import Trust
from hubbub.client.url import Address
from hubbub.server.logins import AccountRules
from tests.simulator.clients import Bystander, Regular, Typist
from tests.simulator.disk import Disk, Restart
from tests.simulator.house import House, LoopClock
from tests.simulator.loop import VirtualLoop
from tests.simulator.people import NAMES, Person
from tests.simulator.sqlite_disk import SqliteDisk
from tests.simulator.wires import End, wire

PEACE: Final = 400.0
"""Seconds after which everybody has to be where they want to be, once nothing breaks any more."""


class NoPeace(Exception):
    """Somebody waits in vain."""


class Town:
    """`steps` is how many things people do, all together; what was to come after them is left out."""

    def __init__(self, loop: VirtualLoop, seed: str, steps: int, sqlite: bool) -> None:
        self.loop, self.seed, self.steps, self.done = loop, seed, steps, 0
        self.random = Random(f"{seed}/town")
        self.clock = LoopClock(loop)
        self.disk = (SqliteDisk if sqlite else Disk)(loop, self.clock, seed)
        self.people: list[Person] = []
        self.ends: list[tuple[Person, End]] = []
        self.house = self._house()
        self.houses = [self.house]
        self._words, self._ports = count(1), count(1)

    def words(self) -> str:
        """Something that nobody has said before."""
        return f"w{next(self._words)}"

    async def dial(self, person: Person, protocol: asyncio.BaseProtocol) -> End:
        await asyncio.sleep(person.random.choice((0.001, 0.01)))
        if not self.house.listening:
            raise ConnectionRefusedError(111, "Connection refused")
        port = next(self._ports)
        name = f"{person.name}.{len(person.ends) + 1}"
        here, there = wire(self.loop, name, Random(f"{self.seed}/{port}"), protocol, self.house.door(), port)
        self.house.ends.append(there)
        self.ends.append((person, here))
        return here

    async def tell(self, judge: Callable[[Town], list[str]]) -> list[str]:
        """The story, from the first who comes to the moment at which everything has arrived; how that is judged."""
        await self.house.open()
        self._settle_people()
        await self.house.enrol(*{person.nick for person in self.people if person.account})
        with patch.object(connection, "open_stream", self._open_stream):
            async with asyncio.TaskGroup() as group:
                lives = [group.create_task(person.live(), name=person.name) for person in self.people]
                await asyncio.gather(self._misfortune(), *(self._act(person) for person in self.people))
                await self._peace()
                await self.disk.recover(self.house.store)
                found = judge(self)
                for life in lives:
                    life.cancel()
        return found

    def close(self) -> None:
        """The last house is gone without a word."""
        if self.house.alive:
            self.house.crash()
        self.disk.close()

    def _settle_people(self) -> None:
        """Most with our client, some without; somebody may have two devices."""
        for nick in NAMES[: self.random.randrange(2, len(NAMES) + 1)]:
            account = self.random.random() < 0.5
            kind = self.random.choice((Regular, Regular, Regular, Typist, Typist, Bystander))
            self.people.append(kind(self, nick, nick, account))
        first = self.people[0]
        if first.account and self.random.random() < 0.5:
            self.people.append(Regular(self, f"{first.nick}-2", first.nick, account=True))

    async def _open_stream(self, address: Address, trust: Trust) -> Stream:
        """Of our clients, each has an address of its own for the town."""
        return await next(p for p in self.people if isinstance(p, Regular) and p.name == address.host).open_stream()

    async def _act(self, person: Person) -> None:
        for _ in range(person.random.randrange(4, 16)):
            await asyncio.sleep(person.random.choice((0.0, 0.001, 0.005, 0.02, 0.1, 0.5, 2.0)))
            if self.done < self.steps:
                self.done += 1
                person.act()

    async def _misfortune(self) -> None:
        for _ in range(self.random.choice((0, 0, 1, 2, 3))):
            await asyncio.sleep(self.random.choice((0.1, 0.7, 2.0, 4.0)) * self.random.random())
            await self.random.choice(
                (self._crash, self._crash, self._restart, self._fill, self._slow, self._set_clock)
            )()

    async def _crash(self) -> None:
        self.loop.note("house", "crashes")
        self.house.crash()
        await self._reopen()

    async def _restart(self) -> None:
        self.loop.note("house", "stops")
        await self.house.stop()
        await self._reopen()

    async def _reopen(self) -> None:
        await asyncio.sleep(self.random.choice((0.01, 1.0, 3.0)))
        self.house = self._house()
        self.houses.append(self.house)
        await self.disk.recover(self.house.store)
        for log in self.disk.tape.logs:
            self.disk.tape.add(log, Restart())
        await self.house.open()
        self.loop.note("house", "is open")

    def _house(self) -> House:
        return House(self.loop, self.clock, self.disk, AccountRules(), f"{self.seed}/{self.loop.time()}")

    async def _fill(self) -> None:
        self.loop.note("disk", "is full")
        self.disk.fill(True)
        await asyncio.sleep(self.random.choice((0.01, 0.5, 2.0)))
        self.disk.fill(False)
        self.loop.note("disk", "has room")

    async def _slow(self) -> None:
        self.disk.slow = 40.0
        await asyncio.sleep(self.random.choice((0.5, 2.0)))
        self.disk.slow = self.disk.usual

    async def _set_clock(self) -> None:
        """The machine's clock was wrong, or is now."""
        self.clock.set(self.random.choice((-3_600_000, -2_000, 2_000, 3_600_000)))
        self.loop.note("house", f"is {self.clock.ahead} ms ahead")

    async def _peace(self) -> None:
        ends = self.loop.time() + PEACE
        while not all(person.settled for person in self.people) or len(self.house.server.sessions) > len(self.people):
            if self.loop.time() > ends:
                raise NoPeace([person.name for person in self.people if not person.settled])
            await asyncio.sleep(1.0)
        await asyncio.sleep(3.0)
