"""The servers that we know by their certificates: whoever shows another one later is not taken for them.

A line for each, `HOST:PORT FINGERPRINT`, in a file that people may read and edit.
"""

from contextlib import suppress
from pathlib import Path
from typing import Final

from hubbub.client.keeping import write_whole
from hubbub.client.url import Address, BadAddress, parse_fingerprint

_HEAD: Final = "# Servers that hubbub knows by their certificates. Remove a line to forget one.\n"


class Known:
    """`path` names the file; without one it is the platform's place for such things."""

    def __init__(self, path: Path | None = None) -> None:
        self.path: Final = path or _usual()

    def fingerprint(self, address: Address) -> str:
        """By which it is known, or ""."""
        return self._read().get(_name(address), "")

    def remember(self, address: Address, fingerprint: str) -> None:
        """Know it by this one from now on. What cannot be kept is asked again next time."""
        known = self._read()
        if known.get(_name(address)) == fingerprint:
            return
        lines = "".join(f"{name} {found}\n" for name, found in {**known, _name(address): fingerprint}.items())
        with suppress(OSError):
            write_whole(self.path, _HEAD + lines)

    def _read(self) -> dict[str, str]:
        try:
            lines = self.path.read_text(encoding="utf-8").splitlines()
        except (OSError, UnicodeDecodeError):
            return {}
        return dict(pair for line in lines if (pair := _pair(line)) is not None)


def _pair(line: str) -> tuple[str, str] | None:
    """None for a line that says nothing."""
    name, _, fingerprint = line.partition(" ")
    try:
        return None if name[:1] in {"", "#"} else (name, parse_fingerprint(fingerprint))
    except BadAddress:
        return None


def _name(address: Address) -> str:
    return str(address).lower()


def _usual() -> Path:
    from platformdirs import user_config_path

    return user_config_path("hubbub") / "known_servers"
