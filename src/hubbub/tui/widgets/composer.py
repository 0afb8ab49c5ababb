"""Where one writes: several lines if need be, the lines typed before, and what Tab completes.

Everything that comes into it from elsewhere (a paste, a draft, a message to be edited) is made clean first.
"""

from typing import ClassVar, Final

from textual import events
from textual.binding import Binding, BindingType
from textual.widgets import TextArea

from hubbub.tui.completing import Cycle
from hubbub.tui.ink import legible_lines, words
from hubbub.tui.messages import Completing, Drafted, Escaped, Pasted, Recalled, Submitted

# Lines of a paste that are put in without a question.
_PASTE_MAX: Final = 5

_NEWLINES: Final = frozenset({"alt+enter", "shift+enter", "ctrl+j"})


class Composer(TextArea):
    """The text being written. The screen keeps it, a draft for each conversation."""

    DEFAULT_CSS = """
    Composer { height: auto; max-height: 8; border: round ansi_bright_black; padding: 0 1; background: ansi_default; }
    Composer:focus { border: round ansi_default; }
    Composer.-bare, Composer.-bare:focus { border: none; padding: 0; max-height: 4; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [Binding("ctrl+underscore", "undo", show=False)]

    def __init__(self) -> None:
        super().__init__(highlight_cursor_line=False)
        self.cursor_blink = False  # over a slow line it would be most of what is sent
        self._typed: list[str] = []
        self._place = 0
        self._own = ""
        self._cycle: Cycle | None = None
        self._completed = ""
        self._invitation = ""

    def put(self, text: str, typed: list[str], placeholder: str) -> None:
        """Have a draft in it, with the lines that were typed here before."""
        self._typed, self._place, self._cycle = typed, len(typed), None
        self.invite(placeholder)
        if text != self.text:
            self._fill(text)

    def invite(self, placeholder: str) -> None:
        """Say what may be written here."""
        if placeholder != self._invitation:
            self._invitation = placeholder
            self.placeholder = words(placeholder)

    @property
    def draft(self) -> str:
        """What the person wrote here: where a line typed before was only called up, what was there before it."""
        recalled = self._place < len(self._typed) and self.text == legible(self._typed[self._place])
        return self._own if recalled else self.text

    def submit(self) -> None:
        """Hand over what was written. What is typed from here on is another text, however soon it comes."""
        self.post_message(Submitted(self.text))
        self.load_text("")

    def complete(self, cycle: Cycle | None) -> None:
        """Take the next of some completions of what stands before the cursor."""
        self._cycle = cycle
        if cycle is not None:
            row, column = self.cursor_location
            start = cycle.start
            self.replace(cycle.take(), (row, start), (row, column))
            self._completed = self.text

    def word(self) -> tuple[str, int]:
        """The line up to the cursor, and in which line of the text that is."""
        row, column = self.cursor_location
        return self.document.get_line(row)[:column], row

    @property
    def cycle(self) -> Cycle | None:
        """The completions that Tab goes through: where there are several, as long as nothing else is written."""
        several = self._cycle is not None and len(self._cycle.choices) > 1
        return self._cycle if several and self.text == self._completed else None

    async def _on_key(self, event: events.Key) -> None:
        """Called by Textual."""
        if event.key == "tab":
            event.stop()
            event.prevent_default()
            self.post_message(Completing())
            return
        self._cycle = None
        if event.key == "enter":
            event.stop()
            event.prevent_default()
            self.submit()
        elif event.key == "escape":
            event.stop()
            self.post_message(Escaped())
        elif event.key in _NEWLINES:
            event.stop()
            event.prevent_default()
            self.insert("\n")
        elif not self._recalled(event) and not await self._bound(event):
            await super()._on_key(event)

    async def _bound(self, event: events.Key) -> bool:
        """What an editing key does is done at once. Textual would do it some turns later, and letters that come in the
        same moment, as over a slow line, would overtake it."""
        bound = self._bindings.key_to_bindings.get(event.key)
        if not bound:
            return False
        event.stop()
        event.prevent_default()
        await self.run_action(bound[0].action)
        return True

    async def _on_paste(self, event: events.Paste) -> None:
        """Called by Textual, for this class and then for TextArea's unless it is stopped."""
        event.stop()
        event.prevent_default()
        text = legible(event.text)
        if text.count("\n") >= _PASTE_MAX:
            self.post_message(Pasted(text))
        else:
            self.insert(text)

    def on_text_area_changed(self) -> None:
        """Called by Textual."""
        self.post_message(Drafted(self.text))

    def _recalled(self, event: events.Key) -> bool:
        """Up in the first line and down in the last go through what was typed before."""
        step = {"up": -1, "down": 1}.get(event.key, 0)
        edge = self.cursor_at_first_line if step < 0 else self.cursor_at_last_line
        place = self._place + step
        if not step or not edge or not 0 <= place <= len(self._typed):
            return False
        event.stop()
        event.prevent_default()
        if self._place == len(self._typed):
            self._own = self.text
        self._place = place
        self._fill(self._own if place == len(self._typed) else self._typed[place])
        self.post_message(Recalled())
        return True

    def _fill(self, text: str) -> None:
        self.load_text(legible(text))
        self.move_cursor(self.document.end)


def legible(text: str) -> str:
    """A text of several lines that may be shown while it is written."""
    return "\n".join(legible_lines(text.replace("\r\n", "\n")))
