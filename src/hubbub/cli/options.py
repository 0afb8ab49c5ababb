"""What several commands have in common: options, and the way a problem ends a command."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NoReturn, TypeVar

import click

if TYPE_CHECKING:
    from hubbub.config import Config

T = TypeVar("T", bound=Callable[..., Any])

REFUSED: Final = 1

_USUAL_FILE: Final = Path("hubbub.toml")


def _file(ctx: click.Context, _: click.Parameter, given: Path | None) -> Path | None:
    """As the servers of the field do, we take the file of the usual name that lies here, and say so."""
    if given is not None or ctx.resilient_parsing or not _USUAL_FILE.is_file():
        return given
    click.echo(f"hubbub: taking {_USUAL_FILE} of this directory; --config FILE takes another", err=True)
    return _USUAL_FILE.absolute()


config_option = click.option(
    "--config",
    "config_path",
    type=click.Path(path_type=Path),
    callback=_file,
    help="The TOML file; without one, hubbub.toml of this directory, or else the defaults.",
)
data_option = click.option("--data", type=click.Path(path_type=Path), help="The directory that holds the messages.")


def listen_option(command: T) -> T:
    """With the forms of its URLs, which only who serves loads: who talks waits for no configuration."""
    from hubbub.config.endpoint import FORMS

    return click.option("--listen", multiple=True, metavar="URL", help=f"{FORMS}; repeatable.")(command)


def load_config(config_path: Path | None, data: Path | None, listen: tuple[str, ...] = ()) -> Config:
    """The settings; what stands on the command line wins over the file. Raises `ConfigError`."""
    from hubbub.config import load

    overrides: dict[str, object] = {}
    if data is not None:
        overrides["data"] = str(data.expanduser().absolute())
    if listen:
        overrides["listen"] = [{"url": url} for url in listen]
    return load(config_path, overrides)


def read_config(config_path: Path | None, data: Path | None, listen: tuple[str, ...] = ()) -> Config:
    """The settings; ends the command where they are wrong."""
    from hubbub.config import ConfigError

    try:
        return load_config(config_path, data, listen)
    except ConfigError as error:
        fail(str(error))


def fail(sentence: str, code: int = REFUSED) -> NoReturn:
    """End the command: one sentence on stderr and an exit code."""
    click.echo(f"hubbub: {sentence}", err=True)
    sys.exit(code)


def ask_password(from_stdin: bool) -> str:
    """From a person or from a pipe; ends the command where none is given."""
    if from_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    elif sys.stdin.isatty():
        password = click.prompt("Password", hide_input=True, confirmation_prompt=True, type=str)
    else:
        fail("no terminal to ask for the password on; give it with --password-stdin")
    if not password:
        fail("the password is empty; nothing was changed")
    return str(password)
