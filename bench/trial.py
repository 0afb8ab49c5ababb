"""One trial: one server, started afresh, under one load, with a look at its clocks between the phases."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from time import monotonic

from bench.loads import Kind, Load
from bench.people import People, people
from bench.prepared import store
from bench.process import Clocks, busy, cpu_of_children, look, machine_clock
from bench.servers import Recipe
from bench.serving import serving
from bench.trouble import Broken

Figures = dict[str, float]

PER_SECOND = 20  # times that each question is asked of a big store, for each second that a load is to last


def measure(load: Load, recipe: Recipe, cores: tuple[int, int]) -> Figures:
    """The figures that README.md names; cores are (server's, load's). Raises Broken when one of the two failed."""
    if load.kind == "reading":
        return _read(load, cores)
    with serving(recipe, load, cores) as server:
        figures = {"start_ms": 1000 * server.start}
        if load.kind == "starting":
            return figures
        with people(load, server.port) as crowd:
            return figures | _phases(load, crowd, server.pid)


def _read(load: Load, cores: tuple[int, int]) -> Figures:
    times = f"--times={load.seconds * PER_SECOND:.0f}"
    command = [sys.executable, "-m", "bench.read_store", str(store(load)), "--json", times]
    machine, ours, began = machine_clock(), cpu_of_children(), monotonic()
    done = subprocess.run(
        command, capture_output=True, text=True, check=False, preexec_fn=lambda: os.sched_setaffinity(0, {cores[0]})
    )
    if done.returncode:
        raise Broken(f"could not read the store: {(done.stderr.strip() or 'no word').splitlines()[-1]}")
    others = machine_clock() - machine - (cpu_of_children() - ours)
    figures: Figures = json.loads(done.stdout)
    return {**figures, "others_busy": max(0.0, others) / (monotonic() - began)}


def _phases(load: Load, crowd: People, pid: int) -> Figures:
    crowd.reach("ready")
    before = look(pid, crowd.pid)
    crowd.go_on("registered")
    registered = look(pid, crowd.pid)
    crowd.go_on("joined")
    figures = _coming_in(load, before, registered, look(pid, crowd.pid))
    return figures | _THEN[load.kind](load, crowd, pid, before)


def _talk(load: Load, crowd: People, pid: int, _: Clocks) -> Figures:
    crowd.go_on("warm")
    before = look(pid, crowd.pid)
    heard = crowd.result()
    return heard | _talking(heard, before, look(pid, crowd.pid))


def _catch_up(load: Load, crowd: People, pid: int, before: Clocks) -> Figures:
    joined = look(pid, crowd.pid)
    crowd.go_on("caught up")
    after = look(pid, crowd.pid)
    return {
        "catch_up_cpu_us": 1e6 * (after.server - joined.server) / load.people,
        "back_cpu_us": 1e6 * (after.server - before.server) / load.people,
        "back_s": after.wall - before.wall,
        **busy(before, after),
    }


_THEN: dict[Kind, Callable[[Load, People, int, Clocks], Figures]] = {
    "saturated": _talk,
    "paced": _talk,
    "catching up": _catch_up,
    "coming": lambda load, crowd, pid, before: busy(before, look(pid, crowd.pid)),
    "idle": lambda load, crowd, pid, before: busy(before, look(pid, crowd.pid)),
}


def _coming_in(load: Load, before: Clocks, registered: Clocks, joined: Clocks) -> Figures:
    everyone = load.people + load.idlers
    connect, join = registered.server - before.server, joined.server - registered.server
    return {
        "connects_per_s": everyone / (registered.wall - before.wall),
        "connect_cpu_us": 1e6 * connect / everyone,
        "join_cpu_us": 1e6 * join / everyone,
        "enter_cpu_us": 1e6 * (connect + join) / everyone,
        "joins_s": joined.wall - registered.wall,
        "kib_per_person": (joined.resident - before.resident) / everyone,
    }


def _talking(heard: Figures, before: Clocks, after: Clocks) -> Figures:
    if not heard["deliveries"]:
        raise Broken("nobody said anything while it was measured: the rate is too low for the time")
    return {
        "deliveries_per_s": heard["deliveries"] / heard["seconds"],
        "cpu_per_million": 1e6 * (after.server - before.server) / heard["deliveries"],
        **busy(before, after),
    }
