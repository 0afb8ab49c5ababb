"""No line without its tags is longer than 512 bytes, however long all that is on it may be.

https://modern.ircdocs.horse/#message-format
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hubbub.dialects.irc.dialect import Settings
from hubbub.dialects.irc.fit import cut, fitting, packed
from hubbub.dialects.irc.registry import CAPABILITIES, COMMANDS
from hubbub.wire.line import LINE_MAX, Line, parse
from tests.irc.lines import every, tag_free
from tests.scene import RULES, Person, Scene

RULES_OF_LONG_NAMES = replace(RULES, server_name=f"{'s' * 51}.example.org", network="n" * 200)
LONG_WORDS = Settings(description="d" * 600, motd=["🎉" * 300, "m" * 600])
ADDRESS = "2001:db8:1111:2222:3333:4444:5555:6666"
ROOM = "#" + "é" * 31 + "r"
WIDE = "🎉" * 120  # as much as a line takes from its sender, in characters of four bytes
LONG = "x" * 480


@pytest.fixture
def scene(build: Callable[..., Scene]) -> Scene:
    """A house in which every name is as long as it may be."""
    return build(rules=RULES_OF_LONG_NAMES, settings=LONG_WORDS)


def arrive(scene: Scene, letter: str, *caps: str) -> Person:
    """Somebody whose names are as long as they may be."""
    person = scene.connect(address=ADDRESS, secure=True)
    offered = {name for name in caps if CAPABILITIES[name].offer(person.session) is not None}
    person.say(
        "CAP LS 302",
        *(f"CAP REQ {name}" for name in offered),
        f"NICK {letter * 32}",
        f"USER {letter * 20} 0 * :{WIDE[:110]}",
        "CAP END",
    )
    person.say(f"JOIN {ROOM}")
    assert person.session.user in scene.hub.channel(ROOM).members
    assert person.session.caps == offered | {"cap-notify"}
    return person


@pytest.fixture
def people(scene: Scene) -> list[Person]:
    """One with all capabilities, one with all but batches, one with none."""
    everything = set(CAPABILITIES)
    return [arrive(scene, "m", *everything), arrive(scene, "l", *(everything - {"batch"})), arrive(scene, "s")]


def fits(*people: Person) -> None:
    for person in people:
        for line in person.hears():
            assert tag_free(line) <= LINE_MAX, line


def test_arriving_fits(people: list[Person]) -> None:
    """The welcome, ISUPPORT, the message of the day, JOIN with a real name, and the names."""
    fits(*people)


@pytest.mark.parametrize("text", [WIDE, LONG, f"{LONG[:-1]}é"])
@pytest.mark.parametrize(
    "command",
    [
        *("TOPIC {room} :", "AWAY :", "PART {room} :", "QUIT :", "KICK {room} {other} :", "PING :", "USERHOST :"),
        *(
            "JOIN :#",
            "NICK :",
            "MODE {room} +k :",
            "MODE {room} +b :",
            "MODE {room} +",
            "WHOIS :",
            "WHOWAS :",
            "LIST :",
        ),
        *("INVITE :", "INVITE {other} :", "CAP REQ :", "CAP :", "HELP :", "ISON :", "NAMES :", "MOTD :", "WHO :", ""),
        *("PRIVMSG ", "PRIVMSG {room} :", "NOTICE {other} :", "CHATHISTORY LATEST :", "CHATHISTORY LATEST {room} * :"),
    ],
)
def test_what_is_long_is_cut_or_refused(scene: Scene, people: list[Person], command: str, text: str) -> None:
    """Whatever a client makes as long as it can, nobody is sent more than they can read."""
    maya = people[0]
    line = command.format(room=ROOM, other="l" * 32) + text
    maya.say(cut(line, 510), f"@label=x {cut(line, 510)}")
    for person in people[1:]:
        person.say(f"TOPIC {ROOM}", f"WHOIS {'m' * 32}", f"WHO {'m' * 32}", f"PRIVMSG {'m' * 32} :hi", f"NAMES {ROOM}")
        person.say(f"WHOWAS {'m' * 32}", f"MODE {ROOM} b", "LIST", f"WHO {ROOM} %tcuihsnfdlaor,999")
    fits(*people)


@pytest.mark.parametrize("text", [WIDE, LONG])
@pytest.mark.parametrize("name", sorted(set(COMMANDS) - {"QUIT"}))
def test_no_command_answers_at_too_great_a_length(people: list[Person], name: str, text: str) -> None:
    """Each command of the table, with something long in each of its places, keeps all answers and news short."""
    maya, leo, _ = people
    for words in ("", f"{ROOM} ", f"{'l' * 32} ", f"{ROOM} {'l' * 32} ", f"{ROOM} x ", f"x {ROOM} "):
        line = cut(f"{name} {words}{text}", 510)
        maya.say(line, cut(f"{name} {words}:{text}", 510), f"@label=x {line}")
        leo.say(line)
    fits(*people)


def test_a_cut_topic_is_whole_characters(people: list[Person]) -> None:
    """ "if they truncate messages to meet a length limit, they do not do so in the middle of a UTF-8" character."""
    maya, leo, _ = people
    for person in people:
        person.hears()
    maya.say(f"TOPIC {ROOM} :{WIDE[:105]}")
    (told,) = every(leo.hears(), "TOPIC")
    assert set(told.params[1]) == {"🎉"}
    assert len(told.params[1]) > 50
    leo.say(f"TOPIC {ROOM}")
    (shown,) = every(leo.hears(), "332")
    assert set(shown.params[2]) == {"🎉"}


def test_the_longest_masks_and_keys_fit(scene: Scene, people: list[Person]) -> None:
    """Twenty changes on one line, with arguments as long as they may be, are told on lines that fit."""
    maya = people[0]
    masks = [f"{letter * 120}{number}!*@*" for number, letter in enumerate("abc")]
    maya.say(f"MODE {ROOM} +kbbb {'é' * 16} {' '.join(masks)}", f"MODE {ROOM} +b {'z' * 194}!*@*")
    maya.say(
        f"MODE {ROOM} +v-v+v-v+l {' '.join(['l' * 32, 's' * 32] * 2)} 2147483647", f"MODE {ROOM}", f"MODE {ROOM} b"
    )
    assert len(scene.hub.channel(ROOM).lists["b"]) == 4
    fits(*people)


def test_many_of_everything_fit(scene: Scene, people: list[Person]) -> None:
    """Long lists of people, of rooms and of history are parcelled out."""
    maya = people[0]
    for number in range(12):
        guest = scene.connect(address=ADDRESS)
        guest.say(
            f"NICK {'g' * 30}{number:02}",
            f"USER {'u' * 20} 0 * :{WIDE[:110]}",
            f"JOIN {ROOM}",
            f"PRIVMSG {ROOM} :{number}",
        )
        guest.say(f"JOIN #{'r' * 61}{number:02}")
        maya.say(f"JOIN #{'r' * 61}{number:02}")
    maya.say(f"WHO {ROOM}", f"NAMES {ROOM}", f"WHOIS {'m' * 32}", "LIST", f"CHATHISTORY LATEST {ROOM} * 100")
    guests = " ".join("g" * 30 + f"{number:02}" for number in range(12))
    maya.say(f"ISON {guests}", f"USERHOST {guests}")
    maya.say("LUSERS", "VERSION", "TIME", "INFO", "HELP", *[f"HELP {name}" for name in COMMANDS])
    fits(*people)


# The helpers


@given(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 60))
def test_a_cut_text_is_its_own_beginning(text: str, room: int) -> None:
    """It takes no more room than there is, and no whole character more would fit."""
    kept = cut(text, room)
    assert text.startswith(kept)
    assert len(kept.encode()) <= room
    assert kept == text or len(text[: len(kept) + 1].encode()) > room


@settings(max_examples=60)
@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\n\0"), max_size=700))
def test_a_fitting_line_is_the_line_or_its_beginning(text: str) -> None:
    """Only the last parameter gives way."""
    line = Line("TOPIC", ("#room", text), "maya!maya@192.0.2.7")
    data = fitting(line)
    kept = parse(data.decode().removesuffix("\r\n"))
    assert len(data) <= LINE_MAX
    assert (kept.source, kept.command, kept.params[0]) == (line.source, line.command, "#room")
    assert text.startswith(kept.params[1])


@given(st.lists(st.text("aé🎉", min_size=1, max_size=12)), st.integers(48, 80))
def test_packed_words_are_all_the_words(words: list[str], room: int) -> None:
    """None is lost, cut or doubled, and no text is longer than the room."""
    texts = list(packed(words, room))
    assert " ".join(texts).split() == words
    assert all(0 < len(text.encode()) <= room for text in texts)
