"""Plots of a run: what a delivery costs, how long one waits, and how cost grows."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bench.report import Report
from bench.trouble import Broken

COLOURS = {
    "hubbub": "#0b7285",
    "hubbub-normal": "#3bc9db",
    "hubbub-memory": "#99e9f2",
    "inspircd": "#e8590c",
    "ngircd": "#f08c00",
    "ergo": "#862e9c",
    "limit-each": "#868e96",
    "limit-turn": "#495057",
}
RANKS = {"p50_ms": "p50", "p99_ms": "p99", "p999_ms": "p99.9"}


def library() -> Any:
    """matplotlib's pyplot, set up; raises Broken where it is not installed."""
    try:
        import matplotlib as mpl
        from matplotlib import pyplot
    except ImportError:
        raise Broken("expected matplotlib for the plots; install it with: pip install 'hubbub[bench]'") from None
    mpl.use("svg")
    mpl.rcParams.update({"svg.hashsalt": "hubbub", "svg.fonttype": "none", "font.size": 9, "axes.axisbelow": True})
    return pyplot


def draw(report: Report, directory: Path) -> None:
    """Writes cost.svg, latency.svg and growth.svg."""
    pyplot = library()
    directory.mkdir(parents=True, exist_ok=True)
    for name, plot in (("cost", _cost), ("latency", _latency), ("growth", _growth)):
        figure = plot(pyplot, report)
        figure.savefig(directory / f"{name}.svg", bbox_inches="tight", metadata={"Date": None})
        pyplot.close(figure)


def _cost(pyplot: Any, report: Report) -> Any:
    """One panel to a load, for the loads differ by ten times."""
    figure, panels = pyplot.subplots(1, 3, figsize=(10, 3))
    for panel, load in zip(panels, ("one", "many", "rooms"), strict=True):
        _bars(panel, report.medians(load, "cpu_per_million"), "{:.2f}")
        panel.set_title(load)
        panel.set_xlabel("CPU-seconds per million deliveries")
    figure.tight_layout()
    return figure


def _bars(panel: Any, values: dict[str, float], text: str) -> None:
    names = list(values)[::-1]
    drawn = panel.barh(names, [values[name] for name in names], color=[COLOURS.get(name, "#adb5bd") for name in names])
    panel.bar_label(drawn, fmt=text, padding=2)
    panel.margins(x=0.2)
    panel.grid(axis="x", alpha=0.3)


def _latency(pyplot: Any, report: Report) -> Any:
    figure, panels = pyplot.subplots(1, 3, figsize=(10, 3))
    for panel, load in zip(panels, ("paced-20", "paced-100", "paced-rooms"), strict=True):
        ranks = [report.medians(load, figure_name) for figure_name in RANKS]
        for server in ranks[0]:
            heights = [rank[server] for rank in ranks]
            panel.plot(list(RANKS.values()), heights, "o-", label=server, color=COLOURS.get(server, "#adb5bd"))
        panel.set_title(load)
        panel.set_yscale("log")
        panel.set_ylabel("ms")
        panel.grid(alpha=0.3, which="both")
    panels[0].legend(fontsize=7)
    figure.tight_layout()
    return figure


def _growth(pyplot: Any, report: Report) -> Any:
    figure, panels = pyplot.subplots(1, 2, figsize=(8, 3))
    members = {100: "members-100", 1000: "one", 10_000: "members-10000"}
    stored = {10_000: "stored-10k", 1_000_000: "stored-1m", 10_000_000: "stored-10m"}
    _line(panels[0], report, members, ("hubbub", "limit-turn"), "members of the room")
    _line(panels[1], report, stored, ("hubbub",), "messages stored before")
    panels[0].legend(fontsize=7)
    figure.tight_layout()
    return figure


def _line(panel: Any, report: Report, loads: dict[int, str], servers: Sequence[str], label: str) -> None:
    for server in servers:
        found = {size: report.medians(load, "cpu_per_million").get(server) for size, load in loads.items()}
        points = {size: value for size, value in found.items() if value is not None}
        panel.plot(list(points), list(points.values()), "o-", label=server, color=COLOURS[server])
    panel.set_xscale("log")
    panel.set_ylim(bottom=0)
    panel.set_xlabel(label)
    panel.set_ylabel("CPU-s per million deliveries")
    panel.grid(alpha=0.3)
