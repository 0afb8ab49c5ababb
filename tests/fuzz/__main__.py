"""Look for bytes that break a parser, led by what they reach in it: python -m tests.fuzz [TARGET ...] [--seconds 60]

By atheris (https://github.com/google/atheris), on Linux. What is found is a file in `.fuzz/found`, and is tried again
by --input FILE; what leads further is kept in `.fuzz/TARGET` for the next time.
"""

from __future__ import annotations

import argparse
import hashlib
import re
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Final, NamedTuple

from bench.kept import keep

KEPT: Final = Path(".fuzz")
LONGEST: Final = 4096
"""Bytes of an input: longer than every limit of a line is tried by `words` that repeat."""

_SLOWEST_S: Final = 10
"""For one input: more is a defect, too."""

_MEMORY_MB: Final = 2048
_DONE: Final = re.compile(r"Done (\d+) runs")


class Tried(NamedTuple):
    """One target: whether it held, and against how many inputs."""

    name: str
    holds: bool
    inputs: int


def main() -> int:
    """1 where something broke, 2 where nothing could be tried."""
    ask = _options()
    if ask.input is not None:
        return _again(ask.targets, ask.input)
    if find_spec("atheris") is None:
        print("expected atheris, which there is for Linux: run this by `make fuzz` there", file=sys.stderr)
        return 2
    if ask.within:
        _look(ask.targets[0], ask.seconds)
    return _each(ask)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.fuzz", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("targets", nargs="*", metavar="TARGET", help="only these (default: all)")
    parser.add_argument("--seconds", type=int, default=60, metavar="N", help="for each target (default 60)")
    parser.add_argument("--keep", action="store_true", help="put what came of it into docs/long-runs.json")
    parser.add_argument("--input", type=Path, metavar="FILE", help="try this alone, without atheris")
    parser.add_argument("--within", action="store_true", help=argparse.SUPPRESS)
    return parser.parse_args()


def _each(ask: argparse.Namespace) -> int:
    """Each target in a process of its own: one that breaks ends it."""
    from tests.fuzz.targets import TARGETS

    unknown = [name for name in ask.targets if name not in TARGETS]
    if unknown:
        print(f"expected targets out of {', '.join(TARGETS)}; got {', '.join(unknown)}", file=sys.stderr)
        return 2
    tried = [_try(name, ask.seconds) for name in ask.targets or TARGETS]
    broken = [one.name for one in tried if not one.holds]
    if ask.keep:
        inputs = sum(one.inputs for one in tried)
        keep("fuzz", {"targets": len(tried), "seconds each": ask.seconds, "inputs": inputs, "broke": len(broken)})
    print(f"{', '.join(broken)} broke" if broken else "nothing broke")
    return int(bool(broken))


def _try(name: str, seconds: int) -> Tried:
    command = [sys.executable, "-m", "tests.fuzz", name, "--within", "--seconds", str(seconds)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)
    last = [line for line in done.stderr.splitlines() if line.startswith(("#", "Done"))]
    print(f"{name:12} {last[-1] if last else done.stderr[-200:]}", flush=True)
    if done.returncode:
        print(f"{done.stdout}\n{done.stderr}", flush=True)
    found = _DONE.search(done.stderr)
    return Tried(name, not done.returncode, int(found[1]) if found else 0)


def _look(name: str, seconds: int) -> None:
    """Never comes back: atheris ends the process."""
    import atheris

    with atheris.instrument_imports(include=["hubbub"]):
        from tests.fuzz.targets import TARGETS
    target = TARGETS[name]
    corpus, found = KEPT / name, KEPT / "found"
    for directory in (corpus, found):
        directory.mkdir(parents=True, exist_ok=True)
    for seed in target.seeds:
        (corpus / hashlib.sha256(seed).hexdigest()[:16]).write_bytes(seed)
    words = KEPT / f"{name}.words"
    words.write_text("".join(f'"{"".join(f"{chr(92)}x{byte:02x}" for byte in word)}"\n' for word in target.words))
    limits = [
        f"-max_total_time={seconds}",
        f"-max_len={LONGEST}",
        f"-timeout={_SLOWEST_S}",
        f"-rss_limit_mb={_MEMORY_MB}",
    ]
    places = [*([f"-dict={words}"] if target.words else []), f"-artifact_prefix={found}/{name}-", str(corpus)]
    atheris.Setup([sys.argv[0], *limits, *places], target.run)
    atheris.Fuzz()


def _again(names: list[str], file: Path) -> int:
    from tests.fuzz.targets import TARGETS

    for name in names or [file.name.partition("-")[0]]:
        TARGETS[name].run(file.read_bytes())
        print(f"{name} holds")
    return 0


if __name__ == "__main__":
    sys.exit(main())
