"""The bare `hubbub`: ask a name, look who is near, join a chat or start one, and talk in it.

Without a terminal there is nobody to ask: it serves, and prints how to get in.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from dataclasses import dataclass
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final, NoReturn
from unicodedata import combining, normalize

import click

from hubbub.cli import face, place
from hubbub.cli.options import fail
from hubbub.cli.place import ROOM, NameTaken, Owner
from hubbub.client.registration import Identity
from hubbub.client.trust import Trust, spell
from hubbub.client.url import Address
from hubbub.client.way import Outcome, Way, identity, own_name
from hubbub.config import Config, ConfigError, doorplate
from hubbub.config.places import data_directory
from hubbub.hub.rules import Rules
from hubbub.wire.casemap import fold
from hubbub.wire.masks import matches, normalise

if TYPE_CHECKING:
    from hubbub.cli.nearby import Nearby
    from hubbub.config.doorplate import Doorplate

_HERE: Final = "127.0.0.1"
_USUAL: Final = 6667
_KNOCK_SECONDS: Final = 1.0
_NEW: Final = ("new", "mine")
_NONE_NEAR: Final = "No chat found on this network. "
_RULES: Final = Rules(fold, matches, normalise)


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the command line asks for: only this computer, a chat of one's own, one network, the line client."""

    local: bool = False
    new: bool = False
    interface: str = ""
    plain: bool = False


def start(wishes: Wishes) -> NoReturn:
    from hubbub import logs

    try:
        if sys.stdin.isatty() and sys.stdout.isatty():
            logs.configure("error", "human", "")  # until there is a server of our own, which has a file for it
            sys.exit(_ended(asyncio.run(_talk(wishes))))  # the loop that the client is made for; a server runs on any
        sys.exit(_serve(wishes))
    except ConfigError as error:
        fail(str(error))
    except KeyboardInterrupt:
        sys.exit(130)  # 128 + SIGINT, as shells count


def _serve(wishes: Wishes) -> int:
    from hubbub import compose, service

    name = own_name()
    config = place.config_for(name, local=wishes.local, interface=wishes.interface)
    try:
        place.owner_of(config, name)
        return service.run(config, lambda: config, place.tell)
    except (compose.CannotStart, NameTaken) as error:
        fail(str(error))


async def _talk(wishes: Wishes) -> Outcome:
    """Where there is no chat that they want to join, they start one."""
    name = click.prompt("  Your name", default=_usual_name(), value_proc=_nick)
    way = _running_here(name) or await _found(wishes, name)
    if isinstance(way, Way):
        return await face.chat(way, plain=wishes.plain)
    return await _begin(wishes, name, way)


def _usual_name() -> str:
    owner = place.read_owner(Path(data_directory()))
    return owner.account if owner is not None else own_name()


# A chat that is there already


def _running_here(name: str) -> Way | None:
    """The way to the server that runs on our own data, if one does: as its owner, if that is who they are."""
    data = Path(data_directory())
    plate = doorplate.read(data)
    way = _into(plate, name, place.read_owner(data)) if plate is not None else None
    if plate is None or way is None or not _answers(way.address):
        return None
    click.echo(f"  {plate.name} is running on this computer. Joining it.")
    return way


def _into(plate: Doorplate, name: str, owner: Owner | None) -> Way | None:
    """Nobody else can show the certificate of our own data directory, so that server may be told the password."""
    door, plain = plate.endpoint("ircs"), plate.endpoint("irc")
    if door is not None and plate.fingerprint:
        address = Address(host=_reachable(door.host), port=door.port, tls=True, rooms=(ROOM,))
        itself = owner if owner is not None and fold(owner.account) == fold(name) else None
        return Way(address, _identity(address, name, itself), Trust(plate.fingerprint))
    if plain is None:
        return None
    address = Address(host=_reachable(plain.host), port=plain.port, rooms=(ROOM,))
    return Way(address, _identity(address, name, None), Trust())


async def _found(wishes: Wishes, name: str) -> Way | str:
    """The way to a chat on this network that they choose, or to one of others on this computer; else why one is
    started, "" where they want that."""
    if wishes.new:
        return ""
    near = [] if wishes.local else await _near(wishes)
    if near:
        return await _chosen(near, wishes, name)
    address = Address(host=_HERE, port=_USUAL, rooms=(ROOM,))
    if not _answers(address):
        return "" if wishes.local else _NONE_NEAR
    click.echo(f"  A chat is running on this computer ({address}). Joining it.")
    return Way(address, _identity(address, name, None), Trust())


async def _near(wishes: Wishes) -> list[Nearby]:
    """Who answers within two seconds; what a server of our own would need is read meanwhile."""
    from hubbub.cli.nearby import servers

    reading = asyncio.ensure_future(asyncio.to_thread(import_module, "hubbub.compose"))
    click.echo("  Looking for a chat on this network ...\r", nl=False)
    near = await servers(wishes.interface)
    await reading
    click.echo(f"{' ' * 42}\r", nl=False)
    return near


async def _chosen(near: list[Nearby], wishes: Wishes, name: str) -> Way | str:
    """Ask until there is an answer that leads somewhere."""
    from hubbub.cli.join import NoWay, invited, read_target

    if len(near) > 1:
        for number, nearby in enumerate(near, 1):
            click.echo(f"  {number:2}  {nearby.name} ({nearby.address.host})")
    click.echo(_offer(near))
    while True:
        text = str(click.prompt(f"  ({_own_one()})", "", show_default=False, prompt_suffix=" ")).strip()
        if text in _NEW:
            return ""
        if text in {"", *(str(number) for number in range(1, len(near) + 1))}:
            return _into_near(near[int(text or 1) - 1], name)
        try:
            code, where = read_target(text, "")
            if code:
                return await invited(code, where, wishes.interface, name=name)
            click.echo(f"  Expected an invite, as k7q4m2 or its link, got {text!r}; {_own_one()}.")
        except (NoWay, click.UsageError) as no:
            click.echo(f"  {no}.")


def _offer(near: list[Nearby]) -> str:
    one = f"{near[0].name} ({near[0].address.host}). Enter to join"
    found = one if len(near) == 1 else f"{len(near)} chats. A number to join (Enter: 1)"
    return f"  Found: {found}, or paste an invite:"


def _own_one() -> str:
    owner = place.read_owner(Path(data_directory()))
    return "'new' starts one" if owner is None else f"'mine' opens {place.called(owner.account)} again"


def _into_near(nearby: Nearby, name: str) -> Way:
    """Whom we know already must be the same as before. Of a stranger we have only its own word for its certificate."""
    from hubbub.client.known import Known

    known = Known()
    address = nearby.address
    pinned = "" if known.fingerprint(address) else nearby.fingerprint
    if pinned:
        click.echo(f"  The first time here, nobody vouches for it but itself: fingerprint {_short(pinned)}.")
    way_in = Address(host=address.host, port=address.port, tls=True, rooms=(ROOM,))
    return Way(way_in, _identity(way_in, name, None), Trust(pinned, known=known))


def _short(fingerprint: str) -> str:
    marks = spell(fingerprint)
    return f"{marks[:5]}:…:{marks[-2:]}"


# A chat of one's own


async def _begin(wishes: Wishes, name: str, why: str) -> Outcome:
    from hubbub import compose

    config = place.config_for(name, local=wishes.local, interface=wishes.interface)
    click.echo(f"  {why}Starting one: {config.name}.")
    try:
        owner = _owner(config, name)
        house = compose.House(config)
        await house.open()
    except compose.CannotStart as error:
        return Outcome(1, f"hubbub: {error}")
    try:
        await place.tell(house)
        await _look_at_it(wishes)
        address = Address(host=_HERE, port=_plain_port(house.doorplate), rooms=(ROOM,))
        way = Way(address, _identity(address, name, owner), Trust())
        return await face.chat(way, plain=wishes.plain, others=partial(house.others, owner.account))
    finally:
        await house.close(f"{name} has closed this chat")
        click.echo(f"  {config.name} is closed. hubbub opens it again, with all that was said.")


def _owner(config: Config, name: str) -> Owner:
    while True:
        try:
            return place.owner_of(config, name)
        except NameTaken as taken:
            click.echo(f"  {taken}.")
            name = click.prompt("  Your name", value_proc=_nick)


def _plain_port(plate: Doorplate) -> int:
    door = plate.endpoint("irc")
    return door.port if door is not None else _USUAL


async def _look_at_it(wishes: Wishes) -> None:
    """The screen will cover what was printed: wait until it was read. The server runs meanwhile."""
    if wishes.plain or not face.drawable():
        return
    click.echo("  Enter opens the chat.", nl=False)
    loop, pressed = asyncio.get_running_loop(), asyncio.Event()
    try:
        loop.add_reader(sys.stdin.fileno(), pressed.set)
    except NotImplementedError:  # Windows: the screen comes at once
        return
    try:
        await pressed.wait()
    finally:
        loop.remove_reader(sys.stdin.fileno())
    sys.stdin.readline()
    click.echo("\x1b[A\x1b[2K", nl=False)  # it is not so any more when the screen goes


# What all have in common


def _identity(address: Address, name: str, owner: Owner | None) -> Identity:
    account, password = (owner.account, owner.password) if owner is not None else ("", "")
    return identity(address, name, account, password)


def _answers(address: Address) -> bool:
    """Whether somebody listens there."""
    try:
        socket.create_connection((address.host, address.port), _KNOCK_SECONDS).close()
    except OSError:
        return False
    return True


def _reachable(host: str) -> str:
    """Every address is also that of this computer."""
    return _HERE if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound


def _ended(outcome: Outcome) -> int:
    if outcome.words:
        click.echo(outcome.words, err=True)
    return outcome.status


def _nick(text: str) -> str:
    if not _RULES.legal_nick(text) or fold(text) in _RULES.services:
        plain = _without_marks(text)
        if plain != text and _RULES.legal_nick(plain):
            raise click.UsageError(f"a name has no spaces and no accents: {plain}?")
        raise click.UsageError(
            f"expected up to {_RULES.nick_length} ASCII letters, digits and []\\`_^{{|}}-, the first no digit or dash, "
            f"got {text!r}"
        )
    return text


def _without_marks(text: str) -> str:
    """The letters of a name alone: MsAna for "Ms Ana", Unal for "Ünal"."""
    return "".join(c for c in normalize("NFKD", text) if not (c.isspace() or combining(c)))
