"""`hubbub direct`: talk without a server."""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubbub.cli.options import fail
from hubbub.config import places

if TYPE_CHECKING:
    from hubbub.direct.classic import ClassicNode
    from hubbub.direct.node import Node, Setup

_NAME: Final = "direct/name"
"""In the data directory, beside the key: who that key belongs to."""


@click.command()
@click.argument("who", required=False, default="")
@click.option("--name", default="", metavar="NICK", help="Who to be, at the first start; the key keeps the name.")
@click.option("--data", type=click.Path(path_type=Path), help="The directory that holds the key and the log.")
@click.option(
    "--listen", default="", metavar="HOST[:PORT]", help="Where others reach this end; else every address, port 6690."
)
@click.option("--classic", is_flag=True, help="Speak as the first tutorial does: two ports, and nothing is encrypted.")
@click.option("--plain", is_flag=True, help="Line by line, for screen readers; pipes get lines anyway.")
def direct(who: str, name: str, data: Path | None, listen: str, classic: bool, plain: bool) -> None:
    """Talk with others directly, without a server: encrypted, with a log at each end.

    Others on this network are found by themselves. WHO calls somebody at once: a name, the code that the other end
    shows, HOST:PORT, or CODE@HOST:PORT for both. /direct shows who is there.
    """
    from hubbub import compose
    from hubbub.direct.node import Setup

    directory = data_directory(data, "classic" if classic else "direct")
    host, port = _place(listen)
    setup = Setup(directory, _who(directory, name), host, port)
    try:
        sys.exit(asyncio.run((_talk_classic if classic else _talk)(setup, who, plain)))
    except compose.CannotStart as error:
        fail(str(error))


def data_directory(data: Path | None, kind: str = "direct") -> Path:
    """Where direct conversations are kept, apart from those of a server on this machine."""
    return data.expanduser().absolute() if data else Path(places.data_directory()) / kind


async def _talk(setup: Setup, who: str, plain: bool) -> int:
    from hubbub.direct.node import Node
    from hubbub.direct.talk import talk

    return await talk(partial(Node, setup), who, partial(_tell_how, plain), partial(_view, setup.name, plain))


async def _talk_classic(setup: Setup, who: str, plain: bool) -> int:
    from hubbub.direct.classic import ClassicNode
    from hubbub.direct.talk import talk

    return await talk(partial(ClassicNode, setup), who, _tell_how_classic, partial(_view, setup.name, plain))


def kept_name(directory: Path) -> str:
    """Who sits at the end that is kept there, "" where there is none yet."""
    file = directory / _NAME
    return file.read_text().strip() if file.exists() else ""


def _place(listen: str) -> tuple[str, int]:
    from hubbub.direct.places import PORT, BadPlace, parse_place

    if not listen:
        return "0.0.0.0", PORT  # noqa: S104 - others are to reach it
    host, colon, port = listen.rpartition(":")
    if colon and port == "0":
        return host.strip("[]"), 0
    try:
        place = parse_place(listen)
    except (BadPlace, ValueError) as bad:
        raise click.UsageError(f"--listen {bad}") from None
    if not place.host:
        raise click.UsageError(f"--listen: expected HOST or HOST:PORT as 192.168.1.20:{PORT}, got {listen!r}")
    return place.host, place.port


def _who(directory: Path, name: str) -> str:
    """Who sits at this end: as kept, as told, or as asked."""
    known = kept_name(directory)
    if known and name and known != name:
        raise click.UsageError(f"this end is {known}, whose key others know; --data DIR makes another end for {name}")
    chosen = known or _legal(name or _ask())
    if not known:
        file = directory / _NAME
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.write_text(f"{chosen}\n")
    return chosen


def _ask() -> str:
    from hubbub.client.errands import own_name

    return str(click.prompt("Your name", default=own_name())) if sys.stdin.isatty() else own_name()


def _legal(name: str) -> str:
    from hubbub import compose
    from hubbub.config import Config

    rules = compose.rules(Config())
    if not rules.legal_nick(name):
        raise click.UsageError(
            f"expected up to {rules.nick_length} ASCII letters, digits and []\\`_^{{|}}-, the first no digit or dash, "
            f"got {name!r}"
        )
    return name


def _tell_how(plain: bool, node: Node) -> None:
    """Above the lines, or in them where a screen will cover all."""
    from hubbub.cli import face
    from hubbub.net.direct.code import code_of

    if face.drawable() and not plain:
        node.say(f"{node.words.how_to_call()}. /direct shows who is there")
        return
    click.echo(f"You are {node.me.name}, code {code_of(node.me.keys.fingerprint)}.")
    click.echo(f"  {node.words.how_to_call()}")
    click.echo("  /direct shows who is there, /help what else can be typed; /quit ends it.")
    sys.stdout.flush()


def _tell_how_classic(node: ClassicNode) -> None:
    click.echo(f"You are {node.name}, at {node.place.host}:{node.place.port}. Nothing is encrypted.")
    click.echo("  /direct HOST:PORT calls, /help shows what else can be typed; /quit ends it.")
    sys.stdout.flush()


async def _view(name: str, plain: bool, url: str, password: str) -> int:
    from hubbub.cli import face
    from hubbub.client.trust import Trust
    from hubbub.client.url import parse_address
    from hubbub.client.way import Way, identity
    from hubbub.direct.home import ROOM

    address = parse_address(f"{url}/{ROOM}")
    outcome = await face.chat(Way(address, identity(address, name, name, password), Trust()), plain=plain)
    if outcome.words:
        click.echo(outcome.words, err=True)
    return outcome.status
