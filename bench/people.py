"""The load generator (load.c) as a running process, spoken to in lines."""

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from bench.build import program
from bench.loads import Load
from bench.trouble import Broken


class People:
    """It names a phase that is over and waits to be sent on; its last word is what it measured."""

    def __init__(self, pid: int, words: IO[str], answers: IO[str], trouble: IO[str]) -> None:
        """Takes the generator's process id, stdin, stdout and stderr."""
        self.pid = pid
        self._words, self._answers, self._trouble = words, answers, trouble

    def reach(self, phase: str) -> None:
        """Waits until `phase` is over; raises Broken with the generator's own sentence when it gave up."""
        if (line := self._line()) != phase:
            raise Broken(f"expected the load generator to say {phase!r}, it said {line!r}")

    def go_on(self, phase: str) -> None:
        """Sends it on and waits until `phase`, the next one, is over."""
        self._send_on()
        self.reach(phase)

    def result(self) -> dict[str, float]:
        """Sends it into the measured phase and waits for the figures that load.c prints."""
        self._send_on()
        figures: dict[str, float] = json.loads(self._line())
        return figures

    def _send_on(self) -> None:
        self._words.write("\n")
        self._words.flush()

    def _line(self) -> str:
        if line := self._answers.readline().strip():
            return line
        raise Broken(self._trouble.read().strip() or "the load generator ended without a word")


@contextmanager
def people(load: Load, port: int) -> Iterator[People]:
    """The generator, started for `load` against a server on 127.0.0.1; killed on the way out."""
    command = [str(program("load")), f"port={port}", *load.options()]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, stderr=pipe, text=True) as process:
        try:
            if process.stdin and process.stdout and process.stderr:  # always so with three pipes
                yield People(process.pid, process.stdin, process.stdout, process.stderr)
        finally:
            process.kill()
