"""What the next message is for, when it is not just said."""

from dataclasses import dataclass

from hubbub.client.model.entry import Entry
from hubbub.tui.body import gist


@dataclass(frozen=True, slots=True)
class Replying:
    """It answers an entry."""

    entry: Entry

    @property
    def words(self) -> str:
        """What the person is shown of it."""
        return f"↩ {gist(self.entry)}"


@dataclass(frozen=True, slots=True)
class Editing:
    """It takes the place of an entry; `draft` is what was being written before."""

    entry: Entry
    draft: str

    @property
    def words(self) -> str:
        """What the person is shown of it."""
        return f"✎ {gist(self.entry)}"


Purpose = Replying | Editing
