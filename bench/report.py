"""Trials become medians with their spread, as JSON and as tables that a README can hold."""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from bench.goals import DISTURBED, Rounds, judged
from bench.loads import Kind, Load
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
    "join_cpu_us": ("CPU us per join", "{:.0f}".format),
    "enter_cpu_us": ("CPU us for both", "{:.0f}".format),
    "joins_s": ("s until all are in", "{:.2f}".format),
    "kib_per_person": ("KiB per person", "{:.1f}".format),
    "catch_up_cpu_us": ("CPU us for history", "{:.0f}".format),
    "back_cpu_us": ("CPU us in all", "{:.0f}".format),
    "back_s": ("s until all have it", "{:.2f}".format),
    "start_ms": ("start ms", "{:.0f}".format),
    "server_busy": ("server busy", "{:.0%}".format),
    "load_busy": ("load busy", "{:.0%}".format),
    "others_busy": ("others busy", "{:.0%}".format),
}

BUSY = ("server_busy", "load_busy", "others_busy")
SHOWN: dict[Kind, tuple[str, ...]] = {
    "saturated": ("deliveries_per_s", "cpu_per_million", "times_limit", *BUSY),
    "paced": ("p50_ms", "p99_ms", "p999_ms", "cpu_per_million", "times_limit", *BUSY),
    "coming": ("connects_per_s", "connect_cpu_us", "join_cpu_us", "enter_cpu_us", "joins_s", *BUSY),
    "idle": ("connects_per_s", "connect_cpu_us", "kib_per_person", *BUSY),
    "catching up": ("connect_cpu_us", "join_cpu_us", "catch_up_cpu_us", "back_cpu_us", "back_s", *BUSY),
    "starting": ("start_ms",),
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
    """Everything one run knows; `servers` are (name, version, what it keeps)."""

    machine: dict[str, str]
    servers: Sequence[tuple[str, str, str]]
    loads: Sequence[Load]
    trials: Sequence[Trial]

    def save(self, directory: Path) -> None:
        """Writes results.json and results.md."""
        directory.mkdir(parents=True, exist_ok=True)
        (directory / "results.json").write_text(json.dumps(asdict(self), indent=1) + "\n")
        (directory / "results.md").write_text(self.markdown())

    @classmethod
    def read(cls, directory: Path) -> "Report | None":
        """What an earlier run has saved there, or None."""
        file = directory / "results.json"
        if not file.exists():
            return None
        saved = json.loads(file.read_text())
        loads = [Load(**{**load, "servers": tuple(load["servers"])}) for load in saved["loads"]]
        servers = [(name, version, keeps) for name, version, keeps in saved["servers"]]
        return cls(saved["machine"], servers, loads, [Trial(**trial) for trial in saved["trials"]])

    def markdown(self) -> str:
        """The goals, the machine, the servers, one table per load, start-up, and what went wrong."""
        return "\n\n".join((self.goals(), self.about(), self.tables())) + "\n"

    def tables(self) -> str:
        """One table per load, start-up, and what went wrong."""
        parts = [*map(self._load, self.loads), self._start_up(), self._errors()]
        return "\n\n".join(part for part in parts if part)

    def goals(self) -> str:
        """Each goal, what was measured, and whether it is met."""
        rounds = Rounds({(one.round, one.load, one.server): one.figures for one in self.trials if one.figures})
        return table(("load", "goal", "measured", ""), judged(rounds))

    def about(self) -> str:
        """The machine, how many rounds there were, and the servers."""
        about = {**self.machine, "rounds": self._rounds()}
        machine = "\n".join(f"- {name}: {value}" for name, value in about.items())
        return f"{machine}\n\n{table(('server', 'version', 'keeps'), self.servers)}"

    def medians(self, load: str, figure: str) -> dict[str, float]:
        """The median of a figure by server, of those that have it."""
        found = {name: [one[figure] for one in self._of(load, name) if figure in one] for name, _, _ in self.servers}
        return {name: median(values) for name, values in found.items() if values}

    def _load(self, load: Load) -> str:
        trials = [trial for trial in self.trials if trial.load == load.name and trial.figures]
        if not trials:
            return ""
        title = f"### {load.name}: {load.title}{self._fewer(trials)}"
        if load.kind == "reading":
            return f"{title}\n\n{_questions([trial.figures for trial in trials])}"
        shown = SHOWN[load.kind]
        compared = _with_limit(trials)
        took_part = [name for name, _, _ in self.servers if any(trial.server == name for trial in trials)]
        rows = [(name, *_cells(shown, _figures(name, compared))) for name in took_part]
        return "\n\n".join((title, table(("server", *(COLUMNS[name][0] for name in shown)), rows), *_doubts(trials)))

    def _rounds(self) -> int:
        return max((trial.round for trial in self.trials), default=0)

    def _fewer(self, trials: Sequence[Trial]) -> str:
        """How many rounds a load had, if that was not all of them."""
        rounds = len({trial.round for trial in trials})
        return "" if rounds == self._rounds() else f" ({rounds} of {self._rounds()} rounds)"

    def _start_up(self) -> str:
        empty = {load.name for load in self.loads if not load.stored}
        trials = [trial for trial in self.trials if trial.load in empty]
        rows = [(name, *_cells(("start_ms",), _figures(name, trials))) for name, _, _ in self.servers]
        heading = "### start-up with nothing stored: from exec to the first answer, all starts of this run"
        return f"{heading}\n\n{table(('server', 'start ms'), rows)}"

    def _errors(self) -> str:
        lines = [f"- round {one.round}, {one.load}, {one.server}: {one.error}" for one in self.trials if one.error]
        return "\n".join(["### what failed", "", *lines]) if lines else ""

    def _of(self, load: str, server: str) -> list[Figures]:
        return _figures(server, [trial for trial in self.trials if trial.load == load])


def table(heading: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A table in Markdown."""
    rule = ["---" for _ in heading]
    return "\n".join("| " + " | ".join(row) + " |" for row in (heading, rule, *rows))


def _figures(server: str, trials: Iterable[Trial]) -> list[Figures]:
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
    return [spread(COLUMNS[name][1], [one[name] for one in figures if name in one]) for name in names]


def spread(text: Callable[[float], str], values: Sequence[float]) -> str:
    """The median, and the least and greatest where there are several."""
    if not values:
        return "-"
    ends = f" ({text(min(values))} to {text(max(values))})" if len(values) > 1 else ""
    return text(median(values)) + ends


def _questions(figures: Sequence[Figures]) -> str:
    """A row for each question that was asked of a big store."""
    names = [name.removesuffix(" / p50") for name in figures[0] if name.endswith(" / p50")]
    rows = [(name, *(_milliseconds(figures, f"{name} / {rank}") for rank in ("p50", "p99"))) for name in names]
    return table(("question", "p50 ms", "p99 ms"), rows)


def _milliseconds(figures: Sequence[Figures], name: str) -> str:
    return spread("{:.2f}".format, [one[name] for one in figures])


def _doubts(trials: Iterable[Trial]) -> list[str]:
    """What a reader must know before believing a figure."""
    talk = [trial for trial in trials if "deliveries_per_s" in trial.figures]
    slow = {one.server for one in talk if one.figures["load_busy"] > 0.95 > one.figures["server_busy"]}
    loud = {one.server for one in trials if one.figures.get("others_busy", 0) > DISTURBED}
    sentences = {
        "The load was busier than the server; the server could deliver more than this": slow,
        "Other programs used the machine; the figures are in doubt": loud,
    }
    return [f"{sentence}: {', '.join(sorted(names))}." for sentence, names in sentences.items() if names]
