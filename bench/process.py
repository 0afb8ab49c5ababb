"""What the system says about a process and everything it started.

https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html and, for clocks of other processes in nanoseconds,
https://man7.org/linux/man-pages/man3/clock_getcpuclockid.3.html
"""

import os
from dataclasses import dataclass
from pathlib import Path
from resource import RUSAGE_CHILDREN, getrusage
from time import clock_gettime, monotonic

TICK = os.sysconf("SC_CLK_TCK")


@dataclass(frozen=True, slots=True)
class Clocks:
    """One look: seconds of wall clock, of CPU (the server's, the load's, the whole machine's); the server's KiB."""

    wall: float
    server: float
    load: float
    machine: float
    resident: int


def look(server: int, load: int) -> Clocks:
    """Reads the clocks of two processes with all their threads, children and reaped children."""
    family = _family(server)
    return Clocks(
        wall=monotonic(),
        server=sum(seconds for _, seconds in family),
        load=sum(seconds for _, seconds in _family(load)),
        machine=machine_clock(),
        resident=sum(resident_kib(pid) for pid, _ in family),
    )


def busy(before: Clocks, after: Clocks) -> dict[str, float]:
    """Who used how much between two looks, as shares of one core."""
    seconds = after.wall - before.wall
    server, load = after.server - before.server, after.load - before.load
    others = max(0.0, after.machine - before.machine - server - load)
    return {"server_busy": server / seconds, "load_busy": load / seconds, "others_busy": others / seconds}


def cpu_of_children() -> float:
    """Seconds that our own children used, those that have ended."""
    used = getrusage(RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def machine_clock() -> float:
    """Seconds of CPU that the whole machine has used."""
    user, nice, system, _, _, irq, softirq = map(int, Path("/proc/stat").read_text().split(maxsplit=8)[1:8])
    return (user + nice + system + irq + softirq) / TICK


def _family(root: int) -> list[tuple[int, float]]:
    """(pid, seconds of CPU) of the process and its descendants."""
    everyone = [stat for entry in Path("/proc").glob("[0-9]*") if (stat := _stat(entry))]
    kin: set[int] = set()
    found = {root}
    while found:
        kin |= found
        found = {pid for pid, parent, _ in everyone if parent in kin} - kin
    return [(pid, cpu_of(pid) + ticks / TICK) for pid, _, ticks in everyone if pid in kin]


def _stat(entry: Path) -> tuple[int, int, int] | None:
    """(pid, parent, ticks of children that ended); the name in parentheses may hold anything, so count behind it."""
    try:
        fields = (entry / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return None  # it ended while we looked
    return int(entry.name), int(fields[1]), sum(map(int, fields[13:15]))


def cpu_of(pid: int) -> float:
    """Of CPU, user and system, of all its threads, those that ended among them."""
    try:
        return clock_gettime((~pid << 3) | 2)  # as clock_getcpuclockid makes it
    except OSError:
        return 0.0


def resident_kib(pid: int) -> int:
    # smaps_rollup counts pages; VmRSS in status may be off by some dozens of them per core.
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) for line in lines if line.startswith("Rss:"))
