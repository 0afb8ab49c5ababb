"""Rooms that people own, on a real disk: what was answered is there after `kill -9`."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.system.running import Running, Wire


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.close()


def maya(server: Running, *caps: str, room: str) -> Wire:
    """She comes in by the password of her account."""
    one = server.connect()
    one.say("PASS maya:sesame-and-more")
    return one.enter("maya", *caps, room=room)


def told(one: Wire, order: str) -> str:
    """What ChanServ answers to an order, its first line."""
    one.say(f"CS {order}")
    return one.hear(lambda line: line.command == "NOTICE" and line.source == "ChanServ!ChanServ@hub.example").params[1]


def test_an_owned_room_is_there_after_kill_9(server: Running) -> None:
    """Renamed, with its topic, its bans, its history and its owner; a ban that ended meanwhile is gone."""
    guest = server.connect().enter("maya")
    guest.say("REGISTER maya * sesame-and-more")
    guest.hear("REGISTER")
    guest.say("JOIN #tea", "PRIVMSG #tea :the first leaf")
    assert told(guest, "REGISTER #tea") == "#tea belongs to maya now; it lasts, with its modes, topic and lists"
    told(guest, "BAN #tea tom 1s")
    told(guest, "BAN #tea sam 1h loud")
    guest.say("TOPIC #tea :Assam", "RENAME #tea #coffee")
    guest.hear(lambda line: line.command == "JOIN" and line.params[0] == "#coffee")
    server.kill()
    server.start()
    one = maya(server, "batch", "draft/chathistory", "message-tags", room="#tea")
    one.say("TOPIC #coffee", "CHATHISTORY LATEST #coffee * 10", "MODE #coffee b")
    assert one.hear("332").params[2] == "Assam"
    assert one.hear("PRIVMSG").params == ("#coffee", "the first leaf")
    assert one.hear("367").params[2] in ("sam!*@*", "tom!*@*")
    one.hear("368")
    assert told(one, "INFO #coffee") == "#coffee belongs to maya"
    tom = server.connect().enter("tom")
    while True:  # the server looks once a second
        tom.say("JOIN #coffee")
        if tom.hear(lambda line: line.command in ("JOIN", "474")).command == "JOIN":
            break
