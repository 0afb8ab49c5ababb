"""IRC over WebSocket: "each message MUST consist of a single IRC line", whatever the line is for.

https://ircv3.net/specs/extensions/websocket
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import count
from pathlib import Path

import pytest

from hubbub.dialects.irc import commands
from hubbub.net.frames import as_binary, as_text
from tests.frames import frames
from tests.irc.logins import account, plain
from tests.scene import Cable, Person, Scene, quiet

ALL = (
    "batch cap-notify draft/chathistory draft/channel-rename draft/multiline echo-message labeled-response "
    "message-tags server-time soju.im/search"
)
KINDS = {1: as_text, 2: as_binary}


class Browser(Person):
    """Somebody who reads messages, each of which has to be a line, of the kind that was agreed on."""

    def hears(self) -> list[str]:
        found = frames(bytes(self.cable.data))
        self.cable.data.clear()
        texts = [bytes(frame.data).decode() for frame in found]
        assert all(KINDS[frame.opcode] is self.cable.framing for frame in found)
        assert all(text and "\r" not in text and "\n" not in text for text in texts)
        return texts


def enters(
    scene: Scene, nick: str, caps: str = "", *, rooms: Sequence[str] = (), kind: int = 1, login: str = ""
) -> Person:
    """`kind` is the opcode of the messages that they read; with 0 they come without WebSocket."""
    cable = Cable(framing=KINDS.get(kind))
    person = (Browser if kind else Person)(scene, scene.irc.accept(cable), cable)
    if caps:
        person.say(f"CAP REQ :{caps}", *(["AUTHENTICATE PLAIN", login] if login else []), "CAP END")
    person.say(f"NICK {nick}", f"USER {nick} 0 * :{nick.title()}", *(f"JOIN {room}" for room in rooms))
    return person


@pytest.mark.parametrize("kind", KINDS)
def test_who_comes_in_is_welcomed_line_by_line(kind: int) -> None:
    heard = enters(Scene(), "maya", rooms=["#tea"], kind=kind).hears()
    assert heard[0].startswith(":hub.example 001 maya :")
    assert heard[-1].startswith(":hub.example 366 maya #tea :")


def test_talk_is_the_same_bytes_for_all_who_read_it_alike() -> None:
    """Made once, and written to all: a server's frames carry no mask."""
    scene = Scene()
    maya = enters(scene, "maya", rooms=["#tea"])
    leo, sam = (enters(scene, nick, rooms=["#tea"]) for nick in ("leo", "sam"))
    priya = enters(scene, "priya", rooms=["#tea"], kind=2)
    for reader in (leo, sam, priya):
        reader.cable.data.clear()
    maya.say("PRIVMSG #tea :hello", "PRIVMSG #tea :there")
    assert leo.session.look is sam.session.look is not priya.session.look
    assert bytes(leo.cable.data) == bytes(sam.cable.data) != bytes(priya.cable.data)
    assert leo.hears() == priya.hears() == [f":maya!maya@192.0.2.7 PRIVMSG #tea :{text}" for text in ("hello", "there")]


def test_browsers_and_others_hear_the_same() -> None:
    scene = Scene()
    leo, maya = scene.enter("leo", *ALL.split(), rooms=["#tea"]), enters(scene, "maya", ALL, rooms=["#tea"])
    quiet(maya, leo)
    leo.say("TOPIC #tea :green", "PRIVMSG #tea :hello", "NICK leonard")
    heard = leo.hears()
    assert maya.hears() == heard
    assert len(heard) == 3


def answer(heard: Sequence[str]) -> list[str]:
    """Without what differs from time to time."""
    names: dict[str, str] = {}
    counted = count(1)
    words: list[str] = []
    for line in heard:
        for word in line.replace(";", " ").replace("@", " ").split():
            name = word.removeprefix("batch=").lstrip("+-")
            if word.startswith("batch=") or "BATCH" in words[-1:]:
                names.setdefault(name, f"batch {next(counted)}")
                words.append(word.replace(name, names[name]))
            elif not word.startswith(("time=", "msgid=")):
                words.append(word)
        words.append("|")
    return words


LINES = {
    "an echo": ["PRIVMSG #tea :hello"],
    "a labelled echo": ["@label=1 PRIVMSG #tea :hello"],
    "a message to oneself": ["PRIVMSG {nick} :hello"],
    "a labelled message to oneself": ["@label=1 PRIVMSG {nick} :hello"],
    "a labelled batch": ["@label=1 WHO #tea"],
    "a labelled answer": ["@label=1 PING x"],
    "an acknowledgement": ["@label=1 PONG x"],
    "a failure": ["@label=1 PRIVMSG nobody :hello"],
    "several lines": [
        "@label=1 BATCH +a draft/multiline #tea",
        "@batch=a PRIVMSG #tea :one",
        "@batch=a PRIVMSG #tea :two",
        "BATCH -a",
    ],
    "history": ["PRIVMSG #tea :one", "PRIVMSG #tea :two", "CHATHISTORY LATEST #tea * 10"],
    "labelled history": ["PRIVMSG #tea :one", "@label=1 CHATHISTORY LATEST #tea * 10"],
    "a search": ["PRIVMSG #tea :one", "PRIVMSG #tea :two", "SEARCH text=one"],
    "a rename": ["RENAME #tea #coffee"],
    "a change of capabilities": ["CAP REQ :-server-time", "PRIVMSG #tea :hello"],
    "history with other capabilities": [
        "PRIVMSG #tea :one",
        "CAP REQ :-message-tags",
        "@label=1 CHATHISTORY LATEST #tea * 10",
    ],
    "an echo with other capabilities": ["CAP REQ :-draft/multiline -message-tags", "@label=1 PRIVMSG #tea :hello"],
    "no such command": ["XYZZY"],
    "a line that is too long": ["PRIVMSG #tea :" + "x" * 600],
    "leaving": ["QUIT :bye"],
}


@pytest.mark.parametrize("caps", [ALL, "draft/chathistory", ""])
@pytest.mark.parametrize("case", LINES)
def test_whatever_is_answered_is_answered_in_messages(case: str, caps: str) -> None:
    """The same lines as without WebSocket."""
    heard = []
    for browser in (True, False):
        scene = Scene()
        maya = enters(scene, "maya", caps, rooms=["#tea"], kind=1 if browser else 0)
        heard.append(answer(maya.asks(*(line.format(nick="maya") for line in LINES[case]))))
        assert not scene.faults
    assert heard[0] == heard[1]


def test_a_page_shows_who_enters_what_was_said_before() -> None:
    """The backlog, for clients that cannot ask for it."""
    scene = Scene()
    scene.enter("leo", rooms=["#tea"]).say("PRIVMSG #tea :hello")
    maya = enters(scene, "maya", rooms=["#tea"])
    assert any(line.endswith("hello") for line in maya.hears())


def test_one_more_device_is_told_where_its_user_is(scene: Scene) -> None:
    account(scene, "maya")
    maya, phone = (enters(scene, "maya", "sasl", login=plain("maya"), rooms=rooms) for rooms in (["#tea"], []))
    assert maya.session.user is phone.session.user
    assert any(" JOIN #tea" in line for line in phone.hears())


def test_no_command_writes_frames_itself() -> None:
    """What a command renders is yet to be tagged, put into a batch, or told: that is for `session.plain`."""
    modules = sorted(Path(commands.__file__).parent.glob("*.py"))
    assert len(modules) > 20
    assert [module.name for module in modules if re.search(r"session\.look\b", module.read_text("utf-8"))] == []


def test_silence_is_asked_about_in_a_message() -> None:
    maya = enters(Scene(), "maya")
    maya.hears()
    maya.session.idle(90.0)
    maya.scene.turn()
    assert maya.hears() == ["PING hub.example"]


def test_last_words_are_a_message() -> None:
    maya = enters(Scene(), "maya")
    maya.hears()
    maya.session.close("Ping timeout: 150 seconds")
    maya.scene.turn()
    assert maya.hears() == ["ERROR :Ping timeout: 150 seconds"]
