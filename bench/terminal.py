"""`python -m bench.terminal`: what the terminal client costs, beside irssi and WeeChat where they are installed.

Each runs in a pty, against a server in a thread that only sends. `--write-docs` puts the tables into the docs.
"""

from __future__ import annotations

import argparse
import shutil
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from bench.docs import replace
from bench.figure import Figure, table
from bench.run import DOCS
from bench.terminal_program import Program
from bench.terminal_server import Chatter

ROOMS: Final = tuple(f"#bench{number}" for number in range(10))
KEPT: Final = 5_000
LOADED: Final = 10_000
RATE: Final = 1_000
_TIMES: Final = 100
_ROW: Final = 20
_TEXT: Final = "line {} and the rest of what people say in a sentence, as long as it often is"


@dataclass(frozen=True, slots=True)
class Client:
    """How a client is started in a directory and towards a port, and what it has written when it can be seen."""

    name: str
    command: Callable[[Path, int], list[str]]
    painted: str


def _hubbub(_home: Path, port: int) -> list[str]:
    return [sys.executable, "-m", "hubbub", "join", f"irc://127.0.0.1:{port}/{ROOMS[0]}", "--name", "leo"]


def _irssi(home: Path, port: int) -> list[str]:
    (home / "config").write_text('settings = { "fe-text" = { scrollback_lines = "20000"; }; };\n')
    return ["irssi", f"--home={home}", "--connect=127.0.0.1", f"--port={port}", "--nick=leo"]


def _weechat(home: Path, port: int) -> list[str]:
    told = [f"/set weechat.history.max_buffer_lines_{what} 0" for what in ("number", "minutes")]
    told += [f"/server add bench 127.0.0.1/{port} -notls -nicks=leo", "/connect bench"]
    return ["weechat", "--dir", str(home), *(word for command in told for word in ("--run-command", command))]


HUBBUB: Final = Client("hubbub", _hubbub, "connecting")
OTHERS: Final = (Client("irssi", _irssi, "[(status)]"), Client("weechat", _weechat, "weechat"))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m bench.terminal", description=__doc__)
    parser.add_argument("--starts", type=int, default=7, help="how often each is started; the median counts")
    parser.add_argument("--write-docs", action="store_true", help="put the tables into docs/performance.md")
    given = parser.parse_args()
    clients = [HUBBUB, *(client for client in OTHERS if shutil.which(client.name))]
    starts = _starts(clients, given.starts)
    others = [_row(client, starts[client.name], _memory(client)) for client in clients[1:]]
    figures = _figures(starts["hubbub"])
    memory = next(figure.value for figure in figures if figure.what.startswith("memory"))
    tables = _tables(figures, [_row(HUBBUB, starts["hubbub"], memory), *others])
    print(tables)
    if given.write_docs:
        replace(DOCS, {"terminal": tables})


def _tables(figures: list[Figure], clients: list[str]) -> str:
    kept = f"{len(ROOMS)} rooms of {KEPT:,} messages"
    beside = [f"| client | first paint | memory with {kept} |", "| --- | --- | --- |", *clients]
    return "\n".join([table(figures), "", *beside])


def _row(client: Client, paints: list[float], memory: float) -> str:
    least, most = min(paints) * 1000, max(paints) * 1000
    return f"| {client.name} | {statistics.median(paints) * 1000:.0f} ms ({least:.0f}, {most:.0f}) | {memory:.0f} MB |"


# What is measured of all.


def _starts(clients: list[Client], times: int) -> dict[str, list[float]]:
    """Seconds from exec to the first paint; they take turns. The first round fills caches, and does not count."""
    found: dict[str, list[float]] = {client.name: [] for client in clients}
    for number in range(times + 1):
        for client in clients:
            with _running(client) as (program, _server):
                seconds = program.seen(client.painted) - program.began
            if number:
                found[client.name].append(seconds)
    return found


def _memory(client: Client) -> float:
    with _running(client) as (program, server):
        server.wait()
        _fill(server)
        return program.resident()


def _fill(server: Chatter) -> None:
    """All rooms take turns, as rooms do."""
    for number in range(0, KEPT, 100):
        for room in ROOMS:
            server.say(room, *(_TEXT.format(each) for each in range(number, number + 100)))
        server.fence()


# What is measured of ours.


def _figures(paints: list[float]) -> list[Figure]:
    with _running(HUBBUB) as (program, server):
        program.seen(HUBBUB.painted)
        paint = program.seconds()
        ready = program.seen(f"essage {ROOMS[0]}") - program.began
        server.wait()
        server.say(ROOMS[0], "the first of all")
        program.seen("the first of all")
        _fill(server)
        _settle(program, server)
        memory = program.resident()
        append, size = _appended(program, server)
        key = _typed(program)
        answer = _answered(program, server)
        taken, shown = _loaded(program, server)
    return [
        Figure("start to first paint (the frame)", statistics.median(paints) * 1000, "ms", 250),
        Figure("the same: CPU", paint * 1000, "ms"),
        Figure("start to where one can write", ready * 1000, "ms"),
        Figure(f"memory with {len(ROOMS)} rooms of {KEPT:,} messages", memory, "MB", 70),
        Figure("a message comes: CPU", append * 1000, "ms", 8),
        Figure("a message comes: written to the terminal", size / 1000, "KB", 4),
        Figure("a key is pressed: CPU", key * 1000, "ms", 8),
        Figure(f"a room of {LOADED:,} messages comes to the front", shown, "s", 0.3),
        Figure(f"{LOADED:,} messages are taken in", taken, "s"),
        Figure(f"a key is answered, {RATE:,} messages/s beside it: median", statistics.median(answer) * 1000, "ms", 50),
        Figure("the same: the tenth slowest of 100", sorted(answer)[-10] * 1000, "ms"),
        Figure("the same: the slowest of 100", max(answer) * 1000, "ms"),
    ]


def _settle(program: Program, server: Chatter) -> None:
    """Wait until what was taken in is drawn, too."""
    place = program.written
    server.say(ROOMS[0], "settled")
    program.seen("settled", place)


def _appended(program: Program, server: Chatter) -> tuple[float, float]:
    """CPU and bytes for one message in the room in front."""
    used, place = program.seconds(), program.written
    for number in range(_TIMES):
        before = program.written
        server.say(ROOMS[0], f"append{number} {_TEXT}")
        program.seen(f"append{number} ", before)
    return (program.seconds() - used) / _TIMES, (program.written - place) / _TIMES


def _typed(program: Program) -> float:
    used = program.seconds()
    for number in range(1, _TIMES + 1):
        _press(program, number)
    return (program.seconds() - used) / _TIMES


def _answered(program: Program, server: Chatter) -> list[float]:
    """Seconds from each key press until it stands on the screen, during a burst in the room in front."""
    over = threading.Event()

    def burst() -> None:
        began, said = time.perf_counter(), 0
        while not over.wait(0.005):
            due = int((time.perf_counter() - began) * RATE)
            server.say(ROOMS[0], *(_TEXT.format(number) for number in range(said, due)))
            said = due

    thread = threading.Thread(target=burst)
    thread.start()
    found = []
    for number in range(1, _TIMES + 1):
        found.append(_press(program, number))
        time.sleep(0.02)  # as keys come from somebody who types, and not all in one burst
    over.set()
    thread.join()
    return found


def _press(program: Program, number: int) -> float:
    """Seconds until another letter stands there; after a row of twenty the field is emptied, so that none wraps."""
    letters = "X" * ((number - 1) % _ROW + 1)
    place, began = program.written, time.perf_counter()
    program.press("X")
    seconds = program.seen(letters, place) - began
    if number % _ROW == 0:
        _clear(program)
    return seconds


def _clear(program: Program) -> None:
    place = program.written
    program.press("\x15")
    program.seen("essage", place)


def _loaded(program: Program, server: Chatter) -> tuple[float, float]:
    """Seconds until all is taken in behind the front, and from the key press until the end of it is in sight."""
    began = time.perf_counter()
    server.say(ROOMS[1], *(_TEXT.format(number) for number in range(LOADED)), "the last of all")
    server.fence()
    taken = time.perf_counter() - began
    _settle(program, server)
    place, began = program.written, time.perf_counter()
    program.press("\x1b2")
    return taken, program.seen("the last of all", place) - began


@contextmanager
def _running(client: Client) -> Iterator[tuple[Program, Chatter]]:
    server = Chatter(ROOMS)
    with TemporaryDirectory() as home:
        program = Program(client.command(Path(home), server.port), {"HOME": home, "XDG_DATA_HOME": home})
        try:
            yield program, server
        finally:
            program.close()
            server.close()


if __name__ == "__main__":
    main()
