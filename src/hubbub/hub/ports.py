"""What the hub's house asks of the world outside, as small protocols that adapters keep.

`Look` and `Session` are kept by dialects, `Link` and `Pusher` by net, `Store`, `Accounts` and `Invitations` by stores,
`Clock` by whoever composes the house, `Passwords` by `hubbub.passwords`, and `Switchboard` by `hubbub.direct`.
"""

from __future__ import annotations

from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Protocol

from msgspec import Struct

from hubbub.hub.account import Account, Accounts, Invitations, Passwords
from hubbub.hub.events import Entry, Event, Fact, Place, Subscription
from hubbub.hub.promise import Promise

if TYPE_CHECKING:
    from hubbub.hub.user import User

__all__ = [
    "Account",
    "Accounts",
    "Clock",
    "Invitations",
    "Link",
    "Look",
    "Mark",
    "NotFound",
    "Passwords",
    "Pusher",
    "Session",
    "Sought",
    "Store",
    "StoreFailed",
    "Switchboard",
    "Target",
    "Window",
]


class Clock(Protocol):
    def now(self) -> int:
        """Wall time in ms since the epoch; may jump."""

    def monotonic(self) -> float:
        """Seconds that never go back; timers use these."""


class Look(Protocol):
    """One way of writing entries down: a dialect with the capabilities that change its bytes."""

    def render(self, entry: Entry) -> bytes:
        """The entry as bytes, pure in the entry; b"" where this look does not show it."""


class Link(Protocol):
    """The connection under a session. `address` is "unix" for a local socket.

    `framing` wraps lines in what `write` expects; None where they are written as they are.
    """

    address: str
    port: int
    secure: bool
    fingerprint: str
    framing: Callable[[bytes], bytes] | None

    def write(self, data: bytes) -> None:
        """Never waits: a reader that lags behind its send queue is closed."""

    def close(self, reason: str) -> None:
        """Write out what waits, then close."""

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        """A gateway says whose connection this is. Why that address may not come in, or ""."""

    def pause(self) -> None:
        """Read nothing until `resume`."""

    def resume(self) -> None: ...


class Session(Protocol):
    """One attached connection: how it reads, who is behind it, and what waits to be written to it.

    `absent` says that it connected by itself, and nobody sits in front of it; `pinged` that it was asked for a sign of
    life and has given none yet.
    """

    look: Look
    user: User | None
    outbox: list[bytes]
    link: Link
    heeds: frozenset[str]
    """The keys of metadata whose changes it wants to hear of."""
    absent: bool
    pinged: bool

    def flush(self) -> None:
        """Write the outbox out in one piece."""


class Pusher(Protocol):
    """Tells devices that are not connected, by way of push services."""

    @property
    def key(self) -> str:
        """The public key that push services know us by, in URL-safe base64; the same for as long as the data lasts."""

    def objection(self, endpoint: str, p256dh: str, auth: str) -> str:
        """Why nothing can be pushed there, as what was expected; or ""."""

    def push(self, to: Subscription, payload: bytes, gone: Callable[[], Any]) -> None:
        """Never waits, and may drop it. `gone` is called where the device is not there any more."""


class Switchboard(Protocol):
    """Puts this end in contact with others, where there is no server between them: what DIRECT talks to.

    `tells_arrival` says that devices are told whom a message of theirs still waits for; `room` is where all talk, and
    where sentences are told.
    """

    @property
    def tells_arrival(self) -> bool: ...

    @property
    def room(self) -> str: ...

    def ask(self, words: Sequence[str]) -> Coroutine[Promise[Any], None, list[str]]:
        """Do what somebody at this end asks; the sentences of the answer."""

    def expect(self) -> Coroutine[Promise[Any], None, None]:
        """Somebody is about to sit down at this end."""

    def waiting(self) -> list[Event]:
        """What they are to know of their own messages before they read them."""

    def news(self) -> list[str]:
        """What was to be told while nobody sat here."""


class StoreFailed(Exception):
    """Nothing of the group was stored. The text says why, for an operator's eyes."""


class NotFound(Exception):
    """A reference names no entry of that log."""


class Mark(Struct, frozen=True, gc=False):
    """A place in a log as a reader names it: by `msgid`, or else by `ts` in ms."""

    msgid: str = ""
    ts: int = 0


class Window(Struct, frozen=True, gc=False):
    """Which entries of a log are wanted: strictly after `after`, strictly before `before`, at most `limit`.

    Where more than `limit` fit, `newest` says at which end to count from. `verbs` keeps only talk spoken with these
    verbs (`Said.verb`, and REDACT and EDIT); None keeps entries of every kind but those that `without` names.
    """

    limit: int
    after: Mark | None = None
    before: Mark | None = None
    newest: bool = True
    verbs: tuple[str, ...] | None = None
    without: tuple[str, ...] = ()


class Sought(Struct, frozen=True):
    """What a reader looks for in talk: all words of `text`, said by somebody with the nick `sender`; "" for anything.

    Case and accents count for nothing. `"two words"` stand one behind the other, `begin*` begins a word, and in
    scripts that write without spaces any run of characters is found. A text without a letter or digit is nowhere.
    """

    text: str = ""
    sender: str = ""


class Target(Struct, frozen=True, gc=False):
    """A conversation with talk in it: its log and the time of its latest PRIVMSG or NOTICE, in ms."""

    log: str
    ts: int


class Store(Protocol):
    """The logs: gapless `seq` per log, `ts` rising by at least 1 ms within it, durable before a promise is kept."""

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        """Store all events in order, or none, and their facts: for each event its places, one per name in `logs`.

        Fails with `StoreFailed`. A `Said` whose `nonce` its sender (`who.account`, else the nick) used within 24 h
        is not stored again: its place is the first one's, marked `repeated`.
        """

    def page(self, log: str, window: Window) -> Promise[list[Entry]]:
        """Entries in rising `seq`. Fails with `NotFound` where a msgid is not of this log; an unknown log is empty."""

    def between(self, log: str, start: Mark, end: Mark, window: Window) -> Promise[list[Entry]]:
        """Entries strictly between two marks, the limit counted from `start`, whichever of them is earlier."""

    def around(self, log: str, mark: Mark, window: Window) -> Promise[list[Entry]]:
        """At most `limit` entries about `mark`, itself among them: half before it, the rest from it on."""

    def targets(self, logs: Sequence[str], identity: str, after: int, before: int, limit: int) -> Promise[list[Target]]:
        """Those of `logs`, and of `identity`'s pairs, whose latest talk lies strictly within the ms, oldest first.

        Where more than `limit` fit, those nearest to `after` are meant if after < before, else those nearest to
        the other end: as BETWEEN counts.
        """

    def search(self, logs: Sequence[str], identity: str, sought: Sought, window: Window) -> Promise[list[Entry]]:
        """The talk in `logs`, and in `identity`'s pairs, that is what is sought, by time; `window` by times alone.

        What was stored within the last second may be missing, and of more than 200 conversations the quietest are.
        """

    def outdated(self, times: Mapping[str, int], otherwise: int) -> Promise[list[str]]:
        """The logs whose first entry is from before their time in `times` (ms), or else from before `otherwise`."""

    def forget(self, log: str, before: int, limit: int) -> Promise[int]:
        """Remove the first entries of a log, at most `limit`, from before that time; how many it were.

        Those that are left keep their `seq`, and the next one's is as if nothing had gone.
        """

    def facts(self) -> Promise[list[Fact]]:
        """All that hold, in the order of scope, key and field."""

    def close(self) -> None:
        """Finish what was begun and let the files go."""
