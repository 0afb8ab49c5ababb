"""A list over the chat that gets shorter with every letter: for jumping, reacting, and finding what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hubbub.tui import colours
from hubbub.tui.ink import drawable, fit, width, words
from hubbub.tui.widgets.lines import Lines, Row, window


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to choose: what it says, what stands at its right, and what choosing it gives."""

    label: str
    about: str
    value: object


class Choices(Lines):
    """The list; one is chosen."""

    DEFAULT_CSS = "Choices { height: 12; }"

    def __init__(self) -> None:
        super().__init__()
        self.choices: Sequence[Choice] = ()
        self.place = 0
        self._start = 0

    def lines(self) -> Sequence[Row]:
        """Called when it is drawn."""
        self._start, shown = window(self.choices, self.place, self.size.height)
        return [self._row(self._start + number, choice) for number, choice in enumerate(shown)]

    def at(self, y: int) -> Choice | None:
        """The choice in a line of the pane."""
        place = self._start + y
        return self.choices[place] if place < len(self.choices) else None

    def _row(self, place: int, choice: Choice) -> Row:
        style = colours.CHOSEN if place == self.place else colours.PLAIN
        about = fit(drawable(choice.about), self.size.width // 2)
        label = fit(drawable(choice.label), self.size.width - width(about) - 3)
        blank = " " * (self.size.width - width(label) - width(about) - 2)
        return [(f" {label}{blank}", style), (f"{about} ", style + colours.DIM)]


class Choose(ModalScreen[object]):
    """Returns what was chosen, None for nothing."""

    DEFAULT_CSS = """
    Choose { align: center top; }
    Choose > Vertical { width: 60; max-width: 95%; height: auto; max-height: 90%; border: round ansi_bright_black; }
    Choose Input, Choose Input:focus { border: none; height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "none", show=False),
        Binding("down,ctrl+n,tab", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p,shift+tab", "move(-1)", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),
    ]

    def __init__(self, title: str, offer: Callable[[str], list[Choice]], cells: int = 60) -> None:
        """`offer(text)` gives the choices for what was typed, the best first; `cells` is how wide it may be."""
        super().__init__()
        self._cells = cells
        self._title, self._offer = title, offer
        self._list = Choices()

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        box = Vertical(Input(placeholder="some letters…", compact=True), self._list)
        box.border_title = words(self._title)
        box.styles.width = self._cells
        yield box

    def on_mount(self) -> None:
        """Called by Textual."""
        self._list.choices = self._offer("")
        self._list.update()

    def on_input_changed(self, event: Input.Changed) -> None:
        """Called by Textual."""
        self._list.choices, self._list.place = self._offer(event.value), 0
        self._list.update()

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        if event.widget is self._list:
            choice = self._list.at(event.y)
            if choice is not None:
                self.dismiss(choice.value)

    def action_move(self, step: int) -> None:
        """Choose another line."""
        count = len(self._list.choices)
        self._list.place = (self._list.place + step) % count if count else 0
        self._list.update()

    def action_take(self) -> None:
        """Take the one that is chosen."""
        chosen = self._list.choices[self._list.place] if self._list.choices else None
        self.dismiss(chosen.value if chosen else None)

    def action_none(self) -> None:
        """Choose nothing."""
        self.dismiss(None)
