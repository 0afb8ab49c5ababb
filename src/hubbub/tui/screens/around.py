"""A message and what was said before and after it, where that is too far up to scroll to."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.screen import ModalScreen

from hubbub.client.events import Said
from hubbub.tui import colours
from hubbub.tui.ink import drawable, legible_lines, width, words, wrap
from hubbub.tui.widgets.lines import Lines, Row


class Page(Lines, can_focus=True):
    """The lines, the one that was looked for in the middle at first."""

    DEFAULT_CSS = "Page { height: 1fr; }"

    def __init__(self, said: Sequence[Said], msgid: str) -> None:
        super().__init__()
        self._said, self._msgid = said, msgid
        self.top: int | None = None

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        rows = [(event.msgid == self._msgid, row) for event in self._said for row in self._rows(event)]
        meant = next((place for place, (is_meant, _) in enumerate(rows) if is_meant), 0)
        top = meant - self.size.height // 2 if self.top is None else self.top
        self.top = max(min(top, len(rows) - self.size.height), 0)
        return [row for _, row in rows[self.top : self.top + self.size.height]]

    def _rows(self, event: Said) -> list[Row]:
        head = f"{event.at.astimezone():%H:%M} {drawable(event.nick)}  "
        room = max(self.size.width - width(head), 10)
        lines = [text[start:end] for text in legible_lines(event.text) for start, end in wrap(text, room)]
        style = colours.CHOSEN if event.msgid == self._msgid else colours.PLAIN
        heads = [head, *[" " * width(head)] * (len(lines) - 1)]
        return [[(left, colours.DIM), (line, style)] for left, line in zip(heads, lines, strict=True)]


class Around(ModalScreen[None]):
    """Shown until a key is pressed that does not scroll."""

    DEFAULT_CSS = """
    Around { align: center middle; }
    Around > Vertical { width: 95%; height: 90%; border: round ansi_bright_black; padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "Page"

    def __init__(self, title: str, said: Sequence[Said], msgid: str) -> None:
        super().__init__()
        self._title, self._page = title, Page(said, msgid)

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(self._page)
        box.border_title, box.border_subtitle = words(self._title), words("arrows scroll, Esc closes")
        yield box

    def on_key(self, event: events.Key) -> None:
        """Called by Textual."""
        step = {"down": 1, "up": -1, "pagedown": 10, "pageup": -10, "space": 10}.get(event.key, 0)
        event.stop()
        if not step:
            self.dismiss(None)
            return
        self._page.top = (self._page.top or 0) + step
        self._page.update()
