"""One trial: one server, started afresh, under one load, with a look at its clocks between the phases."""

from bench.loads import Load
from bench.people import People, people
from bench.process import Clocks, busy, look
from bench.servers import Recipe
from bench.serving import serving
from bench.trouble import Broken

Figures = dict[str, float]


def measure(load: Load, recipe: Recipe, cores: tuple[int, int]) -> Figures:
    """The figures that README.md names; cores are (server's, load's). Raises Broken when one of the two failed."""
    with serving(recipe, cores) as server, people(load, server.port) as crowd:
        return {"start_ms": 1000 * server.start, **_phases(load, crowd, server.pid)}


def _phases(load: Load, crowd: People, pid: int) -> Figures:
    crowd.reach("ready")
    before = look(pid, crowd.pid)
    crowd.go_on("registered")
    registered = look(pid, crowd.pid)
    crowd.go_on("joined")
    figures = _coming_in(load, before, registered, look(pid, crowd.pid))
    return figures | (_talk(crowd, pid) if load.talkers else {})


def _talk(crowd: People, pid: int) -> Figures:
    crowd.go_on("warm")
    before = look(pid, crowd.pid)
    heard = crowd.result()
    return heard | _talking(heard, before, look(pid, crowd.pid))


def _coming_in(load: Load, before: Clocks, registered: Clocks, joined: Clocks) -> Figures:
    return {
        "connects_per_s": load.people / (registered.wall - before.wall),
        "connect_cpu_us": 1e6 * (registered.server - before.server) / load.people,
        "kib_per_person": (joined.resident - before.resident) / load.people,
        **busy(before, registered),
    }


def _talking(heard: Figures, before: Clocks, after: Clocks) -> Figures:
    if not heard["deliveries"]:
        raise Broken("nobody said anything while it was measured: the rate is too low for the time")
    return {
        "deliveries_per_s": heard["deliveries"] / heard["seconds"],
        "cpu_per_million": 1e6 * (after.server - before.server) / heard["deliveries"],
        **busy(before, after),
    }
