"""A process that stores groups of messages as fast as it can, says what was promised to it, and dies in the middle.

Run as `python -m tests.promises.scribe DIRECTORY FIRST COUNT [SYNCHRONOUS]`, with groups counted from FIRST on. Each
promise is one line on standard output: the number of the group and the msgids of its messages.
"""

import os
import sys
from pathlib import Path

from hubbub.hub.events import Event, Fact, TopicChanged
from hubbub.stores import sqlite_index, sqlite_writer
from hubbub.stores.sqlite import SqliteStore
from tests.stores.shelf import MAYA, HandClock, Loop, Shelf, said

ROOMS = ("#room0", "#room1", "#room2")


def group_of(number: int) -> list[Event]:
    """What is stored together: talk in every room, some with a nonce, some with a fact behind it."""
    size = number * 5 % 7 + 1
    talk: list[Event] = [
        said(
            f"{number} {n} of {size} {'word ' * (number * n * 7 % 190)}",
            ROOMS[n % 3],
            nonce=f"nonce {number} {n}" * (n % 2),
        )
        for n in range(size)
    ]
    topic = TopicChanged(MAYA, (ROOMS[0],), ROOMS[0], str(number), facts=(Fact("topic", "room0", "text", str(number)),))
    return [*talk, topic]


def write(directory: Path, first: int, count: int, synchronous: str = "full") -> None:
    """The log is moved into the database every few groups, and search reads on between any two."""
    sqlite_writer.CHECKPOINT_PAGES = 50  # type: ignore[misc]
    sqlite_index.PATIENCE_SECONDS = 0.0  # type: ignore[misc]
    sqlite_index.REST = 0  # type: ignore[misc]
    loop, clock = Loop(), HandClock()
    shelf = Shelf(SqliteStore(directory, clock, loop.soon, synchronous=synchronous), clock, loop)
    for number in range(first, first + count):
        places = shelf.add(*group_of(number))
        told = f"{number} {' '.join(place.msgid for (place,) in places)}\n"
        os.write(sys.stdout.fileno(), told.encode())
    os._exit(0)


if __name__ == "__main__":
    write(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), *sys.argv[4:])
