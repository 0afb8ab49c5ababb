"""A house with a few people in it, where every commit ends when the test says so."""

from __future__ import annotations

from hubbub.dialects.irc.dialect import Settings
from hubbub.hub.events import Entry, Event
from hubbub.hub.ports import StoreFailed, Window
from tests.scene import Person, Scene, quiet

EVERYTHING = Window(10_000)


class Stage(Scene):
    """maya runs #tea; leo and sam are in it; tom is outside. From then on commits are held.

    All have echo-message, so that each hears what the others hear.
    """

    def __init__(self) -> None:
        super().__init__(slow=True, settings=Settings(backlog=0))
        self.maya, self.leo, self.sam = (self.enter(nick, "echo-message", rooms=["#tea"]) for nick in MEMBERS)
        self.tom = self.enter("tom", "echo-message")
        self.everybody = (self.maya, self.leo, self.sam, self.tom)
        quiet(*self.everybody)
        self.slow.held = True

    def person(self, nick: str) -> Person:
        return self.everybody[(*MEMBERS, "tom").index(nick)]

    def land(self) -> None:
        """The oldest group is stored, and the house does what follows."""
        self.slow.land()
        self.turn()

    def land_all(self) -> None:
        while self.slow.groups:
            self.land()

    def fail(self, reason: str = "the disk is full") -> None:
        """The oldest group is not stored."""
        self.slow.fail(StoreFailed(reason))
        self.turn()

    def groups(self) -> list[list[Event]]:
        """What is with the store, group by group."""
        return [events for events, _ in self.slow.groups]

    def entries(self, log: str = "#tea") -> list[Entry]:
        return self.memory.page(log, EVERYTHING).result()

    def events(self, log: str = "#tea") -> list[str]:
        """What kinds of things happened there, in order."""
        return [type(entry.event).__name__ for entry in self.entries(log)]

    def heard(self) -> dict[str, list[str]]:
        """What came to each since last asked; those who heard nothing are left out."""
        heard = {nick: self.person(nick).hears() for nick in (*MEMBERS, "tom")}
        return {nick: lines for nick, lines in heard.items() if lines}


MEMBERS = ("maya", "leo", "sam")
