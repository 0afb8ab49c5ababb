"""A whole server that files are shared on: as senpai does it, and as somebody does who should not."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator
from http.client import HTTPConnection, HTTPResponse
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.wire.line import Line
from tests.system.running import PATIENCE, Running
from tests.system.test_accounts import account

PASSWORD = "rosebud and sled"
CONFIG = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
[accounts]
login_attempts = 10
[files]
max_bytes = 100000
"""


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Running]:
    running = Running(tmp_path, ["irc://127.0.0.1:0", "http://127.0.0.1:0"], CONFIG)
    account(running, "create", "maya", "--password-stdin", stdin=f"{PASSWORD}\n")
    yield running
    running.close()


def told_where(server: Running) -> str:
    """The URL that a newcomer is told."""

    def tells(line: Line) -> bool:
        return any(word.startswith("soju.im/FILEHOST=") for word in line.params)

    wire = server.connect()
    wire.say("NICK sam", "USER sam 0 * :Sam")
    token = next(word for word in wire.hear(tells).params if word.startswith("soju.im/FILEHOST="))
    return token.partition("=")[2]


def ask(method: str, url: str, body: bytes | None = None, **headers: str) -> tuple[HTTPResponse, bytes]:
    place = urlsplit(url)
    connection = HTTPConnection(place.hostname or "", place.port, timeout=PATIENCE)
    try:
        connection.request(method, place.path or "/", body, {k.replace("_", "-"): v for k, v in headers.items()})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def share(url: str, body: bytes, password: str = PASSWORD, who: str = "maya") -> HTTPResponse:
    basic = "Basic " + b64encode(f"{who}:{password}".encode()).decode()
    return ask("POST", url, body, Authorization=basic, Content_Disposition="attachment; filename=tea.html")[0]


def test_what_is_shared_lasts(server: Running) -> None:
    """Its link is good after a crash, and a page among it stays an attachment."""
    url = told_where(server)
    assert url == server.urls[1]
    shared = share(url, b"<html>tea</html>")
    link = shared.headers["Location"]
    server.kill()
    server.start()
    assert shared.status == 201
    got, body = ask("GET", link)
    assert (got.status, body) == (200, b"<html>tea</html>")
    assert got.headers["Content-Disposition"].startswith('attachment; filename="tea.html"')
    part, body = ask("GET", link, Range="bytes=6-8")
    assert (part.status, body) == (206, b"tea")
    assert server.stop() == 0


def test_a_device_may_share_with_its_own_password(server: Running) -> None:
    """Clients have no other where somebody made one for them."""
    assert share(server.urls[1], b"tea", account(server, "app", "maya", "phone")).status == 201


def test_what_may_not_be_is_refused(server: Running) -> None:
    """Too large; a wrong password, and after ten of them any other from the same place."""
    url = server.urls[1]
    large = share(url, bytes(100_001))
    assert (large.status, large.headers["Upload-Limit"]) == (413, "maxsize=100000")
    assert share(url, b"tea", "wrong").status == 401
    assert ask("POST", url, b"tea")[0].status == 401
    assert [path.name for path in (server.data / "files").iterdir()] == ["index.db"]


def test_who_guesses_is_told_to_wait(tmp_path: Path) -> None:
    """Guesses are counted as they are everywhere, with those by IRC."""
    config = CONFIG.replace("flood = false", "flood = true").replace("login_attempts = 10", "login_attempts = 1")
    server = Running(tmp_path, ["irc://127.0.0.1:0", "http://127.0.0.1:0"], config)
    try:
        account(server, "create", "maya", "--password-stdin", stdin=f"{PASSWORD}\n")
        assert [share(server.urls[1], b"tea", word).status for word in ("wrong", PASSWORD)] == [401, 429]
    finally:
        server.close()


def test_who_is_banned_shares_nothing(server: Running) -> None:
    """A ban from the server holds at every door."""
    server.kill()
    server.config.write_text(
        server.config.read_text() + '\n[[operator]]\nname = "leo"\npassword = "sesame"\nrole = "admin"\n'
    )
    server.start()
    leo = server.connect().enter("leo")
    leo.say("OPER leo sesame", "UBAN ADD maya", "PING done")
    leo.hear("PONG")
    assert share(server.urls[1], b"tea").status == 403
    leo.close()
