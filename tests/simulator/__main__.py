"""Tell many stories, or one with all that happens in it: python -m tests.simulator --seeds 1000 --from 1"""

import argparse
import sys
import time
from collections.abc import Iterator

import msgspec

from bench.kept import keep
from tests.simulator.story import ALL, Told, tell

BEGIN = 1000.0
"""When time begins."""


def main() -> int:
    """How many stories went wrong, as an exit status."""
    options = _options()
    if options.seed is not None:
        return _one(options)
    wrong, told, until = 0, 0, time.monotonic() + options.minutes * 60
    for seed in range(options.first, options.first + options.seeds):
        if options.minutes and time.monotonic() > until:
            break
        story = tell(seed)
        wrong, told = wrong + bool(story.problems), told + 1
        if story.problems:
            report(story)
    if options.keep:
        keep("simulator", {"stories": told, "went wrong": wrong})
    print(f"{told} stories from {options.first} on, {wrong} of them went wrong")
    return min(wrong, 1)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulator", description=__doc__)
    parser.add_argument("--seeds", type=int, default=1000, metavar="N", help="how many stories to tell")
    parser.add_argument("--from", type=int, default=1, dest="first", metavar="S", help="the first seed")
    parser.add_argument("--minutes", type=float, default=0, metavar="M", help="begin no other after so long")
    parser.add_argument("--seed", type=int, metavar="S", help="tell this one alone")
    parser.add_argument("--steps", type=int, default=ALL, metavar="N", help="the first N things that people do in it")
    parser.add_argument("--trace", action="store_true", help="tell all that happens in it")
    parser.add_argument("--shrink", action="store_true", help="find how few things have to be done for it to go wrong")
    parser.add_argument("--keep", action="store_true", help="put what came of them into docs/long-runs.json")
    return parser.parse_args()


def _one(options: argparse.Namespace) -> int:
    steps = options.steps
    if options.shrink:
        steps = shrink(options.seed, steps)
    story = tell(options.seed, steps)
    for line in trace(story) if options.trace else ():
        print(line)
    report(story)
    print(f"{story.steps} steps, {story.digest}")
    return bool(story.problems)


def report(story: Told) -> None:
    """What went wrong, and how to see it again."""
    for problem in story.problems:
        print(f"seed {story.seed}: {problem}")
    if story.problems:
        print(f"    python -m tests.simulator --seed {story.seed} --steps {story.steps} --trace")
    sys.stdout.flush()


def shrink(seed: int, most: int) -> int:
    """The fewest steps with which it goes wrong, by halving: as good as it gets where more steps may mend it."""
    fewest, most = 0, min(most, tell(seed, most).steps)
    while fewest < most:
        middle = (fewest + most) // 2
        if tell(seed, middle).problems:
            most = middle
        else:
            fewest = middle + 1
    return most


def trace(story: Told) -> Iterator[str]:
    """What happened, as one can read it: `<` behind a name is what the server heard from them."""
    tails: dict[str, bytes] = {}
    for at, where, what in story.trace:
        if isinstance(what, bytes):
            *lines, tails[where] = (tails.get(where, b"") + what).split(b"\r\n")
            for line in lines:
                yield f"{at - BEGIN:9.3f} {where:12} {line.decode()}"
        elif isinstance(what, msgspec.Struct):
            yield f"{at - BEGIN:9.3f} {where:12} shows {_brief(what)}"
        else:
            yield f"{at - BEGIN:9.3f} {where:12} ({what})"


def _brief(event: msgspec.Struct) -> str:
    """What tells it from others."""
    fields = {name: getattr(event, name) for name in event.__struct_fields__ if name not in {"at", "tags", "params"}}
    return " ".join((type(event).__name__, *(f"{name}={value}" for name, value in fields.items() if value)))


if __name__ == "__main__":
    sys.exit(main())
