"""What the small panes have in common: some lines, drawn anew when the screen says so."""

from collections.abc import Sequence
from typing import ClassVar, TypeVar

from textual.strip import Strip
from textual.widget import Widget

from hubbub.tui import colours
from hubbub.tui.ink import Piece, strip

T = TypeVar("T")

Row = Sequence[Piece]


class Lines(Widget):
    """A pane of lines. `lines` says what stands in it, from its top on."""

    ALLOW_SELECT: ClassVar[bool] = False

    def __init__(self) -> None:
        super().__init__()
        self._shown: Sequence[Row] = ()

    def lines(self) -> Sequence[Row]:
        """As many lines as the pane is high, or fewer."""
        return ()

    def update(self) -> None:
        """Draw it anew, if it says something else now."""
        lines = self.lines() if self.display and self.size.height else ()
        if lines != self._shown:
            self._shown = lines
            self.refresh()

    def on_resize(self) -> None:
        """Called by Textual."""
        self.update()

    def render_line(self, y: int) -> Strip:
        """Called by Textual for each line of it."""
        pieces = self._shown[y] if y < len(self._shown) else ()
        return strip(pieces, self.size.width, colours.PLAIN)


def window(items: Sequence[T], place: int, size: int) -> tuple[int, Sequence[T]]:
    """As many items as there is room for, the one at `place` among them; and where they begin."""
    start = max(min(place - size // 2, len(items) - size), 0)
    return start, items[start : start + size]
