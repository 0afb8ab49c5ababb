"""The command line: which servers, which loads, how often; all in turn, so that a slow minute hits each."""

import argparse
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from tempfile import gettempdir

from bench import machine, plots
from bench.build import program
from bench.docs import write
from bench.kept import keep
from bench.loads import LOADS, Load
from bench.report import Report, Trial
from bench.servers import Recipe, known, peer
from bench.trial import measure
from bench.trouble import Broken

DOCS = Path(__file__).parent.parent / "docs"


def main(words: Sequence[str] | None = None) -> int:
    """Runs what the command line asks for; 1 when a trial failed, 2 when nothing could be run."""
    ask = _parser().parse_args(words)
    try:
        return _bench(ask)
    except Broken as trouble:
        print(trouble, file=sys.stderr)
        return 2


def _bench(ask: argparse.Namespace) -> int:
    machine.prepare()
    cores = machine.cores()
    program("load")  # a machine without a compiler is told so before anything starts
    if ask.write_docs and (ask.quick or ask.load or ask.server):
        raise Broken("expected a whole run with --write-docs; leave out --quick, --load and --server")
    if ask.write_docs:
        plots.library()  # and likewise one without matplotlib
    loads = _loads(ask.load, ask.quick)
    servers = _servers(ask.server, ask.peer, loads)
    about = machine.describe(Path(gettempdir()))
    names = [(one.name, one.tell_version(), one.keeps) for one in servers]
    trials = _earlier(ask.out, about, loads) if ask.go_on else []
    for trial in _trials(servers, loads, ask.rounds, cores, trials):
        trials.append(trial)
        Report(about, names, loads, trials).save(ask.out)
    report = Report(about, names, loads, trials)
    report.save(ask.out)
    print(f"\n{report.goals()}\n\nall tables and every trial: {ask.out}/results.md and results.json")
    if ask.write_docs:
        write(report, DOCS)
    if ask.keep:
        _keep(report)
    return 1 if any(trial.error for trial in trials) else 0


def _keep(report: Report) -> None:
    """How those fare who talk beside many who idle."""
    beside, alone = (report.medians(load, "p99_ms").get("hubbub") for load in ("beside", "live"))
    if beside is None or alone is None:
        raise Broken("expected the loads beside and live of hubbub with --keep; name them by --load, or run all")
    keep("beside", {"p99 ms beside them": round(beside, 2), "without": round(alone, 2)})


def _earlier(directory: Path, about: dict[str, str], loads: Sequence[Load]) -> list[Trial]:
    """What is there already. Trials of another commit, machine or load do not belong to this run."""
    saved = Report.read(directory)
    if saved is None:
        return []
    differs = [key for key in about if saved.machine.get(key) != about[key]]
    differs += [load.name for load in saved.loads for other in loads if load.name == other.name and load != other]
    if differs:
        raise Broken(
            f"{directory} has results of another {', '.join(differs)}: leave --continue out, or use another --out"
        )
    return [trial for trial in saved.trials if not trial.error]


def _trials(
    servers: Sequence[Recipe], loads: Sequence[Load], rounds: int, cores: tuple[int, int], done: Sequence[Trial]
) -> Iterator[Trial]:
    """Each load against each server, in turn; who goes first changes from round to round."""
    known_already = {(trial.round, trial.load, trial.server) for trial in done}
    for number in range(rounds):
        for load in loads:
            take_part = [recipe for recipe in servers if recipe.takes_part(load)]
            first = number % max(1, len(take_part))
            for recipe in (*take_part[first:], *take_part[:first]):
                if (number + 1, load.name, recipe.name) not in known_already:
                    trial = _trial(number + 1, load, recipe, cores)
                    print(f"round {trial.round}  {load.name:<13} {recipe.name:<13} {_brief(trial)}", flush=True)
                    yield trial


def _trial(number: int, load: Load, recipe: Recipe, cores: tuple[int, int]) -> Trial:
    try:
        return Trial(number, load.name, recipe.name, measure(load, recipe, cores))
    except Broken as trouble:
        return Trial(number, load.name, recipe.name, error=str(trouble))


_BRIEF = {
    "p50_ms": "p50 {p50_ms:8.2f} ms  p99 {p99_ms:8.2f} ms  {deliveries_per_s:>12,.0f} deliveries/s "
    "{cpu_per_million:8.2f} CPU-s per million",
    "back_cpu_us": "{back_cpu_us:8.0f} us of CPU to be back, {catch_up_cpu_us:.0f} for history",
    "connects_per_s": "{connect_cpu_us:8.0f} us per connect {join_cpu_us:8.0f} us per join "
    "{kib_per_person:8.1f} KiB per person",
    "start_ms": "{start_ms:8.0f} ms to start",
    "page, the latest / p99": "{page, the latest / p99:8.2f} ms for the latest page",
}
"""The most telling words for a trial: those for the first of these figures that it has."""


def _brief(trial: Trial) -> str:
    if trial.error:
        return f"FAILED: {trial.error}"
    words = next((words for figure, words in _BRIEF.items() if figure in trial.figures), "")
    return words.format_map(trial.figures)


def _servers(names: Sequence[str], peers: Sequence[str], loads: Sequence[Load]) -> list[Recipe]:
    """Those named, or all that a load names; who is not installed is left out with a word, unless they were named."""
    everyone = {one.name: one for one in (*known(), *map(peer, peers))}
    chosen = [everyone[name] for name in _known_names("server", names, everyone)]
    chosen = [one for one in chosen if any(map(one.takes_part, loads))]
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
    parser = argparse.ArgumentParser(
        prog="python -m bench",
        description="Measures chat servers side by side, in turn, and says which goals hubbub meets.",
        epilog="loads:\n" + "\n".join(f"  {load.name:<14}{load.title}" for load in LOADS),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--quick", action="store_true", help="shorter and smaller: for a look, not for a figure to keep")
    add("--rounds", type=int, default=3, metavar="N", help="how often each is measured (default 3)")
    add("--load", action="append", default=[], metavar="NAME", help="only these of the loads below")
    add("--server", action="append", default=[], metavar="NAME", help="only these (default: all)")
    add(
        "--peer", action="append", default=[], metavar="NAME=COMMAND",
        help="one more server; COMMAND holds {port}, may hold {dir}",
    )  # fmt: skip
    add(
        "--out", type=Path, default=Path("bench/results"), metavar="DIR",
        help="where results.md and results.json go (default bench/results)",
    )  # fmt: skip
    add("--continue", dest="go_on", action="store_true", help="keep the trials that --out has, and measure the others")
    add("--keep", action="store_true", help="put p99 beside 10,000 who idle into docs/long-runs.json")
    add("--write-docs", action="store_true", help="put tables and plots into docs/performance.md")
    return parser
