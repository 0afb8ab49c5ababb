"""What Tab makes of the beginning of a word: a nick, a room, a command, an emoji, or what a verb says that it takes."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from hubbub.client.model.desk import Desk
from hubbub.client.model.entry import SPOKEN
from hubbub.tui.verbs import Verb

_WORD: Final = re.compile(r"\S*\Z")
_EMOJI: Final = re.compile(r":[a-z0-9_+-]{2,}\Z")

# Those who spoke lately come first: so many entries are looked at.
_LATELY: Final = 200


@dataclass(slots=True)
class Cycle:
    """The completions of a word that begins at `start`; each `take` is the next of them."""

    start: int
    choices: tuple[str, ...]
    place: int = -1

    def take(self) -> str:
        """The next one, round the end."""
        self.place = (self.place + 1) % len(self.choices)
        return self.choices[self.place]


def completions(desk: Desk, line: str, table: Mapping[str, Verb], *, first: bool) -> Cycle | None:
    """What the end of a line up to the cursor may become; `first` says that the line is the first one."""
    offered = _arguments(line, table) if first else None
    if offered is not None:
        return offered
    emoji = _EMOJI.search(line)
    if emoji:
        from hubbub.client.emoji import find

        return _cycle(emoji.start(), (f"{sign} " for sign, _ in find(emoji[0][1:], 20)))
    found = _WORD.search(line)
    word, start = (found[0], found.start()) if found else ("", len(line))
    if not word:
        return None
    if word.startswith("/") and not start and first:
        return _cycle(start, (f"/{name} " for name in _typed(table) if name.startswith(word[1:].lower())))
    if desk.network.client.mirror.features.is_room(word):
        return _cycle(start, (f"{name} " for name in _rooms(desk) if name.lower().startswith(word.lower())))
    return _cycle(start, _addressed(desk, word, begins=not start and first))


def _arguments(line: str, table: Mapping[str, Verb]) -> Cycle | None:
    """Where the line is a command that says what may stand behind it, those of its words that go on like this."""
    name, space, rest = line.removeprefix("/").partition(" ")
    row = table.get(name.lower()) if line.startswith("/") and space else None
    if row is None or row.offer is None:
        return None
    before, _, word = rest.rpartition(" ")
    fitting = (f"{choice} " for choice in row.offer(before.strip()) if choice.startswith(word.lower()))
    return _cycle(len(line) - len(word), fitting)


def _typed(table: Mapping[str, Verb]) -> list[str]:
    return sorted(row.name for row in table.values() if row.usage)


def _addressed(desk: Desk, word: str, *, begins: bool) -> Iterator[str]:
    at = "@" if word.startswith("@") else ""
    for nick in _nicks(desk):
        if nick.lower().startswith(word.removeprefix("@").lower()):
            yield f"{at}{nick}{': ' if begins and not at else ' '}"


def _nicks(desk: Desk) -> list[str]:
    """Those who spoke lately, the last one first; then everyone who is here."""
    mirror, front = desk.network.client.mirror, desk.front
    room = mirror.room(front.name)
    here = {mirror.features.fold(one.user.nick): one.user.nick for one in room.members.values()} if room else {}
    spoke = [entry.nick for entry in reversed(front.entries[-_LATELY:]) if entry.kind in SPOKEN and not entry.own]
    lately = [nick for nick in dict.fromkeys(spoke) if not room or mirror.features.fold(nick) in here]
    rest = sorted(nick for nick in here.values() if nick not in lately and not mirror.is_me(nick))
    return [*lately, *rest]


def _rooms(desk: Desk) -> list[str]:
    return [buffer.name for buffer in desk.buffers]


def _cycle(start: int, choices: Iterable[str]) -> Cycle | None:
    found = tuple(dict.fromkeys(choices))
    return Cycle(start, found) if found else None
