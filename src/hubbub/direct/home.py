"""The house behind an end: for one person and their devices, in a data directory of its own."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from hubbub import compose
from hubbub.config import Config, load
from hubbub.direct.waited import kept
from hubbub.hub.account import Account

ROOM: Final = "#direct"

VIEW: Final = "view"
"""The device of our own account that the view logs in as; it has a new password at each start."""


def config_of(data: Path, **others: object) -> Config:
    """A door for ourselves on this machine, and for nobody else."""
    settings: dict[str, object] = {
        "name": "direct",
        "server_name": "direct.hubbub",
        "description": "A direct conversation",
        "data": str(data),
        "listen": [{"url": "irc://127.0.0.1:0"}],
        "accounts": {"guests": False, "registration": "closed"},
        "cloak": {"enabled": False},
        "limits": {"flood": False},
        "history": {"backlog": 0},
        "log": {"file": str(data / "system.log")},
    }
    return load(None, settings | others)


def nobodys_account(house: compose.House, nick: str) -> Account:
    """An account whose password is told to nobody, and so need not be hashed: its owner is known by other means."""
    return Account(nick, compose.invent(), house.server.clock.now())


async def account_of(house: compose.House, nick: str) -> Account:
    """The one that there is, or one to be made."""
    found = await kept(house.server.accounts.find(house.server.hub.fold(nick)))
    return found or nobodys_account(house, nick)


async def view_password(house: compose.House, nick: str) -> str:
    """What the view logs in with this time."""
    password = compose.invent()
    app = compose.app_password(VIEW, password)
    await kept(house.server.accounts.change(house.server.hub.fold(nick), lambda account: account.with_app(app)))
    return password
