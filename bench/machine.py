"""The machine under the figures: which core is whose, what it is called, and how many files it may open."""

import os
import platform
import resource
import signal
import subprocess
import sys
from pathlib import Path

from bench.trouble import Broken


def prepare() -> None:
    """Raises this process's limit of open files to what the system allows; those it starts inherit it.

    From here on SIGTERM ends what it started, as Ctrl-C does.
    """
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


def cores() -> tuple[int, int]:
    """The server's core and the generator's: two that share no execution units where the machine has such."""
    if not hasattr(os, "sched_getaffinity"):
        raise Broken(f"expected Linux (core pinning, /proc, epoll), got {platform.system()}; run the bench there")
    allowed = sorted(os.sched_getaffinity(0))
    if len(allowed) < 2:
        raise Broken(f"expected two cores, one for the server and one for the load, got {len(allowed)}")
    apart = [core for core in allowed[1:] if core not in _siblings(allowed[0])]
    return allowed[0], (apart or allowed[1:])[0]


def _siblings(core: int) -> set[int]:
    path = Path(f"/sys/devices/system/cpu/cpu{core}/topology/thread_siblings_list")
    if not path.exists():
        return set()
    ends = [span.split("-") for span in path.read_text().strip().split(",")]
    return {number for span in ends for number in range(int(span[0]), int(span[-1]) + 1)}


def describe(directory: Path) -> dict[str, str]:
    """What to name beside a figure; `directory` is where the servers keep their files."""
    return {
        "cpu": _first_value("/proc/cpuinfo", "model name"),
        "cores": str(os.cpu_count()),
        "memory": _first_value("/proc/meminfo", "MemTotal"),
        "kernel": f"{platform.system()} {platform.release()} {platform.machine()}",
        "system": platform.freedesktop_os_release().get("PRETTY_NAME", "unknown"),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "files": _output("df", "--output=fstype,source", str(directory)).splitlines()[-1],
        "commit": _output("git", "-C", str(Path(__file__).parent), "describe", "--always", "--dirty"),
    }


def _first_value(path: str, key: str) -> str:
    lines = (line.partition(":") for line in Path(path).read_text().splitlines())
    return next((value.strip() for name, _, value in lines if name.strip() == key), "unknown")


def _output(*command: str) -> str:
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=10)
    except (OSError, subprocess.TimeoutExpired):
        return "unknown"
    return done.stdout.strip() or "unknown"
