"""Invites from the command line, beside a running server: what is asked for holds within a second."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TypeVar

import pytest

from hubbub.cli.invite import _door
from hubbub.config.doorplate import Doorplate
from tests.system.running import Running, Wire
from tests.system.test_serve import hubbub

T = TypeVar("T")

WITHIN = 1.0
"""Seconds in which the server knows of it."""

_CLOSED = """
server_name = "hub.example"
data = "{data}"
password = "sesame"
[accounts]
guests = false
login_attempts = 1000
[limits]
connects_per_10s = 0
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, config=_CLOSED)
    yield running
    running.close()


def invite(server: Running, *words: str) -> str:
    """What `hubbub invite` prints."""
    done = hubbub("invite", "--data", server.data, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def soon(happens: Callable[[], T | None]) -> T:
    """Within a second it does."""
    deadline = time.monotonic() + WITHIN
    while not (found := happens()):
        assert time.monotonic() < deadline, f"it did not hold within {WITHIN} s"
    return found


def comes(server: Running, code: str) -> Wire | None:
    """Somebody who knows a code, and nothing else."""
    wire = server.connect()
    wire.say(f"PASS {code}", "NICK leo", "USER leo 0 * :Leo")
    return wire if wire.hear(lambda line: line.command in {"001", "464", "ERROR"}).command == "001" else None


def test_an_invite_holds_and_ends_within_a_second(server: Running) -> None:
    """Made and taken back beside the running server; whoever came by it stays."""
    code = invite(server, "den", "--uses", "2")
    assert len(code) == 6
    leo = comes(server, code)
    assert leo is not None
    assert invite(server, "--list").startswith(f"{code:12}  #den, until ")
    assert invite(server, "--revoke", code.upper()) == f"{code} lets nobody in any more."
    assert invite(server, "--list") == ""
    assert (
        "there is no invite k7q4m2 that holds" in hubbub("invite", "--data", server.data, "--revoke", "k7q4m2").stderr
    )
    assert comes(server, code) is None
    leo.say("PING here")
    leo.hear("PONG")


def test_an_address_of_any_kind_is_told_as_it_can_be_written() -> None:
    """Of IPv6, it stands in brackets."""
    assert _door(Doorplate("hub", ("ircs://[2001:db8::7]:6697",))) == "ircs://[2001:db8::7]:6697"


def test_who_makes_an_invite_is_told_how_to_come_by_it(server: Running) -> None:
    """There is no page to link to, and a code alone leads to who lets the network know of them."""
    done = hubbub("invite", "--data", server.data, "#den")
    assert f"hubbub join {server.urls[0]} --invite {done.stdout.strip()}" in done.stderr


def test_an_invite_waits_for_the_server(server: Running) -> None:
    """Made while none runs, it holds from the next start on, and over the one after that."""
    assert server.stop() == 0
    code = invite(server, "--lasts", "forever")
    assert len(code) == 12
    for _ in range(2):
        server.start()
        soon(lambda: comes(server, code) is not None)
        assert server.stop() == 0


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["--revoke", "k7q4m2"], "there is no hubbub.db in"),
        (["--lasts", "soon"], "expected 30m, 2h, 7d, 4w (up to 366 days) or forever, got 'soon'"),
        (["--uses", "0"], "0 is not in the range"),
        (["a b"], "a room is called #lobby or the like"),
    ],
)
def test_what_cannot_be_done_is_said(tmp_path: Path, words: list[str], says: str) -> None:
    """On stderr, and nothing is made."""
    done = hubbub("invite", "--data", tmp_path, *words)
    assert done.returncode in {1, 2}
    assert says in done.stderr
