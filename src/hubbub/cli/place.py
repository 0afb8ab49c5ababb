"""A place of one's own: the server that `hubbub` starts, its ports, its owner, and what people are told of it."""

from __future__ import annotations

import json
import os
import shutil
import socket
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

import click

from hubbub.config import Config, load
from hubbub.config.places import data_directory
from hubbub.tui import qr

if TYPE_CHECKING:
    from hubbub.compose import House

ROOM: Final = "#lobby"

_LASTS_H: Final = 2
_PORTS: Final = {"irc": 6667, "ircs": 6697, "http": 6680}
_TRIES: Final = 50
"""Ports that are tried, one after the other, before the system chooses."""

_OWNER: Final = "owner.json"
_DEVICE: Final = "this-computer"
_ALL: Final = "0.0.0.0"  # noqa: S104 - to be found by who is near is what the command is for
_HERE: Final = "127.0.0.1"


class NameTaken(Exception):
    """Somebody else has an account of that name here."""


@dataclass(frozen=True, slots=True)
class Owner:
    """Whose place it is: an account, and the password that this computer logs in to it with."""

    account: str
    password: str


def config_for(name: str, *, local: bool, interface: str) -> Config:
    """The settings of maya's place: IRC for this computer; TLS and the page for the network, unless it is `local`."""
    from hubbub.net.addresses import to_tell

    host = _HERE if local else interface or _ALL
    ports = {scheme: _free(_HERE if scheme == "irc" else host, port) for scheme, port in _PORTS.items()}
    doors = [f"irc://{_HERE}:{ports['irc']}", f"ircs://{host}:{ports['ircs']}", f"http://{host}:{ports['http']}"]
    page = f"http://{to_tell(host)}:{ports['http']}"
    overrides: dict[str, object] = {
        "name": called(name),
        "listen": [{"url": url} for url in doors],
        "channels.claim": "made",
        "lan.announce": not local,
        "lan.interface": "" if local else interface,
        "log.file": str(Path(data_directory()) / "hubbub.log"),
        "invites.url": page,
        "files.url": page,
    }
    return load(None, overrides)


def called(name: str) -> str:
    return f"{name[:1].upper()}{name[1:]}'s place"


def owner_of(config: Config, name: str) -> Owner:
    """Whoever was the owner before, or an account of that name, made now. Raises NameTaken, and `CannotStart`.

    Its password is in the data directory, readable by nobody else: who has that has everything in it anyway.
    """
    from hubbub import compose

    accounts = compose.visit_accounts(config, make=True)
    kept = read_owner(Path(config.data))
    known = accounts.find(compose.fold(kept.account)).result() if kept is not None else None
    if kept is not None and known is not None and known.app(kept.password) is not None:
        return kept
    password = compose.invent()
    account = compose.with_role(compose.new_account(name, compose.invent()), "owner")
    account = account.with_app(compose.app_password(_DEVICE, password))
    if not accounts.save(compose.fold(name), account, new=True).result():
        raise NameTaken(f"{name} is the name of somebody's account here; choose another")
    _keep(Path(config.data), Owner(name, password))
    return Owner(name, password)


def read_owner(data: Path) -> Owner | None:
    try:
        kept = json.loads((data / _OWNER).read_text(encoding="utf-8"))
        return Owner(str(kept["account"]), str(kept["password"]))
    except (OSError, ValueError, KeyError, TypeError):
        return None


async def tell(house: House) -> None:
    """How others get in, with a new invite for guests, into a room that its owner has."""
    plate = house.doorplate
    owner = read_owner(Path(house.config.data))
    if owner is not None:
        await house.give_room(ROOM, owner.account)
    code = await house.invite(ROOM, _LASTS_H * 3_600_000)
    link = f"{plate.page}/j/{code}"
    for line in _lines(house, link):
        click.echo(line)
    for line in _picture(link):
        click.echo(f"  {line}")
    sys.stdout.flush()


def _lines(house: House, link: str) -> list[str]:
    plate = house.doorplate
    page, door, plain = plate.endpoint("http"), plate.endpoint("ircs"), plate.endpoint("irc")
    assert page is not None and door is not None and plain is not None  # noqa: S101, PT018 - config_for made them
    near = link.removeprefix("http://")
    here = near.partition(":")[0]
    marks = plate.fingerprint.upper()
    short = f"{marks[:2]}:{marks[2:4]}:…:{marks[-2:]}"
    rows = [("This computer", f"http://localhost:{page.port}", "")]
    if house.config.lan.announce:
        rows += [("On this network", near, f"guests, {_LASTS_H} hours")]
        rows += [("IRC clients", f"{here}:{door.port} (TLS)", f"fingerprint {short}")]
    else:
        rows += [("Others here", near, f"guests, {_LASTS_H} hours")]
        rows += [("IRC clients", f"localhost:{plain.port}", "on this computer alone")]
    width = max(len(where) for _, where, _ in rows)
    return [f"  {who:16} {where:{width}}   {what}".rstrip() for who, where, what in rows]


def _picture(link: str) -> list[str]:
    """The link as a QR code, where there is room for it and the terminal can draw it."""
    size = shutil.get_terminal_size()
    if not sys.stdout.isatty() or qr.width(link) + 2 > size.columns:
        return []
    with suppress(UnicodeEncodeError, LookupError):
        colours = os.environ.get("TERM", "dumb") != "dumb" and "NO_COLOR" not in os.environ
        drawn = qr.lines(link, colours=colours)
        "".join(drawn).encode(sys.stdout.encoding)
        return drawn
    return []


def _free(host: str, port: int) -> int:
    """The port, or the next one that nobody listens on; 0 lets the system choose."""
    return next((number for number in range(port, port + _TRIES) if _is_free(host, number)), 0)


def _is_free(host: str, port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        if os.name == "posix":
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
            probe.listen(1)  # two may be bound to a port that neither listens on
        except OSError:
            return False
    return True


def _keep(data: Path, owner: Owner) -> None:
    draft = data / f"{_OWNER}.new"
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump({"account": owner.account, "password": owner.password}, stream)
    draft.replace(data / _OWNER)
