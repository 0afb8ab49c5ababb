"""`python -m bench.read_store DIR`: how long pages and searches take in a database that `bench.build_store` made.

Each figure is the time of one call of the reader, the entries decoded, in ms of the clock and of CPU: on a machine that
others use, too, the clock counts how long they had it.
"""

import argparse
import json
import time
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from random import Random

from bench.prose import Prose
from hubbub.hub.events import TALK
from hubbub.hub.ports import Mark, Sought, Window
from hubbub.stores.sqlite import open_reader
from hubbub.stores.sqlite_reader import Reader

PAGE = 100
Question = Callable[[Random], list[object]]
Asked = tuple[str, list[float], list[float], int]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("directory", type=Path)
    parser.add_argument("--times", type=int, default=200, help="how often each question is asked")
    parser.add_argument("--json", action="store_true", help="one object: each question's p50 and p99 of the clock")
    given = parser.parse_args()
    with open_reader(given.directory) as reader:
        asked = ((name, *ask(question, given.times)) for name, question in questions(reader))
        print_json(asked) if given.json else print_table(asked)


def print_json(asked: Iterable[Asked]) -> None:
    figures = {}
    for name, walls, _, _ in asked:
        figures[f"{name} / p50"], figures[f"{name} / p99"], _ = spread(walls)
    print(json.dumps(figures))


def print_table(asked: Iterable[Asked]) -> None:
    print(f"{'':44}{'p50':>8}{'p99':>8}{'max':>8}{'cpu p50':>9}{'cpu p99':>9}{'cpu max':>9}{'found':>8}")
    for name, walls, cpus, found in asked:
        columns = "".join(f"{value:>8.2f}" for value in spread(walls))
        columns += "".join(f"{value:>9.2f}" for value in spread(cpus))
        print(f"{name:44}{columns}{found / len(walls):>8.1f}", flush=True)


def ask(question: Question, times: int) -> tuple[list[float], list[float], int]:
    """What it took each time, in ms of the clock and of CPU, and how much was found in all."""
    random, found = Random(3), 0
    walls: list[float] = []
    cpus: list[float] = []
    for _ in range(times):
        wall, cpu = time.perf_counter(), time.thread_time()
        found += len(question(random))
        walls.append((time.perf_counter() - wall) * 1000)
        cpus.append((time.thread_time() - cpu) * 1000)
    return walls, cpus, found


def spread(values: list[float]) -> tuple[float, float, float]:
    """Median, 99th percentile and maximum."""
    ordered = sorted(values)
    return ordered[len(ordered) // 2], ordered[min(int(len(ordered) * 0.99), len(ordered) - 1)], ordered[-1]


def questions(reader: Reader) -> Iterator[tuple[str, Question]]:
    room = reader.conversations()[0].log
    first = reader.page(room, Window(1, newest=False))[0].place.ts
    last = reader.page(room, Window(1))[0].place.ts
    words = Prose().words
    latin, cyrillic, han, arabic = words

    def when(random: Random) -> Mark:
        return Mark(ts=random.randint(first, last))

    def search(text: Callable[[Random], str], nick: Callable[[Random], str] = lambda random: "") -> Question:
        return lambda random: [*reader.search([room], "", Sought(text(random), nick(random)), Window(PAGE))]

    def one(vocabulary: list[str], start: int, end: int) -> Callable[[Random], str]:
        return lambda random: random.choice(vocabulary[start:end])

    def two(start: int, end: int) -> Callable[[Random], str]:
        return lambda random: " ".join(random.choices(latin[start:end], k=2))

    def some(random: Random) -> str:
        return f"nick{min(int(random.expovariate(8) * 500), 499)}"

    yield "page, the latest", lambda random: [*reader.page(room, Window(PAGE, verbs=TALK))]
    yield "page, before a time", lambda random: [*reader.page(room, Window(PAGE, before=when(random), verbs=TALK))]
    yield (
        "page, after a time",
        lambda random: [*reader.page(room, Window(PAGE, after=when(random), newest=False, verbs=TALK))],
    )
    yield "page, around a time", lambda random: [*reader.around(room, when(random), Window(PAGE))]
    yield "search, one of the 20 commonest words", search(one(latin, 0, 20))
    yield "search, a word of the first 1,000", search(one(latin, 20, 1000))
    yield "search, a rare word", search(one(latin, 20_000, 40_000))
    yield "search, a word that nobody said", search(lambda random: f"qq{random.random()}")
    yield "search, two of the 20 commonest", search(two(0, 20))
    yield "search, two of the first 1,000", search(two(0, 1000))
    yield "search, two in that order, of the first 100", search(lambda random: f'"{two(0, 100)(random)}"')
    yield "search, the beginning of a word (3 letters)", search(lambda random: f"{random.choice(latin)[:3]}*")
    yield "search, the beginning of a word (5 letters)", search(lambda random: f"{random.choice(latin)[:5]}*")
    yield "search, Cyrillic", search(one(cyrillic, 0, 1000))
    yield "search, Han", search(one(han, 0, 1000))
    yield "search, Arabic", search(one(arabic, 0, 1000))
    yield "search, somebody", search(lambda random: "", some)
    yield "search, a word of the first 1,000 by somebody", search(one(latin, 0, 1000), some)
    yield (
        "search, a word before a time",
        lambda random: [
            *reader.search([room], "", Sought(random.choice(latin[:1000])), Window(PAGE, before=when(random)))
        ],
    )


if __name__ == "__main__":
    main()
