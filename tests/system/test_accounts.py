"""Accounts on a real server: what the command line takes away ends at once, and a certificate is a login."""

from __future__ import annotations

import socket
import ssl
from base64 import b64encode
from collections.abc import Callable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.net.test_tls import a_clients_pair
from tests.system.running import PATIENCE, Running, Wire
from tests.system.test_serve import hubbub

_TLS = """
server_name = "hub.example"
data = "{data}"
[limits]
flood = false
[tls]
client_ca = "maya.pem"
"""


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Running]]:
    running: list[Running] = []

    def start(**options: Any) -> Running:
        running.append(Running(tmp_path, **options))
        return running[-1]

    yield start
    for server in running:
        server.close()


def account(server: Running, *words: str, stdin: str = "") -> str:
    """What `hubbub account` prints, on the data of a server that runs."""
    done = hubbub("account", "--data", server.data, *words, stdin=stdin)
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_where_the_data_is_may_be_said_before_or_behind(tmp_path: Path) -> None:
    """As at every other command."""
    place = ("--data", str(tmp_path / "data"))
    made = hubbub("account", "create", "maya", *place, "--password-stdin", stdin="a long secret\n")
    assert made.returncode == 0, made.stderr
    assert "maya" in hubbub("account", *place, "list").stdout
    assert hubbub("account", "role", "maya", "admin", *place).returncode == 0
    assert "maya  admin of the server\n" in hubbub("account", "list", f"--data={tmp_path / 'data'}").stdout


def logged_in(wire: Wire, name: str, password: str) -> Wire:
    blob = b64encode(f"\x00{name}\x00{password}".encode()).decode()
    wire.say("CAP REQ sasl", "AUTHENTICATE PLAIN", f"AUTHENTICATE {blob}")
    wire.hear("903")
    wire.say(f"NICK {name}", f"USER {name} 0 * :{name.title()}", "CAP END")
    wire.hear("001")
    return wire


def test_a_certificate_is_a_login(start: Callable[..., Running], tmp_path: Path) -> None:
    """SASL EXTERNAL, with a certificate that the configuration vouches for and the account knows."""
    cert, key = a_clients_pair(tmp_path)
    server = start(listen=["ircs://127.0.0.1:0"], config=_TLS)
    account(server, "create", "maya", "--password-stdin", stdin="rosebud and sled\n")
    account(server, "cert", "maya", sha256(ssl.PEM_cert_to_DER_cert(cert.read_text())).hexdigest())
    maya = _over_tls(server, cert, key)
    maya.say("CAP REQ sasl", "AUTHENTICATE EXTERNAL", "AUTHENTICATE +")
    assert maya.hear("900").params[2] == "maya"
    maya.close()


def _over_tls(server: Running, cert: Path, key: Path) -> Wire:
    url = urlsplit(server.urls[0])
    assert url.port is not None
    context = ssl.create_default_context(cafile=server.data / "tls" / "cert.pem")
    context.load_cert_chain(cert, key)
    plain = socket.create_connection(("127.0.0.1", url.port), PATIENCE)
    return Wire(context.wrap_socket(plain, server_hostname="localhost"))
