"""What a machine says about itself: where its programs keep data, and what it is called."""

import os
import re
import socket
import sys
from pathlib import Path
from typing import Final

_HOST_NAME: Final = re.compile(r"(?=.{1,63}\Z)[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)+")


def data_directory() -> str:
    """Where this platform keeps a program's data.

    https://specifications.freedesktop.org/basedir-spec/latest/ where nothing else is the custom.
    """
    home = Path.home()
    if sys.platform == "darwin":
        return str(home / "Library" / "Application Support" / "hubbub")
    if sys.platform == "win32":
        return str(Path(os.environ.get("APPDATA") or home / "AppData" / "Roaming") / "hubbub")
    given = os.environ.get("XDG_DATA_HOME", "")
    # "All paths set in these environment variables must be absolute. […] consider the path invalid and ignore it."
    return str((Path(given) if Path(given).is_absolute() else home / ".local" / "share") / "hubbub")


def is_host_name(text: str) -> bool:
    """At most 63 characters with a dot: IRC clients tell a server from a nick by the dot."""
    return _HOST_NAME.fullmatch(text.lower()) is not None


def server_name() -> str:
    """This machine's name if it can be a server's. Asks no name server: that may hang."""
    name = socket.gethostname().lower()
    candidates = (name, f"{name}.local")
    return next(filter(is_host_name, candidates), "hubbub.local")
