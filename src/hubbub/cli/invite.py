"""`hubbub invite`: codes that bring guests in, whether the server of the data directory runs or not."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import click
from msgspec.structs import replace

from hubbub import compose
from hubbub.cli.board import answered, until_done
from hubbub.cli.options import config_option, data_option, fail, read_config
from hubbub.config import Config, doorplate
from hubbub.hub.errands import Errand
from hubbub.hub.invites import DAY, HOUR, LASTS_MAX, USES_MAX, Invite, Terms, read_code
from hubbub.net.addresses import to_tell

_LASTS: Final = re.compile(r"(\d{1,6})([mhdw])")
_UNITS: Final = {"m": 60_000, "h": HOUR, "d": DAY, "w": 7 * DAY}


class _Lasts(click.ParamType):  # type: ignore[type-arg]  # generic in newer versions of click alone
    """How long, in ms; 0 for good."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if isinstance(value, int):
            return value
        found = _LASTS.fullmatch(str(value))
        if value == "forever":
            return 0
        length = int(found[1]) * _UNITS[found[2]] if found else 0
        if not 0 < length <= LASTS_MAX:
            self.fail(f"expected 30m, 2h, 7d, 4w (up to 366 days) or forever, got {value!r}", param, ctx)
        return length


@click.command()
@click.argument("room", required=False, default="")
@config_option
@data_option
@click.option("--lasts", type=_Lasts(), default="2h", show_default=True, help="30m, 2h, 7d, 4w, or forever.")
@click.option("--uses", type=click.IntRange(1, USES_MAX), help="How many may come by it; otherwise any number.")
@click.option("--list", "listing", is_flag=True, help="List the invites that hold.")
@click.option("--revoke", metavar="CODE", help="Let nobody in by it any more; who came stays.")
def invite(
    room: str,
    config_path: Path | None,
    data: Path | None,
    lasts: int,
    uses: int | None,
    listing: bool,
    revoke: str | None,
) -> None:
    """Make an invite: a code that brings guests into ROOM, or without one to the server.

    ROOM is quoted for the shell: '#lobby'. It opens what is closed, too: a server with a password or for accounts
    alone, a room with +i, +k or +R. A server that runs knows of it within a second.
    """
    config = read_config(config_path, data)
    try:
        board = compose.visit_board(config, make=not (listing or revoke))
    except compose.CannotStart as error:
        fail(str(error))
    now = compose.SystemClock().now()
    if listing:
        _list(board, now)
    elif revoke is not None:
        _revoke(config, board, revoke, now)
    else:
        _make(config, board, _room(config, room), Terms(now, now + lasts if lasts else 0, uses or 0))


def _make(config: Config, board: compose.Board, room: str, terms: Terms) -> None:
    guarded = config.limits.flood and config.accounts.login_attempts > 0
    code = compose.new_code(terms, guarded=guarded)
    answered(board.leave(Errand(code, True, room, terms.until, terms.uses), terms.now))
    plate = doorplate.read(Path(config.data))
    until_done(board, plate)
    page = (plate.page if plate else "") or config.invites.url.rstrip("/")
    click.echo(f"{page}/j/{code}" if page else code)
    click.echo(f"  brings guests to {_what(room, terms.until, terms.uses)}", err=True)
    if not page:
        click.echo(f"  to come by it: hubbub join {_door(plate)} --invite {code}", err=True)
    if plate is None:
        click.echo("  no server runs here: it holds from the next start on", err=True)


def _door(plate: doorplate.Doorplate | None) -> str:
    """A code alone is looked for among those who let the network know of them, which not every server does."""
    door = (plate.endpoint("ircs") or plate.endpoint("irc")) if plate is not None else None
    return replace(door, host=to_tell(door.host)).url if door is not None else "HOST:PORT"


def _list(board: compose.Board, now: int) -> None:
    for found in _known(board, now):
        used = f"used {found.used} times, " if found.used else ""
        click.echo(f"{found.code:12}  {_what(found.room, found.until, found.uses)}; {used}made by {found.maker}")


def _revoke(config: Config, board: compose.Board, text: str, now: int) -> None:
    code = read_code(text.rpartition("/")[2])
    if code not in {found.code for found in _known(board, now)}:
        fail(f"there is no invite {text} that holds; 'hubbub invite --list' shows them")
    answered(board.leave(Errand(code, False), now))
    until_done(board, doorplate.read(Path(config.data)))
    click.echo(f"{code} lets nobody in any more.")


def _known(board: compose.Board, now: int) -> list[Invite]:
    """Those that hold, and those that the server is about to know of."""
    errands = [errand for errand in answered(board.waiting()) if isinstance(errand, Errand)]
    gone = {errand.code for errand in errands if not errand.make}
    coming = [Invite(e.code, e.room, 0, True, "you", "", now, e.until, e.uses) for e in errands if e.make]
    return [
        found for found in (*answered(board.invites()), *coming) if not found.trouble(now) and found.code not in gone
    ]


def _room(config: Config, room: str) -> str:
    """People leave the # out, since shells take it for a comment where it is not quoted."""
    name = f"#{room}" if room and room[0] != "#" else room
    if name and not compose.rules(config).legal_channel(name):
        fail(f"a room is called #lobby or the like, and {room!r} is not")
    return name


def _what(room: str, until: int, uses: int) -> str:
    end = f"until {datetime.fromtimestamp(until / 1000, UTC).astimezone():%Y-%m-%d %H:%M}" if until else "for good"
    how_often = f", {uses} at most" if uses else ""
    return f"{room or 'the server'}, {end}{how_often}"
