"""A disk whose power fails: what a run wrote and waited for, recorded by strace, and what may be left of it.

What was not synced may be there, be missing, or be there in parts, sector by sector and in any order; a name in a
directory lasts once the directory was synced. https://www.sqlite.org/atomiccommit.html says what SQLite counts on.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from random import Random
from typing import Final

SECTOR: Final = 512
"""Bytes that a disk writes whole or not at all."""

_CALLS: Final = "openat,write,pwrite64,fsync,fdatasync,ftruncate,?unlink,?unlinkat"
_LINE: Final = re.compile(r"(\d+) +(?:<\.\.\. )?(\w+)(?:\(| resumed>)(.*)")
_HALF: Final = " <unfinished ...>"
_RESULT: Final = re.compile(r"\) += (-?\d+)")
_HEX: Final = r"((?:\\x[0-9a-f]{2})*)"
_FILE: Final = re.compile(rf"^\d+<{_HEX}>")
_TEXT: Final = re.compile(rf'"{_HEX}"')
_NUMBER: Final = re.compile(r", (\d+)$")


@dataclass(frozen=True, slots=True)
class Step:
    """One call that came back: `at` is where in the file, or how long the file is from now on."""

    call: str
    path: str
    data: bytes = b""
    at: int = 0


def record(command: Sequence[str | Path], log: Path) -> list[Step]:
    """Run it to its end; what it did to files, and `write` to its standard output, in order."""
    tracer = ["strace", "-f", "-y", "-xx", "-s", "100000", "--seccomp-bpf", "-o", str(log), "-e", f"trace={_CALLS}"]
    subprocess.run([*tracer, *map(str, command)], check=True, stdout=subprocess.PIPE)
    return list(_steps(log.read_text("ascii").splitlines()))


def _steps(lines: Sequence[str]) -> Iterator[Step]:
    begun: dict[str, str] = {}
    for line in lines:
        found = _LINE.match(line)
        if found is None:
            continue
        thread, call, rest = found.groups()
        if rest.endswith(_HALF):
            begun[thread] = rest.removesuffix(_HALF)
            continue
        rest = begun.pop(thread, "") + rest
        result = _RESULT.search(rest)
        if result is not None and int(result[1]) >= 0:
            yield _step(call, rest[: result.start()])


def _step(call: str, arguments: str) -> Step:
    file, text, number = _FILE.match(arguments), _TEXT.search(arguments), _NUMBER.search(arguments)
    data = _bytes(text[1]) if text else b""
    path = _bytes(file[1]).decode() if file else data.decode()
    if call == "openat" and "O_CREAT" not in arguments:
        call = "look"
    return Step(call, path, data, int(number[1]) if number else 0)


def _bytes(text: str) -> bytes:
    return bytes.fromhex(text.replace("\\x", ""))


@dataclass(eq=False)
class _File:
    """What the disk surely has of it, and what was done to it since."""

    synced: bytes = b""
    waiting: list[Step] = field(default_factory=list)

    def sync(self) -> None:
        content = bytearray(self.synced)
        for step in self.waiting:
            _do(step, content)
        self.synced, self.waiting = bytes(content), []

    def left(self, chance: Random, luck: float) -> bytes:
        """What may be found: each step made it to the disk with this probability, and writes did so in parts."""
        content = bytearray(self.synced)
        for step in self.waiting:
            for part in _parts(step) if chance.random() < 0.5 else (step,):
                if chance.random() < luck:
                    _do(part, content)
        return bytes(content)


def _do(step: Step, content: bytearray) -> None:
    if len(content) < step.at:
        content.extend(bytes(step.at - len(content)))
    if step.call == "ftruncate":
        del content[step.at :]
    else:
        content[step.at : step.at + len(step.data)] = step.data


def _parts(step: Step) -> Iterator[Step]:
    """A write as the sectors that it touches; anything else whole."""
    if step.call != "pwrite64":
        yield step
        return
    start, end = step.at, step.at + len(step.data)
    while start < end:
        stop = min(end, (start // SECTOR + 1) * SECTOR)
        yield Step(step.call, step.path, step.data[start - step.at : stop - step.at], start)
        start = stop


class Disk:
    """The files of one directory, as steps are taken there. Names that begin with it and anything else are ignored."""

    def __init__(self, directory: Path) -> None:
        self._directory = str(directory)
        self._files = {path.name: _File(path.read_bytes()) for path in directory.glob("*")}
        self._lasting = dict(self._files)
        self._moves: list[tuple[str, _File | None]] = []
        """Names that came and went since the directory was synced."""

    def take(self, step: Step) -> None:
        if step.path == self._directory and step.call in {"fsync", "fdatasync"}:
            self._lasting, self._moves = dict(self._files), []
        folder, _, name = step.path.rpartition("/")
        if folder == self._directory and not name.endswith("-shm"):  # which every start makes anew
            self._touch(step, name)

    def _touch(self, step: Step, name: str) -> None:
        match step.call:
            case "openat" if name not in self._files:
                self._name(name, _File())
            case "unlink" | "unlinkat":
                self._name(name, None)
            case "fsync" | "fdatasync":
                self._files[name].sync()
            case "pwrite64" | "ftruncate":
                self._files[name].waiting.append(step)

    def _name(self, name: str, file: _File | None) -> None:
        self._moves.append((name, file))
        if file is None:
            del self._files[name]
        else:
            self._files[name] = file

    def left(self, chance: Random) -> dict[str, bytes]:
        """What may be found in the directory if the power fails now."""
        names = dict(self._lasting)
        for name, file in self._moves[: chance.randint(0, len(self._moves))]:
            if file is None:
                names.pop(name, None)
            else:
                names[name] = file
        luck = chance.choice((0.0, 0.1, 0.5, 0.9, 1.0))
        return {name: file.left(chance, luck) for name, file in names.items()}
