"""A list over the chat that gets shorter with every letter: for jumping, reacting, and finding what can be done."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Final, TypeVar

from textual import events
from textual.app import ComposeResult
from textual.containers import Vertical
from textual.widgets import Input

from hubbub.tui import colours
from hubbub.tui.ink import drawable, fit, width, words
from hubbub.tui.screens.dialog import Dialog
from hubbub.tui.widgets.lines import Lines, Row, window

T = TypeVar("T")

_STEPS: Final = {"down": 1, "ctrl+n": 1, "tab": 1, "up": -1, "ctrl+p": -1, "shift+tab": -1}


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


class Choosing(Dialog[T]):
    """A field to type in and the choices below it. Returns the value of what was chosen, None for nothing."""

    DEFAULT_CSS = """
    Choosing { align: center top; }
    Choosing > Vertical { width: 60; max-width: 95%; height: auto; max-height: 90%; border: round ansi_bright_black; }
    Choosing Input, Choosing Input:focus { border: none; height: 1; padding: 0 1; }
    """
    AUTO_FOCUS: ClassVar[str | None] = "Input"

    def __init__(self, title: str, field: Input) -> None:
        super().__init__()
        self._field, self._list = field, Choices()
        self._box = Vertical(field, self._list)
        self._box.border_title = words(title)
        self._sought: str | None = None  # what the choices fit to

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        yield self._box

    def seek(self, text: str) -> None:
        """Show what fits to a text; for those who make one."""

    def show(self, choices: Sequence[Choice]) -> None:
        """Have these, the first one chosen."""
        self._list.choices, self._list.place = choices, 0
        self._list.update()

    async def press(self, event: events.Key) -> None:
        """Called by the app."""
        self._follow()
        if event.key == "escape":
            self.close()
        elif event.key == "enter":
            self._take(self._list.choices[self._list.place] if self._list.choices else None)
        elif event.key in _STEPS:
            self._move(_STEPS[event.key])
        else:
            await self._write(event)
            self._follow()

    def on_mount(self) -> None:
        """Called by Textual."""
        self._follow()

    def on_input_changed(self) -> None:
        """Called by Textual, also for what is pasted."""
        self._follow()

    def on_click(self, event: events.Click) -> None:
        """Called by Textual."""
        choice = self._list.at(event.y) if event.widget is self._list else None
        if choice is not None:
            self._take(choice)

    async def _write(self, event: events.Key) -> None:
        """As the field would, which cannot be waited for."""
        if event.is_printable:
            self._field.replace(event.character or "", *self._field.selection)
        elif bound := self._field._bindings.key_to_bindings.get(event.key):
            await self._field.run_action(bound[0].action)

    def _follow(self) -> None:
        if self._field.value != self._sought:
            self._sought = self._field.value
            self.seek(self._sought)

    def _move(self, step: int) -> None:
        count = len(self._list.choices)
        self._list.place = (self._list.place + step) % count if count else 0
        self._list.update()

    def _take(self, choice: Choice | None) -> None:
        self.close(choice.value if choice is not None else None)


class Choose(Choosing[object]):
    """Offers what fits to the letters that are typed."""

    def __init__(self, title: str, offer: Callable[[str], list[Choice]], cells: int = 60) -> None:
        """`offer(text)` gives the choices for what was typed, the best first; `cells` is how wide it may be."""
        super().__init__(title, Input(placeholder="some letters…", compact=True))
        self._box.styles.width = cells
        self._offer = offer

    def seek(self, text: str) -> None:
        """Show what is offered."""
        self.show(self._offer(text))
