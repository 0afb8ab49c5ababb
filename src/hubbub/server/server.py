"""The server: what dialects hand their decisions to. It stores, applies and delivers them, in one order for all.

Rules kept here: nobody, the sender included, hears of an entry before it is stored; a failed group leaves the hub as
it was; what a session is told stands behind every entry decided before it.
"""

from __future__ import annotations

import secrets
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import Any, TypeAlias

from hubbub.hub.events import Entry, Event, Place, Said
from hubbub.hub.hub import Hub
from hubbub.hub.ports import Accounts, Clock, Store
from hubbub.hub.promise import Promise
from hubbub.hub.refusals import Refused, Why
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from hubbub.server.delivery import Delivery, OneByOne, Ways
from hubbub.server.origin import Origin
from hubbub.server.pace import Pace
from hubbub.server.session import Budget, Session
from hubbub.server.timeline import Decision, Outcome, Timeline

Soon: TypeAlias = Callable[[Callable[[], None]], Any]
Later: TypeAlias = Callable[[float, Callable[[], None]], Any]
Report: TypeAlias = Callable[[Exception, Session[Any] | None], None]


class Server:
    """`soon` runs something in the next turn of the loop, `later` after some seconds; `report` logs a fault."""

    def __init__(  # noqa: PLR0913, PLR0917 - the parts of a house
        self,
        hub: Hub,
        store: Store,
        accounts: Accounts,
        clock: Clock,
        soon: Soon,
        later: Later,
        report: Report,
        ways: Ways = OneByOne,
    ) -> None:
        self.hub = hub
        self.store = store
        self.accounts = accounts
        self.clock = clock
        self.soon = soon
        self.later = later
        self.report = report
        self.started = clock.now()
        hub.seconds = clock.monotonic
        self.sessions: set[Session[Any]] = set()
        self.newcomers: set[Session[Any]] = set()
        """Those of them that have not said yet who they are."""
        self.budget: tuple[float, float] | None = None
        """Lines at once and lines a second that a session may send; None for no bound."""
        self._timeline = Timeline(store, self._settle, lambda fault: report(fault, None))
        self._delivery = Delivery(ways)
        self._pace = Pace(self._delivery.flush, clock.monotonic, later)
        self.settling: Counter[str] = Counter()
        """The logs in which an event that takes rights away is on its way: nothing there is decided meanwhile."""
        self.under_way: dict[User, set[Session[Any]]] = {}
        """Users who have a command under way, and their other sessions that wait for its end."""
        self.overhear: Callable[[Entry], None] | None = None
        """Told of all that is said, once it was delivered; None where nobody needs to know."""
        self._turn_planned = False
        self.stopping = ""
        """Why, once nothing more is taken in."""

    @property
    def deliveries(self) -> int:
        """Entries, each counted once for everyone who was told of it."""
        return self._delivery.deliveries

    def new_budget(self) -> Budget | None:
        return Budget(*self.budget, self.clock.monotonic()) if self.budget else None

    # Decide

    def submit(self, event: Event, origin: Origin | None) -> None:
        """Put an event on its way; nobody waits for it. If it cannot be stored, `origin` learns of it."""
        self._decide(Decision(event, origin, None))

    def commit(self, event: Event, origin: Origin | None) -> Promise[Entry]:
        """Put an event on its way and wait until it has happened. Fails with `Refused(NOT_STORED)`."""
        promise: Promise[Entry] = Promise()
        self._decide(Decision(event, origin, promise))
        return promise

    @property
    def behind(self) -> bool:
        """Whether something was decided that has not happened yet."""
        return self._timeline.behind and not self._timeline.in_place

    def caught_up(self) -> Promise[None]:
        """Wait until all that was decided so far has happened; who goes on then speaks at that very place."""
        promise: Promise[None] = Promise()
        self._timeline.queue(partial(promise.keep, None))
        return promise

    async def settled(self, log: str) -> None:
        """Wait while an event that takes away rights in `log` is on its way: somebody before us may decide another."""
        while log in self.settling:
            await self.caught_up()

    async def held(self, log: str, event: Event, origin: Origin | None) -> Entry:
        """Commit `event` while nothing is decided in `log`, which it settles beside its own."""
        self.settling[log] += 1
        try:
            return await self.commit(event, origin)
        finally:
            self._release(log)

    def leave(self, session: Session[Any], reason: str) -> None:
        """A session's user goes, if this was the last connection they had and they do not stay without one."""
        user, session.user = session.user, None
        self.hub.watch.leave(session)
        if user is None:
            return
        if user.sessions == [session] and not user.stays:
            user.leaving = True
            self.submit(self.hub.quit(user, reason), None)
        elif session in user.sessions:
            user.sessions.remove(session)
            self.hub.refresh(user)
            if not user.sessions and user.role:  # who comes next knows their password, and maybe not OPER's
                self.submit(self.hub.promote(user, "", ""), None)
            if not user.away and all(other.absent for other in user.sessions):
                self.submit(self.hub.away(user, NOT_CONNECTED), None)

    async def expel(self, user: User, reason: str, parting: str) -> None:
        """End all of somebody's connections, told `reason`; others read `parting`. Who stays without one leaves."""
        if user.stays:
            await self.commit(self.hub.stay(user, False), None)
        connections = [session for session in self.sessions if session.user is user]
        for session in connections:
            session.close(reason, parting)
        if not connections and not user.leaving:
            user.leaving = True
            self.submit(self.hub.quit(user, parting), None)

    def keep_time(self) -> None:
        """Do what time brings about, now and every second from now on, until the server is stopped."""
        if not self.stopping:
            for event in list(self.hub.over(self.clock.now())):
                self.submit(event, None)
            self.later(1.0, self.keep_time)

    def stop(self, reason: str) -> Promise[None]:
        """Take nothing more in, and tell everybody `reason` behind all that was decided; kept when that is done.

        Nobody leaves in any log: with the server gone, all are.
        """
        self.stopping = reason
        for session in tuple(self.sessions):
            session.stop(reason)
        return self.caught_up()

    def end(self) -> None:
        """The store is about to be closed. Who is still answered by somebody (a check of a password, a page that was
        read, a push) may decide what they like: it never happens, for nobody is there to hear of it."""
        self._timeline.close()

    # Tell

    def tell(self, session: Session[Any], data: bytes) -> None:
        """Say something to one session, behind everything decided before."""
        if self._timeline.in_place or not self._timeline.behind:
            self._delivery.tell(session, session.framed(data))
            if not self._turn_planned:
                self._plan_turn()
        else:
            self._timeline.queue(partial(self.tell, session, data))

    def hang_up(self, session: Session[Any], reason: str) -> None:
        """Close a connection behind everything it is told."""
        if self._timeline.in_place:
            self._hang_up(session, reason)
        else:
            self._timeline.queue(partial(self._hang_up, session, reason))

    def _hang_up(self, session: Session[Any], reason: str) -> None:
        self._delivery.settle()
        session.flush()
        session.link.close(reason)

    # Append, apply, deliver

    def _decide(self, decision: Decision) -> None:
        log = decision.event.settles
        if log:
            self.settling[log] += 1
        self._timeline.decide(decision)
        if not self._turn_planned:
            self._plan_turn()

    def _plan_turn(self) -> None:
        self._turn_planned = True
        self.soon(self._end_turn)

    def _end_turn(self) -> None:
        """What came up in this turn goes out together: one group to the store, one write to each session."""
        self._turn_planned = False
        self._timeline.hand_over()
        if self._delivery.has_words:
            self._pace.turn_ends(self._timeline.storing)

    def _settle(self, decision: Decision, outcome: Outcome) -> None:
        event = decision.event
        log = event.settles
        if log:
            self._release(log)
        if not isinstance(outcome, Exception):
            self._happen(decision, outcome[0] if outcome else self._nowhere())
        elif event.inevitable:
            self._happen(decision, self._nowhere())
        else:
            self._refuse(decision)

    def _happen(self, decision: Decision, place: Place) -> None:
        if not self._turn_planned:
            self._plan_turn()
        event, origin = decision.event, decision.origin
        entry = Entry(event, place)
        try:
            if place.repeated:
                self._repeat(entry, origin)
            elif isinstance(event, Said) and origin is not None and self._from_inside(event.logs, origin):
                self._delivery.talk(entry, self.hub.apply(entry), origin)
            else:
                self._deliver(entry, origin)
        except Exception as fault:  # ours: it ends the session that it came from, and nobody else misses a turn
            self._fault(decision, fault)
        else:
            if self.overhear is not None and not place.repeated and isinstance(event, Said):
                self._overhear(self.overhear, entry)
            if decision.promise is not None:
                decision.promise.keep(entry)

    def _overhear(self, overhear: Callable[[Entry], None], entry: Entry) -> None:
        """Whoever listens beside the conversation does not disturb it."""
        try:
            overhear(entry)
        except Exception as fault:
            self.report(fault, None)

    def _release(self, log: str) -> None:
        self.settling[log] -= 1
        if not self.settling[log]:
            del self.settling[log]

    def _fault(self, decision: Decision, fault: Exception) -> None:
        if decision.promise is not None:
            decision.promise.fail(fault)
        elif decision.origin is not None:
            decision.origin.session.fail(fault)
        else:
            self.report(fault, None)

    def _refuse(self, decision: Decision) -> None:
        self.hub.abandon(decision.event)
        refused = Refused(Why.NOT_STORED)
        if decision.promise is not None:
            decision.promise.fail(refused)
        elif decision.origin is not None:
            decision.origin.failed(refused)

    def _nowhere(self) -> Place:
        """The place of what no log keeps: a time, and a name of its own all the same."""
        return Place("", 0, self.clock.now(), secrets.token_urlsafe(12))

    def _deliver(self, entry: Entry, origin: Origin | None) -> None:
        self._delivery.tell_all(entry, self.hub.apply(entry), origin)
        for after in self.hub.sequel(entry.event):
            behind = Entry(after, Place("", 0, entry.place.ts, ""))
            self._delivery.tell_all(behind, self.hub.apply(behind), None)

    def _repeat(self, entry: Entry, origin: Origin | None) -> None:
        """Everybody has heard it; who sent it again learns what became of it then."""
        if origin is not None:
            self._delivery.tell_all(entry, {}, origin)

    @staticmethod
    def _from_inside(logs: Sequence[str], origin: Origin) -> bool:
        """Whether it was said to a room by one of those who hear it."""
        user = origin.session.user
        return user is not None and bool(logs) and logs[0] in user.memberships
