"""A list over the chat that gets shorter with every letter: for jumping, reacting, and finding what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input

from hubbub.tui import colours
from hubbub.tui.ink import drawable, fit, width, words
from hubbub.tui.widgets.lines import Lines, Row, window

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Choice:
    """A line to choose: what it says, what stands at its right, and what choosing it gives."""

    label: str
    about: str
    value: Any


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


class Choosing(ModalScreen[T]):
    """A field to type in and the choices below it. Returns the value of what was chosen, None for nothing."""

    DEFAULT_CSS = """
    Choosing { align: center top; }
    Choosing > Vertical { width: 60; max-width: 95%; height: auto; max-height: 90%; border: round ansi_bright_black; }
    Choosing Input, Choosing Input:focus { border: none; height: 1; padding: 0 1; }
    """
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "none", show=False),
        Binding("down,ctrl+n,tab", "move(1)", show=False, priority=True),
        Binding("up,ctrl+p,shift+tab", "move(-1)", show=False, priority=True),
        Binding("enter", "take", show=False, priority=True),
    ]

    def __init__(self, title: str, field: Input) -> None:
        super().__init__()
        self._list = Choices()
        self._box = Vertical(field, self._list)
        self._box.border_title = words(title)

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        yield self._box

    def show(self, choices: Sequence[Choice]) -> None:
        """Have these, the first one chosen."""
        self._list.choices, self._list.place = choices, 0
        self._list.update()

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        choice = self._list.at(event.y) if event.widget is self._list else None
        if choice is not None:
            self.dismiss(choice.value)

    def action_move(self, step: int) -> None:
        """Choose another line."""
        count = len(self._list.choices)
        self._list.place = (self._list.place + step) % count if count else 0
        self._list.update()

    def action_take(self) -> None:
        """Take the one that is chosen."""
        self.dismiss(self._list.choices[self._list.place].value if self._list.choices else None)

    def action_none(self) -> None:
        """Choose nothing."""
        self.dismiss(None)


class Choose(Choosing[object]):
    """Offers what fits to the letters that are typed."""

    def __init__(self, title: str, offer: Callable[[str], list[Choice]], cells: int = 60) -> None:
        """`offer(text)` gives the choices for what was typed, the best first; `cells` is how wide it may be."""
        super().__init__(title, Input(placeholder="some letters…", compact=True))
        self._box.styles.width = cells
        self._offer = offer

    def on_mount(self) -> None:
        """Called by Textual."""
        self.show(self._offer(""))

    def on_input_changed(self, event: Input.Changed) -> None:
        """Called by Textual."""
        self.show(self._offer(event.value))
