"""Where `hubbub web` shows the page of each server: always at the same port, under the same path that nobody guesses.

A browser tells one page from another by its port: what it keeps for one server, passwords too, no other gets to see.
"""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubbub.client.keeping import write_whole

_HEAD: Final = "# Where hubbub web shows the page of each server: its port, and a path that is for you alone.\n"
_PORTS: Final = range(20_000, 30_000)  # below those that systems give to whoever asks for any


@dataclass(frozen=True, slots=True)
class Berth:
    """`server` is an address, as HOST:PORT."""

    server: str
    port: int
    token: str

    @property
    def base(self) -> str:
        """The path that all of the page lies under."""
        return f"/{self.token}"

    @property
    def origin(self) -> str:
        """As browsers say whose page it is that asks."""
        return f"http://127.0.0.1:{self.port}"


class Berths:
    """A line for each in a file; without a `path` it is at the platform's place for such things."""

    def __init__(self, path: Path | None = None) -> None:
        self.path: Final = path or _usual()

    def of(self, server: str) -> Berth:
        """The one it has, or else a new one, at a port that no other server has."""
        known = self._read()
        free = set(_PORTS) - {berth.port for berth in known.values()}
        return known.get(server) or Berth(server, secrets.choice(sorted(free)), secrets.token_urlsafe(16))

    def keep(self, berth: Berth) -> None:
        """It is there from now on. Where that cannot be written down, it is elsewhere next time."""
        known = self._read()
        if known.get(berth.server) != berth:
            with suppress(OSError):
                write_whole(self.path, _HEAD + "".join(map(_line, {**known, berth.server: berth}.values())))

    def _read(self) -> dict[str, Berth]:
        try:
            rows = [line.split() for line in self.path.read_text(encoding="utf-8").splitlines()]
        except (OSError, UnicodeDecodeError):
            return {}
        return {row[0]: Berth(row[0], int(row[1]), row[2]) for row in rows if len(row) == 3 and row[1].isdecimal()}


def _line(berth: Berth) -> str:
    return f"{berth.server} {berth.port} {berth.token}\n"


def _usual() -> Path:
    from platformdirs import user_config_path

    return user_config_path("hubbub") / "web_pages"
