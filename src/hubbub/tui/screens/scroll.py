"""Something to read over the chat that may be longer than the screen."""

from collections.abc import Sequence
from typing import ClassVar, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from hubbub.tui.ink import words
from hubbub.tui.screens.dialog import Dialog
from hubbub.tui.widgets.lines import Lines, Row

_STEPS: Final = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "space": 10}


class Page(Lines, can_focus=True):
    """The rows of it, as far as they fit, from `top` on."""

    DEFAULT_CSS = "Page { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.top = 0

    def rows(self) -> Sequence[Row]:
        """All of it, as wide as the page is now; for those who make one."""
        return ()

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        rows = self.rows()
        self.top = max(min(self.top, len(rows) - self.size.height), 0)
        return rows[self.top : self.top + self.size.height]


class Scroll(Dialog[None]):
    """Shown until a key is pressed that does not scroll."""

    DEFAULT_CSS = """
    Scroll { align: center middle; }
    Scroll > Vertical { width: 95%; height: 90%; border: round ansi_bright_black; padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "Page"

    def __init__(self, title: str, page: Page) -> None:
        super().__init__()
        self._title, self._page = title, page

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(self._page)
        box.border_title, box.border_subtitle = words(self._title), words("arrows scroll, Esc closes")
        yield box

    async def press(self, event: events.Key) -> None:
        """Called by the app."""
        step = _STEPS.get(event.key, 0)
        if step:
            self._page.top += step
            self._page.update()
        else:
            self.close()
