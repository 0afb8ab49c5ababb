"""The loads: who sits where, who talks, how fast, by which door, and who takes part."""

from dataclasses import dataclass, replace
from typing import Final, Literal

Kind = Literal["saturated", "paced", "coming", "idle", "catching up", "starting", "reading"]
Door = Literal["tcp", "tls", "websocket"]

DOORS: Final[tuple[Door, ...]] = ("tcp", "tls", "websocket")  # as load_door.h counts them

US = ("hubbub",)
PAIR = ("hubbub", "inspircd")
CHAT = ("hubbub", "inspircd", "ngircd")
LIMITS = ("limit-each", "limit-turn")
STORES = ("hubbub", "hubbub-normal", "hubbub-memory")


@dataclass(frozen=True, slots=True)
class Load:
    """People in rooms of equal size, some of whom talk.

    `talkers` counts per room. `window` is how many messages a talker has in flight; with a `rate` (messages per second,
    all talkers together) nobody waits for anybody. `seconds` is how long it is measured. With `caps` people ask for one
    of so many sets of capabilities in turn, as clients of many kinds would. `idlers` sit in rooms of their own and say
    nothing; of each room `stalled` people stop reading. `at_once` is how many may be joining at a time.

    What `stored` says is in the store before the start, in as many `rooms`; with `owned` they all belong to somebody,
    and everybody has an account. `history` is how many messages each asks for when they are in.

    `servers` take part, and those that the command line adds if it is `open_to_peers`.
    """

    name: str
    title: str
    kind: Kind
    servers: tuple[str, ...]
    people: int = 0
    rooms: int = 1
    talkers: int = 0
    window: int = 1
    rate: float = 0.0
    seconds: float = 5.0
    caps: int = 0
    door: Door = "tcp"
    idlers: int = 0
    stalled: int = 0
    at_once: int = 8
    stored: int = 0
    owned: bool = False
    history: int = 0
    open_to_peers: bool = False

    def quick(self) -> "Load":
        """The same load, shorter and, where nobody talks, smaller: for a look, not for a figure to keep."""
        share = 5 if self.kind == "idle" else 1
        return replace(
            self,
            people=self.people // share,
            rooms=max(1, self.rooms // share),
            idlers=self.idlers // 5,
            stored=self.stored // 10,
            history=self.history // 2,
            seconds=self.seconds / 2.5,
        )

    def options(self) -> list[str]:
        """What the load generator is told."""
        names = (
            "people", "rooms", "talkers", "window", "rate", "seconds", "caps",
            "idlers", "stalled", "at_once", "history",
        )  # fmt: skip
        return [f"door={DOORS.index(self.door)}", *(f"{name}={getattr(self, name)}" for name in names)]


TALK: Final = Load("", "", "saturated", (), people=1000, talkers=20, window=2)
PACED: Final = Load("", "", "paced", (), people=1000, talkers=20, seconds=10)

HOUSE: Final = 1_000_000
"""Messages in the store of a house that is no longer new, shared out among 1,000 owned rooms."""

LOADS: Final = (
    replace(
        TALK, name="one", title="1 of 1,000 talks", servers=(*CHAT, *LIMITS), talkers=1, window=1, open_to_peers=True
    ),
    replace(
        TALK, name="members-100", title="1 of 100 talks", servers=("hubbub", *LIMITS), people=100, talkers=1, window=1
    ),
    replace(
        TALK, name="members-10000", title="1 of 10,000 talks", servers=("hubbub", *LIMITS), people=10000, talkers=1,
        window=1, at_once=200,
    ),
    replace(
        TALK, name="many", title="20 of 1,000 talk", servers=(*CHAT, *STORES[1:], *LIMITS), open_to_peers=True
    ),
    replace(TALK, name="tls", title="20 of 1,000 talk, by TLS", servers=PAIR, door="tls"),
    replace(TALK, name="tls-one", title="1 of 1,000 talks, by TLS", servers=PAIR, talkers=1, window=1, door="tls"),
    replace(TALK, name="websocket", title="20 of 1,000 talk, by WebSocket", servers=PAIR, door="websocket"),
    replace(TALK, name="stalled", title="20 of 1,000 talk, 10 others have stopped reading", servers=PAIR, stalled=10),
    replace(TALK, name="stored-10k", title="20 of 1,000 talk, after 10,000 messages", servers=US, stored=10_000),
    replace(TALK, name="stored-1m", title="20 of 1,000 talk, after 1 million messages", servers=US, stored=1_000_000),
    replace(
        TALK, name="stored-10m", title="20 of 1,000 talk, after 10 million messages", servers=US, stored=10_000_000
    ),
    replace(TALK, name="alike", title="20 of 2,000 talk, clients of one kind", servers=PAIR, people=2000),
    replace(TALK, name="mixed", title="20 of 2,000 talk, clients of eight kinds", servers=PAIR, people=2000, caps=8),
    replace(
        TALK, name="rooms", title="500 talk in 50 rooms of 10", servers=(*CHAT, *STORES[1:], *LIMITS), people=500,
        rooms=50, talkers=10, open_to_peers=True,
    ),
    replace(
        PACED, name="paced-20", title="20 messages a second to 1,000", servers=(*CHAT, "limit-turn"), rate=20,
        seconds=20, open_to_peers=True,
    ),
    replace(
        PACED, name="paced-100", title="100 messages a second to 1,000", servers=(*CHAT, "limit-turn"), rate=100,
        open_to_peers=True,
    ),
    replace(
        PACED, name="paced-rooms", title="5,000 messages a second in 50 rooms of 10", servers=(*CHAT, "limit-turn"),
        people=500, rooms=50, talkers=10, rate=5000, open_to_peers=True,
    ),
    replace(PACED, name="live", title="100 messages a second to 100", servers=PAIR, people=100, rate=100),
    replace(
        PACED, name="beside", title="the same beside 10,000 who idle", servers=PAIR, people=100, rate=100, idlers=10000
    ),
    Load("enter", "2,000 come in and join rooms of 2", "coming", (*CHAT, "limit-turn"), 2000, 1000, open_to_peers=True),
    Load("storm-1000", "1,000 join one room at once", "coming", CHAT, 1000, at_once=1000, open_to_peers=True),
    Load("storm-5000", "5,000 join one room at once", "coming", PAIR, 5000, at_once=5000),
    Load("idle", "10,000 come in, join rooms of 100, and idle", "idle", CHAT, 10000, 100, open_to_peers=True),
    Load("idle-tls", "2,000 do so by TLS", "idle", PAIR, 2000, 20, door="tls"),
    Load(
        "reconnect", "1,000 log in, join rooms of 20 and ask for the last 100 messages", "catching up", US, 1000, 50,
        stored=HOUSE, owned=True, history=100, at_once=100,
    ),
    Load("start", "start with 1,000 rooms and 1 million messages", "starting", US, stored=HOUSE, owned=True),
    Load("read", "pages and searches in 10 million messages", "reading", US, stored=10_000_000),
)  # fmt: skip
