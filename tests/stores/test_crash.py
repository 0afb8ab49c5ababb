"""Promise R1: whatever was acknowledged is there after `kill -9`."""

import random
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import apsw

from hubbub.hub.ports import Mark, Window
from hubbub.stores.sqlite import open_reader
from tests.stores.conftest import Files
from tests.stores.shelf import said

ROUNDS = 6
ROOMS = ("#room0", "#room1", "#room2")

WRITER = """
import sys, time
from pathlib import Path
from queue import SimpleQueue
from hubbub.hub.events import Said, Who
from hubbub.stores.sqlite import SqliteStore

class Clock:
    def now(self): return time.time_ns() // 1_000_000
    def monotonic(self): return time.monotonic()

ready = SimpleQueue()
store = SqliteStore(Path(sys.argv[1]), Clock(), ready.put)
maya = Who("maya!maya@host.example", "maya")
for group in range(1_000_000):
    logs = [f"#room{n % 3}" for n in range(group % 40 + 1)]
    promise = store.append([Said(maya, (log,), "PRIVMSG", log, "x" * 900) for log in logs])
    while not promise.done:
        ready.get()()
    print(*(f"{place.log} {place.msgid}" for (place,) in promise.result()), sep="\\n", flush=True)
"""


def acknowledged(directory: Path, enough: int) -> list[tuple[str, str]]:
    """Let a process write until it has acknowledged so many messages, and kill it in the middle of the next."""
    with subprocess.Popen([sys.executable, "-c", WRITER, str(directory)], stdout=subprocess.PIPE, text=True) as writer:
        assert writer.stdout is not None
        lines = [writer.stdout.readline() for _ in range(enough)]
        writer.kill()
        lines += writer.stdout.readlines()  # what it still said before it died counts as well
    whole = [line.split() for line in lines if line.endswith("\n")]
    return [(log, msgid) for log, msgid in whole]


def test_no_acknowledged_message_is_lost_by_kill_9(files: Files) -> None:
    """Killed again and again at any moment, checkpoints included: all is there, gapless, and the file is sound."""
    told: list[tuple[str, str]] = []
    for _ in range(ROUNDS):
        told += acknowledged(files.directory, random.randint(500, 8_000))
        database = apsw.Connection(str(files.directory / "hubbub.db"))
        assert database.execute("PRAGMA integrity_check").get == "ok"
        database.close()
    with open_reader(files.directory) as reader:
        stored = {log: [entry.place for entry in reader.page(log, Window(1_000_000))] for log in ROOMS}
        assert reader.around(told[0][0], Mark(msgid=told[0][1]), Window(1))[0].place.msgid == told[0][1]
    assert {msgid for _, msgid in told} <= {place.msgid for places in stored.values() for place in places}
    for places in stored.values():
        assert [place.seq for place in places] == list(range(1, len(places) + 1))
        assert all(one.ts < other.ts for one, other in pairwise(places))
    files.open().add(said("and it goes on", "#room0"))
