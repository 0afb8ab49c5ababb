"""Trials become medians with their spread, as JSON and as tables that a README can hold."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.loads import Kind, Load
from bench.servers import Recipe
from bench.trial import Figures

# figure -> heading, how to print it
COLUMNS: dict[str, tuple[str, Callable[[float], str]]] = {
    "deliveries_per_s": ("deliveries/s", "{:,.0f}".format),
    "cpu_per_million": ("CPU-s per million", "{:.2f}".format),
    "times_limit": ("x limit", "{:.2f}".format),
    "p50_ms": ("p50 ms", "{:.1f}".format),
    "p99_ms": ("p99 ms", "{:.1f}".format),
    "p999_ms": ("p99.9 ms", "{:.1f}".format),
    "connects_per_s": ("connects/s", "{:,.0f}".format),
    "connect_cpu_us": ("CPU us per connect", "{:.0f}".format),
    "kib_per_person": ("KiB per person", "{:.1f}".format),
    "start_ms": ("start ms", "{:.0f}".format),
    "server_busy": ("server busy", "{:.0%}".format),
    "load_busy": ("load busy", "{:.0%}".format),
    "others_busy": ("others busy", "{:.0%}".format),
}

BUSY = ("server_busy", "load_busy", "others_busy")
SHOWN: dict[Kind, tuple[str, ...]] = {
    "saturated": ("deliveries_per_s", "cpu_per_million", "times_limit", *BUSY),
    "paced": ("p50_ms", "p99_ms", "p999_ms", "cpu_per_million", "times_limit", *BUSY),
    "idle": ("connects_per_s", "connect_cpu_us", "kib_per_person", *BUSY),
}


@dataclass(frozen=True, slots=True)
class Trial:
    """One measurement: its figures, or the sentence that ended it."""

    round: int
    load: str
    server: str
    figures: Figures = field(default_factory=dict)
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one run knows; `versions` goes by the server's name."""

    machine: dict[str, str]
    servers: Sequence[Recipe]
    versions: dict[str, str]
    loads: Sequence[Load]
    trials: Sequence[Trial]

    def save(self, directory: Path) -> None:
        """Writes results.json and results.md."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "results.json").write_text(json.dumps(self._as_json(), indent=2) + "\n")
        (directory / "results.md").write_text(self.markdown())

    def markdown(self) -> str:
        """The machine, the servers, one table per load, start-up, and what went wrong."""
        parts = [self._machine(), self._servers(), *map(self._load, self.loads), self._start_up(), self._errors()]
        return "\n\n".join(part for part in parts if part) + "\n"

    def _as_json(self) -> dict[str, object]:
        return {
            "machine": self.machine,
            "servers": [
                {"name": one.name, "version": self.versions[one.name], "keeps": one.keeps} for one in self.servers
            ],
            "loads": [asdict(load) for load in self.loads],
            "trials": [asdict(trial) for trial in self.trials],
        }

    def _machine(self) -> str:
        return "\n".join(f"- {name}: {value}" for name, value in self.machine.items())

    def _servers(self) -> str:
        return _table(
            ("server", "version", "keeps"),
            [(one.name, self.versions[one.name], one.keeps) for one in self.servers],
        )

    def _load(self, load: Load) -> str:
        shown = SHOWN[load.kind]
        trials = [trial for trial in self.trials if trial.load == load.name and trial.figures]
        rows = [(one.name, *_cells(shown, _of(one.name, _with_limit(trials)))) for one in self.servers]
        table = _table(("server", *(COLUMNS[name][0] for name in shown)), rows)
        return "\n\n".join((f"## {load.name}: {load.title}", table, *_doubts(trials)))

    def _start_up(self) -> str:
        rows = [(one.name, *_cells(("start_ms",), _of(one.name, self.trials))) for one in self.servers]
        return "## start-up: from exec to the first answer, all starts of this run\n\n" + _table(
            ("server", "start ms"), rows
        )

    def _errors(self) -> str:
        lines = [f"- round {one.round}, {one.load}, {one.server}: {one.error}" for one in self.trials if one.error]
        return "\n".join(["## what failed", "", *lines]) if lines else ""


def _of(server: str, trials: Iterable[Trial]) -> list[Figures]:
    return [trial.figures for trial in trials if trial.server == server and trial.figures]


def _with_limit(trials: Sequence[Trial]) -> list[Trial]:
    """Adds how many times the limit's CPU a trial took: compared within its own round only, for the machine drifts."""
    floors: dict[int, float] = {}
    for trial in trials:
        if trial.server.startswith("limit-") and (cost := trial.figures.get("cpu_per_million")):
            floors[trial.round] = min(cost, floors.get(trial.round, cost))
    return [_compared(trial, floors.get(trial.round)) for trial in trials]


def _compared(trial: Trial, floor: float | None) -> Trial:
    if not floor or "cpu_per_million" not in trial.figures:
        return trial
    figures = trial.figures | {"times_limit": trial.figures["cpu_per_million"] / floor}
    return Trial(trial.round, trial.load, trial.server, figures)


def _cells(names: Iterable[str], figures: Sequence[Figures]) -> list[str]:
    return [_spread(COLUMNS[name][1], [one[name] for one in figures if name in one]) for name in names]


def _spread(text: Callable[[float], str], values: Sequence[float]) -> str:
    """The median, and the least and greatest where there are several."""
    if not values:
        return "-"
    ends = f" ({text(min(values))} to {text(max(values))})" if len(values) > 1 else ""
    return text(median(values)) + ends


def _doubts(trials: Iterable[Trial]) -> list[str]:
    """What a reader must know before believing a figure."""
    slow = {one.server for one in trials if one.figures.get("load_busy", 0) > 0.95 > one.figures["server_busy"]}
    loud = {one.server for one in trials if one.figures.get("others_busy", 0) > 0.1}
    sentences = {
        "The load was busier than the server; the server could deliver more than this": slow,
        "Other programs used the machine; the figures are in doubt": loud,
    }
    return [f"{sentence}: {', '.join(sorted(names))}." for sentence, names in sentences.items() if names]


def _table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ["---" for _ in heading]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heading, rule, *rows))
