"""How history is asked for: page after page, each question following from the answer before.

https://ircv3.net/specs/extensions/chathistory
"""

from collections.abc import Callable, Generator
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Final, TypeVar

from hubbub.client.isupport import Features
from hubbub.client.reading import parse_time
from hubbub.client.requests import Answer, Params
from hubbub.client.transcripts import Cursor
from hubbub.wire.line import Line

T = TypeVar("T")
Pages = Generator[Params, Answer, T]
"""Yields questions, is sent their answers, returns what came of it."""

Show = Callable[[tuple[Line, ...]], int]
"""Shows a page, returns how many of its lines were new."""

# "`FUZZ_INTERVAL` is a constant that compensates for clock skew across the IRC network (perhaps 1 to 10 seconds)".
FUZZ: Final = timedelta(seconds=10)

# "after" excludes the millisecond it names, and more than one line may have been said in it.
_MILLISECOND: Final = timedelta(milliseconds=1)

_END_OF_TIME: Final = "timestamp=9999-12-31T23:59:59.999Z"

# A server that always has more would keep us from ever showing what is new.
_PAGES_MAX: Final = 1000


class By(Enum):
    """How AFTER names the cursor. TIME includes the cursor's own millisecond, LATER does not."""

    MSGID = auto()
    TIME = auto()
    LATER = auto()


def latest(features: Features, name: str, count: int, before: str = "*") -> Pages[Answer]:
    """The last `count` lines (before a reference, "msgid=abc"), oldest first, in one Answer."""
    lines: tuple[Line, ...] = ()
    while len(lines) < count:
        limit = min(count - len(lines), features.page)
        answer = yield "LATEST" if before == "*" else "BEFORE", name, before, str(limit)
        lines = answer.lines + lines
        first = answer.lines[0].tags.get("msgid", "") if answer.lines else ""
        if len(answer.lines) < limit or not _is_speakable(first):
            return Answer(lines, "" if lines else answer.problem)
        before = f"msgid={first}"
    return Answer(lines)


def after(features: Features, name: str, cursor: Callable[[], Cursor], show: Show) -> Pages[str]:
    """Show what follows the cursor until a page brings nothing new; returns why lines may be missing, or "".

    A msgid that the server has forgotten (it was restarted, the line has expired) gives an error on some servers and an
    empty page on others: both are asked again by time before they are believed.
    """
    by, found, crowded = _best(features, cursor()), False, ""
    for _ in range(_PAGES_MAX):
        answer = yield "AFTER", name, _reference(cursor(), by), str(features.page)
        if show(answer.lines):
            by, found = _best(features, cursor()), True
        elif by is By.MSGID and not found:
            by = By.TIME
        elif by is By.TIME and len(answer.lines) >= features.page and not _has(answer, cursor(), features):
            by, crowded = By.LATER, "more was said within a millisecond than the server gives at once"
        else:
            return answer.problem or crowded
    return "more was said than can be fetched at once"


def people(features: Features, since: datetime) -> Pages[Answer]:
    """Who wrote to us, or was written to, since then: the lines "CHATHISTORY TARGETS name time"."""
    known: dict[str, Line] = {}
    start = since - FUZZ
    for _ in range(_PAGES_MAX):
        answer = yield "TARGETS", by_time(start), _END_OF_TIME, str(features.page)
        page = {line.params[1]: line for line in answer.lines if len(line.params) > 2}
        if len(page) < features.page or page.keys() <= known.keys():
            return Answer(tuple((known | page).values()), answer.problem)
        known |= page
        start = max(parse_time(line.params[2], start) for line in page.values()) - _MILLISECOND
    return Answer(tuple(known.values()))


def by_time(at: datetime) -> str:
    """A reference to a time, as CHATHISTORY wants it."""
    return f"timestamp={at.astimezone(UTC).isoformat(timespec='milliseconds').removesuffix('+00:00')}Z"


def earlier_than(features: Features, line: Cursor) -> str:
    """A reference to what stands before a line; by time where the server knows no msgids, or the line has none."""
    return _reference(line, By.MSGID if _best(features, line) is By.MSGID else By.LATER)


def just_after(at: datetime) -> str:
    """A reference that BEFORE takes to include the millisecond of `at`."""
    return by_time(at + _MILLISECOND)


def _best(features: Features, cursor: Cursor) -> By:
    return By.MSGID if features.knows_msgids and _is_speakable(cursor.msgid) else By.TIME


def _reference(cursor: Cursor, by: By) -> str:
    if by is By.MSGID:
        return f"msgid={cursor.msgid}"
    return by_time(cursor.at if by is By.LATER else cursor.at - _MILLISECOND)


def _is_speakable(msgid: str) -> bool:
    """Whether a msgid can be a parameter: in a tag it may hold anything."""
    return msgid.isprintable() and bool(msgid) and " " not in msgid


def _has(answer: Answer, cursor: Cursor, features: Features) -> bool:
    """Whether the server shows that it does know the cursor, so that its empty page was true."""
    return features.knows_msgids and cursor.msgid in {line.tags.get("msgid") for line in answer.lines}
