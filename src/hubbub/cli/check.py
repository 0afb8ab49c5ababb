"""`hubbub check`: is the configuration right? Nothing is started and nothing is changed."""

from __future__ import annotations

from pathlib import Path

import click

from hubbub import compose
from hubbub.cli.options import config_option, data_option, fail, listen_option, read_config


@click.command()
@config_option
@data_option
@listen_option
def check(config_path: Path | None, data: Path | None, listen: tuple[str, ...]) -> None:
    """Check the configuration, the certificates it names and the data directory, without starting."""
    config = read_config(config_path, data, listen)
    try:
        compose.check(config)
    except compose.CannotStart as error:
        fail(str(error))
    click.echo(f"{config_path or 'The defaults'}: fine")
    for one in config.listen:
        click.echo(f"  would listen on {one.url}")
    click.echo(f"  would keep data in {config.data}")
