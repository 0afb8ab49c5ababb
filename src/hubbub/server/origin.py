"""The request that an event came from: whose it was, and how its sender learns what became of it."""

from __future__ import annotations

from typing import Any, Protocol

from hubbub.hub.events import Entry
from hubbub.hub.refusals import Refused
from hubbub.server.session import Session


class Origin(Protocol):
    """Kept by dialects: echoes and labels are added here, outside the shared rendering."""

    @property
    def session(self) -> Session[Any]: ...

    def heard(self, entry: Entry, data: bytes) -> bytes:
        """What the sender's session reads where everybody else reads `data`; b"" for nothing."""

    def failed(self, refused: Refused) -> None:
        """Talk that nobody waits for could not be stored: tell the sender."""
