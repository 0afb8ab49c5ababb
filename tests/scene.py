"""A house without sockets: the real hub, server, dialect and memory store, a clock one sets and a loop one turns."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from hubbub.dialects.irc.dialect import Irc, Settings
from hubbub.dialects.irc.session import IrcSession
from hubbub.hub.account import Keys, ScramKeys
from hubbub.hub.events import Event, Place
from hubbub.hub.hub import Hub
from hubbub.hub.ports import Pusher, Store
from hubbub.hub.promise import Promise, kept
from hubbub.hub.rules import Rules
from hubbub.server import Server, Session
from hubbub.server.logins import AccountRules, Logins
from hubbub.server.registrar import Registrar
from hubbub.server.revocation import Revocation
from hubbub.stores.memory import MemoryStore
from hubbub.stores.memory_accounts import MemoryAccounts
from hubbub.wire.casemap import fold
from hubbub.wire.line import Line, parse
from hubbub.wire.masks import matches, normalise
from hubbub.wire.scram import Derived

RULES = Rules(fold=fold, matches=matches, normalise=normalise, server_name="hub.example")


class HandClock:
    """A clock that goes when it is moved. `now` is wall time in ms, `seconds` never goes back."""

    def __init__(self) -> None:
        self.wall = 1_790_000_000_000
        self.seconds = 1000.0

    def now(self) -> int:
        return self.wall

    def monotonic(self) -> float:
        return self.seconds

    def advance(self, seconds: float) -> None:
        self.wall += round(seconds * 1000)
        self.seconds += seconds


@dataclass(eq=False)
class Cable:
    """A link that keeps what is written to it."""

    address: str = "192.0.2.7"
    port: int = 40000
    secure: bool = False
    fingerprint: str = ""
    framing: Callable[[bytes], bytes] | None = None
    data: bytearray = field(default_factory=bytearray)
    writes: int = 0
    closed: str = ""
    paused: bool = False

    def write(self, data: bytes) -> None:
        if not self.closed:
            self.data += data
            self.writes += 1

    def close(self, reason: str) -> None:
        self.closed = self.closed or reason

    def stand_for(self, address: str, secure: bool, fingerprint: str) -> str:
        self.address, self.port, self.secure, self.fingerprint = address, 0, secure, fingerprint
        return ""

    def pause(self) -> None:
        self.paused = True

    def resume(self) -> None:
        self.paused = False


class SlowStore:
    """The memory store behind a commit that ends when the test says so, well or badly."""

    def __init__(self, store: MemoryStore) -> None:
        self._store = store
        self.groups: deque[tuple[list[Event], Promise[list[list[Place]]]]] = deque()
        self.held = True

    def append(self, events: Sequence[Event]) -> Promise[list[list[Place]]]:
        if not self.held:
            return self._store.append(events)
        promise: Promise[list[list[Place]]] = Promise()
        self.groups.append((list(events), promise))
        return promise

    def land(self) -> None:
        """The oldest group is stored."""
        events, promise = self.groups.popleft()
        promise.keep(self._store.append(events).result())

    def fail(self, error: Exception) -> None:
        """The oldest group is not."""
        self.groups.popleft()[1].fail(error)

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)


DATED = "of old: "


class PlainPasswords:
    """Passwords kept as they are, or of old behind `DATED`; checked at once, and invented in order."""

    def __init__(self, verify: Callable[[str | None, str], Promise[bool]]) -> None:
        self._verify = verify
        self._invented = 0

    def verify(self, secret: str | None, password: str) -> Promise[bool]:
        return self._verify(secret, password)

    def is_dated(self, secret: str) -> bool:
        return secret.startswith(DATED)

    def encode(self, password: str) -> Promise[Keys]:
        derived = Derived(password, b"salt", 1)
        return kept(Keys(password, ScramKeys(b"salt", 1, derived.stored, derived.server)))

    def invent(self) -> str:
        self._invented += 1
        return f"word-{self._invented}"

    def nobodys(self, key: str) -> ScramKeys:
        return ScramKeys(key.encode(), 1, bytes(32), bytes(32))


class Person:
    """Somebody at the other end of a cable, who speaks lines and reads lines."""

    def __init__(self, scene: Scene, session: IrcSession, cable: Cable) -> None:
        self.scene = scene
        self.session = session
        self.cable = cable

    def say(self, *lines: str) -> None:
        """Send lines, and let the house do what they ask."""
        self.send("".join(f"{line}\r\n" for line in lines).encode())

    def send(self, data: bytes) -> None:
        self.session.receive(data)
        self.scene.turn()

    def hears(self) -> list[str]:
        """What came since last asked."""
        text = self.cable.data.decode()
        self.cable.data.clear()
        return text.split("\r\n")[:-1]

    def reads(self) -> list[Line]:
        return [parse(line) for line in self.hears()]

    def asks(self, *lines: str) -> list[str]:
        """Say something and return the answer; what was heard before is put aside."""
        self.hears()
        self.say(*lines)
        return self.hears()

    def leaves(self, reason: str = "Connection closed") -> None:
        self.session.lost(reason)
        self.scene.turn()


class Scene:
    """`say` makes the house work until nothing is left to do, except what waits for a slow store."""

    def __init__(
        self,
        *,
        slow: bool = False,
        rules: Rules = RULES,
        settings: Settings | None = None,
        accounts: AccountRules | None = None,
        pusher: Pusher | None = None,
        kept_by: Callable[[HandClock], Store] | None = None,
    ) -> None:
        self.clock = HandClock()
        self.memory = MemoryStore(self.clock)
        self.slow = SlowStore(self.memory)
        self.slow.held = False
        self._ready: deque[Callable[[], None]] = deque()
        self.timers: list[tuple[float, Callable[[], None]]] = []
        self.faults: list[Exception] = []
        self.checks: deque[Promise[bool]] | None = None
        """Where a test puts a deque here, checks of passwords wait in it until the test settles them."""
        store: Store = self.slow if slow else self.memory  # type: ignore[assignment]  # __getattr__ gives the rest
        if kept_by is not None:
            store = kept_by(self.clock)
        self.hub = Hub(rules)
        self.accounts = MemoryAccounts()
        self.server = Server(self.hub, store, self.accounts, self.clock, self._ready.append, self._later, self._report)
        self.logins = Logins(self.server, PlainPasswords(self._verify), accounts or AccountRules())
        self.revocation = Revocation(self.logins)
        self.registrar = Registrar(self.logins, self.accounts)
        self.irc = Irc(self.server, settings or Settings(), self.registrar, "1.2.3", pusher)

    def connect(self, *, address: str = "192.0.2.7", secure: bool = False) -> Person:
        cable = Cable(address=address, secure=secure)
        return Person(self, self.irc.accept(cable), cable)

    def enter(self, nick: str, *caps: str, rooms: Sequence[str] = ()) -> Person:
        """Somebody who is registered, with these capabilities, in these rooms, and has heard all of that."""
        person = self.connect()
        if caps:
            person.say(*(f"CAP REQ {cap}" for cap in caps), "CAP END")  # all of them would not fit on one line
        person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}")
        for room in rooms:
            person.say(f"JOIN {room}")
        person.hears()
        return person

    def turn(self) -> None:
        """Let the loop run until it is idle."""
        while self._ready:
            self._ready.popleft()()

    def pass_time(self, seconds: float) -> None:
        self.clock.advance(seconds)
        due = [timer for timer in self.timers if timer[0] <= self.clock.seconds]
        self.timers = [timer for timer in self.timers if timer not in due]
        for _, action in sorted(due, key=lambda timer: timer[0]):
            action()
        self.turn()

    def _verify(self, secret: str | None, given: str) -> Promise[bool]:
        if self.checks is None:
            return kept(secret is not None and secret.removeprefix(DATED) == given)
        self.checks.append(Promise())
        return self.checks[-1]

    def _later(self, seconds: float, action: Callable[[], None]) -> None:
        self.timers.append((self.clock.seconds + seconds, action))

    def _report(self, fault: Exception, session: Session[object] | None) -> None:
        self.faults.append(fault)


def quiet(*people: Person) -> None:
    """Put aside what they heard so far."""
    for person in people:
        person.hears()
