"""What one had open on each network, and how far one had read, for the next start: a file only its owner can read."""

import json
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from hubbub.client.keeping import write_whole
from hubbub.client.model.buffer import Buffer
from hubbub.client.model.network import Network
from hubbub.client.reading import parse_time
from hubbub.client.way import Way
from hubbub.tui.links import Links
from hubbub.wire.line import BadLine

# Of one network. More are a /list or a /query away.
_OPEN_MAX: Final = 100


class Memory:
    """`path` names the file; without one it is the platform's place for such things."""

    def __init__(self, path: Path | None = None) -> None:
        self._path: Final = path or _usual()
        self._saved: dict[str, dict[str, str]] = {}

    def restore(self, network: Network, way: Way) -> None:
        """Open again what was open there, behind what its address names."""
        for name, stamp in _pairs(self._read().get(_name(way))):
            with suppress(BadLine):  # a name that can be none, by whoever wrote it
                buffer = network.find(name) or _opened(network, name)
                buffer.marker = parse_time(stamp, None)

    def keep(self, links: Links) -> None:
        """Write down what is open now, if it is not what is written there."""
        now = {_name(links.way(network)): dict(_open(network)) for network in links.desk.networks}
        if now != self._saved:
            self._saved = now
            with suppress(OSError):  # what cannot be kept is gone into again by hand
                write_whole(self._path, json.dumps({**self._read(), **now}, ensure_ascii=False, indent=1))

    def _read(self) -> dict[str, Any]:
        try:
            known = json.loads(self._path.read_text(encoding="utf-8"))
        except (OSError, ValueError):
            return {}
        return known if isinstance(known, dict) else {}


def _opened(network: Network, name: str) -> Buffer:
    if network.client.mirror.features.is_room(name):
        network.client.join(name)
    return network.open(name)


def _open(network: Network) -> Iterator[tuple[str, str]]:
    """Rooms that we were put out of are not gone into again."""
    for buffer in [buffer for buffer in network.buffers if not buffer.left][:_OPEN_MAX]:
        yield buffer.name, _stamp(buffer)


def _stamp(buffer: Buffer) -> str:
    return buffer.marker.isoformat() if buffer.marker is not None else ""


def _pairs(kept: object) -> Iterator[tuple[str, str]]:
    """What somebody else wrote into the file is passed over."""
    for name, stamp in list(kept.items())[:_OPEN_MAX] if isinstance(kept, dict) else ():
        if name and isinstance(stamp, str):
            yield name, stamp


def _name(way: Way) -> str:
    """Of a network, for one of the names that somebody goes by: two of them have not the same open."""
    return f"{way.identity.nick}@{way.address}".lower()


def _usual() -> Path:
    from platformdirs import user_state_path

    return user_state_path("hubbub") / "open.json"
