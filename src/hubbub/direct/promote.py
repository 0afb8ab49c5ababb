"""Promoting: what two or more ends have said to each other goes on as a server, with its whole past.

An end is a house already: its owner gets a password and the server, those it knew get passwords to come back with.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from hubbub import compose
from hubbub.dialects.direct.friends import friends_of
from hubbub.direct.home import VIEW, config_of
from hubbub.hub.account import Account, Keys
from hubbub.stores.directory import CannotOpen, Claim

PROMOTED: Final = "direct/promoted"
"""In the data directory of an end that has become a server: two of them would answer for one log."""


@dataclass(frozen=True, slots=True)
class Promoted:
    """Who owns the server, and the new passwords of the others, by nick."""

    owner: str
    passwords: dict[str, str]


def promote(data: Path, owner: str, password: str) -> Promoted:
    """Make a server of what is in a data directory. Raises `CannotStart` where there is nothing, or somebody talks."""
    config = config_of(data)
    archive = compose.open_archive(config)
    friends = friends_of(archive.facts())
    archive.close()
    try:
        Claim(data).release()
    except CannotOpen as error:
        raise compose.CannotStart(str(error)) from None
    book = compose.visit_accounts(config, make=False)
    given = {friend.nick: compose.invent() for friend in friends.values()}
    _change(book, owner, compose.encode(password), role="owner")
    for nick, word in given.items():
        _change(book, nick, compose.encode(word))
    (data / PROMOTED).touch()
    return Promoted(owner, given)


def _change(book: compose.AccountBook, name: str, keys: Keys, role: str = "") -> None:
    def change(account: Account) -> Account:
        with_keys = account.with_keys(keys).without(VIEW)
        return compose.with_role(with_keys, role) if role else with_keys

    book.change(compose.fold(name), change).result()
