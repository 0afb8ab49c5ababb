"""The bare `hubbub`: ask a name, join the chat that runs on this computer or start one, and talk in it.

Without a terminal there is nobody to ask: it serves, and prints how to get in.
"""

from __future__ import annotations

import asyncio
import sys
from functools import partial
from typing import Final
from urllib.parse import urlsplit

import click

from hubbub.cli.options import fail, load_config, read_config
from hubbub.cli.serve import announce
from hubbub.config import Config
from hubbub.hub.rules import Rules

_ROOM: Final = "#lobby"
_KNOCK_SECONDS: Final = 1.0


def start() -> None:
    from hubbub import compose

    config = read_config(None, None)
    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            sys.exit(asyncio.run(_talk(config)))  # the loop that the client is made for; the server runs on any
        sys.exit(compose.run_server(config, partial(load_config, None, None), _tell_how))
    except compose.CannotStart as error:
        fail(str(error))


def _tell_how(urls: list[str], fingerprint: str) -> None:
    announce(urls, fingerprint)
    for url in urls:
        click.echo(f"  to talk here, on this computer: hubbub join {url}/{_ROOM}")
        click.echo(f"  or with any IRC client: host {urlsplit(url).hostname}, port {urlsplit(url).port}, no TLS")
    sys.stdout.flush()


async def _talk(config: Config) -> int:
    """The client in the foreground, and beneath it a server of our own where none is running yet."""
    from hubbub import compose
    from hubbub.client.way import own_name

    name = click.prompt("Your name", default=own_name(), value_proc=partial(_nick, compose.rules(config)))
    url = config.listen[0].url
    if await _answers(url):
        click.echo(f"A chat is running on this computer ({url}). Joining it; /help shows what you can type.")
        return await _chat(url, name)
    house = compose.House(config)
    _tell_how(await house.open(), house.fingerprint)
    click.echo(
        f"Nobody was chatting on this computer, so {name} begins. "
        "/help shows what you can type; /quit ends the chat, its log stays."
    )
    try:
        return await _chat(url, name)
    finally:
        await house.close(f"{name} has closed this chat")


async def _chat(url: str, name: str) -> int:
    from hubbub.cli import face
    from hubbub.client.trust import Trust
    from hubbub.client.url import parse_address
    from hubbub.client.way import Way, identity

    address = parse_address(f"{url}/{_ROOM}")
    outcome = await face.chat(Way(address, identity(address, name, "", ""), Trust()))
    if outcome.words:
        click.echo(outcome.words, err=True)
    return outcome.status


async def _answers(url: str) -> bool:
    """Whether somebody listens there."""
    where = urlsplit(url)
    try:
        async with asyncio.timeout(_KNOCK_SECONDS):
            _, writer = await asyncio.open_connection(where.hostname, where.port)
    except (OSError, TimeoutError):
        return False
    writer.close()
    return True


def _nick(rules: Rules, text: str) -> str:
    if not rules.legal_nick(text):
        raise click.UsageError(
            f"expected up to {rules.nick_length} ASCII letters, digits and []\\`_^{{|}}-, the first no digit or dash, "
            f"got {text!r}"
        )
    return text
