"""Whom a person does not want to hear, and by what words they are called besides their nick."""

from dataclasses import dataclass

from hubbub.client.events import Happening, Said
from hubbub.client.model.entry import Entry
from hubbub.client.model.mentions import is_mention


@dataclass(frozen=True, slots=True)
class Wishes:
    """`ignore` are nicks, `highlight` words."""

    ignore: tuple[str, ...] = ()
    highlight: tuple[str, ...] = ()

    def mark(self, entry: Entry, event: Happening, *, ignored: bool) -> None:
        """Have an entry stand as it is wished for: what is not to be heard keeps its place in the log, unseen."""
        if not isinstance(event, Said) or event.own:
            return
        if ignored:
            entry.kind, entry.mention = "ignored", False
        else:
            entry.mention = entry.mention or any(is_mention(event.text, word) for word in self.highlight)
