"""A page makes a browser speak to our port of IRC: it is hung up on before it says a line of its own.

https://www.rfc-editor.org/rfc/rfc9110#section-17.1 and https://portswigger.net/research/cross-site-printing
"""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.attacks.house import HTTP, IRC, PROXIED, House

SMUGGLED = "NICK mallory\r\nUSER m 0 * :m\r\nJOIN #parlour\r\nPRIVMSG #parlour :smuggled\r\n"
FORM = f'--x\r\nContent-Disposition: form-data; name="a"\r\n\r\n\r\n{SMUGGLED}\r\n--x--\r\n'
VERBS = ("GET", "POST", "PUT", "HEAD", "OPTIONS", "CONNECT", "DELETE", "PATCH", "TRACE", "get")
REQUESTS = {
    **{verb: f"{verb} / HTTP/1.1\r\nHost: x\r\n\r\n{SMUGGLED}" for verb in VERBS},
    "a form of plain text": f"POST / HTTP/1.1\r\nContent-Type: text/plain\r\n\r\n\r\n{SMUGGLED}",
    "a form of parts": f"POST / HTTP/1.1\r\nContent-Type: multipart/form-data; boundary=x\r\n\r\n{FORM}",
    "a header on its own": f"POST / HTTP/1.1\r\nX: \r\n{SMUGGLED}\r\n\r\n",
    "a target with lines in it": f"GET /\n{SMUGGLED} HTTP/1.1\r\n\r\n",
    "a web socket": f"GET /ws HTTP/1.1\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n{SMUGGLED}",
    "an old one": f"GET /\r\n{SMUGGLED}",
    "a proxy's": f"CONNECT x:6667 HTTP/1.1\r\n\r\n{SMUGGLED}",
    "HTTP/2": f"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n{SMUGGLED}",
}


@pytest.mark.parametrize("request_", REQUESTS.values(), ids=REQUESTS.keys())
@pytest.mark.parametrize("pieces", [1, 9])
def test_a_browser_is_sent_away(house: House, request_: str, pieces: int) -> None:
    """Whatever it was made to send, whole or in pieces: it gets an ERROR and the end, and nobody hears of it.

    Seen to fail where HTTP's verbs are unknown commands like any other, and for HTTP/2 as long as PRI was one.
    """
    maya = house.come("maya-a02", room="#parlour")
    browser = house.knock(IRC)
    size = len(request_) // pieces + 1
    for start in range(0, len(request_), size):
        browser.send(request_[start : start + size].encode())
    assert browser.until()[:7] in {b"ERROR :", b""}  # who was hung up on while they spoke may read nothing more
    assert [line for line in maya.hears() if "mallory" in str(line)] == []
    maya.asks("QUIT")


def test_tls_and_noise_are_no_lines(house: House, record_property: Callable[[str, object], None]) -> None:
    """A handshake, another protocol's greeting, nothing but bytes: neither believed nor remembered.

    Seen to fail where a PROXY header is taken from anybody.
    """
    noise = (
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03" + bytes(range(256)),
        b"PROXY TCP4 203.0.113.9 127.0.0.1 1 2\r\nNICK noise\r\nUSER n 0 * :n\r\nWHOIS noise\r\nQUIT\r\n",
        b"SSH-2.0-x\r\nQUIT\r\n",
        b"EHLO x\r\nMAIL FROM:<a@b>\r\nQUIT\r\n",
        b"\0" * 5000 + b"\r\nQUIT\r\n",
        b"*1\r\n$4\r\nPING\r\nQUIT\r\n",
    )
    record_property("payloads", len(noise) + 2 * len(REQUESTS))
    for said in noise:
        raw = house.knock(IRC)
        raw.send(said + b"\r\nQUIT\r\n")
        heard = raw.until()
        assert b"203.0.113.9" not in heard
        assert not said.startswith(b"PROXY ") or b" 451 " in heard  # a command like any that comes too early
        assert heard.count(b"ERROR :") == 1


def test_irc_is_no_http_either(house: House) -> None:
    """Who brings IRC to the port of the page is answered by HTTP, and to that of the proxy by nothing.

    Seen to fail where a proxy that sends no header is taken for its own client.
    """
    page = house.knock(HTTP)
    page.send(b"NICK maya\r\nUSER maya 0 * :Maya\r\n\r\n")
    assert page.ends().startswith(b"HTTP/1.1 400 ")
    proxy = house.knock(PROXIED)
    proxy.send(b"NICK maya\r\n")
    assert proxy.until() == b""
