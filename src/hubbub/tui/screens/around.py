"""A message and what was said before and after it, where that is too far up to scroll to."""

from collections.abc import Sequence

from hubbub.client.events import Said
from hubbub.tui import colours
from hubbub.tui.ink import drawable, legible_lines, width, wrap
from hubbub.tui.screens.scroll import Page, Scroll
from hubbub.tui.widgets.lines import Row


class Lately(Page):
    """The lines, the one that was looked for in the middle at first."""

    def __init__(self, said: Sequence[Said], msgid: str) -> None:
        super().__init__()
        self._said, self._msgid = said, msgid
        self._opened = False

    def rows(self) -> Sequence[Row]:
        """Called when it is drawn."""
        rows = [(event.msgid == self._msgid, row) for event in self._said for row in self._rows(event)]
        if not self._opened:
            self._opened = True
            self.top = next((place for place, (is_meant, _) in enumerate(rows) if is_meant), 0) - self.size.height // 2
        return [row for _, row in rows]

    def _rows(self, event: Said) -> list[Row]:
        head = f"{event.at.astimezone():%H:%M} {drawable(event.nick)}  "
        room = max(self.size.width - width(head), 10)
        lines = [text[start:end] for text in legible_lines(event.text) for start, end in wrap(text, room)]
        style = colours.CHOSEN if event.msgid == self._msgid else colours.PLAIN
        heads = [head, *[" " * width(head)] * (len(lines) - 1)]
        return [[(left, colours.DIM), (line, style)] for left, line in zip(heads, lines, strict=True)]


class Around(Scroll):
    """Shown until a key is pressed that does not scroll."""

    def __init__(self, title: str, said: Sequence[Said], msgid: str) -> None:
        super().__init__(title, Lately(said, msgid))
