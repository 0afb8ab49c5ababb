"""A session: one attached connection, whose lines take effect one after the other, in the order they came.

A command may wait (for its commit, for a page of history): the lines behind it wait too, and those of the same user's
other sessions. Talk does not wait, so many messages of one session can be on their way to the store.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Coroutine, Iterable
from typing import TYPE_CHECKING, Any, Final, Generic, TypeVar

from hubbub.hub.ports import Link, Look
from hubbub.hub.promise import Promise

if TYPE_CHECKING:
    from hubbub.hub.account import Login
    from hubbub.hub.user import User
    from hubbub.server.server import Server

T = TypeVar("T")

INBOX_FULL = 256
"""Lines that may wait before we stop reading from the connection: the kernel's buffers then slow the sender."""

INBOX_LOW = 64


_NONE: Final[frozenset[str]] = frozenset()
_EMPTY: Final[deque[Any]] = deque()
"""Of those who are connected and say nothing, who share it: a queue of one's own is 760 bytes."""


class Budget:
    """How many lines a session may send: `burst` at once, `rate` a second after that."""

    __slots__ = ("_at", "_left", "burst", "rate")

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self.burst = burst
        self.rate = rate
        self._left = burst
        self._at = now

    def take(self, now: float) -> float:
        """Take one line's worth; 0.0, or the seconds to wait until there is one."""
        self._left = min(self.burst, self._left + (now - self._at) * self.rate)
        self._at = now
        if self._left < 1:
            return (1 - self._left) / self.rate
        self._left -= 1
        return 0.0


class Session(Generic[T]):
    """`T` is what a dialect cuts its input into.

    `user` is set while somebody is behind it, `login` once they have shown which account is theirs.
    """

    __slots__ = (
        "_asleep",
        "_busy",
        "_gone",
        "_held",
        "_inbox",
        "_parting",
        "_paused",
        "absent",
        "budget",
        "closed",
        "heeds",
        "link",
        "login",
        "look",
        "outbox",
        "pinged",
        "server",
        "user",
    )

    def __init__(self, server: Server, link: Link, look: Look) -> None:
        self.server = server
        self.link = link
        self.look = look
        self.user: User | None = None
        self.login: Login | None = None
        self.outbox: list[bytes] = []
        self.heeds: frozenset[str] = _NONE
        self.absent = False
        self.pinged = False
        self.budget = server.new_budget()
        self.closed = server.stopping  # who comes later than that is not heard
        self._parting: str | None = None
        self._inbox: deque[T] = _EMPTY
        self._busy = False
        self._gone = ""
        self._held: User | None = None
        self._asleep = False
        self._paused = False
        server.sessions.add(self)
        server.newcomers.add(self)

    @property
    def account(self) -> str:
        """As whom they are logged in, "" for a guest."""
        return self.login.account if self.login is not None else ""

    def handle(self, item: T) -> Coroutine[Promise[Any], None, None] | None:
        """Do what one item of input asks, a dialect's own; the coroutine is what is left of it and may have to wait."""
        raise NotImplementedError

    def farewell(self, reason: str) -> bytes:
        """The last words to a connection that we close; a dialect's own."""
        raise NotImplementedError

    def feed(self, items: Iterable[T]) -> None:
        """Take input in."""
        if self.closed:
            return
        if self._inbox:
            self._inbox.extend(items)
        else:
            self._inbox = deque(items)
        self._run()
        if len(self._inbox) > INBOX_FULL and not self._paused:
            self._paused = True
            self.link.pause()

    def framed(self, data: bytes) -> bytes:
        """Lines as the link wants them."""
        framing = self.link.framing
        return framing(data) if framing is not None else data

    def flush(self) -> None:
        """Write the outbox out in one piece."""
        outbox = self.outbox
        if outbox:
            data = outbox[0] if len(outbox) == 1 else b"".join(outbox)
            outbox.clear()
            self.link.write(data)

    def close(self, reason: str, parting: str = "") -> None:
        """End it from our side: the user leaves with the words `parting`, the connection is told `reason` and closed.

        Both happen behind all that was decided before, and the user leaves when the command that is under way is
        done; what else it sent is dropped.
        """
        if self.closed:
            return
        self._end(reason, parting or reason)
        self.server.tell(self, self.farewell(reason))
        self.server.hang_up(self, reason)

    def stop(self, reason: str) -> None:
        """The server ends: what was decided is still told, then `reason`. Nobody leaves by it, in no room's log."""
        if not self.closed:
            self.closed = reason
            self._inbox.clear()
            self.server.tell(self, self.farewell(reason))
            self.server.hang_up(self, reason)

    def lost(self, reason: str) -> None:
        """The connection is gone. The user leaves when all that came before the end is done.

        Who pipes their words in and hangs up has said them; what exceeds their budget is dropped.
        """
        self.server.sessions.discard(self)
        self.server.newcomers.discard(self)
        self._gone = reason
        self._leave_if_done()

    def _leave_if_done(self) -> None:
        if self._gone and not self.closed and not self._busy and (self._asleep or not self._inbox):
            self._end(self._gone, self._gone)

    def fail(self, fault: Exception) -> None:
        """Something of ours went wrong on its behalf: that ends this session, and this one only."""
        self.server.report(fault, self)
        self.close("Internal error. It was logged; please connect again.")

    def _end(self, reason: str, parting: str) -> None:
        self.closed, self._parting = reason, parting
        self._inbox.clear()
        if not self._busy:
            self.server.leave(self, parting)

    def _run(self) -> None:
        inbox = self._inbox
        under_way = self.server.under_way
        while inbox and not self._busy and not self._asleep and not (under_way and self._stands_behind()):
            if self.budget is not None and not self._afford(self.budget):
                continue
            try:
                work = self.handle(inbox.popleft())
            except Exception as fault:
                self.fail(fault)
            else:
                if work is not None:
                    self._start(work)
        if not inbox:
            self._inbox = _EMPTY
        if self._gone:
            self._leave_if_done()

    def _stands_behind(self) -> bool:
        """Whether another session of this user has a command under way: what it changes, ours has to know of."""
        waiting = self.server.under_way.get(self.user) if self.user is not None else None
        if waiting is not None:
            waiting.add(self)
        return waiting is not None

    def _hold(self) -> None:
        if self.user is not None and self.user not in self.server.under_way:
            self._held = self.user
            self.server.under_way[self.user] = set()

    def _let_go(self) -> None:
        user, self._held = self._held, None
        if user is not None:
            for session in self.server.under_way.pop(user):
                self.server.soon(session._go_on)

    def _afford(self, budget: Budget) -> bool:
        wait = budget.take(self.server.clock.monotonic())
        if wait:
            self._asleep = True
            self.server.later(wait, self._wake)
        return not wait

    def _wake(self) -> None:
        self._asleep = False
        self._go_on()

    def _go_on(self) -> None:
        if self.server.stopping:  # which those who had hung up by then were not told
            return
        self._run()
        if self._paused and len(self._inbox) < INBOX_LOW and not self.closed and not self._gone:
            self._paused = False
            self.link.resume()

    def _start(self, work: Coroutine[Promise[Any], None, None]) -> None:
        try:
            waiting = work.send(None)
        except StopIteration:
            return
        except Exception as fault:
            self.fail(fault)
        else:
            self._busy = True
            self._hold()
            waiting.then(lambda: self._continue(work))

    def _continue(self, work: Coroutine[Promise[Any], None, None]) -> None:
        """A command goes on at the place where its promise was kept; the lines behind it wait for the next turn."""
        self._busy = False
        self._let_go()
        self._start(work)
        if self._busy:
            return
        if self._parting is not None:
            self.server.leave(self, self._parting)
        elif not self.closed:
            self.server.soon(self._go_on)
