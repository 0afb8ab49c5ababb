"""`python -m bench.build_store --out DIR`: a big database, written as a server writes it, to measure reading on.

Then `python -m bench.read_store DIR`.
"""

import argparse
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from queue import SimpleQueue
from random import Random
from typing import TypeVar

from bench.prose import Prose
from hubbub.hub.account import Account, AppPassword, app_secret
from hubbub.hub.events import Said, Who
from hubbub.hub.promise import Promise
from hubbub.stores.sqlite import SqliteAccounts, SqliteStore

T = TypeVar("T")

GROUP = 4096
"""Messages in one commit."""

PEOPLE = 500

ACCOUNTS = 1000
PASSWORD = "bench-lets-me-in"
"""As load.c says it, of everybody who has an account; the kind of password that devices have."""

SETTINGS = """
server_name = "irc.bench.test"
data = "{data}"
[[listen]]
url = "unix:{door}"
[limits]
flood = false
channels_per_user = 100000
rooms_per_account = 100000
"""


class Calendar:
    """A clock that lets the messages of years go by: `wall` is moved by whoever writes."""

    def __init__(self, wall: int) -> None:
        self.wall = wall

    def now(self) -> int:
        return self.wall

    def monotonic(self) -> float:
        return time.monotonic()


class Loop:
    """Where the store's threads hand things over."""

    def __init__(self) -> None:
        self._ready: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self.soon = self._ready.put

    def wait(self, promise: Promise[T]) -> T:
        while not promise.done:
            self._ready.get()()
        return promise.result()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--messages", type=int, default=10_000_000)
    parser.add_argument("--rooms", type=int, default=1, help="the messages are shared out among them")
    parser.add_argument("--years", type=float, default=3.0)
    parser.add_argument(
        "--owned", action="store_true", help=f"the rooms have an owner, and there are {ACCOUNTS} accounts"
    )
    parser.add_argument("--out", type=Path, required=True, help="a data directory that is not there yet")
    given = parser.parse_args()
    build(given.out, given.messages, given.rooms, round(given.years * 365 * 86_400_000))
    if given.owned:
        make_accounts(given.out)
        own(given.out, given.rooms)


def build(directory: Path, messages: int, rooms: int, period: int) -> None:
    """`period` is in ms and ends now."""
    directory.mkdir(parents=True)
    start = time.time_ns() // 1_000_000 - period
    clock, loop = Calendar(start), Loop()
    store = SqliteStore(directory, clock, loop.soon)
    write, random, began = Writer(Prose(), rooms), Random(2), time.monotonic()
    pending: Promise[object] | None = None
    for done in range(0, messages, GROUP):
        group = [write.message(random) for _ in range(min(GROUP, messages - done))]
        if pending is not None:
            loop.wait(pending)
        clock.wall = start + period * done // messages
        pending = store.append(group)  # type: ignore[assignment]  # whatever it is kept with
        if done % (64 * GROUP) == 0:
            print(f"{done:>12,} of {messages:,} messages, {time.monotonic() - began:.0f} s", flush=True)
    while loop.wait(store.catch_up()):
        pass
    store.close()
    size = sum(file.stat().st_size for file in directory.iterdir())
    print(f"{messages:,} messages in {time.monotonic() - began:.0f} s, {size / 1e9:.2f} GB in {directory}")


def make_accounts(directory: Path) -> None:
    """u000000 and those that follow; nobody knows their passwords, but each has a device's."""
    loop, now = Loop(), time.time_ns() // 1_000_000
    store = SqliteStore(directory, Calendar(now), loop.soon)
    accounts, app = SqliteAccounts(store), AppPassword("bench", app_secret(PASSWORD), now)
    for name in (f"u{number:06}" for number in range(ACCOUNTS)):
        loop.wait(accounts.save(name, Account(name, "nobody knows it", now, apps=(app,)), new=True))
    store.close()


def own(directory: Path, rooms: int) -> None:
    """Have the first account found and register all rooms, at a real server."""
    config, door = directory / "own.toml", directory / "own.sock"
    config.write_text(SETTINGS.format(data=directory, door=door))
    command = [sys.executable, "-m", "hubbub", "serve", "--config", str(config)]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server, socket.socket(socket.AF_UNIX) as owner:
        if server.stdout is None or not server.stdout.readline():
            raise SystemExit("the server that was to register the rooms did not start")
        owner.connect(str(door))
        register(owner, [room_name(number) for number in range(rooms)])
        server.terminate()
    config.unlink()
    door.unlink(missing_ok=True)


def register(owner: socket.socket, rooms: list[str]) -> None:
    owner.settimeout(60)
    with owner.makefile("rwb") as lines:
        lines.write(f"PASS u000000:{PASSWORD}\r\nNICK u000000\r\nUSER u000000 0 * :owner\r\n".encode())
        for room in rooms:
            lines.write(f"JOIN {room}\r\nCS REGISTER {room}\r\n".encode())
            lines.flush()
            wait_for(lines, f"{room} belongs to u000000 now")


def wait_for(lines: Iterable[bytes], words: str) -> None:
    for line in lines:
        if words.encode() in line:
            return
        if b"NOTICE u000000" in line or line.startswith(b"ERROR"):
            raise SystemExit(f"expected {words!r}, got {line!r}")
    raise SystemExit(f"expected {words!r}, and the connection ended")


def room_name(number: int) -> str:
    """As load.c calls its rooms."""
    return f"#r{number:04}"


class Writer:
    """Invents messages."""

    def __init__(self, prose: Prose, rooms: int) -> None:
        self._prose = prose
        self._rooms = [room_name(number) for number in range(rooms)]
        self._people = [Who(f"nick{n}!user{n}@{n:08x}.host", f"nick{n}" if n % 3 else "") for n in range(PEOPLE)]

    def message(self, random: Random) -> Said:
        room = random.choice(self._rooms)
        who = self._people[min(int(random.expovariate(8) * PEOPLE), PEOPLE - 1)]  # few say most
        return Said(who, (room,), "PRIVMSG", room, self._prose.say())


if __name__ == "__main__":
    main()
