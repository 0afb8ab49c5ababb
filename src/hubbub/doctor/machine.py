"""The machine: its clock, its limits, and the libraries that are there."""

from __future__ import annotations

import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from hubbub import __version__
from hubbub.doctor.finding import Finding
from hubbub.doctor.patient import Patient
from hubbub.net.loop import raise_open_files
from hubbub.net.sockets import BACKLOG

_BEFORE_US: Final = 1_767_225_600
"""The start of 2026, before which no hubbub was: a clock that says so has not been set."""

_OUR_OWN: Final = 200
"""Files that are open without anybody connected: the store, listeners, libraries."""

_SOMAXCONN: Final = Path("/proc/sys/net/core/somaxconn")


def clock(patient: Patient) -> Iterator[Finding]:
    """Messages are ordered without it, but their times, invites and certificates go by it."""
    now, last = time.time(), _last_written(patient.data)
    if now < _BEFORE_US or now < last - 60:
        yield Finding(
            about="clock",
            grade="problem",
            found=f"it says {_day(now)}, and what was stored last is from {_day(max(last, _BEFORE_US))}",
            means="Certificates look invalid, invites do not end, and times in history are wrong.",
            helps="set it, and have it kept by NTP (systemd-timesyncd, chrony), before the server starts",
        )
    elif _unsynchronised():
        yield Finding(
            about="clock",
            grade="warning",
            found="it is not synchronised",
            means="Times in history drift, and logins by one-time codes and certificates fail one day.",
            helps="timedatectl set-ntp true",
        )
    else:
        yield Finding(about="clock", found=_day(now))


def _last_written(data: Path) -> float:
    files = [path.stat().st_mtime for path in data.glob("hubbub.db*")]
    return max(files, default=0.0)


def _unsynchronised() -> bool:
    """Only where the system says so; it need not know."""
    asked = shutil.which("timedatectl")
    if asked is None:
        return False
    try:
        said = subprocess.run(  # noqa: S603 - nothing of it comes from outside
            [asked, "show", "--property=NTPSynchronized", "--value"], capture_output=True, timeout=5, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return said.stdout.strip() == b"no"


def _day(seconds: float) -> str:
    return time.strftime("%Y-%m-%d %H:%M %Z", time.localtime(seconds))


def open_files(patient: Patient) -> Iterator[Finding]:
    """The limit of the server that runs, or that it would have if it were started as this command was."""
    limit = _limit_of(patient.pid) or raise_open_files()
    wanted = patient.config.limits.connections
    if not limit:
        return
    if wanted and limit >= wanted + _OUR_OWN:
        yield Finding(about="files", found=f"{limit:,} may be open, enough for {wanted:,} connections")
        return
    people = max(limit - _OUR_OWN, 0)
    yield Finding(
        about="files",
        grade="warning" if people < 1000 else "note",
        found=f"{limit:,} may be open: about {people:,} people can be connected",
        means=f"[limits] connections lets {wanted or 'any number'} in; who comes beyond that waits at the door.",
        helps="LimitNOFILE=131072 in the systemd unit, or 'ulimit -Hn'; or set [limits] connections to fit",
    )


def _limit_of(pid: int) -> int:
    try:
        said = Path(f"/proc/{pid}/limits").read_text(encoding="ascii")
    except OSError:
        return 0
    found = re.search(r"^Max open files +(\d+)", said, re.MULTILINE)
    return int(found[1]) if found else 0


def queue(_: Patient) -> Iterator[Finding]:
    try:
        most = int(_SOMAXCONN.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return
    if most < BACKLOG:
        yield Finding(
            about="queue",
            grade="note",
            found=f"{most} connections may wait to be accepted",
            means="When everybody comes back at once, some have to try again.",
            helps=f"sysctl net.core.somaxconn={BACKLOG}",
        )


def libraries(patient: Patient) -> Iterator[Finding]:
    """What is wanted and not there. Loading none of it is quick."""
    for module, wanted, finding in (
        ("uvloop", platform.system() != "Windows", _SLOW),
        ("asyncssh", any(one.endpoint.scheme == "ssh" for one in patient.config.listen), _NO_SSH),
        ("acme", bool(patient.config.tls.domain), _NO_ACME),
    ):
        if wanted and find_spec(module) is None:
            yield finding
    import apsw

    yield Finding(
        about="version",
        found=f"hubbub {__version__}, Python {platform.python_version()}, SQLite {apsw.sqlite_lib_version()}",
    )


_SLOW: Final = Finding(
    about="uvloop",
    grade="warning",
    found="uvloop is not there",
    means="The server does the same with more work: about twice as much where people come by TLS.",
    helps="pip install uvloop",
)
_NO_SSH: Final = Finding(
    about="ssh",
    grade="problem",
    found="an ssh:// listener needs asyncssh, which is not there",
    means="The server does not start.",
    helps="pip install 'hubbub[ssh]'",
)
_NO_ACME: Final = Finding(
    about="acme",
    grade="problem",
    found="[tls] domain needs acme, which is not there",
    means="The server does not start.",
    helps="pip install 'hubbub[acme]'",
)
