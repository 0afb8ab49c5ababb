"""A question over the chat, answered by one key."""

from collections.abc import Mapping
from typing import Final

from textual import events
from textual.app import ComposeResult
from textual.widgets import Static

from hubbub.tui.ink import fit, legible_lines, paragraph
from hubbub.tui.screens.dialog import Dialog

# Lines of what it is about.
_SHOWN: Final = 5


class Ask(Dialog[str]):
    """Returns the key of the answer; Esc is the last one."""

    DEFAULT_CSS = """
    Ask { align: center middle; }
    Ask > Static { width: auto; max-width: 90%; max-height: 90%; border: round ansi_bright_black; padding: 0 1; }
    """

    def __init__(self, question: str, about: str, answers: Mapping[str, str], usual: str = "") -> None:
        """`answers`: what each key means; `usual` is the one that Enter gives."""
        super().__init__()
        self._question, self._about, self._answers, self._usual = question, about, answers, usual

    def compose(self) -> ComposeResult:
        """Called by Textual."""
        lines = legible_lines(self._about)
        shown = [*(fit(line, 60) for line in lines[:_SHOWN]), *["…"][: len(lines) > _SHOWN]]
        keys = "   ".join(f"[{key}] {meaning}{self._is_usual(key)}" for key, meaning in self._answers.items())
        yield Static(paragraph([self._question, "", *shown, "", keys]))

    async def press(self, event: events.Key) -> None:
        """Called by the app."""
        if event.key == "escape":
            self.close(list(self._answers)[-1])
        elif event.key == "enter" and self._usual:
            self.close(self._usual)
        elif (event.character or "") in self._answers:
            self.close(event.character)

    def _is_usual(self, key: str) -> str:
        return " (Enter)" if key == self._usual else ""
