"""Other sites' pages: a browser that they make ask us says where it comes from, and by which name, and is turned away.

https://www.rfc-editor.org/rfc/rfc6455#section-10.2, https://owasp.org/www-community/attacks/csrf and
https://crypto.stanford.edu/dns/dns-rebinding.pdf
"""

from __future__ import annotations

from base64 import b64encode
from urllib.parse import urlsplit

import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect
from websockets.typing import Origin

from hubbub.net.hosts import is_ours
from hubbub.net.origins import may_connect
from tests.attacks.house import HTTP, House

NAMED = ("https://chat.example.org", "http://localhost:8000")


@pytest.mark.parametrize("origin", NAMED)
def test_a_named_site_may(origin: str) -> None:
    """As it is named.

    Seen to fail where nobody may.
    """
    assert may_connect([origin], ["irc.example.org"], NAMED, ())


@pytest.mark.parametrize(
    "origin",
    [
        "https://chat.example.org:8443",
        "http://chat.example.org",
        "https://chat.example.org.evil.example",
        "https://evil-chat.example.org",
        "https://CHAT.example.org",
        "https://chat.example.org/",
        "https://irc.example.org",
        "null",
        "*",
        "",
    ],
)
def test_no_other_site_may_where_some_are_named(origin: str) -> None:
    """Not even the listener's own: the list is exact.

    Seen to fail where a beginning is enough.
    """
    assert not may_connect([origin], ["irc.example.org"], NAMED, ())


@pytest.mark.parametrize(
    ("origin", "host"),
    [
        ("https://chat.example.org", "chat.example.org"),
        ("https://chat.example.org", "Chat.Example.Org:443"),
        ("http://chat.example.org:80", "chat.example.org"),
        ("http://127.0.0.1:8097", "127.0.0.1:8097"),
        ("http://[::1]:8097", "[::1]:8097"),
    ],
)
def test_pages_of_the_same_host_may_where_none_is_named(origin: str, host: str) -> None:
    """By whichever scheme, and with the usual port or without it.

    Seen to fail where hosts are compared letter by letter.
    """
    assert may_connect([origin], [host], (), {"chat.example.org"})


@pytest.mark.parametrize(
    ("origin", "hosts"),
    [
        ("https://evil.example", ["chat.example.org"]),
        ("http://127.0.0.1:8000", ["127.0.0.1:8097"]),
        ("https://chat.example.org:80", ["chat.example.org"]),
        ("file://", [""]),
        ("null", ["null"]),
        ("chat.example.org", ["chat.example.org"]),
        ("https://chat.example.org", []),
        ("https://chat.example.org", ["evil.example", "chat.example.org"]),
    ],
)
def test_pages_of_other_hosts_and_ports_may_not(origin: str, hosts: list[str]) -> None:
    """Nor what is no page, nor where two hosts are named.

    Seen to fail where one of the hosts is enough.
    """
    assert not may_connect([origin], hosts, (), None)


@pytest.mark.parametrize("allowed", [(), NAMED])
def test_programs_that_are_no_browsers_may(allowed: tuple[str, ...]) -> None:
    """Nobody is tricked into running them.

    Seen to fail where no origin is a foreign one.
    """
    assert may_connect([], ["chat.example.org"], allowed, ())


def test_two_origins_are_none() -> None:
    """Whoever adds a header to the browser's own gains nothing.

    Seen to fail where the first counts.
    """
    assert not may_connect([NAMED[0], NAMED[0]], ["irc.example.org"], NAMED, ())


FOREIGN = (
    "http://elsewhere.example",
    "https://elsewhere.example",
    "null",
    "",
    "file://",
    "http://127.0.0.1",
    "http://127.0.0.1:1",
    "https://127.0.0.1:{port}.elsewhere.example",
    "http://localhost:{port}",
    "http://127.0.0.1:{port}, http://elsewhere.example",
    "http://127.0.0.1:{port}@elsewhere.example",
    "chrome-extension://127.0.0.1:{port}",
)


@pytest.fixture(params=FOREIGN)
def foreign(request: pytest.FixtureRequest, house: House) -> str:
    return str(request.param).format(port=urlsplit(house.urls[HTTP]).port)


def test_no_other_site_opens_a_web_socket(house: House, foreign: str) -> None:
    """Not in the name of who visits it: the handshake is refused before a line is heard.

    Seen to fail where `may_connect` says yes.
    """
    url = house.urls[HTTP].replace("http", "ws") + "/ws"
    with pytest.raises(InvalidStatus) as refused:
        connect(url, additional_headers={"Origin": foreign})
    assert refused.value.response.status_code == 403
    with connect(url, origin=Origin(house.urls[HTTP])) as own:
        own.send("PING x")
        assert "PONG" in str(own.recv())


@pytest.mark.parametrize("method", ["POST", "GET", "DELETE", "OPTIONS"])
def test_no_other_site_shares_or_takes_back_files(house: House, foreign: str, method: str) -> None:
    """Not with a password that the browser remembers either; and it is not told that it may read what is answered.

    Seen to fail where an account is asked for before the origin is, and where any origin is allowed to read.
    """
    basic = "Basic " + b64encode(b"maya:sesame").decode()
    path = "/" if method in {"POST", "OPTIONS"} else f"/{'0' * 32}"
    answer, _ = house.ask(method, path, b"x" if method == "POST" else None, Origin=foreign, Authorization=basic)
    assert answer.status == {"POST": 403, "GET": 404, "DELETE": 404, "OPTIONS": 204}[method]
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


# Sites whose names lead to us, for as long as their owners say so


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1:8097",
        "[::1]:8097",
        "[FE80::1]",
        "192.168.1.20",
        "localhost",
        "maya.localhost:8097",
        "attic:8097",
        "Attic.local.",
        "attic.lan",
        "attic.home.arpa",
        "chat.example.org",
        "CHAT.example.org.:80",
        "",
    ],
)
def test_names_that_nobody_else_can_own_are_ours(host: str) -> None:
    """Addresses, names without a dot, those that no public name server has, and the one that was given.

    Seen to fail where names are compared letter by letter.
    """
    assert is_ours(host, {"chat.example.org"})


REBOUND = (
    "elsewhere.example",
    "elsewhere.example.",
    "127.0.0.1.elsewhere.example",
    "localhost.elsewhere.example",
    "chat.example.org.elsewhere.example",
    "elsewhere-chat.example.org",
    "local.elsewhere.example",
    "7f000001.c0a80114.rbndr.us",
    "127.0.0.1.nip.io",
    "0x7f.1",
    "[::1].elsewhere.example",
    "chat.example.org:80:elsewhere.example",
    "chat.example.org@elsewhere.example",
)


@pytest.mark.parametrize("host", REBOUND)
def test_a_name_that_somebody_may_own_is_not_ours(host: str) -> None:
    """Wherever it leads today, and whatever of ours is in it; their own page has no way in by it.

    Seen to fail where the end of a name is enough, and where an origin like the host is.
    """
    assert not is_ours(host, {"chat.example.org"})
    assert not may_connect([f"http://{host}"], [host], (), {"chat.example.org"})


def asks(house: House, host: str, path: str, *headers: str) -> bytes:
    """How what a page on another name asks is answered: first line, headers and body."""
    raw = house.knock(HTTP)
    raw.says(f"GET {path} HTTP/1.1", f"Host: {host}:{urlsplit(house.urls[HTTP]).port}", *headers, "")
    return raw.ends()


@pytest.mark.parametrize("path", ["/", "/metrics", "/hubbub.json", "/j/k7q4m2", f"/{'0' * 32}", "/ws", "/sw.js"])
def test_who_leads_a_name_here_reads_nothing(house: House, path: str) -> None:
    """Not the page, not what is for this machine alone: a browser on it asks, but for somebody else.

    Seen to fail where any host is ours: the numbers for those on this machine were told.
    """
    told = asks(house, "elsewhere.example", path)
    assert told.startswith(b"HTTP/1.1 421 ")
    assert b"[web] hosts" in told
    assert not asks(house, "attic", path).startswith(b"HTTP/1.1 421 ")


def test_who_leads_a_name_here_has_nobody_come_in(house: House) -> None:
    """A guest is let in from this network: their page is in it by way of who visits it.

    Seen to fail where an origin like the host is enough.
    """
    port = urlsplit(house.urls[HTTP]).port
    shake = (
        "Upgrade: websocket",
        "Connection: Upgrade",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {'A' * 22}==",
    )
    theirs = asks(house, "elsewhere.example", "/ws", f"Origin: http://elsewhere.example:{port}", *shake)
    assert theirs.startswith(b"HTTP/1.1 403 ")
    assert b"[web] hosts" in theirs
    for host in ("localhost", "hub.example"):
        own = asks(house, host, "/ws", f"Origin: http://{host}:{port}", *shake)
        assert own.startswith(b"HTTP/1.1 101 ")


def test_whether_we_are_well_is_told_by_any_name(house: House) -> None:
    """Who watches over servers asks by the names that they have for them; `ok` is no secret.

    Seen to fail where names are asked for at each path.
    """
    assert asks(house, "elsewhere.example", "/healthz").startswith(b"HTTP/1.1 200 ")


def test_there_is_no_cookie_to_be_misused(house: House) -> None:
    """A browser remembers nothing that it would send along by itself: no SameSite can be forgotten.

    Seen to fail where any answer sets one.
    """
    for method, path in (("GET", "/"), ("GET", "/healthz"), ("POST", "/"), ("GET", "/j/000000"), ("OPTIONS", "/")):
        answer, _ = house.ask(method, path, Cookie="session=x", Accept="text/html")
        assert "Set-Cookie" not in answer.headers
