"""The doorplate: where a running server is found, written into its data directory for programs beside it."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import Final

import msgspec

from hubbub.config.endpoint import Endpoint, parse

NAME: Final = "listening.json"


class Doorplate(msgspec.Struct, frozen=True):
    """`urls` are its listeners, `page` is where browsers find it, "" where they do not. `fingerprint` is that of the
    certificate that it signed itself, "" where it shows none."""

    name: str
    urls: tuple[str, ...]
    page: str = ""
    fingerprint: str = ""

    def endpoint(self, scheme: str) -> Endpoint | None:
        """The first listener of that kind."""
        return next((found for found in map(parse, self.urls) if found.scheme == scheme), None)

    def write(self, data: Path) -> None:
        """In one step: a reader finds the old one or this."""
        draft = data / f"{NAME}.new"
        with suppress(OSError):  # it is a help, and no server is stopped for want of it
            draft.write_bytes(msgspec.json.encode(self) + b"\n")
            os.replace(draft, data / NAME)


def read(data: Path) -> Doorplate | None:
    """What the server said that runs here or ran here last; None where none did, or it took leave."""
    try:
        return msgspec.json.decode((data / NAME).read_bytes(), type=Doorplate)
    except (OSError, msgspec.DecodeError):
        return None


def take_down(data: Path) -> None:
    (data / NAME).unlink(missing_ok=True)
