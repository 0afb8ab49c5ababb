"""One line of typing: keys in, finished lines out, and what of it to draw. It knows nothing of terminals' settings.

Keys as in ECMA-48 and xterm's control sequences, names and effects as in readline.
"""

import codecs
import re
import unicodedata
from collections.abc import Callable
from typing import Final

# What terminals send for one key: a control sequence, ESC O and a letter, ESC and a character, or one character.
_KEY: Final = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1bO.|\x1b[^\[O]|[^\x1b]", re.DOTALL)

# Joiners are invisible and yet letters to those whose script needs them.
_JOINERS: Final = frozenset("\u200c\u200d")

_HISTORY_MAX: Final = 500

Key = Callable[["Editor"], None]

KEYS: Final[dict[str, Key]] = {}


class Editor:
    """The text being typed, the place in it, and the lines typed before."""

    def __init__(self) -> None:
        self.text = ""
        self.cursor = 0
        self.ended = False
        self._decoder = codecs.getincrementaldecoder("utf-8")(errors="replace")
        self._rest = ""
        self._done: list[str] = []
        self._history: list[str] = []
        self._place = 0  # in the history; its length stands for the line being typed
        self._draft = ""

    def feed(self, data: bytes) -> list[str]:
        """Take what was typed; returns the lines that were finished. `ended` is set by Ctrl-D on an empty line."""
        text = self._rest + self._decoder.decode(data)
        place = 0
        while found := _KEY.match(text, place):
            place = found.end()
            self._press(found[0])
        self._rest = text[place:]  # the beginning of a key
        done, self._done = self._done, []
        return done

    def view(self, prompt: str, width: int) -> tuple[str, int]:
        """What fits into `width` cells, the prompt first, and the cell of the cursor in it."""
        free = max(width - cells(prompt) - 1, 1)
        start = self.cursor
        while start and cells(self.text[start - 1 : self.cursor]) <= free:
            start -= 1
        end = self.cursor
        while end < len(self.text) and cells(self.text[start : end + 1]) <= free:
            end += 1
        return prompt + self.text[start:end], cells(prompt) + cells(self.text[start : self.cursor])

    def _press(self, key: str) -> None:
        if key in KEYS:
            KEYS[key](self)
        elif key.isprintable() or key in _JOINERS:
            self.text = self.text[: self.cursor] + key + self.text[self.cursor :]
            self.cursor += 1

    def remove(self, start: int, end: int) -> None:
        """Take out what stands between two places."""
        self.text = self.text[:start] + self.text[end:]
        self.cursor = start

    def enter(self) -> None:
        """The line is finished."""
        if self.text.strip() and self._history[-1:] != [self.text]:
            self._history = [*self._history, self.text][-_HISTORY_MAX:]
        self._done.append(self.text)
        self._place, self._draft = len(self._history), ""
        self.text, self.cursor = "", 0

    def recall(self, step: int) -> None:
        """Go to an older (-1) or newer (1) line."""
        place = self._place + step
        if not 0 <= place <= len(self._history):
            return
        if self._place == len(self._history):
            self._draft = self.text
        self._place = place
        self.text = self._draft if place == len(self._history) else self._history[place]
        self.cursor = len(self.text)

    def word_left(self) -> int:
        """Where the word before the cursor begins."""
        before = self.text[: self.cursor].rstrip()
        return len(before) - len(before.split(" ")[-1]) if before else 0

    def word_right(self) -> int:
        """Where the word after the cursor ends."""
        after = self.text[self.cursor :]
        word = after.lstrip()
        return self.cursor + len(after) - len(word) + len(word.split(" ")[0])


def cells(text: str) -> int:
    """How many cells of a terminal a text takes: none for accents, two for wide characters."""
    return sum(map(_cell, text))


def _cell(char: str) -> int:
    if unicodedata.category(char) in {"Mn", "Me", "Cf"}:
        return 0
    return 2 if unicodedata.east_asian_width(char) in {"W", "F"} else 1


def _key(*keys: str) -> Callable[[Key], Key]:
    def register(effect: Key) -> Key:
        KEYS.update(dict.fromkeys(keys, effect))
        return effect

    return register


@_key("\r", "\n")
def _enter(editor: Editor) -> None:
    editor.enter()


@_key("\x7f", "\x08")
def _backspace(editor: Editor) -> None:
    editor.remove(max(editor.cursor - 1, 0), editor.cursor)


@_key("\x1b[3~")
def _delete(editor: Editor) -> None:
    editor.remove(editor.cursor, editor.cursor + 1)


@_key("\x04")
def _delete_or_end(editor: Editor) -> None:
    editor.ended = editor.ended or not editor.text
    editor.remove(editor.cursor, editor.cursor + 1)


@_key("\x15")
def _delete_to_start(editor: Editor) -> None:
    editor.remove(0, editor.cursor)


@_key("\x0b")
def _delete_to_end(editor: Editor) -> None:
    editor.remove(editor.cursor, len(editor.text))


@_key("\x17", "\x1b\x7f", "\x1b\x08")
def _delete_word(editor: Editor) -> None:
    editor.remove(editor.word_left(), editor.cursor)


@_key("\x1b[D", "\x1bOD", "\x02")
def _left(editor: Editor) -> None:
    editor.cursor = max(editor.cursor - 1, 0)


@_key("\x1b[C", "\x1bOC", "\x06")
def _right(editor: Editor) -> None:
    editor.cursor = min(editor.cursor + 1, len(editor.text))


@_key("\x1b[1;5D", "\x1b[1;3D", "\x1bb")
def _word_left(editor: Editor) -> None:
    editor.cursor = editor.word_left()


@_key("\x1b[1;5C", "\x1b[1;3C", "\x1bf")
def _word_right(editor: Editor) -> None:
    editor.cursor = editor.word_right()


@_key("\x1b[H", "\x1bOH", "\x1b[1~", "\x1b[7~", "\x01")
def _home(editor: Editor) -> None:
    editor.cursor = 0


@_key("\x1b[F", "\x1bOF", "\x1b[4~", "\x1b[8~", "\x05")
def _end(editor: Editor) -> None:
    editor.cursor = len(editor.text)


@_key("\x1b[A", "\x1bOA", "\x10")
def _older(editor: Editor) -> None:
    editor.recall(-1)


@_key("\x1b[B", "\x1bOB", "\x0e")
def _newer(editor: Editor) -> None:
    editor.recall(1)
