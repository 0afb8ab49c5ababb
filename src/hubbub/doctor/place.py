"""Where the data lies: whether we may use it, what version it has, how much room there is, and who else may read it."""

from __future__ import annotations

import os
import shutil
import stat
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from hubbub.config import Config
from hubbub.doctor.finding import Finding
from hubbub.doctor.patient import Patient
from hubbub.stores.directory import CannotOpen
from hubbub.stores.migrations import OURS
from hubbub.stores.sqlite_file import DATABASE, schema

_TIGHT: Final = 1 << 30
"""Bytes: a week or two of a busy server, and time enough to find more."""

_FULL: Final = 100 << 20

_SECRETS: Final = ("hubbub.db", "hubbub.db-wal", "tls/key.pem", "tls/acme/*", "ssh/host_key", "files/index.db")
"""Of the data directory, what nobody else may read."""


def directory(patient: Patient) -> Iterator[Finding]:
    data, nearest = patient.data, patient.nearest
    if not os.access(nearest, os.R_OK | os.W_OK | os.X_OK):
        yield Finding(
            about="data",
            grade="problem",
            found=f"{nearest} cannot be written to by this user",
            means="Messages cannot be stored, so the server does not start.",
            helps=f"run this as the user that the server runs as, or give {nearest} to that user",
        )
    elif nearest != data:
        yield Finding(about="data", grade="note", found=f"{data} is not there yet; the first start makes it")
    else:
        yield Finding(about="data", found=f"{data}, {_runs(patient)}")


def _runs(patient: Patient) -> str:
    return f"used by process {patient.pid}" if patient.pid else "no server runs on it"


def store(patient: Patient) -> Iterator[Finding]:
    durability = patient.config.store.durability
    if durability != "full":
        yield Finding(
            about="store",
            grade="warning",
            found=f"[store] durability is '{durability}'",
            means="A power failure may take back messages that people have seen."
            if durability == "normal"
            else "Nothing is kept: neither messages nor accounts.",
            helps="leave it out, unless this is a trial",
        )
    if durability != "memory" and (patient.data / DATABASE).exists():
        yield _version(patient.data)


def _version(data: Path) -> Finding:
    try:
        found = schema(data)
    except CannotOpen as error:
        return Finding(
            about="store", grade="problem", found=str(error), means="The server does not start.", helps="do as it says"
        )
    numbers = f"schema {found[0]}.{found[1]}"
    if found < OURS:
        return Finding(
            about="store",
            grade="note",
            found=f"{data / DATABASE} has {numbers}; the next start brings it to {OURS[0]}.{OURS[1]}",
        )
    return Finding(about="store", found=f"{data / DATABASE} has {numbers}")


def disk(patient: Patient) -> Iterator[Finding]:
    nearest = patient.nearest
    usage = shutil.disk_usage(nearest)
    said, free = f"{_gib(usage.free)} of {_gib(usage.total)} free at {nearest}", usage.free
    if _is_out_of_inodes(nearest):
        said, free = f"no file can be made at {nearest}: its inodes are used up", 0
    if free >= _TIGHT:
        yield Finding(about="disk", found=said)
        return
    yield Finding(
        about="disk",
        grade="problem" if free < _FULL else "warning",
        found=said,
        means="When it is full, messages are refused to their senders, and files as well.",
        helps="make room, or keep less: [history] retention_days, [files] days and total_bytes",
    )


def _is_out_of_inodes(place: Path) -> bool:
    """Not every file system has a number of them, nor Windows."""
    if sys.platform == "win32":
        return False
    inodes = os.statvfs(place)
    return inodes.f_files > 0 and not inodes.f_favail


def secrets(patient: Patient) -> Iterator[Finding]:
    """Files that others on this machine can read."""
    kept = [path for pattern in _SECRETS for path in patient.data.glob(pattern)]
    if patient.file is not None and _has_secrets(patient.config):
        kept.append(patient.file)
    open_ones = [path for path in kept if path.is_file() and _open_to_all(path)]
    for path in open_ones:
        yield Finding(
            about="secrets",
            grade="warning",
            found=f"{path} can be read by every user of this machine",
            means="It holds keys, passwords or private talk.",
            helps=f"chmod o= '{path}'",
        )
    if kept and not open_ones:
        yield Finding(about="secrets", found="nobody else on this machine can read keys, passwords and talk")


def _open_to_all(path: Path) -> bool:
    """A directory that nobody may go into hides what is in it."""
    way = all(parent.stat().st_mode & stat.S_IXOTH for parent in path.absolute().parents)
    return way and bool(path.stat().st_mode & stat.S_IROTH)


def _has_secrets(config: Config) -> bool:
    said = [config.password, config.mail.password]
    said += [operator.password for operator in config.operator] + [gateway.password for gateway in config.webirc]
    return any(one.reveal() for one in said)


def _gib(size: int) -> str:
    return f"{size / (1 << 30):,.1f} GiB"
