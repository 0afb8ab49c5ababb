"""Staying: present without a device, and over restarts."""

from hubbub.hub.events import Entry, Event, Fact, ModeChange, Place
from hubbub.hub.hub import Hub
from hubbub.hub.staying import NOT_CONNECTED
from hubbub.hub.user import User
from tests.scene import RULES

NOON = 1_790_000_000_000


class Memory:
    """A hub whose facts outlive it."""

    def __init__(self) -> None:
        self.facts: dict[tuple[str, str, str], Fact] = {}
        self.hub = Hub(RULES)

    def does(self, event: Event | None) -> None:
        assert event is not None
        for fact in event.facts:
            self.facts[fact.scope, fact.key, fact.field] = fact
        self.hub.apply(Entry(event, Place("", 0, NOON, "")))

    def enter(self, nick: str, account: str = "") -> User:
        user = User(nick, nick, nick, "host.example", nick.title())
        user.account, user.identity = account, account or f"~{nick}"
        user.sign()
        self.hub.enter(user)
        return user

    def restart(self) -> None:
        self.hub = Hub(RULES)
        self.hub.bring_back(self.facts.values(), NOON + 1)


def test_who_stays_is_where_they_were_after_a_restart() -> None:
    """With their nick, their rooms and their rank, away until a device connects."""
    memory = Memory()
    maya = memory.enter("maya", "maya")
    memory.does(memory.hub.join(maya, "#Den"))
    memory.does(memory.hub.stay(maya, True))
    memory.does(memory.hub.join(maya, "#garden"))
    memory.does(memory.hub.rename(maya, "maja"))
    memory.restart()
    back = memory.hub.user("maja")
    assert (back.identity, back.account, back.away, back.stays) == ("maya", "maya", NOT_CONNECTED, True)
    assert {m.channel.name: m.status for m in back.memberships.values()} == {"#Den": "o", "#garden": "o"}
    assert memory.hub.wearers("maya") == [back]


def test_rooms_that_were_left_are_left() -> None:
    """By going, or by being put out."""
    memory = Memory()
    maya, leo = memory.enter("maya", "maya"), memory.enter("leo")
    memory.does(memory.hub.join(leo, "#den"))
    memory.does(memory.hub.stay(maya, True))
    for room in ("#den", "#garden"):
        memory.does(memory.hub.join(maya, room))
    memory.does(memory.hub.kick(leo, "#den", "maya", "out"))
    memory.does(memory.hub.part(maya, "#garden", ""))
    memory.restart()
    assert memory.hub.user("maya").memberships == {}
    assert memory.hub.channels == {}


def test_a_rank_that_was_taken_does_not_come_back() -> None:
    """The seat remembers the status of the last MODE."""
    memory = Memory()
    maya, leo = memory.enter("maya", "maya"), memory.enter("leo")
    memory.does(memory.hub.stay(maya, True))
    memory.does(memory.hub.join(maya, "#den"))
    memory.does(memory.hub.join(leo, "#den"))
    event, _ = memory.hub.change_modes(maya, "#den", [ModeChange(True, "o", "leo")])
    memory.does(event)
    event, _ = memory.hub.change_modes(leo, "#den", [ModeChange(False, "o", "maya"), ModeChange(True, "v", "maya")])
    memory.does(event)
    memory.restart()
    assert memory.hub.user("maya").memberships["#den"].status == "v"


def test_who_stays_no_longer_is_forgotten() -> None:
    """All of it: who they were and where."""
    memory = Memory()
    maya = memory.enter("maya", "maya")
    memory.does(memory.hub.stay(maya, True))
    memory.does(memory.hub.join(maya, "#den"))
    memory.does(memory.hub.stay(maya, False))
    memory.restart()
    assert memory.hub.users == {}
