"""The command line: which servers, which loads, how often; all in turn, so that a slow minute hits each."""

import argparse
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir

from bench import machine
from bench.build import program
from bench.loads import LOADS, Load
from bench.report import Report, Trial
from bench.servers import Recipe, known, peer
from bench.trial import measure
from bench.trouble import Broken


def main(words: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; 1 when a trial failed, 2 when nothing could be run."""
    ask = _parser().parse_args(words)
    try:
        return _bench(ask)
    except Broken as trouble:
        print(trouble, file=sys.stderr)
        return 2


def _bench(ask: argparse.Namespace) -> int:
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))  # ends what it started, as Ctrl-C does
    machine.prepare()
    cores = machine.cores()
    program("load")  # a machine without a compiler is told so before anything starts
    servers, loads = _servers(ask.server, ask.peer), _loads(ask.load, ask.quick)
    about = machine.describe(Path(gettempdir()))
    versions = {one.name: one.tell_version() for one in servers}
    trials = list(_trials(servers, loads, ask.rounds, cores))
    report = Report(about, servers, versions, loads, trials)
    report.save(ask.out)
    print(f"\n{report.markdown()}\nwritten to {ask.out}/results.md and results.json")
    return 1 if any(trial.error for trial in trials) else 0


def _trials(servers: Sequence[Recipe], loads: Sequence[Load], rounds: int, cores: tuple[int, int]) -> Iterator[Trial]:
    """Each load against each server, in turn; who goes first changes from round to round."""
    for number in range(rounds):
        first = number % len(servers)
        for load in loads:
            for recipe in (*servers[first:], *servers[:first]):
                trial = _trial(number + 1, load, recipe, cores)
                print(f"round {trial.round}  {load.name:<12} {recipe.name:<12} {_brief(trial)}", flush=True)
                yield trial


def _trial(number: int, load: Load, recipe: Recipe, cores: tuple[int, int]) -> Trial:
    try:
        return Trial(number, load.name, recipe.name, measure(load, recipe, cores))
    except Broken as trouble:
        return Trial(number, load.name, recipe.name, error=str(trouble))


def _brief(trial: Trial) -> str:
    figures = trial.figures
    if trial.error:
        return f"FAILED: {trial.error}"
    if "seconds" in figures:
        return f"{figures['deliveries_per_s']:>12,.0f} deliveries/s {figures['cpu_per_million']:8.2f} CPU-s per million"
    return f"{figures['connects_per_s']:>12,.0f} connects/s {figures['kib_per_person']:10.1f} KiB per person"


def _servers(names: Sequence[str], peers: Sequence[str]) -> list[Recipe]:
    """Those named, or all; servers that are not installed are left out with a word, unless they were named."""
    everyone = {one.name: one for one in (*known(), *map(peer, peers))}
    chosen = [everyone[name] for name in _known_names("server", names, everyone)]
    missing = {one.name: why for one in chosen if (why := one.missing())}
    if missing and names:
        raise Broken("; ".join(missing.values()))
    for why in missing.values():
        print(why, file=sys.stderr)
    return [one for one in chosen if one.name not in missing]


def _loads(names: Sequence[str], quick: bool) -> list[Load]:
    everything = {load.name: load for load in LOADS}
    chosen = [everything[name] for name in _known_names("load", names, everything)]
    return [load.quick() if quick else load for load in chosen]


def _known_names(what: str, asked: Sequence[str], known_ones: dict[str, Recipe] | dict[str, Load]) -> list[str]:
    for name in asked:
        if name not in known_ones:
            raise Broken(f"expected a {what} out of {', '.join(known_ones)}; got {name!r}")
    return list(asked or known_ones)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m bench", description="Measures chat servers side by side, in turn.")
    parser.add_argument(
        "--quick", action="store_true", help="shorter and smaller: for a look, not for a figure to keep"
    )
    parser.add_argument("--rounds", type=int, default=5, metavar="N", help="how often each is measured (default 5)")
    parser.add_argument(
        "--load", action="append", default=[], metavar="NAME", help=", ".join(load.name for load in LOADS)
    )
    parser.add_argument("--server", action="append", default=[], metavar="NAME", help="only these (default: all)")
    parser.add_argument(
        "--peer",
        action="append",
        default=[],
        metavar="NAME=COMMAND",
        help="one more server; COMMAND holds {port}, may hold {dir}",
    )
    parser.add_argument(
        "--out",
        type=Path,
        default=Path("bench/results"),
        metavar="DIR",
        help="where results.md and results.json go (default bench/results)",
    )
    return parser
