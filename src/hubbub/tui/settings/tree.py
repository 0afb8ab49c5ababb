"""All that can be set, each with its meaning and its default; and what is wrong with a value, in one sentence."""

import re
from dataclasses import dataclass, field, fields
from difflib import get_close_matches
from typing import Any, Final, TypeVar

Value = bool | str | tuple[str, ...]
T = TypeVar("T", bool, str, tuple[str, ...])

_SWITCH: Final = {"on": True, "true": True, "yes": True, "off": False, "false": False, "no": False}

# Not the one between the rooms of an address: irc://irc.example.org/#python,#rust
_COMMA: Final = re.compile(r",(?![#&])")


class BadSetting(ValueError):
    """A value that cannot be, or a name that means nothing; says what was expected."""


def _setting(default: T, about: str, *choices: str, local: bool = False) -> T:
    made: T = field(default=default, metadata={"about": about, "choices": choices, "local": local})
    return made


@dataclass(frozen=True, slots=True)
class Settings:
    """The values. Each is a switch, a text among some, or a list of texts."""

    theme: str = _setting(
        "ansi", "the colours: those of your terminal (ansi), or our own on dark or light", "ansi", "dark", "light"
    )
    notice_bell: bool = _setting(True, "ring the bell when you are called and look elsewhere")
    notice_terminal: str = _setting(
        "off", "have the terminal tell you then: by OSC 9 or OSC 777, as it knows", "off", "9", "777"
    )
    notice_desktop: bool = _setting(False, "have the desktop tell you then: by notify-send or osascript", local=True)
    highlight: tuple[str, ...] = _setting((), "words that call you, besides your nick")
    logs: bool = _setting(False, "write down on this computer what is said while you are connected", local=True)
    networks: tuple[str, ...] = _setting((), "addresses that you are connected to from the start", local=True)
    ignore: tuple[str, ...] = _setting((), "people whose words you do not see")


@dataclass(frozen=True, slots=True)
class Row:
    """What there is to know of a setting; `choices` is empty where any text will do, `local` as with `Verb`."""

    name: str
    about: str
    default: Value
    choices: tuple[str, ...]
    local: bool

    @property
    def values(self) -> tuple[str, ...]:
        """Those that there are; none where it is for the person to say."""
        return ("on", "off") if isinstance(self.default, bool) else self.choices

    @property
    def wants(self) -> str:
        """What it may be, in words."""
        if isinstance(self.default, bool):
            return "on or off"
        return "words with commas between them, or none" if isinstance(self.default, tuple) else ", ".join(self.choices)


def rows(*, lent: bool = False) -> dict[str, Row]:
    """The table, by name; for who looks at a screen that is lent to them, without what is `local`."""
    usual = Settings()
    table = (Row(one.name, default=getattr(usual, one.name), **one.metadata) for one in fields(Settings))
    return {known.name: known for known in table if not (lent and known.local)}


def row(name: str) -> Row:
    """One of them; raises BadSetting where there is none of that name."""
    table = rows()
    if name not in table:
        close = get_close_matches(name, table, n=1)
        hint = f"did you mean {close[0]}?" if close else f"there are {', '.join(table)}"
        raise BadSetting(f"there is no setting {name}; {hint}")
    return table[name]


def read(name: str, text: str) -> Value:
    """What a person typed behind a name as its value."""
    default = row(name).default
    if isinstance(default, bool):
        return checked(name, _SWITCH.get(text.lower(), text))
    if isinstance(default, tuple):
        words = [word.strip() for word in _COMMA.split(text)]
        return checked(name, [] if text.lower() == "none" else [word for word in words if word])
    return checked(name, text.lower())


def checked(name: str, value: Any) -> Value:
    """A value as it came from TOML, if it can be that; raises BadSetting."""
    known = row(name)
    if isinstance(known.default, tuple) and isinstance(value, list) and all(map(_is_text, value)):
        return tuple(dict.fromkeys(value))
    fitting = not known.choices or value in known.choices
    if isinstance(value, bool | str) and type(value) is type(known.default) and fitting:
        return value
    close = get_close_matches(value, known.choices, n=1) if isinstance(value, str) else []
    hint = f"; did you mean {close[0]}?" if close else ""
    raise BadSetting(f"{name}: expected {known.wants}, got {shown(value)}{hint}")


def shown(value: Any) -> str:
    """A value in words."""
    if isinstance(value, bool):
        return "on" if value else "off"
    return ", ".join(map(str, value)) or "none" if isinstance(value, list | tuple) else str(value)


def _is_text(value: object) -> bool:
    return isinstance(value, str) and value.isprintable() and bool(value.strip())
