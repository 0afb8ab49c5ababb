"""`hubbub direct` as two people use it, at two ends without a server between them."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import pytest

from tests.system.ends import End, meet
from tests.system.running import PATIENCE, Running
from tests.system.test_serve import hubbub


@pytest.fixture
def maya(tmp_path: Path) -> Iterator[End]:
    end = End(tmp_path, "maya", "127.0.0.2")
    yield end
    end.close()


@pytest.fixture
def leo(tmp_path: Path) -> Iterator[End]:
    end = End(tmp_path, "leo", "127.0.0.3")
    yield end
    end.close()


def said(end: End) -> list[str]:
    """What its log has of the room."""
    log = hubbub("log", "--data", end.data, "#direct").stdout
    return re.findall(r"<(\w+)> (.*)", log) and [f"{who}: {text}" for who, text in re.findall(r"<(\w+)> (.*)", log)]


def arrives(author: End, reader: str, text: str) -> None:
    """It is shown as delivered: at once, or on a busy machine a little later."""
    if "waits" in author.sees(f"{author.name}: {text}"):
        author.sees(f"{reader} has it now: {text}")


def test_two_ends_talk_and_both_keep_what_was_said(maya: End, leo: End) -> None:
    """In the room and in private, and what waited for somebody arrives; what has no mark is on the other's disk."""
    meet(maya, leo)
    maya.types("hi leo")
    leo.sees("maya: hi leo")
    leo.types("hi maya")
    maya.sees("leo: hi maya")
    maya.types("/msg leo psst")
    leo.sees("(private) maya: psst")
    arrives(maya, "leo", "psst")
    assert leo.leave() == 0
    maya.sees("leo is not here any more")
    maya.types("said to nobody")
    maya.sees("maya: said to nobody (waits for leo)")
    maya.kill()
    leo.start()
    maya.start()
    maya.sees("maya: said to nobody (waits for leo)")
    leo.sees("maya: said to nobody")
    maya.sees("leo has it now: said to nobody")
    assert maya.leave() == leo.leave() == 0
    assert said(maya) == said(leo) == ["maya: hi leo", "leo: hi maya", "maya: said to nobody"]


def test_a_direct_conversation_becomes_a_server(maya: End, leo: End, tmp_path: Path) -> None:
    """Its owner owns it, and leo comes back under his name, with a password, to all that was said."""
    meet(maya, leo)
    maya.types("hi leo")
    leo.sees("maya: hi leo")
    assert "is in use" in hubbub("promote", "--data", maya.data, "--password-stdin", stdin="sesame\n").stderr
    assert maya.leave() == 0
    done = hubbub("promote", "--data", maya.data, "--password-stdin", stdin="sesame\n")
    word = re.search(r"leo with HUBBUB_PASSWORD=(\S+)", done.stdout)
    assert word is not None, done.stderr
    server = Running(tmp_path, config=f'server_name = "hub.example"\ndata = "{maya.data}"\n')
    try:
        back = server.connect()
        back.say("CAP REQ :batch draft/chathistory", "CAP END", f"PASS leo:{word[1]}", "NICK leo", "USER leo 0 * :Leo")
        back.hear("366")
        back.say("CHATHISTORY LATEST #direct * 10")
        assert back.hear("PRIVMSG").params == ("#direct", "hi leo")
        owner = server.connect()
        owner.say("PASS maya:sesame", "NICK maya", "USER maya 0 * :Maya")
        assert owner.hear("381").params[0] == "maya"
    finally:
        server.close()
    assert "is a server now" in hubbub("direct", "--data", maya.data).stderr


def test_nothing_shown_as_delivered_is_lost_when_an_end_is_killed(maya: End, leo: End) -> None:
    """What has no mark is on leo's disk already; what has one arrives when leo is back, all of it once."""
    meet(maya, leo)
    texts = [f"number {n}" for n in range(40)]
    for text in texts:
        maya.types(text)
    maya.sees("maya: number 20")
    leo.kill()
    maya.sees("leo is not here any more")
    maya.types("are you back?")
    maya.sees("maya: are you back? (waits for leo)")
    unmarked = [line for line in maya.seen if re.search(r"maya: number \d+$", line)]
    stored = said(leo)
    assert all(line.partition("] ")[2] in stored for line in unmarked)
    leo.start()
    leo.has_seen("maya: are you back?")
    leo.leave()
    assert said(leo) == [f"maya: {text}" for text in [*texts, "are you back?"]]


def test_another_key_than_the_one_that_is_known_is_a_loud_stop(maya: End, leo: End, tmp_path: Path) -> None:
    """Neither one who answers to another's code, nor one who has another's name, is let in; it says what to do."""
    maya.types(f"/direct {maya.code}@{leo.place}")
    assert leo.code in maya.sees("!! STOP")
    maya.types(f"/direct {'A' if leo.code[0] != 'A' else 'B'}{leo.code[1:]}@{leo.place}")
    maya.sees("group 1")
    meet(maya, leo)
    other = End(tmp_path / "elsewhere", "leo", "127.0.0.4")
    try:
        other.types(f"/direct {maya.address}")
        assert "/direct forget leo" in maya.sees("!! STOP")
        other.sees("leo is known here by another key")
    finally:
        other.close()


def test_three_ends_are_one_room(maya: End, leo: End, tmp_path: Path) -> None:
    """Whoever hears only one of the others is told of the second, and calls them."""
    sam = End(tmp_path, "sam", "127.0.0.4")
    try:
        meet(maya, leo)
        meet(sam, maya)
        sam.sees("leo is in the room with maya")
        sam.types("/direct leo")
        leo.sees("sam calls from")
        leo.types("/direct sam")
        sam.sees("leo is here")
        sam.types("hi both")
        leo.sees("sam: hi both")
        maya.sees("sam: hi both")
        arrives(sam, "leo", "hi both")
    finally:
        sam.close()


_MANUAL = Path(__file__).parents[2] / "docs" / "direct.md"

_VARIES = (
    (r"[0-9A-Z]{5}(-[0-9A-Z]{5}){3}", "CODE"),
    (r"^\[\d\d:\d\d\]", "[TIME]"),
    (r"\d+\.\d+\.\d+\.\d+(:\d+)?", "ADDRESS"),
    (r" \(said at [^)]*\)", ""),  # only where it was a minute ago
    (r"(\S+ \w+, ){6}\S+ \w+", "EMOJI"),
)


def plain(line: str) -> str:
    """What a line says, without what is another at each run."""
    for pattern, name in _VARIES:
        line = re.sub(pattern, name, line)
    return line


def play(end: End, transcript: str, waits: threading.Event) -> None:
    """Type what stands behind a prompt, and see all else, in this order; other lines may stand in between.

    `waits` is set when something is shown to wait, and then whoever has left comes back.
    """
    before = list(end.seen)
    for line in transcript.splitlines()[2:]:
        if line == "$ hubbub direct":
            assert end.process.wait(PATIENCE) == 0
            assert waits.wait(PATIENCE)
            end.close()
            end.start()
            before = end.seen  # what waited may be read before its author is said to be here
        elif line.startswith("#direct> "):
            end.types(line.removeprefix("#direct> "))
        elif plain(line) not in map(plain, before):
            end.waits_for(partial(is_like, line), line)
        if "(waits for" in line:
            waits.set()


def is_like(line: str, seen: str) -> bool:
    """On a busy machine a second may pass before somebody confirms."""
    marked = "(waits for" in line
    return plain(seen if marked else seen.partition(" (waits for")[0]) == plain(line)


def test_the_manual_shows_what_happens(tmp_path: Path) -> None:
    """Word by word, at both ends. Others may be found on this network, too: the names are nobody else's."""
    blocks = re.findall(r"^```\n(\$ hubbub direct\n.*?)^```", _MANUAL.read_text(), re.MULTILINE | re.DOTALL)
    assert len(blocks) == 2
    names = {name: f"{name}{os.getpid()}" for name in ("maya", "leo")}
    blocks = [re.sub("maya|leo", lambda found: names[found[0]], block) for block in blocks]
    ends = [End(tmp_path, names["maya"], "127.0.0.2"), End(tmp_path, names["leo"], "127.0.0.3")]
    try:
        with ThreadPoolExecutor() as people:
            list(people.map(play, ends, blocks, [threading.Event()] * 2))
    finally:
        for end in ends:
            end.close()
