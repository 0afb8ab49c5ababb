"""What the readers of all formats make of a file: things that were heard, and lines that say nothing to us."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, tzinfo
from pathlib import Path
from typing import Final, TypeAlias

from hubbub.hub.ctcp import ACTION
from hubbub.hub.events import (
    Event,
    Joined,
    Kicked,
    ModeChange,
    ModesChanged,
    Parted,
    Quit,
    Renamed,
    Said,
    TopicChanged,
    Who,
)

_WITH_ARGUMENT: Final = frozenset("qaohvbeIk")
_NICK: Final = re.compile(r"[^\s!@,:*?]{1,64}")


@dataclass(frozen=True, slots=True)
class Heard:
    """An event out of line `number`, at `ts` (ms) in `log`. `seq` and `msgid` are those it had where it comes from, or
    0 and ""."""

    number: int
    log: str
    ts: int
    event: Event
    seq: int = 0
    msgid: str = ""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that could not be read, and why."""

    number: int
    why: str


Read: TypeAlias = Iterator[Heard | Bad]


@dataclass(frozen=True, slots=True)
class Origin:
    """A file, the conversation that it is of ("" where its own lines say so), and where its clock stood, or None."""

    path: Path
    room: str
    zone: tzinfo | None


class Unreadable(Exception):
    """Why a line cannot be read."""


class Narrator:
    """Makes events of what a log of a room tells in words; `program` wrote it."""

    def __init__(self, room: str, log: str, program: str) -> None:
        self._room, self._logs, self._program = room, (log,), program

    def said(self, nick: str, text: str) -> Event:
        return self._talk("PRIVMSG", nick, text)

    def noticed(self, nick: str, text: str) -> Event:
        return self._talk("NOTICE", nick, text)

    def acted(self, nick: str, text: str) -> Event:
        return self._talk("PRIVMSG", nick, f"{ACTION}{text}\x01")

    def joined(self, nick: str, host: str) -> Event:
        return Joined(self._who(nick, host), self._logs, self._room, "")

    def left(self, nick: str, host: str, text: str = "") -> Event:
        return Parted(self._who(nick, host), self._logs, self._room, text)

    def quit(self, nick: str, host: str, text: str = "") -> Event:
        return Quit(self._who(nick, host), self._logs, text)

    def kicked(self, nick: str, by: str, text: str = "") -> Event:
        return Kicked(self._who(by), self._logs, self._room, nick, text)

    def renamed(self, old: str, new: str) -> Event:
        self._who(new)
        return Renamed(self._who(old), self._logs, new)

    def topic(self, nick: str, text: str) -> Event:
        return TopicChanged(self._who(nick), self._logs, self._room, text)

    def modes(self, words: str, nick: str) -> Event:
        return ModesChanged(self._who(nick), self._logs, self._room, tuple(_changes(*words.split())))

    def _talk(self, verb: str, nick: str, text: str) -> Said:
        return Said(self._who(nick), self._logs, verb, self._room, text)

    def _who(self, nick: str, host: str = "") -> Who:
        """Where a log does not say from where somebody was, their host says where that stands: nowhere."""
        if not _NICK.fullmatch(nick):
            raise Unreadable(f"expected a nick, got {nick!r}")
        return Who(f"{nick}!{host if '@' in host else f'imported@{self._program}.invalid'}")


def moment(local: datetime, zone: tzinfo | None, before: int) -> int:
    """The time in ms of a wall clock's. In the hour that it shows twice a year, it is the one not `before` (ms)."""
    first, second = (round(local.replace(tzinfo=zone, fold=fold).timestamp() * 1000) for fold in (0, 1))
    return second if first < before <= second + 60_000 else first


def _changes(letters: str, *arguments: str) -> Iterator[ModeChange]:
    rest, adding = iter(arguments), True
    for letter in letters:
        if letter in "+-":
            adding = letter == "+"
        else:
            takes = letter in _WITH_ARGUMENT or (letter == "l" and adding)
            yield ModeChange(adding, letter, next(rest, "") if takes else "")
