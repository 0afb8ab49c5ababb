"""A browser and an IRC client in one room, over real sockets. https://ircv3.net/specs/extensions/websocket"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Subprotocol

from hubbub.wire.line import Line, parse
from tests.system.running import PATIENCE, Running


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, ("irc://127.0.0.1:0", "ws://127.0.0.1:0"))
    yield running
    running.close()


def hear(browser: ClientConnection, command: str) -> Line:
    """The next line of that command, those before it put aside."""
    while True:
        said = browser.recv(timeout=PATIENCE)
        assert isinstance(said, str)
        line = parse(said)
        if line.command == command:
            return line


def test_browsers_and_others_meet_in_one_room(server: Running) -> None:
    leo = server.connect().enter("leo", room="#den")
    with connect(server.urls[1], subprotocols=[Subprotocol("text.ircv3.net")]) as maya:
        assert maya.subprotocol == "text.ircv3.net"
        for line in ("NICK maya", "USER maya 0 * :Maya", "JOIN #den"):
            maya.send(line)
        hear(maya, "366")
        maya.send("PRIVMSG #den :grüße")
        assert leo.hear("PRIVMSG").params == ("#den", "grüße")
        leo.say("PRIVMSG #den :hello there")
        assert hear(maya, "PRIVMSG").params == ("#den", "hello there")
        assert server.stop() == 0
        assert "shutting down" in hear(maya, "ERROR").params[0]
        with pytest.raises(ConnectionClosed) as closed:
            maya.recv(timeout=PATIENCE)
        assert closed.value.rcvd is not None
        assert closed.value.rcvd.code == 1000
