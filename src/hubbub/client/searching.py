"""Finding what was said: the question, and the answer read as happenings.

https://codeberg.org/emersion/soju/src/branch/master/doc/ext/search.md
"""

from datetime import datetime
from typing import Final

import msgspec

from hubbub.client.events import Happening, Said
from hubbub.client.mirror import Mirror
from hubbub.client.reading import Scene, read
from hubbub.client.requests import Answer, Params
from hubbub.wire.line import escape_tag

# More than anybody looks through; who does not find it here gives another word.
LIMIT: Final = 50


class Found(msgspec.Struct, frozen=True):
    """What was found, oldest first; `problem` says in words why there is nothing."""

    said: tuple[Said, ...] = ()
    problem: str = ""


def question(words: str, place: str) -> Params:
    """The parameters of SEARCH; `place` is a room or a person, "" for everywhere."""
    wish = {"text": words, "in": place, "limit": str(LIMIT)}
    return (";".join(f"{name}={escape_tag(value)}" for name, value in wish.items() if value),)


def found(answer: Answer, mirror: Mirror, now: datetime, page: str = "") -> Found:
    """An answer, as people read it. `page` is the conversation of all of it, "" where each line tells its own."""
    happenings: list[Happening | None] = [read(line, Scene(mirror, now, page=page)) for line in answer.lines]
    return Found(tuple(event for event in happenings if isinstance(event, Said)), answer.problem)
