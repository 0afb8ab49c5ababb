"""`hubbub serve`: the service."""

from __future__ import annotations

import gc
import sys
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from hubbub.cli.options import config_option, data_option, fail, listen_option, load_config, read_config

if TYPE_CHECKING:
    from hubbub.compose import House


@click.command()
@config_option
@data_option
@listen_option
def serve(config_path: Path | None, data: Path | None, listen: tuple[str, ...]) -> None:
    """Run the chat server.

    Prints a line for each listener once it accepts connections, and on stderr the fingerprint of a certificate of its
    own making. SIGTERM and SIGINT end it when all that was said is stored; SIGHUP reads the configuration and the
    certificates again; SIGUSR1 opens the log file anew; SIGUSR2 starts it anew while nobody is refused.
    """
    gc.disable()  # until all is loaded: nothing of it goes away, and looking through it is a tenth of the start
    from hubbub import compose, service

    config = read_config(config_path, data, listen)
    reread = partial(load_config, config_path, data, listen)
    try:
        sys.exit(service.run(config, reread, _greet, _rehearsal()))
    except compose.CannotStart as error:
        fail(str(error))


def _rehearsal() -> list[str]:
    """`hubbub check` with the options that we were started with; none where it was not by this command."""
    words = sys.orig_argv[1:]
    if "serve" not in words:
        return []
    words[words.index("serve")] = "check"
    return [sys.executable, *words]


async def _greet(house: House) -> None:
    plate = house.doorplate
    for url in plate.urls:
        click.echo(f"listening on {url}")
    # Not on stdout: scripts read a line for each listener there, and nothing else.
    if plate.page and plate.page not in plate.urls:
        click.echo(f"  the page for browsers: {plate.page}", err=True)
    if plate.fingerprint:
        words = f"our own certificate; to trust it: hubbub join ircs://HOST:PORT --fingerprint {plate.fingerprint}"
        click.echo(f"  {words}", err=True)
    sys.stdout.flush()
