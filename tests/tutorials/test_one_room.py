"""Programs that readers wrote after chat tutorials, unmodified, in one room with everybody else.

Each keeps the habits of its text: one bare `recv(1024)`, no end of a message, a thread or a loop each; only the
keyboard is a pipe.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Final

import pytest

from tests.system.running import Running, Wire
from tests.system.test_serve import hubbub
from tests.tutorials.pupils import Pupil

DOORS = ("nick", "addressed", "raw", "getname", "classic")
EACH = 20

_WORD: Final = re.compile(r"<(\w+)>")

Start = Callable[[str, str], Pupil]


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, ("irc://127.0.0.1:0", *(f"{door}://127.0.0.1:0" for door in DOORS)))
    yield running
    running.close()


@pytest.fixture
def start(house: Running) -> Iterator[Start]:
    """Starts a program of a tutorial; at the end none of them may have complained."""
    started: list[Pupil] = []

    def begin(door: str, name: str) -> Pupil:
        started.append(Pupil(door, house.urls[1 + DOORS.index(door)], name))
        return started[-1]

    yield begin
    assert [complaint for pupil in started if (complaint := pupil.close())] == []


def test_people_by_six_doors_hear_each_other_in_one_order(house: Running, start: Start) -> None:
    """Twenty of each kind: every word reaches everybody else once, in the order that the log has."""
    people = [house.connect().enter(f"irc{number}", room="#lobby") for number in range(EACH)]
    pupils = [start(door, f"{door}{number}") for door in DOORS for number in range(EACH)]
    last, there = people[-1], 0
    while there < len(pupils):  # who is in by `classic` says so when their connections stand
        line = last.hear(lambda line: line.command in {"JOIN", "PRIVMSG"})
        there += line.command == "PRIVMSG" or "!classic@" not in (line.source or "")
    for number, person in enumerate(people):
        person.say(f"PRIVMSG #lobby :<irc{number}>")
    for pupil in pupils:
        pupil.types(f"<{pupil.name}>")
    names = [*(f"irc{number}" for number in range(EACH)), *(pupil.name for pupil in pupils)]
    heard = [words(person, len(names) - 1) for person in people]
    for pupil in pupils:
        if pupil.door == "addressed":  # shows nothing that its reader has not typed for
            pupil.types(*[""] * 1000)
        count = len(names) if pupil.door == "nick" else len(names) - 1
        pupil.waits_for(lambda screen, count=count: len(_WORD.findall(screen)) >= count)  # type: ignore[misc]
    log = re.findall(r"<(\w+)>$", hubbub("log", "--data", house.data, "#lobby").stdout, re.MULTILINE)
    assert sorted(log) == sorted(names)
    for name, found in zip(names, [*heard, *(_WORD.findall(pupil.screen) for pupil in pupils)], strict=True):
        assert found == [word for word in log if word != name or name.startswith("nick")], name


def words(person: Wire, count: int) -> list[str]:
    """The next so many that were said."""
    said: list[str] = []
    while len(said) < count:
        said += _WORD.findall(person.hear("PRIVMSG").params[1])
    return said


def test_each_is_reached_in_private(house: Running, start: Start) -> None:
    """By a client of IRC, and by each other with an address. Alice types once for each message that she gets."""
    ida = house.connect().enter("ida", room="#lobby")
    maya, tom = start("nick", "maya"), start("getname", "tom")
    for _ in range(2):
        ida.hear("JOIN")
    alice = start("addressed", "alice")
    alice.waits_for("saved as : alice")
    ida.say("PRIVMSG maya :one", "PRIVMSG tom :two")
    maya.waits_for("(private to maya) ida: one")
    tom.waits_for("(private to tom) ida: two")
    alice.types("@maya:three")
    maya.waits_for("(private to maya) alice: three")
    ida.say("PRIVMSG alice :four")
    alice.waits_for("four")
    alice.types("@TOM:five")
    tom.waits_for("(private to tom) alice: five")
    tom.types("@alice:six")
    alice.waits_for("six")
    alice.types("@ida:seven")
    assert ida.hear("PRIVMSG").params == ("ida", "seven")
    lin = start("classic", "lin")
    ida.hear("NICK")
    ida.say("PRIVMSG lin :eight")
    lin.waits_for("(private to lin) ida: eight")
    lin.types("@tom:nine")
    tom.waits_for("(private to tom) lin: nine")


def test_who_comes_and_goes_is_told_in_each_ones_words(house: Running, start: Start) -> None:
    """By a word, or without any."""
    ida = house.connect().enter("ida", room="#lobby")
    maya = start("nick", "maya")
    maya.waits_for("Connected to server!")
    tom = start("getname", "tom")
    tom.waits_for("tom connected to server!")
    maya.waits_for("tom joined!")
    tom.types("q")
    assert tom.ends() == 0
    maya.waits_for("tom left!")
    guest = start("raw", "")
    maya.waits_for("guest joined!")
    guest.process.kill()
    maya.waits_for("guest left!")
    alice = start("addressed", "alice")
    alice.waits_for("Your user detail saved as : alice")
    alice.types("exit")
    assert alice.ends() == 0
    maya.waits_for("alice left!")
    lin = start("classic", "lin")
    maya.waits_for("is now called lin")
    lin.process.kill()
    maya.waits_for("lin left!")
    ida.say("NICK ida_", "QUIT :bye")
    maya.waits_for("ida is now called ida_")
    maya.waits_for("ida_ left!")


def test_words_beyond_ascii_break_no_program(house: Running, start: Start) -> None:
    """Those that decode ASCII are told what they can read."""
    ida = house.connect().enter("ida", room="#lobby")
    maya, tom, guest = start("nick", "maya"), start("getname", "tom"), start("raw", "")
    for _ in range(3):
        ida.hear("JOIN")
    ida.say("PRIVMSG #lobby :Grüße aus dem Café 👍")
    maya.waits_for("ida: Grusse aus dem Cafe :thumbs up sign:")
    tom.waits_for("ida: Grusse aus dem Cafe :thumbs up sign:")
    guest.waits_for("ida: Grüße aus dem Café 👍")


def test_the_end_of_the_house_ends_no_program_badly(house: Running, start: Start) -> None:
    """They read why, and then the end of the stream."""
    maya = start("nick", "maya")
    maya.waits_for("Connected to server!")
    pupils = [maya, start("getname", "tom"), start("raw", "")]
    maya.waits_for("guest joined!")
    maya.waits_for("tom joined!")
    lin = start("classic", "lin")
    maya.waits_for("lin: connected")
    assert house.stop() == 0
    lin.waits_for("The server is shutting down; please come back in a moment")
    for pupil in pupils:
        pupil.waits_for("The server is shutting down; please come back in a moment")
        assert pupil.ends() == 0


def test_a_program_that_never_reads_is_put_out(tmp_path: Path) -> None:
    """At the limit of its send queue, when the kernel's buffers are full as well; all others hear everything."""
    listen = ("irc://127.0.0.1:0", "nick://127.0.0.1:0", "raw://127.0.0.1:0")
    house = Running(tmp_path, listen, 'server_name = "hub.example"\ndata = "{data}"\n' + _SMALL)
    try:
        ida = house.connect().enter("ida", room="#lobby")
        stalled, talker = house.connect(1), house.connect(2)
        stalled.socket.sendall(b"maya")
        ida.hear("JOIN")
        ida.hear("JOIN")
        put_out = None
        while put_out is None:
            talker.socket.sendall(f"{'x' * 4000}\n".encode() * 100 + b"<end>\n")
            line = ida.hear(lambda line: line.params[-1] == "<end>" or line.command == "QUIT")
            put_out = line if line.command == "QUIT" else None
        assert (put_out.source or "").startswith("maya!")
        assert put_out.params == ("SendQ exceeded",)
        ida.hear(lambda line: line.params[-1] == "<end>")
    finally:
        house.close()


_SMALL = "[limits]\nflood = false\nsendq_bytes = 65536\n"
