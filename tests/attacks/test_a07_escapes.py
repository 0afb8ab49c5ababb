"""Escape sequences, controls and letters that turn others around: no terminal is steered by what somebody wrote.

What the chat in a terminal draws is attacked in `tests/tui/test_hostile.py`. https://www.unicode.org/reports/tr36/
"""

from __future__ import annotations

import json
import subprocess
import sys
import unicodedata
from collections.abc import Iterator

import pyte
import pytest

from hubbub import logs
from tests.attacks.house import PLAIN, House
from tests.system.test_serve import hubbub

PAYLOADS = {
    "a title": "\x1b]0;owned\x07",
    "an empty screen": "\x1b[2J\x1b[H",
    "a link that is none": "\x1b]8;;http://evil.example\x1b\\\\click\x1b]8;;\x1b\\\\",
    "the clipboard": "\x1b]52;c;cm0gLXJmIC8=\x07",
    "a question": "\x1b[6n\x1b[c\x05",
    "one of eight bits": "\x9b2J\x9d0;owned\x9c\x90q\x9c",
    "a bell": "\x07\x07",
    "a step back": "maya\x08\x08\x08\x08leo",
    "another colour": "\x0304,01red\x02\x1f\x16\x04ff0000",
    "another character set": "\x0e\x1b(0",
    "a turn": "\u202egnp.exe\u202c\u2066x\u2069",
    "nothing to be seen": "a\u200bb\u2060c\ufeffd\u00ade",
    "marks without end": "z" + "\u0301" * 60,
    "tags": "\U000e0041\U000e0042",
}


def steering(text: str) -> set[str]:
    """What of a program's output is no text; a line ends as lines do."""
    kinds = {"Cc", "Cf", "Cs", "Zl", "Zp"}
    return {c for c in text if unicodedata.category(c) in kinds and c not in "\r\n"}


@pytest.fixture(scope="module")
def told(whole_house: House) -> Iterator[House]:
    """A room in which all of it was said, as a topic, as words, as reasons and by a real name."""
    leo = whole_house.come("leo-a07", room="#escapes")
    for what, text in PAYLOADS.items():
        leo.asks(
            f"PRIVMSG #escapes :{what}: {text}", f"PRIVMSG #escapes :\x01ACTION {text}\x01", f"TOPIC #escapes :{text}"
        )
        leo.asks(f"SETNAME :{text}", f"AWAY :{text}", f"PART #escapes :{text}", "JOIN #escapes")
    yield whole_house
    whole_house.hang_up()


def test_what_the_log_of_a_room_prints_is_text(told: House) -> None:
    """`hubbub log` is run on the terminal of whoever runs the server.

    Seen to fail for JSON, which told controls of eight bits and turns as they came.
    """
    for more in ((), ("--json",)):
        done = hubbub("log", "--data", told.data, "#escapes", *more)
        assert done.returncode == 0
        assert "a title" in done.stdout
        assert steering(done.stdout) == set()
    assert any(PAYLOADS["a turn"] in json.loads(line).get("text", "") for line in done.stdout.splitlines())


@pytest.mark.parametrize("more", [(), ("--json",)])
def test_what_a_client_prints_is_text(told: House, more: tuple[str, ...]) -> None:
    """`hubbub tail` draws lines of others, and a terminal shows just these cells.

    Seen to fail where the plain client writes a message as it came.
    """
    command = [sys.executable, "-m", "hubbub", "tail", told.urls[0], "#escapes", "--lines", "90", *more]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        assert process.stdout is not None
        rows: list[bytes] = []
        while not rows or b"tags" not in rows[-1]:
            rows.append(process.stdout.readline())
            assert rows[-1], "it ended before all was told"
        process.kill()
    text = b"".join(rows).decode()
    assert steering(text) == set()
    screen = pyte.Screen(200, 400)
    pyte.Stream(screen).feed(text.replace("\n", "\r\n"))
    assert (screen.title, screen.icon_name) == ("", "")
    assert sum(bool(row.strip()) for row in screen.display) >= len(rows)


def test_what_nc_is_sent_is_text(told: House) -> None:
    """A terminal is all that stands behind the plain door.

    Seen to fail where a seat tells words as they came.
    """
    sam = told.knock(PLAIN)
    sam.send(b"sam-a07\r\n/join #escapes\r\n/history 200\r\n/topic\r\n/names\r\n/quit\r\n")
    heard = sam.until().decode()
    assert "a title" in heard
    assert steering(heard) == set()


def test_a_strangers_escapes_do_not_reach_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Neither cursor movement, nor a bell, nor a right-to-left override.

    Seen to fail where a line of the log is written as it is.
    """
    logs.configure(style="human")
    logs.logger("net").info("bad\x07 name", nick="maya\x1b[2J\u202e")
    said = capsys.readouterr().err
    assert said.endswith("[info] bad\\x07 name nick=maya\\x1b[2J\\u202e room=net\n")
