"""`[tls] domain`: a server gets its certificate from an authority, and tells who runs it where that cannot be."""

from __future__ import annotations

import asyncio
import socket
import ssl
import sys
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from hubbub.compose import CannotStart, check
from hubbub.config import Config, Listen
from hubbub.config.tree import Tls
from tests.net.authority import Authority, an_authority
from tests.system.running import PATIENCE, Running

DOMAIN = "chat.example.org"
CONFIG = """
server_name = "hub.example"
data = "{{data}}"
[tls]
domain = "chat.example.org"
authority = "{}/directory"
"""
LISTEN = ("http://127.0.0.1:0", "ircs://127.0.0.1:0")


def serving(directory: Path, authority: str, listen: tuple[str, ...] = LISTEN) -> Running:
    return Running(directory, listen, CONFIG.format(authority))


async def logged(server: Running, what: str) -> None:
    """Until the server has said so."""
    assert server.process is not None
    assert server.process.stderr is not None
    async with asyncio.timeout(PATIENCE):
        while what not in await asyncio.to_thread(server.process.stderr.readline):
            pass


async def come_in(authority: Authority, port: int) -> None:
    """As somebody who trusts the authority and nobody else."""
    trusting = ssl.create_default_context(cadata=authority.pem)
    _, writer = await asyncio.open_connection("127.0.0.1", port, ssl=trusting, server_hostname=DOMAIN)
    writer.close()


def test_a_server_has_its_certificate_issued_and_keeps_it(tmp_path: Path) -> None:
    """Who came before it was there stays; after a restart it is there at once, and nobody is asked again."""

    async def main() -> None:
        async with an_authority() as authority:
            server = await asyncio.to_thread(serving, tmp_path, authority.url)
            try:
                web, irc = (urlsplit(url).port or 0 for url in server.urls)
                early = ssl.create_default_context(cafile=str(server.data / "tls" / "cert.pem"))
                reader, writer = await asyncio.open_connection("127.0.0.1", irc, ssl=early, server_hostname="localhost")
                authority.site.set_result(web)
                await logged(server, "took in a new certificate")
                await come_in(authority, irc)
                writer.write(b"NICK maya\r\nUSER maya 0 * :Maya\r\n")
                assert b" 001 maya " in await reader.readuntil(b" 001 maya ")
                writer.close()
                await asyncio.to_thread(server.stop)
                await asyncio.to_thread(server.start)
                await come_in(authority, irc)
                assert (len(authority.issued), len(authority.accounts)) == (1, 1)
            finally:
                await asyncio.to_thread(server.close)

    asyncio.run(main())


def test_an_authority_out_of_reach_keeps_nobody_from_talking(tmp_path: Path) -> None:
    """The server runs with the certificate that it made itself."""
    with socket.create_server(("127.0.0.1", 0)) as shut:
        port = shut.getsockname()[1]
    server = serving(tmp_path, f"http://127.0.0.1:{port}")
    try:
        known = ssl.create_default_context(cafile=str(server.data / "tls" / "cert.pem"))
        place = ("127.0.0.1", urlsplit(server.urls[1]).port or 0)
        with socket.create_connection(place) as wire, known.wrap_socket(wire, server_hostname="localhost") as maya:
            assert maya.version() == "TLSv1.3"
    finally:
        server.close()


def test_a_name_needs_a_listener_that_answers_for_it(tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="an http:// listener has to answer for it"):
        serving(tmp_path, "https://authority.example", ("ircs://127.0.0.1:0",))


def test_the_library_is_named_where_it_is_not_there(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is an extra: most servers have their certificate from elsewhere."""
    monkeypatch.setitem(sys.modules, "acme", None)
    monkeypatch.delitem(sys.modules, "hubbub.net.issuer", raising=False)
    with pytest.raises(CannotStart, match=r"pip install 'hubbub\[acme\]'"):
        check(Config(tls=Tls(domain=DOMAIN), listen=(Listen(url="http://127.0.0.1:80"),)))
