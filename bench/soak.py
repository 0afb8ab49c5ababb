"""A soak: an hour of everything at once, and whether the server is afterwards what it was before.

    python -m bench.soak [--minutes 60] [--people 200] [--pace 1]

People talk, come and go between rooms, lose their connection and come back with their cursors, page through history,
search, and share files. Memory, descriptors, threads, tasks and the time of deliveries are sampled all the while; at
the end it says of each how much it changes in an hour, with its error. Nothing may be lost or doubled, and nothing but
the store may grow. The first fifth is left out. The database's cache is a small one: it is full within minutes, and
whatever grows from then on should not. (What is between its pages in memory, an eighth of it, grows along with it.)
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import json
import random
import statistics
import sys
from collections import Counter
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass, fields
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Final

from bench import machine
from bench.drift import Drift, drift
from bench.guest import Guest, Speaker, missing
from bench.house import ACCOUNT, House, house
from bench.kept import keep
from bench.trouble import Broken

_ROOM: Final = 20
"""People in a room, one of whom talks."""

_SAMPLES: Final = 120
_LEAST_S: Final = 1.0
_WARM: Final = 0.2
_FILE: Final = 64 * 1024
_PATIENCE: Final = 30.0

# Seconds between two of a kind, on average; those in rooms for each room.
_TALK: Final = 0.5
_HOP: Final = 0.1
_CUT: Final = 0.2
_HISTORY: Final = 0.2
_SEARCH: Final = 0.5
_SHARE: Final = 3.0


@dataclass(frozen=True, slots=True)
class Sample:
    """One look; `p99_ms` and `p50_ms` are those of the deliveries since the last one."""

    seconds: float
    store_kib: float
    memory_kib: float
    caches_kib: float
    rest_kib: float
    descriptors: float
    threads: float
    tasks: float
    p50_ms: float
    p99_ms: float


SERIES: Final = tuple(field.name for field in fields(Sample) if field.name != "seconds")

_MAY_RISE: Final = {"store_kib"}

_HOUSE: Final = """
[store]
cache_mib = 2
"""


class Soak:
    """Everybody who takes part, doing `pace` times the usual. `did` counts what they did, by its name."""

    def __init__(self, server: House, people: int, pace: float = 1.0) -> None:
        self.server, self._pace = server, pace
        rooms = max(people // _ROOM, 1)
        self.speakers = [Speaker(f"speaker{number}", f"#room{number}") for number in range(rooms)]
        self.guests = [Guest(f"guest{n}", f"#room{n % rooms}", self._took) for n in range(max(people - rooms, 1))]
        self.reader, self.searcher = Guest("reader", "#room0"), Guest("searcher", "#room0")
        self.did: Counter[str] = Counter()
        self.samples: list[Sample] = []
        self._returning: Guest | None = None
        self._waits: list[float] = []
        self._began = perf_counter()

    async def run(self, seconds: float) -> None:
        everybody = [*self.speakers, *self.guests, self.reader, self.searcher]
        for guest in everybody:
            await guest.come(self.server.irc)
        every = max(seconds / _SAMPLES, _LEAST_S)
        self._began = perf_counter()
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as tasks:
                for speaker in self.speakers:
                    tasks.create_task(self._again("said", _TALK, partial(speaker.say, self.server.irc)))
                for name, pause, act in (
                    ("hopped", _HOP, self._hop), ("cut", _CUT, self._cut), ("read", _HISTORY, self._read),
                    ("searched", _SEARCH, self._search), ("shared", _SHARE, self._share),
                ):  # fmt: skip
                    tasks.create_task(self._again(name, pause, act))
                tasks.create_task(self._watch(every))
        await self._hear_out()
        await asyncio.gather(*(guest.cut() for guest in everybody))

    @property
    def lost(self) -> int:
        return sum(missing(guest, self._told(guest)) for guest in self.guests)

    @property
    def doubled(self) -> int:
        return sum(guest.doubled for guest in self.guests)

    def _told(self, guest: Guest) -> int:
        """The last number of its room that was surely stored: the end may have come between a message and its echo."""
        return next(speaker.whole for speaker in self.speakers if speaker.room == guest.room)

    def _took(self, seconds: float) -> None:
        self._waits.append(seconds)

    async def _again(self, name: str, pause: float, act: Callable[[], Awaitable[object]]) -> None:
        while True:
            await asyncio.sleep(random.expovariate(self._pace / pause))
            await act()
            self.did[name] += 1

    async def _hop(self) -> None:
        """Somebody looks into another room, and leaves it."""
        guest, room = random.choice(self.guests), f"#side{random.randrange(50)}"
        if guest.here:
            guest.write(f"JOIN {room}\r\nPART {room}")

    async def _cut(self) -> None:
        guest = self._returning = random.choice(self.guests)
        await guest.cut()
        await guest.come(self.server.irc)
        self._returning = None

    async def _read(self) -> None:
        await self.reader.ask("CHATHISTORY LATEST #room0 * 100")

    async def _search(self) -> None:
        await self.searcher.ask(f"SEARCH in=#room0;text={random.randrange(1000)};limit=20")

    async def _share(self) -> None:
        """A file goes up, comes down, and is taken back."""
        link = await self._http("POST", "/", random.randbytes(_FILE))
        await self._http("GET", link)
        await self._http("DELETE", link)

    async def _http(self, method: str, path: str, body: bytes = b"") -> str:
        """The link that is answered, or ""."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.server.http)
        basic = base64.b64encode(":".join(ACCOUNT).encode()).decode()
        head = f"{method} {path} HTTP/1.1\r\nHost: bench\r\nAuthorization: Basic {basic}\r\nConnection: close\r\n"
        writer.write(f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body)
        said = (await reader.read()).partition(b"\r\n\r\n")[0].decode()
        writer.close()
        if " 20" not in said.partition("\r\n")[0]:
            raise Broken(f"{method} {path}: expected status 20x, got {said.partition(chr(13))[0]!r}")
        links = [line.split()[1] for line in said.splitlines() if line.lower().startswith("location:")]
        return "/" + links[0].split("/", 3)[3] if links else ""

    async def _watch(self, every: float) -> None:
        while True:
            await asyncio.sleep(every)
            waits, self._waits = self._waits, []
            if len(waits) > 1:
                self.samples.append(await self._sample([1000 * wait for wait in waits]))

    async def _sample(self, waits: Sequence[float]) -> Sample:
        server = self.server
        caches, memory = await server.number("hubbub_store_memory_bytes") / 1024, server.resident()
        return Sample(
            perf_counter() - self._began,
            await server.number("hubbub_store_bytes") / 1024,
            memory,
            caches,
            memory - caches,
            server.descriptors(),
            server.threads(),
            await server.number("hubbub_tasks"),
            statistics.median(waits),
            statistics.quantiles(waits, n=100)[98],
        )

    async def _hear_out(self) -> None:
        """Who was cut when it ended, or had not caught up yet, comes back; what is on its way arrives."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_PATIENCE):
                if self._returning is not None:
                    await self._returning.cut()
                await asyncio.gather(*(guest.come(self.server.irc) for guest in self.guests if not guest.here))
                await asyncio.gather(*(guest.until(self._told(guest)) for guest in self.guests))


def drifts(samples: Sequence[Sample]) -> dict[str, Drift]:
    """Of each series, the first fifth left out. Raises Broken where there are too few samples."""
    kept = samples[int(len(samples) * _WARM) :]
    if len(kept) < 3:
        raise Broken(f"expected five samples or more, got {len(samples)}: soak for longer")
    seconds = [sample.seconds for sample in kept]
    return {name: drift(seconds, [getattr(sample, name) for sample in kept]) for name in SERIES}


def table(found: dict[str, Drift]) -> str:
    rows = [f"{'':12}{'mean':>12}{'per hour':>12}{'+-':>10}{'in this run':>13}"]
    for name, one in found.items():
        rows.append(f"{name:12}{one.mean:12,.1f}{one.slope:12,.1f}{one.error:10,.1f}{one.over:13,.1f}  {one.verdict}")
    return "\n".join(rows)


def draw(samples: Sequence[Sample], file: Path) -> None:
    """Each series over the minutes. Raises Broken where there is no matplotlib."""
    from bench.plots import library

    figure, panels = library().subplots(len(SERIES), 1, figsize=(8, 1.6 * len(SERIES)), sharex=True)
    minutes = [sample.seconds / 60 for sample in samples]
    for panel, name in zip(panels, SERIES, strict=True):
        panel.plot(minutes, [getattr(sample, name) for sample in samples], linewidth=0.8)
        panel.set_ylabel(name)
        panel.set_ylim(bottom=0)
    panels[-1].set_xlabel("minutes")
    figure.tight_layout()
    figure.savefig(file, metadata={"Date": None})


def told(soak: Soak, found: dict[str, Drift]) -> dict[str, object]:
    """What of it is worth keeping, in words."""
    return {
        "minutes": round(soak.samples[-1].seconds / 60),
        "people": len(soak.guests) + len(soak.speakers),
        "messages": soak.did["said"],
        "returns": soak.did["cut"],
        "lost": soak.lost,
        "doubled": soak.doubled,
        **{name: f"{one.mean:,.1f}, {one.slope:+,.1f} per hour (+- {one.error:,.1f})" for name, one in found.items()},
    }


def main() -> int:
    """1 where something was lost, doubled, or rises."""
    parser = argparse.ArgumentParser(prog="python -m bench.soak", description=__doc__.partition("\n")[0])
    parser.add_argument("--minutes", type=float, default=60.0)
    parser.add_argument("--people", type=int, default=200)
    parser.add_argument("--pace", type=float, default=1.0, help="how many times as much of everything (default 1)")
    parser.add_argument("--out", type=Path, default=None, metavar="DIR", help="where soak.json and soak.svg go")
    parser.add_argument("--keep", action="store_true", help="put what is found into docs/long-runs.json")
    ask = parser.parse_args()
    machine.prepare()
    with house(_HOUSE) as server:
        soak = Soak(server, ask.people, ask.pace)
        asyncio.run(soak.run(ask.minutes * 60))
    try:
        found = drifts(soak.samples)
    except Broken as trouble:
        print(trouble, file=sys.stderr)
        return 2
    print(", ".join(f"{count:,} {name}" for name, count in soak.did.items()))
    print(f"{soak.lost} lost, {soak.doubled} doubled\n{table(found)}")
    if ask.out is not None:
        ask.out.mkdir(parents=True, exist_ok=True)
        (ask.out / "soak.json").write_text(json.dumps([asdict(sample) for sample in soak.samples]), encoding="utf-8")
        draw(soak.samples, ask.out / "soak.svg")
    if ask.keep:
        keep("soak", told(soak, found))
    risen = [name for name, one in found.items() if one.verdict == "rises" and name not in _MAY_RISE]
    return 1 if soak.lost or soak.doubled or risen else 0


if __name__ == "__main__":
    sys.exit(main())
