"""A storm: all are cut at once, miss something, and come back at once, each with its cursor.

    python -m bench.storm [--people 5000] [--by restart]

How long until everybody has all that they missed, and whether anything was lost or doubled. `cut` cuts the
connections; `restart` has the server start anew, which cuts them, too. People talk all the while.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from time import perf_counter
from typing import Final, Literal

from bench import machine
from bench.guest import Guest, Speaker, missing
from bench.house import House, house
from bench.kept import keep

By = Literal["cut", "restart"]

_AT_ONCE: Final = 200
"""Who come at a time at first; what is measured is how they come back."""

_PATIENCE: Final = 30.0

_PAUSE: Final = 0.2
"""Seconds between two messages in a room."""


@dataclass(frozen=True, slots=True)
class Storm:
    """Seconds from the moment in which they begin to come back, for half, 99 in 100 and all of them to have everything.

    `refused` counts tries to come in, `lost` and `doubled` messages.
    """

    people: int
    missed: int
    half_s: float
    most_s: float
    all_s: float
    refused: int
    lost: int
    doubled: int
    cpu_s: float


async def storm(server: House, people: int, rooms: int, missed: int, by: By) -> Storm:
    """`missed` is how much is said in each room meanwhile, at least."""
    speakers = [Speaker(f"speaker{number}", f"#room{number}") for number in range(rooms)]
    guests = [Guest(f"guest{number}", f"#room{number % rooms}") for number in range(people)]
    await _in_turn([*speakers, *guests], server.irc)
    await asyncio.gather(*(speaker.say(server.irc) for speaker in speakers))
    await asyncio.gather(*(guest.until(1) for guest in guests))
    over = asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for speaker in speakers:
            tasks.create_task(_talk(speaker, server.irc, over))
        await _leave(server, guests, by)
        await asyncio.gather(*(speaker.until(speaker.said + missed) for speaker in speakers))
        used, times = server.seconds(), await _return(guests, speakers, server.irc)
        used = server.seconds() - used
        over.set()
    await _hear_out(guests, speakers)
    await _cut([*guests, *speakers])
    return Storm(
        people,
        missed,
        statistics.median(times),
        statistics.quantiles(times, n=100)[98],
        max(times),
        sum(guest.refused for guest in guests),
        sum(missing(guest, _speaker(guest, speakers).said) for guest in guests),
        sum(guest.doubled for guest in guests),
        used,
    )


async def _in_turn(guests: list[Guest], port: int) -> None:
    turn = asyncio.Semaphore(_AT_ONCE)

    async def come(guest: Guest) -> None:
        async with turn:
            await guest.come(port)

    await asyncio.gather(*map(come, guests))


async def _talk(speaker: Speaker, port: int, over: asyncio.Event) -> None:
    while not over.is_set():
        await speaker.say(port)
        await asyncio.sleep(_PAUSE)


async def _leave(server: House, guests: list[Guest], by: By) -> None:
    if by == "restart":
        server.restart()
        await asyncio.gather(*(guest.gone() for guest in guests))
    await _cut(guests)


async def _cut(guests: Sequence[Guest]) -> None:
    await asyncio.gather(*(guest.cut() for guest in guests))


async def _return(guests: list[Guest], speakers: list[Speaker], port: int) -> list[float]:
    """When each had all that had been said before they began to come back."""
    began, wanted = perf_counter(), {speaker.room: speaker.said - 1 for speaker in speakers}

    async def come(guest: Guest) -> float:
        await guest.come(port)
        await guest.until(wanted[guest.room])
        return perf_counter() - began

    return await asyncio.gather(*map(come, guests))


async def _hear_out(guests: list[Guest], speakers: list[Speaker]) -> None:
    """What is on its way arrives; what has not by then is lost."""
    with suppress(TimeoutError):
        async with asyncio.timeout(_PATIENCE):
            await asyncio.gather(*(guest.until(_speaker(guest, speakers).said) for guest in guests))


def _speaker(guest: Guest, speakers: list[Speaker]) -> Speaker:
    return speakers[int(guest.room.removeprefix("#room"))]


def told(result: Storm) -> dict[str, object]:
    """What of it is worth keeping, in words."""
    return {
        "people": result.people,
        "messages missed in each room": result.missed,
        "lost": result.lost,
        "doubled": result.doubled,
        "seconds until half had all": round(result.half_s, 1),
        "99 in 100": round(result.most_s, 1),
        "everybody": round(result.all_s, 1),
    }


def main() -> int:
    """1 where anything was lost or doubled."""
    parser = argparse.ArgumentParser(prog="python -m bench.storm", description=__doc__.partition("\n")[0])
    parser.add_argument("--people", type=int, default=5000)
    parser.add_argument("--rooms", type=int, default=50)
    parser.add_argument("--missed", type=int, default=20, help="messages in each room (default 20)")
    parser.add_argument("--by", choices=("cut", "restart"), default="cut")
    parser.add_argument("--keep", action="store_true", help="put what is found into docs/long-runs.json")
    ask = parser.parse_args()
    machine.prepare()
    with house() as server:
        result = asyncio.run(storm(server, ask.people, ask.rooms, ask.missed, ask.by))
    print(json.dumps({name: round(value, 2) for name, value in asdict(result).items()}))
    if ask.keep:
        keep(f"storm by {ask.by}", told(result))
    return 1 if result.lost or result.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
