"""`hubbub files`: what was shared, for who runs the server, beside it or without it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubbub import compose
from hubbub.cli.board import answered, until_done
from hubbub.cli.options import config_option, data_option, fail, read_config
from hubbub.config import doorplate
from hubbub.hub.errands import Removal
from hubbub.wire.clean import clean

if TYPE_CHECKING:
    from hubbub.net.files import Files, Stored

_LINK: Final = re.compile(r"(?:.*/)?([0-9a-f]{32})/?")
_UNITS: Final = ("B", "KiB", "MiB", "GiB", "TiB")


@click.group()
def files() -> None:
    """See and remove the files that people shared, whether the server runs or not."""


@files.command("list")
@config_option
@data_option
@click.option("--account", default="", metavar="NAME", help="Only what this account shared.")
@click.option("--room", default="", metavar="ROOM", help="Only what was shared with this room; quote it: '#room'.")
def list_files(config_path: Path | None, data: Path | None, account: str, room: str) -> None:
    """The latest first: the link, when, how large, by whom, with which room, and the name."""
    with _shelf(config_path, data) as shelf:
        for stored in shelf.all():
            if account in {"", stored.account} and compose.fold(room) in {"", stored.room}:
                click.echo(_line(stored))


@files.command()
@config_option
@data_option
@click.argument("links", nargs=-1, required=True, metavar="LINK...")
def delete(config_path: Path | None, data: Path | None, links: tuple[str, ...]) -> None:
    """Remove files; LINK is the whole link or its last part. The server's audit log keeps that it was done."""
    config = read_config(config_path, data)
    with _shelf(config_path, data) as shelf:
        found = [(link, _find(shelf, link)) for link in links]
        board = compose.visit_board(config, make=True)
        for link, stored in found:
            if stored is None:
                fail(f"there is no file {link}, or not any more; 'hubbub files list' shows them")
            removal = Removal(stored.link, stored.name, stored.account, stored.room)
            answered(board.leave(removal, compose.SystemClock().now()))
            shelf.remove(stored)
    until_done(board, doorplate.read(Path(config.data)))
    click.echo(f"{len(found)} removed")


@files.command()
@config_option
@data_option
def gc(config_path: Path | None, data: Path | None) -> None:
    """Forget what is older than [files] days now; a server that runs does so every hour."""
    with _shelf(config_path, data) as shelf:
        click.echo(f"{shelf.sweep()} forgotten")


@contextmanager
def _shelf(config_path: Path | None, data: Path | None) -> Iterator[Files]:
    try:
        shelf = compose.visit_files(read_config(config_path, data))
    except compose.CannotStart as error:
        fail(str(error))
    try:
        yield shelf
    finally:
        shelf.close()


def _find(shelf: Files, link: str) -> Stored | None:
    found = _LINK.fullmatch(link)
    return shelf.find(found[1]) if found else None


def _line(stored: Stored) -> str:
    when = datetime.fromtimestamp(stored.uploaded, UTC).astimezone()
    where = f" with {stored.room}" if stored.room else ""
    name = clean(stored.name) or "(no name)"
    return f"{stored.link}  {when:%Y-%m-%d %H:%M}  {_sized(stored.size):>9}  {stored.account}{where}: {name}"


def _sized(size: int) -> str:
    unit = min(max(size.bit_length() - 1, 0) // 10, len(_UNITS) - 1)
    return f"{size / 1024**unit:.{1 if unit else 0}f} {_UNITS[unit]}"
