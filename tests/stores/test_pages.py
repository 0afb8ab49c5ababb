"""Pages: every way of asking for history, against a list that anybody can read."""

from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hubbub.hub.events import TALK, Entry, Event, Parted, Said
from hubbub.hub.ports import Mark, NotFound, Window
from tests.stores.shelf import KINDS, LEO, NOON, Shelf, entries, said, shelf_of


class Book:
    """A log as a plain list, and what the port says about reading it, word for word."""

    def __init__(self, lines: Sequence[Entry]) -> None:
        self.lines = lines

    def page(self, window: Window) -> list[Entry]:
        run = self._wanted(window)
        run = [entry for entry in run if window.after is None or entry.place.ts > self._time(window.after)]
        run = [entry for entry in run if window.before is None or entry.place.ts < self._time(window.before)]
        return run[max(0, len(run) - window.limit) :] if window.newest else run[: window.limit]

    def between(self, start: Mark, end: Mark, window: Window) -> list[Entry]:
        one, other = self._time(start), self._time(end)
        run = [entry for entry in self._wanted(window) if min(one, other) < entry.place.ts < max(one, other)]
        return run[: window.limit] if one <= other else run[max(0, len(run) - window.limit) :]

    def around(self, mark: Mark, window: Window) -> list[Entry]:
        time, half = self._time(mark), window.limit // 2
        earlier = [entry for entry in self._wanted(window) if entry.place.ts < time]
        later = [entry for entry in self._wanted(window) if entry.place.ts >= time]
        return earlier[max(0, len(earlier) - half) :] + later[: window.limit - half]

    def _wanted(self, window: Window) -> list[Entry]:
        return [e for e in self.lines if window.verbs is None or getattr(e.event, "verb", None) in window.verbs]

    def _time(self, mark: Mark) -> int:
        times = {entry.place.msgid: entry.place.ts for entry in self.lines}
        return times[mark.msgid] if mark.msgid else mark.ts


def filled(shelf: Shelf, log: str = "#lobby") -> Book:
    """Forty entries of several kinds, in bursts with silence between; #other fills in parallel."""
    events: list[Event] = []
    places = []
    for n in range(8):
        burst = [_event(n * 5 + k, log) for k in range(5)]
        places += shelf.add(*burst, said("noise", "#other"))[:5]
        events += burst
        shelf.clock.wall += n * 3
    return Book(entries(events, places, log))


def _event(n: int, log: str) -> Event:
    if n % 4 == 3:
        return Parted(LEO, (log,), log, str(n))
    return said(str(n), log, verb=("PRIVMSG", "NOTICE", "TAGMSG")[n % 3])


Choice = tuple[str, int]  # how a mark is named, and the ms or the index
TIMES = st.integers(NOON - 3, NOON + 100).map(lambda ts: ("ts", ts))
SEQS = st.integers(0, 39).map(lambda index: ("msgid", index))
MARKS = TIMES | SEQS
VERBS = st.sampled_from([None, TALK, ("PRIVMSG",), ("TAGMSG", "NOTICE"), ("REDACT",), ()])
LIMITS = st.integers(0, 50)


def mark(book: Book, choice: Choice) -> Mark:
    by, value = choice
    return Mark(msgid=book.lines[value].place.msgid) if by == "msgid" else Mark(ts=value)


@pytest.mark.parametrize("kind", KINDS)
def test_a_page_is_what_the_list_says(kind: str) -> None:
    """Before, after, both or neither, from either end, by msgid or by time, of any verbs."""
    with shelf_of(kind) as shelf:
        book = filled(shelf)

        @given(LIMITS, st.none() | MARKS, st.none() | MARKS, st.booleans(), VERBS)
        def agrees(
            limit: int,
            after: Choice | None,
            before: Choice | None,
            newest: bool,
            verbs: tuple[str, ...] | None,
        ) -> None:
            window = Window(limit, after and mark(book, after), before and mark(book, before), newest, verbs)
            assert shelf.page("#lobby", window) == book.page(window)

        agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_between_two_marks_counts_from_the_first_named(kind: str) -> None:
    """Either mark may be the earlier one, and each may be a msgid or a time."""
    with shelf_of(kind) as shelf:
        book = filled(shelf)

        @given(MARKS, MARKS, LIMITS, VERBS)
        def agrees(start: Choice, end: Choice, limit: int, verbs: tuple[str, ...] | None) -> None:
            marks, window = (mark(book, start), mark(book, end)), Window(limit, verbs=verbs)
            assert shelf.wait(shelf.store.between("#lobby", *marks, window)) == book.between(*marks, window)

        agrees()


@pytest.mark.parametrize("kind", KINDS)
def test_around_a_mark_is_half_before_it_and_half_from_it_on(kind: str) -> None:
    """The entry that was asked for is in the middle."""
    with shelf_of(kind) as shelf:
        book = filled(shelf)

        @given(MARKS, LIMITS, VERBS)
        def agrees(centre: Choice, limit: int, verbs: tuple[str, ...] | None) -> None:
            window = Window(limit, verbs=verbs)
            found = shelf.wait(shelf.store.around("#lobby", mark(book, centre), window))
            assert found == book.around(mark(book, centre), window)

        agrees()


def test_no_entries_at_all_may_be_asked_for(shelf: Shelf) -> None:
    """A limit below one is none, never all."""
    ((place,),) = shelf.add(said("a"))
    for limit in (0, -1):
        assert shelf.page("#lobby", Window(limit)) == []
        assert shelf.wait(shelf.store.around("#lobby", Mark(msgid=place.msgid), Window(limit))) == []
        assert shelf.wait(shelf.store.between("#lobby", Mark(ts=1), Mark(ts=NOON * 2), Window(limit))) == []


def test_history_gives_each_message_the_place_it_was_promised(shelf: Shelf) -> None:
    """What was echoed is what is read: log, number, time and msgid."""
    places = shelf.add(said("a"), said("b"))
    assert [[entry.place] for entry in shelf.page()] == places


@pytest.mark.parametrize("msgid", ["nonsense", "A" * 22, "é"])
def test_a_msgid_nobody_gave_out_is_not_found(shelf: Shelf, msgid: str) -> None:
    """A made-up reference is an error of its own, in every way of asking and in any log."""
    shelf.add(said("a"))
    wrong = Mark(msgid=msgid)
    for promise in (
        shelf.store.page("#lobby", Window(5, after=wrong)),
        shelf.store.page("#lobby", Window(5, before=wrong)),
        shelf.store.page("#nowhere", Window(5, before=wrong)),
        shelf.store.between("#lobby", Mark(ts=1), wrong, Window(5)),
        shelf.store.around("#lobby", wrong, Window(5)),
    ):
        with pytest.raises(NotFound, match="names no entry"):
            shelf.wait(promise)


def test_a_msgid_of_another_log_is_not_found(shelf: Shelf) -> None:
    """A reference does not open a door: what stands elsewhere is as unknown as what stands nowhere."""
    (_, (elsewhere,)) = shelf.add(said("a"), said("secret", "#other"))
    for log in ("#lobby", "#nowhere"):
        with pytest.raises(NotFound):
            shelf.page(log, Window(5, after=Mark(msgid=elsewhere.msgid)))


def test_a_message_that_was_not_stored_is_not_found(shelf: Shelf) -> None:
    """A reading that fails harms nothing: the next is answered."""
    shelf.add(said("a"))
    with pytest.raises(NotFound):
        shelf.wait(shelf.store.around("#lobby", Mark(msgid="x"), Window(5)))
    assert shelf.texts() == ["a"]


def test_what_is_promised_can_be_read_at_once(shelf: Shelf) -> None:
    """A page asked for after an echo has the message in it."""
    for n in range(20):
        shelf.add(said(str(n)))
        (entry,) = shelf.page("#lobby", Window(1))
        assert isinstance(entry.event, Said)
        assert entry.event.text == str(n)
