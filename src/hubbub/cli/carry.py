"""`hubbub export` and `hubbub import`: what was said, as lines that programs read, and from other programs."""

from __future__ import annotations

import sys
from collections import Counter
from contextlib import closing
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import IO, TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

import click

from hubbub import compose
from hubbub.cli.board import note
from hubbub.cli.log import entries, log_name, moment
from hubbub.cli.options import REFUSED, config_option, data_option, fail, read_config
from hubbub.hub.events import AUDIT
from hubbub.stores.directory import CannotOpen

if TYPE_CHECKING:
    from hubbub.foreign.heard import Origin, Read
    from hubbub.stores.sqlite_import import Importer

_FORMATS: Final = ("hubbub", "irssi", "znc", "ergo")
_TOLD: Final = 20
"""Bad lines of a file that are named; the rest is counted."""


@click.command()
@click.option("--room", "rooms", multiple=True, help="Only this room, or these two people: NAME,NAME; repeatable.")
@click.option("--since", help="From then on: 2026-01-31, 2026-01-31T09:30, or an age like 90m, 12h, 7d, 2w.")
@click.option(
    "--to", "file", type=click.File("w", encoding="utf-8", lazy=False), default="-", help="A file; otherwise stdout."
)
@config_option
@data_option
def export(
    rooms: tuple[str, ...], since: str | None, file: IO[str], config_path: Path | None, data: Path | None
) -> None:
    """Write what was said as lines of JSON, one for each entry, in all rooms and in private.

    The server may be running. The audit log keeps that it was done.
    """
    from hubbub.foreign.json_lines import line_of

    config = read_config(config_path, data)
    try:
        archive = compose.open_archive(config)
    except compose.CannotStart as error:
        fail(str(error))
    start = moment(since) if since else 0
    known = [name for name in archive.logs() if name != AUDIT]
    wanted = [log_name(room) for room in rooms] or known
    for name in wanted:
        if name not in known:
            fail(f"nothing is kept of {name}; 'hubbub log' lists the conversations there are")
    note(config, f"exported {', '.join(rooms) or 'everything'}")
    for name in wanted:
        for entry in entries(archive, name, start):
            file.write(f"{line_of(entry)}\n")


@click.command("import")
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--format", "form", type=click.Choice(_FORMATS), help="Who wrote it; guessed where it is not said.")
@click.option("--into", default="", metavar="ROOM", help="The room, or two accounts as NAME,NAME, that it is of.")
@click.option(
    "--zone", default="", metavar="ZONE", help="Where the clock of a log stood: Europe/Berlin. Otherwise here."
)
@config_option
@data_option
def import_(
    files: tuple[Path, ...], form: str | None, into: str, zone: str, config_path: Path | None, data: Path | None
) -> None:
    """Take in what was said elsewhere: lines of JSON of 'hubbub export', logs of irssi and ZNC, histories of Ergo.

    Of a server that does not run. Lines that cannot be read are named, and the rest is taken. What was taken in before
    is not taken again. Nothing is put before what a log holds already: history goes into rooms that are new.
    """
    from hubbub.stores.sqlite_import import Importer

    config, where = read_config(config_path, data), _zone(zone)
    try:
        importer = Importer(Path(config.data))
    except CannotOpen as error:
        fail(str(error))
    try:
        with closing(importer):
            bad = sum([_take(importer, path, form or _guess(path), into, where) for path in files])
    except compose.StoreFailed as error:
        fail(str(error))
    note(config, f"imported {', '.join(str(path) for path in files)}")
    sys.exit(REFUSED if bad else 0)


def _take(importer: Importer, path: Path, form: str, into: str, zone: tzinfo | None) -> int:
    """How many lines were bad or came too late."""
    from hubbub.foreign.heard import Bad, Origin
    from hubbub.stores.sqlite_import import Fate

    fates: Counter[Fate] = Counter()
    bad, late = 0, dict[str, int]()
    for found in _read(form, Origin(path, into or _room_of(path, form), zone)):
        if isinstance(found, Bad):
            bad += 1
            if bad <= _TOLD:
                click.echo(f"{path}:{found.number}: {found.why}; passed over", err=True)
            continue
        fate = importer.take(found.log, found.ts, found.event, found.seq, found.msgid)
        fates[fate] += 1
        if fate is Fate.TOO_OLD:
            late[found.log] = importer.ends(found.log)
    known = f", {fates[Fate.KNOWN]} were here already" if fates[Fate.KNOWN] else ""
    click.echo(f"{path}: {fates[Fate.TAKEN]} taken{known}{f', {bad} could not be read' if bad else ''}")
    for log, end in late.items():
        when = f"{datetime.fromtimestamp(end / 1000, UTC).astimezone():%Y-%m-%d %H:%M}"
        click.echo(
            f"{log} has entries until {when}, and nothing is put before them: --into names another room", err=True
        )
    return bad + fates[Fate.TOO_OLD]


def _read(form: str, origin: Origin) -> Read:
    from hubbub.foreign import ergo, json_lines, told

    if form == "ergo" and ergo.is_store(origin.path):
        yield from ergo.read_store(origin)
        return
    with origin.path.open(encoding="utf-8", errors="replace", newline="\n") as lines:
        if form == "hubbub":
            yield from json_lines.read(lines)
        elif form == "ergo":
            yield from ergo.read(lines, origin)
        elif not origin.room:
            fail(f"{origin.path}: its name says no room; say which with --into '#room', or --into leo,maya")
        else:
            reader = told.read_irssi if form == "irssi" else told.read_znc
            yield from reader(lines, origin, log_name(origin.room))


def _guess(path: Path) -> str:
    from hubbub.foreign.ergo import is_store

    if is_store(path):
        return "ergo"
    with path.open(encoding="utf-8", errors="replace") as lines:
        first = next((line for line in lines if line.strip()), "")
    if not first or first.startswith("{"):
        return "ergo" if '"AccountName"' in first else "hubbub"
    return "znc" if first.startswith("[") else "irssi"


def _room_of(path: Path, form: str) -> str:
    """irssi calls a log #room.log; ZNC has a directory #room with a file for each day."""
    name = path.parent.name if form == "znc" else path.stem
    return name if name.startswith("#") else ""


def _zone(name: str) -> tzinfo | None:
    """None is this machine's."""
    if not name:
        return None
    try:
        return ZoneInfo(name)
    except (OSError, ValueError):
        raise click.BadParameter(f"expected a time zone as Europe/Berlin, got {name!r}") from None
