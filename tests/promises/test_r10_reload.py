"""R10: a reload takes in what may change and drops nobody; a broken configuration changes nothing, and says where."""

from __future__ import annotations

import os
import signal
import ssl
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from hubbub.net.self_signed import make_self_signed
from tests.promises.writers import Writer, agree, history
from tests.system.running import Running, Tally, Wire

CONFIG = """
server_name = "hub.example"
data = "{data}"
motd = "Soup today"
[limits]
flood = false
[tls]
cert = "cert.pem"
key = "key.pem"
"""

BROKEN = {
    "not TOML": ("[limits]", "[limits", "hubbub.toml: line 5, column 8: not TOML"),
    "an unknown key": ("flood = false", "flood = false\nspeed = 9", "hubbub.toml: limits.speed: unknown key"),
    "a wrong type": ("flood = false", "flood = 3", "hubbub.toml: limits.flood: expected"),
    "no certificate": ("cert.pem", "none.pem", "none.pem: cannot be read"),
    "another's key": ("key.pem", "other/key.pem", "key.pem: expected the key of"),
    "a log nowhere": ("[limits]", '[log]\nfile = "none/hubbub.log"\n[limits]', "none/hubbub.log"),
}
"""What is changed into what, and what the complaint says."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    directory = tmp_path_factory.mktemp("reload")
    make_self_signed(directory, ["hub.example"])
    make_self_signed(directory / "other", ["hub.example"])
    running = Running(directory, ("irc://127.0.0.1:0", "ircs://127.0.0.1:0"), CONFIG)
    yield running
    running.close()


@pytest.fixture
def config(server: Running) -> Iterator[str]:
    """The file's text as it stands, which holds again afterwards."""
    text = server.config.read_text()
    yield text
    server.config.write_text(text)
    reload(server)


@contextmanager
def secured(server: Running, nick: str) -> Iterator[tuple[Wire, bytes | None]]:
    """Somebody who comes over TLS, and the certificate that they are shown."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(server.connect(1).socket) as connection:
        yield Wire(connection).enter(nick, "echo-message", room="#den"), connection.getpeercert(binary_form=True)


def reload(server: Running) -> str:
    """What the log says about it."""
    assert server.process is not None
    assert server.process.stderr is not None
    os.kill(server.process.pid, signal.SIGHUP)
    return next(line for line in server.process.stderr if "reloaded" in line)


def motd(wire: Wire) -> list[str]:
    wire.say("MOTD", "PING :done")
    shown = []
    while (line := next(wire.lines())).command != "PONG":
        shown += [line.params[-1]] if line.command == "372" else []
    return shown


def talks(wire: Wire) -> bool:
    wire.say("PRIVMSG #den :still here")
    return wire.hear("PRIVMSG").params[1] == "still here"


def test_a_reload_takes_what_may_change_and_drops_nobody(server: Running, config: str) -> None:
    """The message of the day is new, and so is the certificate for who comes from now on; others talk on in theirs.

    Seen to fail where the listeners are not told of the new certificate.
    """
    with secured(server, "maya") as (maya, first):
        server.config.write_text(config.replace("Soup", "Cake"))
        make_self_signed(server.directory, ["hub.example"])
        assert "configuration reloaded" in reload(server)
        with secured(server, "leo") as (leo, second):
            assert first != second
            assert motd(maya) == motd(leo) == ["- Cake today"]
            assert talks(maya)


@pytest.mark.parametrize("mistake", BROKEN)
def test_a_mistake_changes_nothing_and_is_named(server: Running, config: str, mistake: str) -> None:
    """Not even what is right in the same file: everybody talks on, and the log says what is wrong and where.

    Seen to fail where settings are taken in before the certificates were looked at.
    """
    before, after, complaint = BROKEN[mistake]
    with secured(server, "maya") as (maya, certificate):
        server.config.write_text(config.replace("Soup", "Cake").replace(before, after))
        logged = reload(server)
        assert "not reloaded" in logged
        assert complaint in logged
        with secured(server, "leo") as (leo, shown):
            assert shown == certificate
            assert motd(maya) == motd(leo) == ["- Soup today"]
            assert talks(maya)


def test_who_talks_without_a_pause_notices_nothing(server: Running, config: str) -> None:
    """Reloads, good ones and bad ones, in the middle of talk: on one connection, nothing is lost or out of order.

    Seen to fail where a reload closes connections.
    """
    tally = Tally()
    sam = Writer("sam", tally)
    thread = sam.write(server)
    for text in (config.replace("Soup", "Cake"), config + "speed = 9", config) * 3:
        tally.wait_for(tally.count + 100)
        server.config.write_text(text)
        reload(server)
    tally.wait_for(tally.count + 100)
    assert thread.is_alive()
    sam.stop()
    thread.join()
    agree([sam], history(server))
