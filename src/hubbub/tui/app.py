"""The program that Textual runs: one screen, the colours of the terminal, and nothing else."""

from collections.abc import Sequence
from typing import Any, ClassVar, Final

from textual import events
from textual.app import App
from textual.binding import BindingType
from textual.driver import Driver
from textual.filter import LineFilter
from textual.screen import Screen

from hubbub.client.model.desk import Desk
from hubbub.client.way import Outcome
from hubbub.tui.driver import choose
from hubbub.tui.links import Links
from hubbub.tui.messages import Begun
from hubbub.tui.palettes import palette
from hubbub.tui.screens.ask import Ask
from hubbub.tui.screens.chat import Chat
from hubbub.tui.screens.dialog import Dialog
from hubbub.tui.settings.kept import Kept

# From so many cells on a screen is called so: what it shows then is said in its styles.
_WIDTHS: Final = [(0, "-sliver"), (20, "-narrow"), (80, "-wide")]
_HEIGHTS: Final = [(0, "-flat"), (5, "-tiny"), (7, "-low"), (10, "-tight"), (16, "-tall")]


class Hubbub(App[Outcome]):
    """A view of a desk. It may end and begin again: what is on the desk stays."""

    TITLE = "hubbub"
    ENABLE_COMMAND_PALETTE = False
    BINDINGS: ClassVar[list[BindingType]] = []
    CSS = "Chat { background: ansi_default; color: ansi_default; }"

    def __init__(self, desk: Desk, links: Links, driver: type[Driver] | None = None, kept: Kept | None = None) -> None:
        super().__init__(driver_class=choose(driver), ansi_color=True)
        self.desk, self.links, self.kept = desk, links, kept or Kept()
        self.HORIZONTAL_BREAKPOINTS, self.VERTICAL_BREAKPOINTS = _WIDTHS, _HEIGHTS
        self.animation_level = "none"
        self.set_reactive(App.theme, "ansi-dark")
        links.ended = self.exit
        self._palette = palette(self.kept.now.theme)
        self.kept.watch(self._paint)
        self._early: list[events.Event] | None = []  # what was typed before there was a field for it

    def get_default_screen(self) -> Screen[None]:
        """Called by Textual."""
        return Chat(self.desk, self.links, self.kept)

    def get_line_filters(self) -> Sequence[LineFilter]:
        """Called by Textual for what is drawn. Who asked for no colours (https://no-color.org) gets none."""
        ours = [] if self._palette is None or self.no_color else [self._palette]
        return [*super().get_line_filters(), *ours]

    async def on_event(self, event: events.Event) -> None:
        """Called by Textual, which would throw away keys as long as nothing has the focus, and those that wait in the
        queue of a dialog when it closes."""
        if self._early is not None and isinstance(event, events.Key | events.Paste):
            self._early.append(event)
        elif isinstance(event, events.Key) and not event.is_forwarded and isinstance(self.screen, Dialog):
            await self._deal(self.screen, event)
        else:
            await super().on_event(event)

    async def on_begun(self, _event: Begun) -> None:
        """There is a field to write in now. What was typed before goes there before what waits behind this."""
        early, self._early = self._early or [], None
        for event in early:
            await self.on_event(event)

    @property
    def fault(self) -> Exception | None:
        """What broke this view, if anything did."""
        return self._exception

    def _fatal_error(self) -> None:
        """Called by Textual, which would print pages of what every variable held. Who began the view tells of it."""
        self.bell()
        self._close_messages_no_wait()

    async def _deal(self, dialog: Dialog[Any], event: events.Key) -> None:
        """What means the same anywhere is ours, the rest is for what lies in front."""
        if event.key == "ctrl+q":
            await self.action_quit()
        else:
            await dialog.press(event)

    async def action_quit(self) -> None:
        """Called by Textual for ctrl+q, which it knows by itself."""
        chat = self.screen_stack[0]
        if isinstance(self.screen, Ask) or not isinstance(chat, Chat):  # asked already, and it is pressed again
            self.exit()
        else:
            chat.leave("")

    def _paint(self) -> None:
        self._palette = palette(self.kept.now.theme)
        self.refresh_css(animate=False)
