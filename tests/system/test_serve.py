"""`hubbub serve` as scripts and service managers know it: what it prints, how it ends, what it refuses."""

from __future__ import annotations

import os
import socket
import ssl
import subprocess
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

import pexpect
import pytest

from tests.system.running import PATIENCE, Running, Wire


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path)
    yield running
    running.close()


def hubbub(*arguments: str | Path, stdin: str = "") -> subprocess.CompletedProcess[str]:
    """Run the command to its end."""
    command = [sys.executable, "-m", "hubbub", *map(str, arguments)]
    return subprocess.run(command, input=stdin, capture_output=True, text=True, timeout=PATIENCE, check=False)


def test_each_listener_is_announced_when_it_accepts(tmp_path: Path) -> None:
    """TCP, TLS and a unix socket; the certificate is made at first start, and is the same at the next."""
    path = tmp_path / "door.sock"
    server = Running(tmp_path, ("irc://127.0.0.1:0", "ircs://127.0.0.1:0", f"unix:{path}"))
    try:
        assert [url.partition(":")[0] for url in server.urls] == ["irc", "ircs", "unix"]
        first = certificate(server)
        with socket.socket(socket.AF_UNIX) as local:
            local.connect(str(path))
            Wire(local).enter("maya")
        server.connect().enter("leo").close()
        assert server.stop() == 0
        assert not path.exists()
        server.start()
        assert certificate(server) == first
    finally:
        server.close()


def test_the_page_is_told_by_an_address_that_leads_there(tmp_path: Path) -> None:
    """0.0.0.0 is none that anybody could open."""
    server = Running(tmp_path, ("http://0.0.0.0:0",), config='server_name = "localhost.test"\ndata = "{data}"\n')
    try:
        assert server.process is not None
        assert server.process.stderr is not None
        told = next(line for line in server.process.stderr if "the page" in line)
        assert told.split()[-1] == server.urls[0].replace("0.0.0.0", "localhost.test")
    finally:
        server.close()


def test_people_are_told_how_to_trust_a_certificate_of_our_own(tmp_path: Path) -> None:
    """The command that `serve` prints lets them in, now and without it later; before, they are kept out."""
    server = Running(tmp_path, ("ircs://127.0.0.1:0",))
    try:
        assert server.process is not None
        assert server.process.stderr is not None
        told = next(line for line in server.process.stderr if "--fingerprint" in line)
        fingerprint = told.split()[-1]
        join = ("join", f"{server.urls[0]}/#den", "--name", "leo")
        kept_out = hubbub(*join, stdin="hello\n")
        assert (kept_out.returncode, fingerprint in kept_out.stderr) == (3, True)
        assert hubbub(*join, "--fingerprint", fingerprint, stdin="hello\n").returncode == 0
        assert hubbub(*join, stdin="hello again\n").returncode == 0
    finally:
        server.close()


def certificate(server: Running) -> bytes | None:
    """The one that the TLS listener shows."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    with context.wrap_socket(server.connect(1).socket) as secured:
        assert secured.version() in ("TLSv1.2", "TLSv1.3")
        return secured.getpeercert(binary_form=True)


def test_what_was_said_is_there_after_a_restart(server: Running) -> None:
    """History and `hubbub log` show it."""
    maya = server.connect().enter("maya", "echo-message", room="#den")
    maya.say("PRIVMSG #den :remember this")
    maya.hear("PRIVMSG")
    server.stop()
    server.start()
    maya = server.connect().enter("maya", "batch", "draft/chathistory", room="#den")
    maya.say("CHATHISTORY LATEST #den * 10")
    assert maya.hear("PRIVMSG").params == ("#den", "remember this")
    assert "<maya> remember this" in hubbub("log", "--data", server.data, "#den").stdout


def test_a_terminal_that_is_closed_ends_the_server_in_it(tmp_path: Path) -> None:
    """Its SIGHUP means that nobody is there any more, and not that the configuration is to be read."""
    command = ["-m", "hubbub", "serve", "--data", str(tmp_path), "--listen", "irc://127.0.0.1:0"]
    terminal = pexpect.spawn(sys.executable, command, timeout=PATIENCE)
    terminal.expect("listening on")
    os.close(terminal.child_fd)
    terminal.child_fd, terminal.closed = -1, True
    assert terminal.wait() == 0


def refused(*arguments: str | Path) -> str:
    """The one sentence with which `serve` refuses to start."""
    done = hubbub("serve", *arguments)
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr.count("\n") == 1
    return done.stderr


def test_a_port_in_use_is_named(server: Running, tmp_path: Path) -> None:
    """With what to do."""
    sentence = refused("--data", tmp_path / "other", "--listen", server.urls[0])
    assert f"cannot listen on {server.urls[0]}" in sentence


def test_a_data_directory_has_one_server(server: Running) -> None:
    """The second is told who has it."""
    assert server.process is not None
    assert f"in use by process {server.process.pid}" in refused("--data", server.data, "--listen", "irc://127.0.0.1:0")


def test_a_data_directory_that_cannot_be_is_named(tmp_path: Path) -> None:
    """As where its parent is a file."""
    (tmp_path / "file").write_text("")
    assert "cannot keep data in" in refused("--data", tmp_path / "file" / "data", "--listen", "irc://127.0.0.1:0")


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("speed = 9", "hubbub.toml: speed: unknown key"),
        ('[[listen]]\nurl = "irsc://x"', "hubbub.toml: listen[0].url: unknown scheme 'irsc'; did you mean 'ircs'?"),
        ("data = [", "not TOML"),
    ],
)
def test_a_mistake_in_the_configuration_is_named(tmp_path: Path, text: str, sentence: str) -> None:
    """By `serve` and by `check`, in the same words."""
    config = tmp_path / "hubbub.toml"
    config.write_text(text)
    assert sentence in refused("--config", config)
    checked = hubbub("check", "--config", config)
    assert checked.returncode == 1
    assert sentence in checked.stderr


def test_a_certificate_that_is_none_is_named(tmp_path: Path) -> None:
    config = tmp_path / "hubbub.toml"
    config.write_text(f'data = "{tmp_path}/data"\n[tls]\ncert = "none.pem"\nkey = "none.pem"\n')
    assert "none.pem: cannot be read" in refused("--config", config, "--listen", "ircs://127.0.0.1:0")


ODDITIES: Sequence[bytes] = (
    b"\x00\x01\x02\xff\xfe\r\n" * 50,
    b"A" * 1_000_000,
    b"@" + b"t" * 9000 + b" PRIVMSG #den :x\r\n",
    b"GET / HTTP/1.1\r\nHost: hub.example\r\n\r\n",
    b"NICK maya\r\nUSER maya 0 *",
    b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    b"PRIVMSG\r\nJOIN\r\nMODE\r\nNICK :\r\nUSER\r\nCAP\r\nCAP REQ\r\n",
)


def test_nonsense_on_one_connection_disturbs_no_other(server: Running) -> None:
    """Binary, endless and half lines, tags without end, HTTP, TLS: the neighbours talk on, and nothing is a fault."""
    maya = server.connect().enter("maya", "echo-message", room="#den")
    for oddity in ODDITIES:
        stranger = server.connect()
        stranger.socket.sendall(oddity)
        maya.say("PRIVMSG #den :still here")
        maya.hear("PRIVMSG")
        stranger.close()
    server.stop()
    assert "fault" not in server.errors
