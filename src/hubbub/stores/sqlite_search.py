"""Searching the file: what is sought as a question to FTS5, asked of one log after the other.

Rowids are ids, so a log is a range of them and FTS5 stops at the limit. https://www.sqlite.org/fts5.html
"""

from bisect import insort
from collections.abc import Sequence
from typing import Final, Protocol

import apsw
import msgspec

from hubbub.hub.events import Entry
from hubbub.hub.ports import Sought, Window
from hubbub.stores import spans
from hubbub.stores.spans import Span
from hubbub.stores.words import Phrase, nick_word, phrases

MOST_WORDS: Final = 128
"""Words that one beginning may stand for and that are asked for one by one, each in its order: FTS5's own way first
gathers all that they are in, 0.1 s among 10 million messages. What begins more of them goes that way."""

_MINE: Final = "SELECT cid FROM party WHERE who = ? UNION SELECT cid FROM json_each(?) JOIN conv ON conv.name = value"
_NEXT_WORD: Final = "SELECT term FROM found_word WHERE term >= ? AND term < ? LIMIT 1"


def cids_of(database: apsw.Connection, logs: Sequence[str], identity: str) -> list[int]:
    """The conversations of these names, and the private ones of somebody."""
    names = msgspec.json.encode(logs).decode()
    return [int(str(cid)) for (cid,) in database.execute(_MINE, (identity, names))]


class Source(spans.Log, Protocol):
    """A log that can be read, and looked into."""

    def read(self, span: Span) -> list[Entry]: ...

    def matching(self, question: str, span: Span) -> list[Entry]: ...


class Search:
    """One search: `look_into` logs, those with the latest talk first, as long as it `goes_on`; then read `found`."""

    def __init__(self, database: apsw.Connection, sought: Sought, window: Window) -> None:
        self._window = window
        self._limit = max(window.limit, 0)
        self._found: list[Entry] = []
        self._everything = not (sought.text or sought.sender)
        self._question = "" if self._everything else question(database, sought)

    def goes_on(self, latest: int) -> bool:
        """Whether a log whose latest talk is of then (ms) can have anything to add."""
        if not (self._limit and (self._everything or self._question)):
            return False
        full = len(self._found) == self._limit
        return not (full and self._window.newest and latest < self._found[0].place.ts)

    def look_into(self, log: Source) -> None:
        span = spans.of_page(log, self._window)
        for entry in log.read(span) if self._everything else log.matching(self._question, span):
            insort(self._found, entry, key=lambda each: (each.place.ts, each.place.log))
        surplus = max(len(self._found) - self._limit, 0)
        del self._found[slice(surplus) if self._window.newest else slice(self._limit, None)]

    def found(self) -> list[Entry]:
        """By time; at most as many as were wanted."""
        return self._found


def question(database: apsw.Connection, sought: Sought) -> str:
    """What FTS5 is asked; "" where nothing can match."""
    wanted = phrases(sought.text)
    parts = [_part(database, phrase) for phrase in wanted]
    if not all(parts) or (sought.text and not parts):
        return ""
    if sought.sender:
        parts.append(f"nick : {_quoted([nick_word(sought.sender)])}")
    return " AND ".join(parts)


def _part(database: apsw.Connection, phrase: Phrase) -> str:
    if not phrase.prefix:
        return f"words : {_quoted(phrase.words)}"
    *front, last = phrase.words
    known = _beginning_with(database, last)
    if len(known) > MOST_WORDS:
        return f"words : {_quoted(phrase.words)} *"
    return f"words : ({' OR '.join(_quoted([*front, word]) for word in known)})" if known else ""


def _beginning_with(database: apsw.Connection, prefix: str) -> list[str]:
    """The words that begin so, at most one more than `MOST_WORDS`: each is found by a look behind the one before."""
    known: list[str] = []
    start, end = prefix, f"{prefix}\U0010ffff"
    while len(known) <= MOST_WORDS and (row := database.execute(_NEXT_WORD, (start, end)).fetchone()) is not None:
        known.append(str(row[0]))
        start = f"{row[0]}\0"
    return known


def _quoted(words: list[str] | tuple[str, ...]) -> str:
    return f'"{" ".join(words)}"'
