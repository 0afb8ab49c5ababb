"""A server as a doctor sees it: its configuration, its data, and the process that runs on them, if one does."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from hubbub.config import Config
from hubbub.stores.directory import holder


class Patient:
    def __init__(self, config: Config, file: Path | None) -> None:
        self.config, self.file = config, file
        self.data = Path(config.data)
        self.pid = 0
        """Of the server that runs on the data; 0 where none does, or that cannot be seen."""
        with suppress(OSError, ValueError):
            self.pid = holder(self.data)

    @property
    def nearest(self) -> Path:
        """The directory of the data, or of those above it the first that is there."""
        return next(place for place in (self.data, *self.data.parents) if place.exists())

    @property
    def reload(self) -> str:
        """How it is made to read its files again."""
        return f"send SIGHUP to process {self.pid}" if self.pid else "start the server"
