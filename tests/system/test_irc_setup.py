"""`hubbub irc-setup`: what it prints is pasted into real clients, which come in over TLS and know the server.

Those that can be told of a certificate are turned away by another one.
"""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeAlias

import pytest

from tests.system.running import Running, Wire
from tests.system.terminal import Terminal
from tests.system.test_serve import hubbub

Lines: TypeAlias = list[str]

_CONFIG = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
"""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    listen = ("irc://127.0.0.1:0", "ircs://127.0.0.1:0")
    running = Running(tmp_path_factory.mktemp("house"), listen, config=_CONFIG)
    yield running
    running.close()


@pytest.fixture(scope="module")
def fingerprint(server: Running) -> str:
    """As the server tells it at its start."""
    assert server.process is not None
    assert server.process.stderr is not None
    return next(line for line in server.process.stderr if "--fingerprint" in line).split()[-1]


@pytest.fixture
def leo(server: Running) -> Iterator[Wire]:
    wire = server.connect().enter("leo", room="#lobby")
    yield wire
    wire.close()


def setup(server: Running, client: str, fingerprint: str, nick: str = "maya") -> Lines:
    done = hubbub("irc-setup", client, server.urls[1], "--name", nick, "--fingerprint", fingerprint)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def installed(program: str) -> str:
    found = shutil.which(program)
    assert found is not None, f"{program} is missing; on Debian: apt-get install {program}"
    return found


@contextmanager
def weechat(lines: Lines, home: Path) -> Iterator[None]:
    """WeeChat without a screen, which runs these commands when it starts."""
    pasted = [word for line in lines for word in ("-r", line)]
    command = [installed("weechat-headless"), "--dir", str(home / "weechat"), *pasted]
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL) as process:
        yield
        process.terminate()


@contextmanager
def irssi(lines: Lines, home: Path) -> Iterator[Terminal]:
    """irssi, into which they are typed."""
    terminal = Terminal(installed("irssi"), [f"--home={home / 'irssi'}", "--noconnect"], {"HOME": str(home)})
    terminal.sees("[(status)]")
    for line in lines:
        terminal.types(line)
    yield terminal
    terminal.close()


@contextmanager
def catgirl(lines: Lines, home: Path) -> Iterator[None]:
    """catgirl, with these lines in the two files that they say."""
    place = home / "catgirl"
    place.mkdir()
    split = lines.index("")
    (place / "hubbub").write_text("\n".join(lines[:split]) + "\n")
    (place / "hubbub.pem").write_text("\n".join(lines[split + 2 :]) + "\n")
    terminal = Terminal(installed("catgirl"), ["hubbub"], {"HOME": str(home), "XDG_CONFIG_HOME": str(home)})
    yield
    terminal.close()


@pytest.mark.parametrize("client", [weechat, irssi, catgirl], ids=["weechat", "irssi", "catgirl"])
def test_what_is_printed_brings_a_client_in(
    server: Running, fingerprint: str, leo: Wire, tmp_path: Path, client: Callable[[Lines, Path], object]
) -> None:
    """Over TLS, by the certificate that it was told of, into the room."""
    with client(setup(server, client.__name__, fingerprint), tmp_path):  # type: ignore[attr-defined]
        joined = leo.hear("JOIN")
        assert (joined.source or "").startswith("maya!")
        assert joined.params[0] == "#lobby"


def test_weechat_takes_no_other_certificate_for_the_servers(
    server: Running, fingerprint: str, leo: Wire, tmp_path: Path
) -> None:
    """Whoever is in between is left standing: another WeeChat, started later, is in, and that one is not."""
    wrong = [line.replace(fingerprint, fingerprint[::-1]) for line in setup(server, "weechat", fingerprint, "tom")]
    right = setup(server, "weechat", fingerprint, "sam")
    assert len(set(wrong) - set(right)) > 1
    with weechat(wrong, tmp_path / "tom"), weechat(right, tmp_path / "sam"):
        assert (leo.hear("JOIN").source or "").startswith("sam!")


def test_irssi_takes_no_other_certificate_for_the_servers(server: Running, fingerprint: str, tmp_path: Path) -> None:
    """It says why it does not go on."""
    shown, another = (_in_pairs(mark) for mark in (fingerprint, fingerprint[::-1]))
    lines = [line.replace(shown, another) for line in setup(server, "irssi", fingerprint, "tom")]
    with irssi(lines, tmp_path) as terminal:
        terminal.sees("Pinned certificate mismatch")


def _in_pairs(mark: str) -> str:
    return ":".join(mark[place : place + 2] for place in range(0, len(mark), 2)).upper()


def test_each_client_is_told_in_its_own_words(server: Running, fingerprint: str) -> None:
    """What cannot be pinned is said to be so, and a certificate comes along where it goes into a file."""
    port = server.urls[1].rpartition(":")[2]
    halloy, senpai = setup(server, "halloy", fingerprint), setup(server, "senpai", fingerprint)
    assert [f"port = {port}" in halloy, 'root_cert_path = "hubbub.pem"' in halloy] == [True, True]
    assert "-----BEGIN CERTIFICATE-----" in halloy
    assert f"address ircs+insecure://127.0.0.1:{port}" in senpai
    assert senpai[1] == "# senpai cannot be told of one certificate: somebody in between could show it another"


def test_an_unknown_certificate_is_vouched_for_by_nobody(server: Running, fingerprint: str) -> None:
    """It is not printed as if it were the server's; nor is one that is not the one that was told."""
    for words in (["--fingerprint", fingerprint[::-1]], []):
        done = hubbub("irc-setup", "irssi", server.urls[1].replace("127.0.0.1", "localhost"), *words)
        assert (done.returncode, "certificate" in done.stderr, done.stdout) == (3, True, "")


def test_without_tls_nothing_is_pinned(server: Running) -> None:
    """On this computer alone."""
    done = hubbub("irc-setup", "irssi", server.urls[0], "--name", "maya", "--invite", "k7q4m2")
    port = server.urls[0].rpartition(":")[2]
    assert done.stdout.splitlines() == [
        "/network add -nick maya hubbub",
        f"/server add -auto -network hubbub 127.0.0.1 {port} k7q4m2",
        "/channel add -auto #lobby hubbub",
        "/connect hubbub",
    ]
