"""Accounts: the same in memory, in the server's database, and in that of a server that runs elsewhere."""

from collections.abc import Callable
from dataclasses import dataclass

import pytest

from hubbub.hub.ports import Account, Accounts
from hubbub.stores.memory import MemoryAccounts
from hubbub.stores.sqlite import SqliteAccounts, Visit
from tests.stores.conftest import Files
from tests.stores.shelf import Loop

MAYA = Account("Maya", "$argon2id$maya", 1)
LEO = Account("leo", "$argon2id$leo", 2)


@dataclass
class Register:
    accounts: Accounts
    loop: Loop

    def save(self, key: str, account: Account, *, new: bool) -> bool:
        return self.loop.wait(self.accounts.save(key, account, new=new))

    def find(self, key: str) -> Account | None:
        return self.loop.wait(self.accounts.find(key))

    def delete(self, key: str) -> bool:
        return self.loop.wait(self.accounts.delete(key))

    def every(self) -> list[Account]:
        return self.loop.wait(self.accounts.every())


@pytest.fixture(params=["memory", "sqlite", "visit", "visit beside a server"])
def register(request: pytest.FixtureRequest, files: Files) -> Register:
    kinds: dict[str, Callable[[], Accounts]] = {
        "memory": MemoryAccounts,
        "sqlite": lambda: SqliteAccounts(files.store()),
        "visit": lambda: SqliteAccounts(Visit(files.directory)),
        "visit beside a server": lambda: SqliteAccounts(Visit(files.directory)),
    }
    if request.param == "visit beside a server":
        files.store()
    return Register(kinds[request.param](), files.loop)


def test_a_new_account_is_found_as_it_was_saved(register: Register) -> None:
    """Found by its key, spelled as its owner spells it."""
    assert register.save("maya", MAYA, new=True)
    assert register.find("maya") == MAYA


def test_nobody_takes_a_name_that_is_taken(register: Register) -> None:
    """Creating what exists changes nothing."""
    register.save("maya", MAYA, new=True)
    assert not register.save("maya", LEO, new=True)
    assert register.find("maya") == MAYA


def test_a_secret_can_be_changed(register: Register) -> None:
    """Replacing needs somebody to replace."""
    changed = Account("Maya", "$argon2id$changed", 1)
    assert not register.save("maya", changed, new=False)
    register.save("maya", MAYA, new=True)
    assert register.save("maya", changed, new=False)
    assert register.find("maya") == changed


def test_an_account_can_be_deleted_once(register: Register) -> None:
    """Deleting nobody is said to be so."""
    register.save("maya", MAYA, new=True)
    assert register.delete("maya")
    assert not register.delete("maya")
    assert register.find("maya") is None


def test_every_account_is_listed_by_name(register: Register) -> None:
    """None to begin with, then all, in an order that people can read."""
    register.delete("nobody")
    assert register.every() == []
    register.save("maya", MAYA, new=True)
    register.save("leo", LEO, new=True)
    assert register.every() == [LEO, MAYA]


def test_a_change_from_beside_is_seen_at_once(files: Files) -> None:
    """An operator changes an account while the server runs, and the next login knows."""
    server = Register(SqliteAccounts(files.store()), files.loop)
    visitor = Register(SqliteAccounts(Visit(files.directory)), files.loop)
    assert server.find("maya") is None
    visitor.save("maya", MAYA, new=True)
    assert server.find("maya") == MAYA
    server.delete("maya")
    assert visitor.find("maya") is None


def test_accounts_outlive_the_server(files: Files) -> None:
    """A restart forgets nobody."""
    Register(SqliteAccounts(files.store()), files.loop).save("maya", MAYA, new=True)
    files.close()
    assert Register(SqliteAccounts(files.store()), files.loop).every() == [MAYA]
