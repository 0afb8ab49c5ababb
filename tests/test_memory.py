"""What stays in memory of what came and went: nothing that was not there before, after however many."""

from __future__ import annotations

import gc
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from typing import Final, TypeVar

import pytest

from hubbub.dialects.irc.look import iso_time
from hubbub.hub.ports import Clock
from hubbub.hub.promise import Promise
from hubbub.stores.sqlite import SqliteStore
from tests.irc.logins import account, plain
from tests.scene import RULES, Person, Scene

T = TypeVar("T")

PATIENCE: Final = 30.0
CAPS: Final = "batch draft/chathistory echo-message labeled-response message-tags sasl server-time soju.im/search"
NICKS: Final = ("leo", "sam", "priya", "tom")
LINES: Final = """
CAP REQ :{caps}
NICK {nick}
USER {nick} 0 * :Somebody
AUTHENTICATE PLAIN
{login}
CAP END
JOIN #tea,#coffee
MONITOR + maya,nobody
@label={nick}-0123456789abcdef-{turn} PRIVMSG #tea :{turn} is said
@label={nick}-0123456789abcdef-{turn} PRIVMSG #tea :{turn} is said
PRIVMSG maya :{turn}, between us
TAGMSG #tea
TOPIC #coffee :{turn}
MODE #coffee +b *!*@bad.example
MODE #coffee -b *!*@bad.example
CHATHISTORY LATEST #tea * 10
CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2100-01-01T00:00:00.000Z 10
SEARCH in=#tea;text=said;limit=5
NICK {nick}2
AWAY :{turn}
WHOIS maya
PART #coffee :{turn}
JOIN #only-{nick}
"""
"""What each does who comes. A word of theirs is said twice under one label, as after a cut."""


class Town(Scene):
    """A scene on a disk, whose threads hand back what they found; maya is always here, and hears it all."""

    def __init__(self, directory: Path) -> None:
        self._found: SimpleQueue[Callable[[], None]] = SimpleQueue()
        self._turns = 0
        super().__init__(rules=replace(RULES, whowas=10), kept_by=partial(self._open, directory))
        for nick in NICKS:
            account(self, nick)
        self.revocation.watch()
        self.maya = self.enter("maya", *CAPS.split())
        self.hear_out(self.maya, "JOIN #tea")

    def _open(self, directory: Path, clock: Clock) -> SqliteStore:
        self.store = SqliteStore(directory, clock, self._found.put, synchronous="normal")
        return self.store

    def hear_out(self, person: Person, *lines: str) -> None:
        """Say it all at once, and wait until the last of it is done."""
        person.hears()
        person.say(*lines, "PING over")
        while b"PONG" not in person.cable.data:
            self._found.get(timeout=PATIENCE)()
            self.turn()
        assert not self.faults

    def days_pass(self, count: int) -> None:
        """On each, everybody comes, does all that one does, and is cut off. At last, search has read it all."""
        for _ in range(count):
            self._turns += 1
            for nick in NICKS:
                self._visit(nick)
        while self._answer(self.store.catch_up()):
            pass

    def _answer(self, promise: Promise[T]) -> T:
        while not promise.done:
            self._found.get(timeout=PATIENCE)()
        return promise.result()

    def _visit(self, nick: str) -> None:
        person = self.connect()
        lines = LINES.format(caps=CAPS, nick=nick, turn=self._turns, login=plain(nick)).split("\n")
        self.hear_out(person, *filter(None, lines))
        person.leaves()
        self.hear_out(self.maya)
        self.pass_time(1.0)


@pytest.fixture
def town(tmp_path: Path) -> Iterator[Town]:
    town = Town(tmp_path)
    with closing(town.store):
        yield town


def alive() -> tuple[Counter[str], int]:
    """How many objects of each of our types the collector knows; and how many blocks of memory Python has in use."""
    iso_time.cache_clear()  # which remembers so many times, and is not full yet
    gc.collect()
    names = (f"{type(one).__module__}.{type(one).__qualname__}" for one in gc.get_objects())
    ours = Counter(name for name in names if name.startswith("hubbub."))
    gc.collect()  # which also frees what the interpreter keeps for what comes next
    return ours, sys.getallocatedblocks()


def test_what_comes_and_goes_leaves_nothing(town: Town) -> None:
    """However many have come, spoken, read, searched and gone: there are as many objects as before.

    What the collector does not know, strings say, is counted, too. The interpreter itself comes to rest within three
    of those for each visit, in which twenty things are done: eight would be too many. Seen to fail where a session
    stays in the server's set, where those who watch stay in it, and where a list has the msgid of what each said.
    """
    town.days_pass(40)
    before, blocks = alive()
    town.days_pass(20)
    after, more = alive()
    assert after == before
    assert more - blocks < 8 * 20 * len(NICKS)
