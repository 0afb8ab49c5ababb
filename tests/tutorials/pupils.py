"""Programs after tutorials as processes of their own, whose keyboards and screens are pipes."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from urllib.parse import urlsplit

from tests.system.running import PATIENCE

_HERE = Path(__file__).parent
_STAMP = re.compile(r"^\[\d\d:\d\d:\d\d\] ")


class Pupil:
    """One program. `screen` is all that it has shown, without line ends: it prints one wherever a read ended, and the
    time where one began, if it shows that.
    """

    def __init__(self, door: str, url: str, name: str) -> None:
        self.door, self.name = door, name
        place = urlsplit(url)
        program = [f"{door}_client.py"] if door != "classic" else ["single_script.py", "127.0.0.1"]
        # Nothing installed is looked for: they start in half the time.
        command = [
            sys.executable,
            "-I",
            "-S",
            f"{_HERE}/{program[0]}",
            *program[1:],
            str(place.hostname),
            str(place.port),
        ]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
        )
        self.screen = ""
        self._news = threading.Condition()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        if door != "raw":
            self.types(f"#{name}" if door == "addressed" else name)

    def types(self, *lines: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write("".join(f"{line}\n" for line in lines))
        self.process.stdin.flush()

    def waits_for(self, shown: Callable[[str], bool] | str) -> None:
        """Until its screen shows that."""
        found = (lambda screen: shown in screen) if isinstance(shown, str) else shown
        with self._news:
            assert self._news.wait_for(lambda: found(self.screen), PATIENCE), f"{self.name} shows {self.screen!r}"

    def ends(self) -> int:
        """How it ended by itself."""
        return self.process.wait(PATIENCE)

    def close(self) -> str:
        """What it complained about."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(PATIENCE)
        self._reader.join(PATIENCE)
        assert self.process.stderr is not None
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        with self.process.stderr as errors, self.process.stdout:
            self.process.stdin.close()
            return errors.read()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            with self._news:
                self.screen += _STAMP.sub("", line.rstrip("\n"))
                self._news.notify_all()
