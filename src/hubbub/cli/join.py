"""`hubbub join`: to a server that is named, or by an invite to the one that made it."""

from __future__ import annotations

import asyncio
import secrets
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final

import click

from hubbub.cli.options import REFUSED, fail
from hubbub.client.cli import ADDRESSES, end, way_from, way_options
from hubbub.client.way import NO_WAY

if TYPE_CHECKING:
    from hubbub.client.invited import Found
    from hubbub.client.url import Address
    from hubbub.client.way import Way


_TARGET: Final = """\b
TARGET is
  CODE                       of an invite: whoever made it is looked for on this network
  http://HOST:PORT/j/CODE    the link of an invite
or
"""

interface_option = click.option(
    "--interface", default="", metavar="ADDRESS", help="Of this computer, on the network that is meant; else on all."
)


class NoWay(Exception):
    """Nobody is there, or they do not let us in; a sentence, and the exit status that it ends the command with."""

    def __init__(self, sentence: str, status: int = REFUSED) -> None:
        super().__init__(sentence)
        self.status = status


@click.command(epilog=f"{_TARGET}{ADDRESSES.partition(chr(10))[2]}")
@click.argument("target")
@way_options
@click.option("--invite", default="", metavar="CODE", help="Come by an invite, to the server that TARGET names.")
@click.option("--plain", is_flag=True, help="Line by line, for screen readers; pipes get lines anyway.")
@interface_option
def join(target: str, invite: str, plain: bool, interface: str, **options: Any) -> None:
    """Chat from this terminal, or from a pipe, on any IRC network. /help shows what can be typed, F1 the keys.

    By an invite one comes as a guest, and to no other server than the one that made it, which has to show that it
    knows the code. Its certificate is remembered.
    """
    from hubbub.cli import face

    code, where = read_target(target, invite)
    try:
        way = asyncio.run(invited(code, where, interface, **options)) if code else way_from(target, **options)
    except NoWay as no:
        fail(str(no), no.status)
    end(face.chat(way, plain=plain))


def read_target(target: str, invite: str) -> tuple[str, str]:
    """The code of an invite, or ""; and the server or the link it came with, "" where there was the code alone."""
    from hubbub.client.page import parse_link
    from hubbub.client.url import BadAddress

    try:
        link = parse_link(target)
    except BadAddress as error:
        raise click.UsageError(str(error)) from error
    if not link and not invite and not target.replace("-", "").replace(" ", "").isalnum():
        return "", target  # an address: most are, and the screen waits for it

    from hubbub.hub.invites import read_code

    code = read_code(link.code if link else invite or target)
    if link or invite:
        if not code:
            raise click.UsageError(f"expected the code of an invite, as k7q4m2, got '{invite or target}'")
        return code, target
    return (code, "") if any(c.isdigit() for c in target) else ("", target)  # a word is the name of a host


async def invited(
    code: str,
    where: str,
    interface: str,
    name: str = "",
    account: str = "",
    fingerprint: str = "",
    insecure: bool = False,
) -> Way:
    """The way to the server that made an invite, and into its room. Raises NoWay."""
    from hubbub.client.invited import NotInvited

    key = secrets.token_urlsafe(16)
    try:
        address, found = await (_at(where, code, key) if where else _near(code, key, interface))
    except NotInvited as no:
        raise NoWay(str(no)) from no
    way = way_from(address, name, account, fingerprint, insecure)
    rooms = address.rooms or ((found.room,) if found.room else ())
    identity = replace(way.identity, invite=code, key=key)
    trust = replace(way.trust, fingerprint=way.trust.fingerprint or found.fingerprint)
    return replace(way, address=replace(address, rooms=rooms), identity=identity, trust=trust)


async def _near(code: str, key: str, interface: str) -> tuple[Address, Found]:
    from hubbub.cli.nearby import Unknown, by_invite

    try:
        nearby, found = await by_invite(code, key, interface)
    except Unknown as unknown:
        raise NoWay(str(unknown), NO_WAY) from unknown
    click.echo(f"  Found: {nearby.name} ({nearby.address.host})")
    return nearby.address, found


async def _at(where: str, code: str, key: str) -> tuple[Address, Found]:
    """A server that is named shows that it made the invite, too, unless it is spoken to without TLS."""
    from hubbub.client.invited import Found, come
    from hubbub.client.page import NoPage, parse_link, server_of
    from hubbub.client.stream import explain
    from hubbub.client.url import BadAddress, parse_address

    try:
        link = parse_link(where)
        address = await server_of(link) if link else parse_address(where)
    except BadAddress as error:
        raise click.UsageError(str(error)) from error
    except NoPage as none:
        raise NoWay(str(none), NO_WAY) from none
    if not address.tls:
        return address, Found("", "")
    try:
        found = await come(address, code, key)
    except OSError as error:
        raise NoWay(await explain(error, address), NO_WAY) from error
    if found is None:
        raise NoWay(f"{address} does not know the invite {code}: look at it again, or ask for a new one")
    return address, found
