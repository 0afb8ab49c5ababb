"""What has to be true of a town, whatever happened in it: read off the wires, the logs and what clients showed.

Nothing here knows how the server works. The tape of a log says what happened in which order; from that follows who was
in, who might do what, and what everybody has to have heard.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from hubbub.hub.events import Said
from tests.simulator.clients import Bystander, Regular
from tests.simulator.disk import Tape
from tests.simulator.hearing import Ear, by_ear, lines_of
from tests.simulator.room import Room
from tests.simulator.showing import View
from tests.simulator.town import Town


def problems(town: Town) -> Iterator[str]:
    """Everything that is wrong, in sentences."""
    tape = town.disk.tape
    for house in town.houses:
        yield from (f"a fault of the server: {fault!r}" for fault in house.faults)
    yield from logs_are_whole(tape)
    for log in tape.logs:
        if log.startswith("#"):
            room = Room(log, frozenset(_invited(town)))
            yield from room.replay(tape.logs[log])
            yield from room.differs(town)
    for person, end in town.ends:
        if isinstance(person, Bystander):
            yield from by_ear(person, end, tape)
        else:
            yield from Ear(person, end, tape).problems(still_here=end is person.end)
    yield from one_msgid_per_nonce(town)
    for person in town.people:
        if isinstance(person, Regular):
            for life in person.lives:
                yield from (f"{person.name}: {problem}" for problem in View(person, life, town).problems())


def logs_are_whole(tape: Tape) -> Iterator[str]:
    """Numbers without gaps, times that rise, names that are unique, and nothing twice."""
    texts: dict[str, str] = {}
    for log in tape.logs:
        entries = tape.entries(log)
        if [entry.place.seq for entry in entries] != list(range(1, len(entries) + 1)):
            yield f"{log} is not numbered from 1 on: {[entry.place.seq for entry in entries]}"
        if any(one.place.ts >= other.place.ts for one, other in pairwise(entries)):
            yield f"the times in {log} do not rise"
        for text in (entry.event.text for entry in entries if isinstance(entry.event, Said)):
            if text in texts:
                yield f"{text} was said once and stored twice, in {texts[text]} and {log}"
            texts[text] = log
    count = sum(len(tape.entries(log)) for log in tape.logs)
    if len(tape.places) != count:
        yield f"{count} entries have {len(tape.places)} msgids"


def one_msgid_per_nonce(town: Town) -> Iterator[str]:
    """Whatever was sent twice under one nonce was answered with one msgid."""
    answers: dict[tuple[str, str], str] = {}
    for person, end in town.ends:
        for line in lines_of(end.heard):
            label, msgid = line.tags.get("label", ""), line.tags.get("msgid", "")
            if line.command == "PRIVMSG" and label and answers.setdefault((person.name, label), msgid) != msgid:
                yield f"{person.name} was told of {label} as {answers[person.name, label]} and as {msgid}"


def _invited(town: Town) -> Iterator[tuple[str, str]]:
    """Who was ever asked where, by anybody."""
    for _, end in town.ends:
        for line in lines_of(end.written):
            if line.command == "INVITE":
                yield line.params[0], line.params[1]
