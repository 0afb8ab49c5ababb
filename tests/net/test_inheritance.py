"""Listening sockets that somebody hands to us are taken where a listener stands, once, and else let go."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from hubbub.config.endpoint import Endpoint, parse
from hubbub.net import inheritance
from hubbub.net.inheritance import Inheritance
from hubbub.net.sockets import CannotListen, open_sockets, try_out


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as one:
        yield one


def where(listener: socket.socket) -> Endpoint:
    host, port = listener.getsockname()
    return parse(f"irc://{host}:{port}")


def test_a_listener_takes_the_socket_that_stands_there_already(listener: socket.socket) -> None:
    assert open_sockets(where(listener), Inheritance([listener])) == [listener]


def test_it_is_taken_once(listener: socket.socket) -> None:
    """Two listeners on one port are a mistake, with sockets from elsewhere as without."""
    inherited = Inheritance([listener])
    open_sockets(where(listener), inherited)
    with pytest.raises(CannotListen, match="the port is taken"):
        open_sockets(where(listener), inherited)


def test_a_unix_socket_is_known_by_its_path(tmp_path: Path) -> None:
    path = str(tmp_path / "door.sock")
    with socket.socket(socket.AF_UNIX) as local:
        local.bind(path)
        local.listen()
        assert open_sockets(parse(f"unix:{path}"), Inheritance([local])) == [local]


def test_what_no_listener_wants_is_closed_and_named(listener: socket.socket) -> None:
    address = listener.getsockname()
    assert Inheritance([listener]).forsake() == [str(address)]
    try_out(parse(f"irc://{address[0]}:{address[1]}"))


@pytest.mark.parametrize("meant", [True, False])
def test_what_is_meant_for_another_process_is_left_alone(meant: bool) -> None:
    """And nobody whom we start takes ours for theirs."""
    pid = os.getpid() + (not meant)
    environment = {"LISTEN_PID": str(pid), "LISTEN_FDS": "0", "LISTEN_FDNAMES": "", "HOME": "/"}
    assert inheritance.received(environment) == []
    assert environment == {"HOME": "/"}
