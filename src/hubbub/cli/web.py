"""`hubbub web`: the page of one's own computer, for any server."""

from __future__ import annotations

import asyncio
import socket
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubbub.cli.join import NoWay, interface_option, invited, read_target
from hubbub.cli.options import REFUSED, fail
from hubbub.client.cli import ADDRESSES, end, way_from
from hubbub.client.way import NO_WAY, Outcome

if TYPE_CHECKING:
    from hubbub.cli.berths import Berth
    from hubbub.client.url import Address
    from hubbub.client.way import Way

_PAGE: Final = Path(__file__).parent.parent / "web"

_TARGET: Final = (
    "\b\nTARGET is one of\n  CODE, or http://HOST:PORT/j/CODE   an invite, as for hubbub join\n"
    "  wss://HOST/PATH#room               a server that speaks IRC within WebSocket\n"
)
_ADDRESSES: Final = "\n".join(line for line in ADDRESSES.splitlines()[2:] if "PASSWORD" not in line)


@click.command(epilog=f"{_TARGET}{_ADDRESSES}")
@click.argument("target")
@click.option("--invite", default="", metavar="CODE", help="Come by an invite, to the server that TARGET names.")
@click.option("--fingerprint", default="", metavar="SHA256", help="Trust just this certificate.")
@click.option("--insecure", is_flag=True, help="Trust any certificate: anyone in between can read and change all.")
@click.option("--no-open", is_flag=True, help="Say where the page is, and open no browser.")
@interface_option
def web(target: str, invite: str, fingerprint: str, insecure: bool, no_open: bool, interface: str) -> None:
    """Chat in a browser, on hubbub or on any network that speaks IRCv3, by a page of this computer.

    Browsers trust a page of this computer as one by HTTPS: it can be installed, and it can notify, also where the
    server has no certificate that they know. Between here and the server it is TLS, with certificates as for hubbub
    join. The page is at http://127.0.0.1 under a path that is yours alone. Ctrl-C ends it.
    """
    socket, code, where = _target(target, invite)
    try:
        if socket is not None:
            way = way_from(socket[1], "", "", fingerprint, insecure)
        elif code:
            way = asyncio.run(invited(code, where, interface, fingerprint=fingerprint, insecure=insecure))
        else:
            way = way_from(target, "", "", fingerprint, insecure)
    except NoWay as no:
        fail(str(no), no.status)
    end(_serve(way, socket[0] if socket else "", code, browse=not no_open))


def _target(target: str, invite: str) -> tuple[tuple[str, Address] | None, str, str]:
    """The WebSocket of a server, or the code of an invite and where it leads, as of `read_target`."""
    from hubbub.cli.far import parse_socket
    from hubbub.client.url import BadAddress

    try:
        socket = parse_socket(target)
    except BadAddress as error:
        raise click.UsageError(str(error)) from error
    return (socket, "", target) if socket is not None else (None, *read_target(target, invite))


async def _serve(way: Way, url: str, code: str, *, browse: bool) -> Outcome:
    """Until somebody ends it; that there is a server is seen before a browser is opened."""
    from hubbub.cli.berths import Berths
    from hubbub.cli.bridge import Bridge, listening
    from hubbub.cli.far import CannotReach, Server
    from hubbub.net.pages import Pages

    server = Server(way.address, way.trust, url)
    try:
        await (await server.reach()).close()
    except CannotReach as why:
        return Outcome(NO_WAY, f"hubbub: {why}")
    berths = Berths()
    berth = berths.of(str(server).lower())
    try:
        sock = socket.create_server(("127.0.0.1", berth.port))
    except OSError as error:
        return Outcome(REFUSED, f"hubbub: {_taken(berth, error)}")
    berths.keep(berth)
    pages = Pages(_PAGE, way.address.host or "hubbub", berth.base, way.identity.key if code else "")
    async with listening(Bridge(berth, server, pages, _complain), sock):
        await _show(_link(berth, way, code), browse=browse)
        await asyncio.get_running_loop().create_future()
    return Outcome()


def _complain(why: str) -> None:
    click.echo(f"hubbub: {why}", err=True)


def _link(berth: Berth, way: Way, code: str) -> str:
    """The page as it is to be opened: with an invite, or with a room."""
    from urllib.parse import quote

    inner = f"j/{code}" if code else ""
    return f"{berth.origin}{berth.base}/{inner}" + "".join(quote(room, safe="#") for room in way.address.rooms[:1])


async def _show(link: str, *, browse: bool) -> None:
    import webbrowser

    click.echo(f"The page is at {link}\nIt is there until you press Ctrl-C.")
    if browse:
        with suppress(webbrowser.Error):
            await asyncio.to_thread(webbrowser.open, link)


def _taken(berth: Berth, error: OSError) -> str:
    return (
        f"cannot show the page at {berth.origin} ({error.strerror or error}): does hubbub web run for {berth.server} "
        f"already? Then it is at {berth.origin}{berth.base}/"
    )
