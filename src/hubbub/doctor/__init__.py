"""The doctor: looks at what a server needs, beside a running one or before the first start, and changes nothing.

A check is a function from a `Patient` to findings, which looks whatever others found.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

from hubbub.config import Config
from hubbub.doctor import doors, machine, place
from hubbub.doctor.finding import Finding
from hubbub.doctor.patient import Patient

__all__ = ["Finding", "examine"]

Check = Callable[[Patient], Iterator[Finding]]

CHECKS: Final[tuple[Check, ...]] = (
    place.directory,
    place.store,
    place.disk,
    place.secrets,
    machine.clock,
    machine.open_files,
    machine.queue,
    machine.libraries,
    doors.listeners,
    doors.openness,
    doors.names,
    doors.certificates,
)


def examine(config: Config, file: Path | None) -> Iterator[Finding]:
    """`file` is where the configuration was read from, if from one."""
    patient = Patient(config, file)
    for check in CHECKS:
        yield from check(patient)
