"""Sharing a file from the command line and from the chat, on a real server with TLS and without."""

from __future__ import annotations

import os
import subprocess
import sys
from base64 import b64encode
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.dialects.irc.commands.audit import told
from hubbub.hub.events import AUDIT
from hubbub.hub.ports import Window
from hubbub.stores.sqlite import open_reader
from tests.system.running import PATIENCE, Running, Wire
from tests.system.test_accounts import account
from tests.system.test_files import CONFIG, PASSWORD, ask

LISTEN = ("irc://127.0.0.1:0", "http://127.0.0.1:0")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    yield from serving(tmp_path, LISTEN)


def serving(directory: Path, listen: tuple[str, ...]) -> Iterator[Running]:
    running = Running(directory, listen, CONFIG)
    account(running, "create", "maya", "--password-stdin", stdin=f"{PASSWORD}\n")
    yield running
    running.close()


def hubbub(*words: str, password: str = PASSWORD, typed: str = "") -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "HUBBUB_PASSWORD": password}
    command = [sys.executable, "-m", "hubbub", *words]
    return subprocess.run(
        command, capture_output=True, text=True, env=environment, input=typed, timeout=PATIENCE, check=False
    )


def link_said(reader: Wire) -> tuple[str, str]:
    """What was said, and the link at its end."""
    said = reader.hear("PRIVMSG").params[1]
    return said, said.rpartition(" ")[2]


def test_a_file_is_sent_and_its_link_is_said(server: Running, tmp_path: Path) -> None:
    """Whoever reads the room reads the file; it is one of that room."""
    leo = server.connect().enter("leo", room="#den")
    plan = tmp_path / "the plan.txt"
    plan.write_text("tea at four")
    sent = hubbub("send", server.urls[0], "#den", "look:", "--file", str(plan), "--name", "maya")
    assert (sent.returncode, sent.stderr) == (0, "the plan.txt\n")
    said, link = link_said(leo)
    assert said == f"look: {link}"
    got, body = ask("GET", link)
    assert (body, got.headers["Content-Disposition"].startswith('attachment; filename="the plan.txt"')) == (
        b"tea at four",
        True,
    )


def test_a_file_goes_by_tls_to_the_server_one_knows(tmp_path: Path) -> None:
    """Its own certificate is the same at each of its doors."""
    for server in serving(tmp_path, ("irc://127.0.0.1:0", "ircs://127.0.0.1:0", "https://127.0.0.1:0")):
        fingerprint = server.data / "tls" / "cert.pem"
        assert fingerprint.exists()
        leo = server.connect().enter("leo", room="#den")
        plan = tmp_path / "plan.txt"
        plan.write_text("tea")
        sent = hubbub("send", server.urls[1], "#den", "--file", str(plan), "--name", "maya", "--insecure")
        assert sent.returncode == 0, sent.stderr
        assert urlsplit(link_said(leo)[1]).scheme == "https"


@pytest.mark.parametrize(
    ("size", "password", "why"),
    [(100_001, PASSWORD, "Expected at most 100000 bytes"), (1, "", "sharing files needs an account")],
)
def test_what_is_refused_is_said_in_words(server: Running, tmp_path: Path, size: int, password: str, why: str) -> None:
    """In a line, and nothing is told to the room."""
    server.connect().enter("leo", room="#den")
    film = tmp_path / "film.mkv"
    film.write_bytes(bytes(size))
    name = "maya" if password else "sam"
    sent = hubbub("send", server.urls[0], "#den", "--file", str(film), "--name", name, password=password)
    assert (sent.returncode, why in sent.stderr.splitlines()[-1]) == (1, True), sent.stderr
    assert "Traceback" not in sent.stderr


def test_one_shares_while_one_talks(server: Running, tmp_path: Path) -> None:
    """Line by line, too: the end of the input waits for the file."""
    leo = server.connect().enter("leo", room="#den")
    plan = tmp_path / "a plan.txt"
    plan.write_text("tea")
    typed = f'/upload "{plan}" here it is\n/upload {tmp_path}/none\n'
    chat = hubbub("join", f"{server.urls[0]}/#den", "--name", "maya", typed=typed)
    said, link = link_said(leo)
    assert (said, ask("GET", link)[1]) == (f"here it is {link}", b"tea")
    assert f"!! /upload: there is no file {tmp_path}/none" in chat.stdout


def test_who_runs_the_server_sees_and_removes_what_was_shared(server: Running, tmp_path: Path) -> None:
    """Beside it; a link that leads nowhere is named."""
    plan = tmp_path / "plan.txt"
    plan.write_text("tea")
    server.connect().enter("leo", room="#den")
    hubbub("send", server.urls[0], "#den", "--file", str(plan), "--name", "maya")
    data = ("--data", str(server.data))
    listed = hubbub("files", "list", *data, "--room", "#DEN").stdout
    link = f"{server.urls[1]}/{listed.partition(' ')[0]}"
    assert listed.endswith("      3 B  maya with #den: plan.txt\n")
    assert hubbub("files", "list", *data, "--account", "leo").stdout == ""
    assert hubbub("files", "gc", *data).stdout == "0 forgotten\n"
    assert hubbub("files", "delete", *data, link).stdout == "1 removed\n"
    assert ask("GET", link)[0].status == 404
    archive = open_reader(server.data)
    (kept,) = archive.page(AUDIT, Window(9))
    archive.close()
    assert (kept.event.who.mask, told(kept)) == ("hub.example", "took back the file plan.txt of maya in #den")
    again = hubbub("files", "delete", *data, link)
    assert (again.returncode, f"there is no file {link}" in again.stderr) == (1, True)


def test_who_takes_a_file_from_another_stands_in_the_audit_log(server: Running, tmp_path: Path) -> None:
    """Here an operator, who is not even there; it lasts as long as the server's other logs."""
    account(server, "create", "leo", "--password-stdin", stdin=f"{PASSWORD}\n")
    account(server, "role", "leo", "admin")
    server.connect().enter("sam", room="#den")
    plan = tmp_path / "plan.txt"
    plan.write_text("tea")
    hubbub("send", server.urls[0], "#den", "--file", str(plan), "--name", "maya")
    listed = hubbub("files", "list", "--data", str(server.data)).stdout
    link = f"{server.urls[1]}/{listed.partition(' ')[0]}"
    basic = "Basic " + b64encode(f"leo:{PASSWORD}".encode()).decode()
    assert ask("DELETE", link, Authorization=basic)[0].status == 204
    archive = open_reader(server.data)
    (kept,) = archive.page(AUDIT, Window(9))
    archive.close()
    assert told(kept) == "took back the file plan.txt of maya in #den"
