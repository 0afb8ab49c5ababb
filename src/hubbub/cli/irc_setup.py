"""`hubbub irc-setup`: what to paste into an IRC client, so that it comes to a server here and knows it.

https://weechat.org/doc/, https://irssi.org/documentation/, https://halloy.chat/configuration/,
https://git.sr.ht/~delthas/senpai/tree/master/item/doc/senpai.5.scd and https://git.causal.agency/catgirl/about/
"""

from __future__ import annotations

import re
import shutil
import ssl
import subprocess
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from hubbub.cli.options import fail
from hubbub.cli.place import ROOM

if TYPE_CHECKING:
    from hubbub.client.url import Address
    from hubbub.client.way import Way

_NO_WAY: Final = 3


@dataclass(frozen=True, slots=True)
class Setup:
    """Where to and as whom. `certificate` is the server's own (PEM), "" where the world vouches for it or there is no
    TLS; `fingerprint` is its SHA-256 in hex. `password` is what comes with PASS: the code of an invite."""

    network: str
    address: Address
    nick: str
    room: str
    password: str
    certificate: str
    fingerprint: str

    @property
    def host(self) -> str:
        return self.address.host

    @property
    def port(self) -> int:
        return self.address.port


def weechat(setup: Setup) -> Iterator[str]:
    """Up to version 3 it says ssl where it says tls since 4.0."""
    tls = "ssl" if _weechat_version() in {1, 2, 3} else "tls"
    name = f"irc.server.{setup.network}"
    yield f"/server add {setup.network} {setup.host}/{setup.port} {'-' if setup.address.tls else '-no'}{tls}"
    yield f'/set {name}.nicks "{setup.nick},{setup.nick}_"'
    yield f'/set {name}.autojoin "{setup.room}"'
    if setup.password:
        yield f'/set {name}.password "{setup.password}"'
    if setup.certificate:
        yield f"/set {name}.{tls}_fingerprint {setup.fingerprint}"
    yield f"/connect {setup.network}"


def irssi(setup: Setup) -> Iterator[str]:
    """A pinned certificate is compared whether or not somebody vouches for it."""
    words = ["-auto", f"-network {setup.network}"]
    words += ["-tls", "-tls_verify"] if setup.address.tls and not setup.certificate else []
    if setup.certificate:
        words += ["-tls", "-notls_verify", f"-tls_pinned_cert {_in_pairs(setup.fingerprint)}"]
    password = f" {setup.password}" if setup.password else ""
    yield f"/network add -nick {setup.nick} {setup.network}"
    yield f"/server add {' '.join(words)} {setup.host} {setup.port}{password}"
    yield f"/channel add -auto {setup.room} {setup.network}"
    yield f"/connect {setup.network}"


def halloy(setup: Setup) -> Iterator[str]:
    """It trusts a certificate from a file, and then wants the name of the host in it."""
    yield "# in config.toml, in ~/.config/halloy (macOS: ~/Library/Application Support/halloy)"
    yield f"[servers.{setup.network}]"
    yield f'nickname = "{setup.nick}"'
    yield f'server = "{setup.host}"'
    yield f"port = {setup.port}"
    yield f"use_tls = {'true' if setup.address.tls else 'false'}"
    yield f'channels = ["{setup.room}"]'
    if setup.password:
        yield f'password = "{setup.password}"'
    yield from _pinned('root_cert_path = "hubbub.pem"', setup)


def senpai(setup: Setup) -> Iterator[str]:
    """It cannot be told of a certificate: it takes any, or only those that the world vouches for."""
    yield "# in ~/.config/senpai/senpai.scfg"
    if setup.certificate:
        yield "# senpai cannot be told of one certificate: somebody in between could show it another"
        yield f"address ircs+insecure://{setup.host}:{setup.port}"
    else:
        yield f"address irc{'s' if setup.address.tls else '+insecure'}://{setup.host}:{setup.port}"
    yield f"nickname {setup.nick}"
    yield f'channel "{setup.room}"'


def catgirl(setup: Setup) -> Iterator[str]:
    """It speaks TLS alone, and trusts a certificate from a file."""
    yield "# in ~/.config/catgirl/hubbub, and then: catgirl hubbub"
    yield f"host = {setup.host}"
    yield f"port = {setup.port}"
    yield f"nick = {setup.nick}"
    yield f"join = {setup.room}"
    if setup.password:
        yield f"pass = {setup.password}"
    yield from _pinned("trust = hubbub.pem", setup)


CLIENTS: Final[dict[str, Callable[[Setup], Iterator[str]]]] = {
    "weechat": weechat,
    "irssi": irssi,
    "halloy": halloy,
    "senpai": senpai,
    "catgirl": catgirl,
}


def _pinned(line: str, setup: Setup) -> Iterator[str]:
    """What names the file with the server's certificate, and what is in the file; nothing where none is pinned."""
    if setup.certificate:
        yield line
        yield ""
        yield "# in hubbub.pem beside it, the server's certificate:"
        yield from setup.certificate.splitlines()


def _in_pairs(fingerprint: str) -> str:
    return ":".join(fingerprint[place : place + 2] for place in range(0, len(fingerprint), 2)).upper()


def _weechat_version() -> int:
    """Of the one that is installed here; 0 where none is."""
    program = next(filter(None, map(shutil.which, ("weechat", "weechat-curses", "weechat-headless"))), None)
    if program is None:
        return 0
    said = subprocess.run(  # noqa: S603 - a program of theirs, found on their own path
        [program, "--version"], capture_output=True, text=True, timeout=5, check=False
    )
    found = re.match(r"(?:WeeChat )?(\d+)", said.stdout)
    return int(found[1]) if found else 0


# Which server, and its certificate


@click.command()
@click.argument("client", type=click.Choice(list(CLIENTS)))
@click.argument("target", required=False, default="")
@click.option("--name", default="", metavar="NICK", help="Who to be; otherwise your login name.")
@click.option("--invite", default="", metavar="CODE", help="The code of an invite, where one is needed to come in.")
@click.option("--fingerprint", default="", metavar="SHA256", help="Of the server's certificate, as its owner says.")
def irc_setup(client: str, target: str, name: str, invite: str, fingerprint: str) -> None:
    """Print what to paste into an IRC client to come to TARGET, or to the chat that runs on this computer.

    TARGET is written as for hubbub join. A certificate that nobody vouches for must be one that is known here: from
    hubbub join, from the chat on this computer, or by --fingerprint.
    """
    way = _way(target, name, fingerprint)
    certificate, seen = _certificate(way) if way.address.tls else ("", "")
    room = next(iter(way.address.rooms), ROOM)
    setup = Setup("hubbub", way.address, way.identity.nick, room, invite, certificate, seen)
    if client == "catgirl" and not way.address.tls:
        fail("catgirl speaks TLS alone; name an ircs:// address")
    click.echo("\n".join(CLIENTS[client](setup)))


def _way(target: str, name: str, fingerprint: str) -> Way:
    """The server that is named, or the one that runs here, as others on this network see it."""
    from hubbub.client.cli import way_from

    if target:
        return way_from(target, name=name, account="", fingerprint=fingerprint, insecure=False)
    address, ours = _here()
    return way_from(address, name=name, account="", fingerprint=fingerprint or ours, insecure=False)


def _here() -> tuple[Address, str]:
    from hubbub.client.url import Address
    from hubbub.config import doorplate
    from hubbub.config.places import data_directory

    plate = doorplate.read(Path(data_directory()))
    if plate is None:
        fail("no chat runs on this computer; start one with 'hubbub', or name a server: hubbub irc-setup irssi HOST")
    door = plate.endpoint("ircs") or plate.endpoint("irc")
    if door is None:
        fail(f"{plate.name} has no IRC listener; add an ircs:// one, see 'hubbub serve --help'")
    everywhere = door.host in {"0.0.0.0", "::"}  # noqa: S104 - compared, not bound
    host = (re.sub(r"^\w+://|:\d+$", "", plate.page) or "127.0.0.1") if everywhere else door.host
    secure = door.scheme == "ircs"
    return Address(host=host, port=door.port, tls=secure), plate.fingerprint if secure else ""


def _certificate(way: Way) -> tuple[str, str]:
    """The server's own certificate and its fingerprint; "" where the world vouches for it. Ends the command where it is
    not the one that is known."""
    import asyncio

    from hubbub.client.stream import certificate_of, explain, open_stream
    from hubbub.client.trust import Trust, fingerprint_of

    async def seen(trust: Any) -> bytes:
        stream = await open_stream(way.address, trust)
        stream[1].transport.abort()
        return certificate_of(stream)

    async def found() -> tuple[str, str]:
        try:
            if not way.trust.fingerprint:
                await seen(Trust())
                return "", ""
        except ssl.SSLCertVerificationError:
            pass
        der = await seen(way.trust)
        return ssl.DER_cert_to_PEM_cert(der), fingerprint_of(der)

    try:
        return asyncio.run(found())
    except OSError as error:
        fail(asyncio.run(explain(error, way.address)), _NO_WAY)
