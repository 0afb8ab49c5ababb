"""From what a reader asks for to which entries that is: marks located in a log, windows turned into runs of `seq`.

Times rise strictly within a log, so a time is a place like any other: it is found by halving, in about twenty
look-ups among a million entries, and no index on time is kept.
"""

from bisect import bisect_left
from typing import Protocol

from msgspec import Struct

from hubbub.hub.ports import Mark, Window


class Log(Protocol):
    """One conversation as a store knows it: the entries behind `tail` up to `head`, none where those are the same."""

    @property
    def head(self) -> int: ...

    @property
    def tail(self) -> int: ...

    def ts(self, seq: int) -> int:
        """The time of an entry in ms."""

    def seq(self, msgid: str) -> int:
        """Where that entry stands. Raises `NotFound` where it is not of this log."""


class Span(Struct, frozen=True):
    """Entries strictly between `after` and `before`, at most `limit`, counted from the end that `newest` says."""

    after: int
    before: int
    limit: int
    newest: bool
    verbs: tuple[str, ...] | None
    without: tuple[str, ...] = ()


def of_page(log: Log, window: Window) -> Span:
    after = log.tail if window.after is None else _locate(log, window.after)[0]
    before = log.head + 1 if window.before is None else _locate(log, window.before)[1]
    return Span(after, before, max(window.limit, 0), window.newest, window.verbs, window.without)


def of_between(log: Log, start: Mark, end: Mark, window: Window) -> Span:
    first, last = _locate(log, start), _locate(log, end)
    backwards = last < first
    after, before = (last[0], first[1]) if backwards else (first[0], last[1])
    return Span(after, before, max(window.limit, 0), backwards, window.verbs, window.without)


def of_around(log: Log, mark: Mark, window: Window) -> tuple[Span, Span]:
    """Half the limit before the mark, and the other half, or one more, from the mark on."""
    at = _locate(log, mark)[1]
    limit = max(window.limit, 0)
    half = limit // 2
    return (
        Span(log.tail, at, half, True, window.verbs, window.without),
        Span(at - 1, log.head + 1, limit - half, False, window.verbs, window.without),
    )


def _locate(log: Log, mark: Mark) -> tuple[int, int]:
    """The last entry at or before the mark and the first at or after it: the same one where the mark hits it."""
    if mark.msgid:
        seq = log.seq(mark.msgid)
        return seq, seq
    first = log.tail + 1 + bisect_left(range(log.tail + 1, log.head + 1), mark.ts, key=log.ts)
    hit = first <= log.head and log.ts(first) == mark.ts
    return (first if hit else first - 1), first
