"""`hubbub promote`: a direct conversation becomes a server."""

from __future__ import annotations

from pathlib import Path

import click

from hubbub.cli.direct import data_directory, kept_name
from hubbub.cli.options import ask_password, data_option, fail


@click.command()
@data_option
@click.option("--password-stdin", is_flag=True, help="Read the password from standard input.")
def promote(data: Path | None, password_stdin: bool) -> None:
    """Turn what was said with hubbub direct into a server, with its history.

    You own it, by a password that is asked for; those you talked with get one each, to come back under their names.
    """
    from hubbub import compose
    from hubbub.direct import promote as promoting
    from hubbub.direct.home import ROOM

    directory = data_directory(data)
    owner = kept_name(directory)
    if not owner:
        fail(f"{directory}: no direct conversation is kept there; --data DIR says where one is")
    try:
        done = promoting.promote(directory, owner, ask_password(password_stdin))
    except compose.CannotStart as error:
        fail(str(error))
    click.echo("It is a server now. Start it:")
    click.echo(f"  hubbub serve --data {directory} --listen ircs://0.0.0.0:6697 --listen irc://127.0.0.1:6667")
    click.echo("and come in, each with their password; whoever is an operator of the server may change passwords:")
    click.echo(f"  {done.owner}: hubbub join ircs://HOST/{ROOM} --name {done.owner} (the password you have just given)")
    for nick, password in done.passwords.items():
        click.echo(f"  {nick}: hubbub join ircs://HOST/{ROOM} --name {nick} with HUBBUB_PASSWORD={password}")
