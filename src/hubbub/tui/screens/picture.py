"""A picture over the chat, from when it is asked for until it is closed: it is fetched meanwhile."""

from collections.abc import Awaitable, Callable, Sequence
from typing import TYPE_CHECKING, Final

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical

from hubbub.client.download import CannotFetch
from hubbub.client.exchange import Progress
from hubbub.tui import colours
from hubbub.tui.ink import drawable, words, wrap
from hubbub.tui.pictures import BadPicture, draw
from hubbub.tui.screens.dialog import Dialog
from hubbub.tui.widgets.lines import Lines, Row

if TYPE_CHECKING:
    from PIL.Image import Image

Fetch = Callable[[Progress], Awaitable["Image"]]
"""Gets the picture, and tells how much of it is there. Raises `CannotFetch` and `BadPicture`."""

_CLOSING: Final = frozenset({"escape", "enter", "space", "i", "q"})


class Shown(Lines):
    """The picture, or words in its place."""

    DEFAULT_CSS = "Shown { height: 1fr; }"

    def __init__(self) -> None:
        super().__init__()
        self.picture: Image | None = None
        self.said = "fetching it…"

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        if self.picture is not None:
            return draw(self.picture, self.size.width, self.size.height, ink=not self.app.no_color)
        text = drawable(self.said)
        return [[(text[start:end], colours.PLAIN)] for start, end in wrap(text, self.size.width)]


class Look(Dialog[None]):
    """What is fetched for it is given up when it is closed."""

    DEFAULT_CSS = """
    Look { align: center middle; }
    Look > Vertical { width: 100%; height: 100%; border: round ansi_bright_black; }
    Look.-tiny > Vertical, Look.-low > Vertical, Look.-flat > Vertical { border: none; }
    """

    def __init__(self, title: str, fetch: Fetch) -> None:
        super().__init__()
        self._title, self._fetch, self._shown = title, fetch, Shown()

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(self._shown)
        box.border_title, box.border_subtitle = words(self._title), words("Esc closes")
        yield box

    def on_mount(self) -> None:
        """Called by Textual."""
        self.run_worker(self._get(), exit_on_error=False)

    async def press(self, event: events.Key) -> None:
        """Called by the app."""
        if event.key in _CLOSING:
            self.close()

    async def _get(self) -> None:
        try:
            self._shown.picture = await self._fetch(self._come)
        except (CannotFetch, BadPicture) as error:
            self._shown.said = f"not shown: {error}"
        self._shown.update()

    def _come(self, there: int, size: int) -> None:
        self._shown.said = f"fetching it… {100 * there // size} %" if size else f"fetching it… {there:,} bytes"
        self._shown.update()
