"""What is said, in files for those who want them: one for each conversation, in the plain view's lines with the day."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Final

from hubbub.client.events import Event, Happening
from hubbub.client.keeping import append
from hubbub.client.model.network import Network
from hubbub.client.render import Lines
from hubbub.tui.settings.kept import Kept
from hubbub.wire.clean import clean

# What no file system that we know takes as a letter of a name.
_FORBIDDEN: Final = re.compile(r'[\x00-\x1f\x7f/\\:*?"<>|]')

# Of 255 bytes that a name may have: four for each letter, and the ending.
_LETTERS_MAX: Final = 60


class Logbook:
    """Writes while the settings say so. What cannot be written is told once, and then no more is tried."""

    def __init__(self, kept: Kept, tell: Callable[[str], None], folder: Path | None = None) -> None:
        """`folder` is where they lie; without one it is the platform's place for such things."""
        self._kept, self._tell = kept, tell
        self._folder = folder or _usual()
        self._broken = False

    def hear(self, network: Network, event: Event) -> None:
        """Something was taken in, live: what is read from a server's history is there."""
        if not self._kept.now.logs or self._broken or not isinstance(event, Happening) or event.history:
            return
        buffer = network.find(event.conversation) if event.conversation else None
        if buffer is None or network.ignores(event.nick):
            return
        path = self._folder / _name(network.title) / f"{_name(buffer.name.lower())}.log"
        try:
            if text := _lines(event):
                append(path, text)
        except OSError as error:
            self._broken = True
            self._tell(f"conversations are not written down: {path}: {error.strerror}")


def _lines(event: Happening) -> str:
    at = event.at.astimezone()
    shown = Lines(lambda: at)
    shown.room = event.conversation
    return "".join(f"{at:%Y-%m-%d} {line}\n" for line in shown.render(event))


def _name(text: str) -> str:
    """A text as the name of a file: it leads nowhere else, and is never hidden."""
    name = _FORBIDDEN.sub("_", clean(text))[:_LETTERS_MAX].strip()
    return f"_{name.removeprefix('.')}" if name.startswith(".") or not name else name


def _usual() -> Path:
    from platformdirs import user_data_path

    return user_data_path("hubbub") / "logs"
