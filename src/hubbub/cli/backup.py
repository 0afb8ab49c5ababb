"""`hubbub backup`, `verify` and `restore`: all that a server keeps, taken away and brought back."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import click

from hubbub.cli.board import note
from hubbub.cli.options import REFUSED, config_option, data_option, fail, read_config
from hubbub.config import Config

_PATH: Final = click.Path(path_type=Path)


@click.command()
@click.argument("path", type=_PATH)
@click.option("--replace", is_flag=True, help="Replace the backup that is there, once the new one is whole.")
@config_option
@data_option
def backup(path: Path, replace: bool, config_path: Path | None, data: Path | None) -> None:
    """Copy all that the server keeps to the new directory PATH, while people go on talking.

    The copy is of one moment: messages, accounts, keys, shared files, and the configuration file if --config names one.
    """
    from hubbub.backup.inventory import Broken
    from hubbub.backup.taking import take

    config = read_config(config_path, data)
    path = path.absolute()
    try:
        taken = take(Path(config.data), path, config_path, replace=replace)
    except Broken as broken:
        fail(str(broken))
    note(config, f"took a backup to {path}")
    linked = f", {taken.linked} of them hard links" if taken.linked else ""
    click.echo(f"{path}: {taken.files} files of {taken.size:,} bytes{linked}")
    for elsewhere in _elsewhere(config):
        click.echo(f"not in it, since it lies elsewhere: {elsewhere}")


@click.command()
@click.argument("path", type=_PATH, required=False)
@config_option
@data_option
def verify(path: Path | None, config_path: Path | None, data: Path | None) -> None:
    """Read all of a backup, or of the data directory, and say whether anything is damaged or missing.

    Looked at are the database, that no entry of any log is missing, their order, search, and the bytes of what was
    shared. The server may be running. The exit code is 1 where something is wrong.
    """
    from hubbub.backup.checking import look_through

    found = list(look_through(path or Path(read_config(config_path, data).data)))
    for looked in found:
        click.echo(f"{'fine   ' if looked.sound else 'WRONG  '} {looked.words}")
    if not all(looked.sound for looked in found):
        raise SystemExit(REFUSED)


@click.command()
@click.argument("path", type=_PATH)
@click.option("--replace", is_flag=True, help="Move aside what is in the data directory.")
@config_option
@data_option
def restore(path: Path, replace: bool, config_path: Path | None, data: Path | None) -> None:
    """Bring the backup PATH back into the data directory, of a server that does not run.

    The backup is read through before anything is touched. Messages have new ids afterwards: none is ever the id of one
    that was said after the backup.
    """
    from hubbub.backup.inventory import CONFIG, Broken
    from hubbub.backup.restoring import restore as bring_back

    config = read_config(config_path, data)
    try:
        aside = bring_back(path, Path(config.data), replace=replace)
    except Broken as broken:
        fail(str(broken))
    note(config, f"restored the backup {path.absolute()}")
    click.echo(f"{config.data}: restored from {path}; start the server")
    if aside is not None:
        click.echo(f"what was there is in {aside}: remove it when you miss nothing")
    if (path / CONFIG).exists():
        click.echo(f"the configuration of that time is {path / CONFIG}; yours was left as it is")


def _elsewhere(config: Config) -> list[str]:
    """Files that the configuration names and that a new machine would need as well."""
    named = [config.tls.cert, config.tls.key, config.tls.client_ca]
    named += [name for listen in config.listen for name in (listen.tls_cert, listen.tls_key)]
    inside = Path(config.data).resolve()
    return [name for name in dict.fromkeys(named) if name and not Path(name).resolve().is_relative_to(inside)]
