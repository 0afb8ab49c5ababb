"""Logs that tell a room line by line, as irssi and ZNC write them: a time, and then words of a few shapes.

https://irssi.org/documentation/help/log/ and https://wiki.znc.in/Log, and what both of them wrote here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Final

from hubbub.foreign.heard import Bad, Heard, Narrator, Origin, Read, Unreadable, moment
from hubbub.hub.events import Event

Shape = tuple[re.Pattern[str], Callable[..., Event]]

_TIME: Final = re.compile(r"\[?(\d\d):(\d\d)(?::(\d\d))?\]? ?(.*)", re.DOTALL)
_NAMES: Final = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_MONTHS: Final = {name: number for number, name in enumerate(_NAMES, 1)}
_OPENED: Final = re.compile(r"--- (?:Log opened|Day changed) \w+ (\w+) +(\d+)(?: [\d:]+)? (\d{4})$")
_OF_FILE: Final = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)(?=\D*$)")
_N: Final = r"(\S+)"
_HOST: Final = r"\[(\S*)\]"


def _shapes(table: dict[str, Callable[..., Event]]) -> tuple[Shape, ...]:
    return tuple((re.compile(shape), make) for shape, make in table.items())


_IRSSI: Final = _shapes(
    {
        r"<[ ~&@%+]?(\S+)> (.*)": Narrator.said,
        r" ?\* (\S+) (.*)": Narrator.acted,
        rf"-!- {_N} {_HOST} has joined .*": Narrator.joined,
        rf"-!- {_N} {_HOST} has left \S+(?: \[(.*)\])?": Narrator.left,
        rf"-!- {_N} {_HOST} has quit(?: \[(.*)\])?": Narrator.quit,
        rf"-!- {_N} was kicked from \S+ by {_N}(?: \[(.*)\])?": Narrator.kicked,
        rf"-!- {_N} is now known as {_N}": Narrator.renamed,
        rf"-!- {_N} changed the topic of \S+ to: (.*)": Narrator.topic,
        rf"-!- mode/\S+ \[(.+)\] by {_N}": Narrator.modes,
        r"-([^\s:(!]+)(?::\S+|\(\S+\))?- (.*)": Narrator.noticed,
    }
)
_ZNC: Final = _shapes(
    {
        r"<(\S+)> (.*)": Narrator.said,
        rf"\*\*\* Joins: {_N} \((\S*)\)": Narrator.joined,
        rf"\*\*\* Parts: {_N} \((\S*)\)(?: \((.*)\))?": Narrator.left,
        rf"\*\*\* Quits: {_N} \((\S*)\)(?: \((.*)\))?": Narrator.quit,
        rf"\*\*\* {_N} was kicked by {_N}(?: \((.*)\))?": Narrator.kicked,
        rf"\*\*\* {_N} is now known as {_N}": Narrator.renamed,
        rf"\*\*\* {_N} changes topic to '(.*)'": Narrator.topic,
        r"\*\*\* (?P<by>(?!Server )\S+) sets mode: (?P<words>.+)": lambda to, by, words: to.modes(words, by),
        r"\* (\S+) (.*)": Narrator.acted,
        r"-(\S+)- (.*)": Narrator.noticed,
    }
)
_PASSED: Final = ("-!-", "***", "!", "---")
"""How lines begin that are about the program, or about what no log of ours keeps."""


def read_irssi(lines: Iterable[str], origin: Origin, log: str) -> Read:
    return _read(lines, origin, Narrator(origin.room, log, "irssi"), log, _IRSSI, None)


def read_znc(lines: Iterable[str], origin: Origin, log: str) -> Read:
    """Of a day: the name of the file says which."""
    found = _OF_FILE.search(origin.path.stem)
    if found is None:
        yield Bad(0, f"the name {origin.path.name} says no day: ZNC calls its files 2026-11-20.log")
        return
    day = date(*map(int, found.groups()))
    yield from _read(lines, origin, Narrator(origin.room, log, "znc"), log, _ZNC, day)


def _read(
    lines: Iterable[str], origin: Origin, narrator: Narrator, log: str, shapes: tuple[Shape, ...], day: date | None
) -> Read:
    ts = 0
    for number, line in enumerate(lines, 1):
        text = line.rstrip("\r\n")
        try:
            day = _day(text) or day
            found = _TIME.fullmatch(text)
            if found is None:
                if text and not text.startswith("---"):
                    raise Unreadable("expected a time at its beginning")
                continue
            hour, minute, second, words = found.groups()
            event = _event(words, shapes, narrator)
            if event is None:
                continue
            if day is None:
                raise Unreadable("no line before it says which day it is; irssi writes '--- Log opened' with it")
            local = datetime(day.year, day.month, day.day, int(hour), int(minute), int(second or 0))  # noqa: DTZ001
            ts = moment(local, origin.zone, ts)
            yield Heard(number, log, ts, event)
        except (Unreadable, ValueError) as bad:
            yield Bad(number, str(bad))


def _day(text: str) -> date | None:
    """What irssi says once a day."""
    if not text.startswith(("--- Log opened", "--- Day changed")):
        return None
    found = _OPENED.match(text)
    if found is None or found[1] not in _MONTHS:
        raise Unreadable("expected a date as in '--- Day changed Fri Nov 20 2026', in English")
    return date(int(found[3]), _MONTHS[found[1]], int(found[2]))


def _event(words: str, shapes: tuple[Shape, ...], narrator: Narrator) -> Event | None:
    """None where the line tells of nothing that is kept."""
    for shape, make in shapes:
        if found := shape.fullmatch(words):
            given = found.groupdict()
            return make(narrator, **given) if given else make(narrator, *(part or "" for part in found.groups()))
    if words.startswith(_PASSED):
        return None
    if words.startswith(("[notice(", "[msg(")):
        raise Unreadable("it does not say who its own user is, who said this")
    raise Unreadable("it has none of the shapes that we know")
