"""The settings in a file that people may read and edit (https://toml.io/en/v1.0.0), and what they are just now."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Final

from hubbub.client.keeping import write_whole
from hubbub.tui.settings.tree import BadSetting, Settings, Value, checked, row, rows

_HEAD: Final = "# Settings of hubbub in a terminal: /set lists all of them, with what they mean.\n"
_PLACE: Final = re.compile(r"(.*) \(at (line \d+), column \d+\)")


class Kept:
    """The settings as they are. `trouble` says what is wrong with the file, "" for nothing: then the defaults hold.

    `lent` says that the computer is not that of the person before the screen.
    """

    lent = False

    def __init__(self, path: Path | None = None) -> None:
        """`path` names the file; without one it is the platform's place for such things."""
        self.path: Final = path or _usual()
        self.now, self.trouble = Settings(), ""
        self._watching: list[Callable[[], None]] = []
        try:
            self.now = parse(self._text())
        except BadSetting as error:
            self.trouble = f"{self.path}, {error}. Until that is mended, the defaults hold."

    def watch(self, call: Callable[[], None]) -> None:
        """Have something called whenever a setting was changed."""
        self._watching.append(call)

    def put(self, name: str, value: Value) -> None:
        """Set and save. Raises BadSetting, also where the file has a mistake: then it is as before."""
        try:
            text = with_value(self._text(), name, value)
            self.now = parse(text)
        except BadSetting as error:
            raise BadSetting(f"not changed: {self.path}, {error}") from error
        self.trouble = ""
        for call in self._watching:
            call()
        self._write(text)

    def _text(self) -> str:
        try:
            return self.path.read_text(encoding="utf-8")
        except FileNotFoundError:
            return ""
        except (OSError, UnicodeDecodeError) as error:
            raise BadSetting(f"it cannot be read: {error}") from error

    def _write(self, text: str) -> None:
        try:
            write_whole(self.path, text)
        except OSError as error:
            raise BadSetting(f"changed until you leave, but not saved in {self.path}: {error.strerror}") from error


class Lent(Kept):
    """Those of somebody who is elsewhere: they hold as long as the screen does, and none reaches this computer."""

    lent = True

    def __init__(self) -> None:
        self._memory = ""
        super().__init__(Path("settings"))

    def put(self, name: str, value: Value) -> None:
        """Set. Raises BadSetting."""
        if name not in rows(lent=True):
            raise BadSetting(f"{name} cannot be set here: this screen is drawn by the server's computer")
        super().put(name, value)

    def _text(self) -> str:
        return self._memory

    def _write(self, text: str) -> None:
        self._memory = text


def parse(text: str) -> Settings:
    """The settings in a file; raises BadSetting with the line and what to do."""
    values = {}
    for name, value in _toml(text).items():
        try:
            values[row(name).name] = checked(name, value)
        except BadSetting as error:
            raise BadSetting(f"line {_line_of(text, name)}: {error}") from error
    return replace(Settings(), **values)  # type: ignore[arg-type]  # each value was checked against its row


def with_value(text: str, name: str, value: Value) -> str:
    """The text of the file with another value in it; whatever else stands there stays."""
    written = f"{name} = {_written(value)}\n"
    lines = text.splitlines(keepends=True)
    place = _line_of(text, name) - 1
    if place < 0:
        return f"{text.rstrip() or _HEAD.rstrip()}\n\n# {row(name).about}\n{written}"
    return "".join([*lines[:place], written, *lines[_end_of(lines, place) :]])


def _toml(text: str) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.fullmatch(str(error))
        what, line = found.groups() if found else (str(error), "the last line")
        raise BadSetting(
            f'{line}: {what[:1].lower()}{what[1:]}; expected NAME = VALUE, as theme = "dark", bell = true, '
            'ignore = ["sam", "tom"]'
        ) from error


def _line_of(text: str, name: str) -> int:
    """Counted from 1; 0 where it is not there."""
    key = re.compile(rf"""\s*\[*\s*["']?{re.escape(name)}["']?\s*[=.\]]""")
    return next((number for number, line in enumerate(text.splitlines(), 1) if key.match(line)), 0)


def _end_of(lines: list[str], place: int) -> int:
    """Behind the last line of what begins in a line: a list may go over several."""
    for end in range(place + 1, len(lines)):
        try:
            _toml("".join(lines[place:end]))
        except BadSetting:
            continue
        return end
    return len(lines)


def _written(value: Value) -> str:
    return json.dumps(value, ensure_ascii=False)


def _usual() -> Path:
    from platformdirs import user_config_path

    return user_config_path("hubbub") / "terminal.toml"
