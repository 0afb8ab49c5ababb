"""What our client showed people of rooms and of private conversations, and what it told of their own messages."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby, pairwise
from operator import attrgetter
from typing import NamedTuple

from hubbub.client import events as told
from hubbub.hub.events import Entry, parties
from tests.simulator.clients import Life, Regular
from tests.simulator.hearing import text_of
from tests.simulator.town import Town


class _Shown(NamedTuple):
    """Where an entry stands on the tape, the conversation it was shown in, and whether it is shown in its turn."""

    place: int
    conversation: str
    in_turn: bool


class View:
    """What our client showed somebody, in one life of it: each entry once, in order, and nothing missing."""

    def __init__(self, person: Regular, life: Life, town: Town) -> None:
        self._tape, self._events, self._left = town.disk.tape, life.events, life.left
        self._mirror, self._account = life.protocol.mirror, person.nick if person.account else "nobody"
        self._back = town.clock.back
        self._last = life is person.lives[-1]
        self._stored = {text_of(e): e for log in self._tape.logs for e in self._tape.entries(log)}

    def problems(self) -> Iterator[str]:
        yield from self._fates()
        for log in self._tape.logs:
            stays = self._stays(log)
            shown = [entry.place for stay in stays for entry in stay]
            if len(set(shown)) < len(shown):
                yield f"{log} was shown as {stays}, some of it twice"
            in_turn = [[entry for entry in stay if entry.in_turn] for stay in stays]
            if not self._back and any(not _in_order(stay) for stay in in_turn):
                yield f"{log} was shown as {in_turn}"
            theirs = self._account in parties(log) or self._mirror.room(log) is not None
            if self._last and in_turn[-1] and theirs:
                yield from self._whole(log, in_turn[-1][0].place, shown)

    def _fates(self) -> Iterator[str]:
        """A message that was written is sent or has failed, and either is true."""
        open_labels: dict[str, str] = {}
        for event in self._events:
            if isinstance(event, told.Written):
                open_labels[event.label] = event.text
            elif isinstance(event, told.Sent | told.Failed):
                if open_labels.pop(event.label, None) is None:
                    yield f"{event} was told twice"
                stored = self._stored.get(event.text)
                if isinstance(event, told.Sent) and (stored is None or event.msgid not in ("", stored.place.msgid)):
                    yield f"{event} was told, and stored is {stored}"
                if isinstance(event, told.Failed) and event.code and stored is not None:
                    yield f"{event} was told, and it is stored: {stored}"
        if open_labels and self._last:
            yield f"nobody knows what became of {open_labels}"

    def _stays(self, log: str) -> list[list[_Shown]]:
        """What was shown of it in each stay, until they left, were not let in or told of a gap. What still comes in
        behind a PART, up to its answer or to the cut that swallowed it, is a stay of its own."""
        stays: list[list[_Shown]] = [[]]
        leaving = False
        for index, event in enumerate(self._events):
            if (log, index) in self._left:
                leaving = True
                stays.append([])
            if _breaks(event, log) or (leaving and isinstance(event, told.Offline)):
                leaving = False
                stays.append([])
            elif isinstance(event, told.Happening) and not isinstance(event, told.Quit | told.Renamed):
                place = self._tape.places.get(event.msgid, ("", 0))
                if place[0] == log:
                    stays[-1].append(_Shown(place[1], event.conversation, not _is_out_of_turn(event)))
        return stays

    def _whole(self, log: str, first: int, shown: list[int]) -> Iterator[str]:
        """From the first that was shown in the last stay on, everything."""
        tape = self._tape.logs[log]
        talk = [index for index in range(first, len(tape)) if isinstance(e := tape[index], Entry) and text_of(e)]
        missing = [tape[index] for index in talk if index not in shown]
        if missing:
            yield f"{log}: was not shown {missing}"


def _in_order(stay: list[_Shown]) -> bool:
    """Each conversation for itself: whoever changed their nick while we were cut off speaks in another than the one in
    which we read what came before, though there is one log of both."""
    name = attrgetter("conversation")
    talks = (tuple(talk) for _, talk in groupby(sorted(stay, key=name), name))
    return all(one.place <= other.place for talk in talks for one, other in pairwise(talk))


def _breaks(event: told.Event, log: str) -> bool:
    if isinstance(event, told.Gap):
        return event.conversation in {"", log} or bool(parties(log))
    if isinstance(event, told.JoinRefused):
        return event.room == log
    return (
        isinstance(event, told.Parted | told.Kicked) and event.own and event.conversation == log and not event.history
    )


def _is_out_of_turn(event: told.Happening) -> bool:
    """Our own coming back is shown at once, before what was missed; what we said again, when it is answered again."""
    again = isinstance(event, told.Joined) or (isinstance(event, told.Said) and bool(event.label))
    return event.own and not event.history and again
