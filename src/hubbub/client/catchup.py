"""What was missed while we were away, shown before what is new; a hole that stays is told as a Gap.

https://ircv3.net/specs/extensions/chathistory
"""

from collections.abc import Callable, Container
from datetime import datetime
from functools import partial
from typing import Final

from hubbub.client.batches import Batch
from hubbub.client.events import CaughtUp, Event, Gap, Happening, Page, People
from hubbub.client.mirror import Mirror
from hubbub.client.multiline import flat
from hubbub.client.paging import FUZZ, Pages, T, after, earlier_than, just_after, latest, people
from hubbub.client.reading import Scene, read, time_of
from hubbub.client.requests import Answer, Requests
from hubbub.client.transcripts import Cursor, Transcript, Transcripts

NO_HISTORY: Final = "this server keeps no history"

# Live lines that wait while a hole is filled. A fill that takes longer than that is given up.
_HELD_MAX: Final = 10_000


class CatchUp:
    """Fills the holes of a reconnect, and shows the last lines of a room that we come into for the first time."""

    def __init__(
        self,
        mirror: Mirror,
        requests: Requests,
        emit: Callable[[Event], None],
        settled: Callable[[], None],
        clock: Callable[[], datetime],
        backlog: int,
    ) -> None:
        """`settled()` is called whenever a conversation is complete; `backlog`: how many lines a new room shows."""
        self._mirror, self._requests, self._emit, self._settled = mirror, requests, emit, settled
        self._clock, self._backlog = clock, backlog
        self._talks = Transcripts(mirror, emit)
        self._usable = False
        self._people_held = False  # private lines wait until it is known whom we missed
        self._early: list[Transcript] | None = []  # rooms entered before questions may be asked
        self._started = self._horizon = clock()  # we are here since; no private line before the horizon was missed
        self._connection = 0
        self._resumable = False

    def welcome(self, at: datetime) -> None:
        """The server took us in at this time. A greeting that was cut short does not count."""
        if not self._resumable:
            self._started = self._horizon = at

    def begin(self, usable: bool) -> None:
        """We are registered; `usable` says whether the server keeps history and tells times."""
        self._usable, resumed, self._resumable = usable, self._resumable, True
        if resumed and usable:
            self._people_held = True
            self._drive(people(self._mirror.features, self._horizon), self._people_known, self._same_connection())
        elif resumed:
            self._close_private({})
        early, self._early = self._early or [], None
        for talk in early:
            self._fill(talk)

    def lost(self, heard: datetime) -> None:
        """The connection is gone; it was last heard of at `heard`. What waits behind a hole goes on waiting."""
        self._connection += 1
        self._people_held, self._early = False, []
        for talk in self._talks.all():
            talk.since = talk.since or heard

    def entered(self, event: Happening) -> None:
        """We are in a room now."""
        self._talks.show(event)
        talk = self._talks.get(event.conversation)
        talk.name, talk.floor = event.conversation, talk.floor or Cursor(event.at, event.msgid)
        if self._early is None:
            self._fill(talk)
        else:
            self._early.append(talk)

    def left(self, room: str) -> None:
        """We are in a room no more, or not let in: it begins anew when we come back."""
        self._talks.forget(room)

    def offer(self, event: Happening) -> None:
        """Something was heard live: it is shown, or waits behind what is missing before it."""
        if self._people_held and self._is_private(event):
            self._talks.hold(self._talks.get(event.conversation))
        elif not self._people_held and self._early is None:  # what is said in a greeting follows what we missed
            self._horizon = event.at
        talk = self._talks.offer(event)
        if talk is not None and len(talk.held or ()) > _HELD_MAX:
            self._finish(talk, "too much was said while the lines before it were fetched")

    def answer(self, batch: Batch) -> None:
        """A batch of history is here: an answer, or what the server plays by itself."""
        lines = tuple(flat(batch))
        target = batch.params[0] if batch.kind == "chathistory" and batch.params else ""
        if not self._requests.answer(target, lines, self._mirror.features.same) and target:
            self._talks.show_page(self._talks.get(target), lines, self._clock())

    def page(self, conversation: str, count: int, before: Cursor | None) -> None:
        """Ask for the last `count` lines (before some line), as one Page."""
        show = partial(self._show_asked, conversation)
        if not self._usable:
            return show(Answer(problem=NO_HISTORY))
        features = self._mirror.features
        reference = earlier_than(features, before) if before else "*"
        return self._drive(latest(features, conversation, count, reference), show, lambda: True)

    def people(self, since: datetime) -> None:
        """Ask with whom there were private conversations since then; without history there is no answer."""
        if self._usable:
            self._drive(people(self._mirror.features, since), self._tell_people, self._same_connection())

    def _tell_people(self, answer: Answer) -> None:
        features = self._mirror.features
        nicks = [line.params[1] for line in sorted(answer.lines, key=lambda line: line.params[2])]
        self._emit(People(tuple(nick for nick in nicks if not features.is_room(nick))))

    def is_filling(self, conversation: str) -> bool:
        """Whether lines of a conversation are held back."""
        if self._people_held and not self._mirror.features.is_room(conversation):
            return True
        talk = self._talks.find(conversation)
        return talk is not None and talk.held is not None

    @property
    def idle(self) -> bool:
        """Whether nothing is being asked for."""
        return self._requests.idle

    def _fill(self, talk: Transcript) -> None:
        if self._usable and (talk.since or self._backlog):
            self._talks.hold(talk)
            alive = self._same_connection()
            self._drive(self._pages(talk), partial(self._finish, talk), lambda: alive() and talk.held is not None)
        else:
            self._finish(talk, NO_HISTORY)

    def _pages(self, talk: Transcript) -> Pages[str]:
        """Fill one conversation; returns why lines may be missing, or ""."""
        features = self._mirror.features
        if talk.cursor is None and self._backlog and features.is_room(talk.name):
            before = just_after(talk.floor.at) if talk.since and talk.floor else "*"
            # One more than wanted: the last line in the room is often our own entry, which was shown already.
            answer = yield from latest(features, talk.name, self._backlog + 1, before)
            page = self._talks.unseen(answer.lines)[-self._backlog :]
            if page:
                self._talks.release_before(talk, time_of(page[0], self._clock()))
            self._talks.show_page(talk, page, self._clock())
        if talk.since is None:
            return ""
        show = partial(self._talks.show_page, talk, now=self._clock())
        return (yield from after(features, talk.name, partial(self._cursor, talk), show))

    def _cursor(self, talk: Transcript) -> Cursor:
        return talk.cursor or talk.floor or Cursor(talk.since or self._clock())

    def _finish(self, talk: Transcript, problem: str) -> None:
        """Nothing more comes for the hole: say so if it is still one, then show what waited behind it."""
        if problem and talk.since:
            self._emit(Gap(talk.name, talk.since, self._clock(), problem))
        self._close(talk)
        self._emit(CaughtUp(talk.name))
        self._settled()

    def _close(self, talk: Transcript) -> None:
        talk.since, talk.cursor = None, self._cursor(talk)
        self._talks.release(talk)

    def _people_known(self, answer: Answer) -> None:
        """Fill the conversations of those who wrote."""
        self._people_held = False
        if answer.problem:
            self._emit(Gap("", self._horizon, self._clock(), answer.problem))
        written = {self._mirror.features.fold(line.params[1]): line.params[1] for line in answer.lines}
        for name in written.values():
            self._fill_private(self._talks.get(name))
        self._close_private(written)
        self._emit(CaughtUp(""))
        self._settled()

    def _close_private(self, written: Container[str]) -> None:
        """With people who are not listed, by folded nick, nothing was missed that could be fetched."""
        for talk in self._talks.all():
            if self._mirror.features.fold(talk.name) not in written and not self._mirror.features.is_room(talk.name):
                self._doubt(talk)
                self._close(talk)

    def _doubt(self, talk: Transcript) -> None:
        """Who was just spoken with should be listed; if not, we may not see what was said. (Guests often may not.)"""
        recent = talk.cursor is not None and talk.cursor.at > self._horizon - FUZZ
        if self._usable and talk.kept and talk.since and recent:
            self._emit(Gap(talk.name, talk.since, self._clock(), "this server does not show it"))

    def _fill_private(self, talk: Transcript) -> None:
        if not self._mirror.features.is_room(talk.name):
            talk.floor = talk.floor or Cursor(self._started)
            talk.since = talk.since or self._horizon
            self._fill(talk)

    def _show_asked(self, conversation: str, answer: Answer) -> None:
        scene = Scene(self._mirror, self._clock(), page=conversation)
        happenings = (read(line, scene) for line in answer.lines)
        lines = tuple(happening for happening in happenings if happening is not None)
        self._emit(Page(conversation, lines, answer.problem))

    def _is_private(self, event: Happening) -> bool:
        return event.conversation != "" and not self._mirror.features.is_room(event.conversation)

    def _same_connection(self) -> Callable[[], bool]:
        connection = self._connection
        return lambda: connection == self._connection

    def _drive(self, pages: Pages[T], finish: Callable[[T], None], alive: Callable[[], bool]) -> None:
        """Put each question and go on with its answer, as long as somebody waits for the end of it."""

        def step(answer: Answer | None) -> None:
            if not alive():
                return
            try:
                question = pages.send(answer)  # type: ignore[arg-type]  # None is what starts a generator
            except StopIteration as end:
                finish(end.value)
            else:
                self._requests.ask(question, step)

        step(None)
