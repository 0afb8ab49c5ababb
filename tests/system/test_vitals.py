"""Whether a server is well, and its numbers, for who watches over it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path

import apsw
import pytest

from tests.system.running import Running
from tests.system.test_files import CONFIG, ask

LISTEN = ("irc://127.0.0.1:0", "http://127.0.0.1:0")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, LISTEN, CONFIG + '[proxy]\ntrusted = ["127.0.0.1/32"]\n')
    yield running
    running.close()


BOARD = Path(__file__).parent.parent.parent / "docs" / "grafana.json"


def numbers(server: Running) -> dict[str, float]:
    body = ask("GET", f"{server.urls[1]}/metrics")[1].decode()
    rows = (line.rpartition(" ") for line in body.splitlines() if not line.startswith("#"))
    return {name: float(value) for name, _, value in rows}


def test_its_numbers_are_those_of_the_moment(server: Running) -> None:
    """Who is here, by which door, and what was stored."""
    before = numbers(server)
    maya = server.connect().enter("maya", room="#den")
    maya.say("PRIVMSG #den :tea", "PING done")
    maya.hear("PONG")
    after = numbers(server)
    assert (after["hubbub_users"], after["hubbub_rooms"]) == (1, 1)
    assert (before.get('hubbub_connections{door="irc"}', 0), after['hubbub_connections{door="irc"}']) == (0, 1)
    assert after["hubbub_stored_rows_total"] >= before["hubbub_stored_rows_total"] + 2
    assert after["hubbub_commit_seconds_sum"] > 0
    assert after["hubbub_group_rows_count"] > before["hubbub_group_rows_count"]
    assert after["hubbub_deliveries_total"] > before["hubbub_deliveries_total"]
    assert after["hubbub_disk_free_bytes"] > 0
    assert after['hubbub_store_bytes{file="hubbub.db"}'] > 0
    assert (after["hubbub_shared_files"], after["hubbub_shared_bytes_max"]) == (0, 10_737_418_240)
    assert after["process_resident_memory_bytes"] > 0


def test_the_board_shows_numbers_that_there_are(server: Running) -> None:
    """Each that a panel of docs/grafana.json asks for is told, and each that is told is on the board."""
    told = set(re.findall(r"^# TYPE (\w+)", ask("GET", f"{server.urls[1]}/metrics")[1].decode(), re.MULTILINE))
    targets = [
        target["expr"] for panel in json.loads(BOARD.read_text())["panels"] for target in panel.get("targets", ())
    ]
    asked = set(re.findall(r"\b(?:hubbub|process)_\w+", " ".join(targets)))
    shown = {re.sub(r"_(bucket|count|sum)$", "", name) for name in asked}
    assert shown - told == set()
    assert {name for name in told if name.startswith("hubbub_")} - shown == set()


def test_they_are_nobody_elses_business(server: Running) -> None:
    """A trusted proxy says who asks, in one header or in the other."""
    url = f"{server.urls[1]}/metrics"
    assert ask("GET", url, X_Forwarded_For="192.0.2.7")[0].status == 403
    assert ask("GET", url, Forwarded='for=127.0.0.1, for="[2001:db8::7]:80";proto=https')[0].status == 403
    assert ask("GET", url, Forwarded="for=127.0.0.1", X_Forwarded_For="127.0.0.1, 192.0.2.7")[0].status == 403
    assert ask("GET", url, X_Forwarded_For="127.0.0.1")[0].status == 200


def test_a_server_that_cannot_store_is_not_well(server: Running) -> None:
    """Here somebody else holds the database."""
    url = f"{server.urls[1]}/healthz"
    database = apsw.Connection(str(server.data / "hubbub.db"))
    database.execute("BEGIN IMMEDIATE")
    answer, body = ask("GET", url)
    assert (answer.status, body) == (503, b"messages cannot be stored\n")
    database.execute("ROLLBACK")
    database.close()
    while ask("GET", url)[0].status != 200:
        pass
