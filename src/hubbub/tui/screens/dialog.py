"""What everything that lies over the chat has in common: it is dealt its keys, and closes once."""

from typing import ClassVar, TypeVar

from textual import events
from textual.screen import ModalScreen

T = TypeVar("T")


class Dialog(ModalScreen[T]):
    """Over the chat until it is closed. Keys come here from the app, each before the next one is looked at.

    Over a slow line many come at once: what is typed behind the key that closes a dialog is meant for what is in front
    then, and would be lost with the dialog in whose queue it waits.
    """

    AUTO_FOCUS: ClassVar[str | None] = None

    async def press(self, event: events.Key) -> None:
        """A key was pressed; for those who make one."""

    def close(self, result: T | None = None) -> None:
        """Be gone, with a result. Once it is closed, or something else lies over it, this means nothing."""
        if self.is_active:
            self.dismiss(result)
