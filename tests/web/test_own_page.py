"""`hubbub web`: the page of one's own computer carries lines to a server, and nobody but the page itself is let in."""

from __future__ import annotations

import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import expect
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect
from websockets.typing import Origin, Subprotocol

from tests.system.running import PATIENCE, Running
from tests.system.test_invites import invite
from tests.system.test_serve import hubbub
from tests.web.conftest import Visit
from tests.web.visitor import CONFIG, Visitor

_CLOSED = """
name = "Maya's place"
server_name = "hub.example"
data = "{data}"
[accounts]
guests = false
login_attempts = 1000
[limits]
flood = false
connects_per_10s = 0
"""


@contextmanager
def own_page(*arguments: str) -> Iterator[str]:
    """Where `hubbub web` says that the page is."""
    command = [sys.executable, "-m", "hubbub", "web", "--no-open", *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        line = process.stdout.readline()
        try:
            assert line.startswith("The page is at http://127.0.0.1:"), line or process.communicate()[1]
            yield line.split()[-1]
        finally:
            process.kill()


@pytest.fixture(scope="module")
def page(shared: Running) -> Iterator[str]:
    with own_page(f"{shared.urls[0]}/#den") as found:
        yield found.partition("#")[0]


def join(visitor: Visitor, link: str, nick: str) -> None:
    visitor.page.goto(link)
    visitor.page.get_by_label("Your name").fill(nick)
    visitor.page.get_by_role("button", name="Join", exact=True).click()
    expect(visitor.field).to_be_visible()


def socket(page: str, origin: str | None) -> ClientConnection:
    address = f"{page}ws".replace("http", "ws")
    said = Origin(origin) if origin else None
    return connect(address, origin=said, subprotocols=[Subprotocol("text.ircv3.net")], open_timeout=PATIENCE)


def heard(socket: ClientConnection, wanted: str) -> str:
    return next(line for line in map(str, socket) if wanted in line)


def origin_of(page: str) -> str:
    return f"{urlsplit(page).scheme}://{urlsplit(page).netloc}"


def status(url: str, **headers: str) -> int:
    try:
        with urllib.request.urlopen(urllib.request.Request(url, headers=headers)) as answer:  # noqa: S310 - ourselves
            return int(answer.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_it_leads_into_the_room_and_is_where_it_was_the_next_time(own: Running, visit: Visit) -> None:
    """What the browser keeps for this server it finds again, and does not give to another one."""
    maya, sam = visit(""), own.connect().enter("sam", room="#attic")
    with own_page(f"{own.urls[0]}/#attic") as first:
        join(maya, first, "maya")
        maya.say("from a page of my own")
        assert sam.hear("PRIVMSG").params == ("#attic", "from a page of my own")
        maya.sees("from a page of my own")
    expect(maya.page.get_by_text("offline")).to_be_visible()
    sam.say("PRIVMSG #attic :said meanwhile", "PING 1")
    sam.hear("PONG")
    with own_page(f"{own.urls[0]}/#attic") as again:
        assert again == first
        maya.sees("said meanwhile")
        with own_page(f"{own.urls[0].replace('127.0.0.1', 'localhost')}/#attic") as elsewhere:
            assert urlsplit(elsewhere).port != urlsplit(first).port
        assert status(first) == 200
        assert "already" in hubbub("web", "--no-open", own.urls[0]).stderr


def test_an_invite_brings_in_and_its_server_is_known_by_its_certificate(tmp_path: Path, visit: Visit) -> None:
    """It is for one guest, who is counted once; without it nobody vouches for the server."""
    server = Running(tmp_path, ("ircs://127.0.0.1:0", "http://127.0.0.1:0"), _CLOSED)
    try:
        code = invite(server, "den", "--uses", "1").rpartition("/")[2]
        stranger = hubbub("web", "--no-open", server.urls[0])
        assert (stranger.returncode, "fingerprint" in stranger.stderr) == (3, True)
        with own_page(f"{server.urls[1]}/j/{code}") as link:
            maya = visit("")
            join(maya, link, "maya")
            expect(maya.page.get_by_role("heading", name="#den", exact=True)).to_be_visible()
            assert maya.page.url == link.partition("j/")[0]
            maya.page.reload()
            expect(maya.page.get_by_text("connected")).to_be_visible()
    finally:
        server.close()


@pytest.mark.parametrize("scheme", ["ws", "wss"])
def test_a_server_may_speak_within_a_websocket(tmp_path: Path, visit: Visit, scheme: str) -> None:
    """Some networks have no other door for browsers; its certificate is looked at as anywhere."""
    server = Running(tmp_path, ("irc://127.0.0.1:0", f"{scheme}://127.0.0.1:0"), CONFIG)
    try:
        sam = server.connect().enter("sam", room="#attic")
        if scheme == "wss":
            stranger = hubbub("web", "--no-open", server.urls[1])
            assert (stranger.returncode, "fingerprint" in stranger.stderr) == (3, True)
        with own_page(f"{server.urls[1]}#attic", *(["--insecure"] if scheme == "wss" else [])) as link:
            maya = visit("")
            join(maya, link, "maya")
            maya.say("grüße from far away")
            assert sam.hear("PRIVMSG").params == ("#attic", "grüße from far away")
            maya.leave()  # before the page's own server does: what is loaded only now would be missed
    finally:
        server.close()


def test_what_is_no_websocket_is_told_apart(shared: Running) -> None:
    """Here a page, which speaks WebSocket elsewhere."""
    nowhere = hubbub("web", "--no-open", shared.urls[1].replace("http", "ws"))
    assert (nowhere.returncode, "does not answer as the WebSocket" in nowhere.stderr) == (3, True)


def test_only_the_page_itself_may_connect(page: str) -> None:
    """Not other sites, other pages of this computer, programs that say no origin, nor a name that leads here."""
    for origin in (None, "https://evil.example", "http://127.0.0.1", origin_of(page).replace("127.0.0.1", "localhost")):
        with pytest.raises(InvalidStatus) as no:
            socket(page, origin)
        assert no.value.response.status_code == 403
    with pytest.raises(InvalidStatus) as lost:
        socket(f"{origin_of(page)}/", origin_of(page))
    assert lost.value.response.status_code == 404
    assert status(page) == 200
    assert status(page, Host=f"evil.example:{urlsplit(page).port}") == 421
    assert status(f"{origin_of(page)}/") == 404


def test_a_message_is_a_line_and_cannot_be_two(page: str) -> None:
    """Nothing that a page says can become a command of another kind; all else goes through as it is."""
    with socket(page, origin_of(page)) as maya:
        maya.send("NICK leo")
        maya.send("USER leo 0 * :Leo")
        assert heard(maya, " 001 ").startswith(":hub.example 001 leo :")
        maya.send("PING :ő 1")
        assert heard(maya, " PONG ").endswith(" :ő 1")
        maya.send("PRIVMSG leo :a\r\nQUIT")
        with pytest.raises(ConnectionClosed) as over:
            list(iter(maya.recv, None))
        assert over.value.rcvd is not None
        assert over.value.rcvd.code == 1007
